// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/text_number.h"

#include "engine/backend/functors/integer.h"

#include <charconv>
#include <cmath>

namespace lapidary {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    if (text.size() > 1 && text.front() == '+') // from_chars knows only the minus sign
        text.remove_prefix(1);
    return text;
}

template <typename T>
bool parseAll(std::string_view text, T& value)
{
    T parsed{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error != std::errc() || end != text.data() + text.size())
        return false;
    value = parsed;
    return true;
}

template <typename T>
bool parseInteger(std::string_view text, T& value)
{
    if (parseAll(trimmed(text), value))
        return true;
    double number = 0;
    if (!parseNumber(text, number))
        return false;
    value = functors::saturate<T>(number);
    return true;
}

template <typename T>
std::string format(T value)
{
    char buffer[64];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, error == std::errc() ? end : buffer};
}

template <typename T>
std::string formatFloat(T value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "INF" : "-INF";
    std::string text = format(value);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0"; // still visibly a float
    return text;
}

} // namespace

bool parseNumber(std::string_view text, double& value)
{
    return parseAll(trimmed(text), value); // takes inf and nan in any case
}

bool parseNumber(std::string_view text, int64_t& value) { return parseInteger(text, value); }

bool parseNumber(std::string_view text, uint64_t& value) { return parseInteger(text, value); }

std::string formatNumber(float value) { return formatFloat(value); }

std::string formatNumber(double value) { return formatFloat(value); }

std::string formatNumber(int64_t value) { return format(value); }

std::string formatNumber(uint64_t value) { return format(value); }

} // namespace lapidary

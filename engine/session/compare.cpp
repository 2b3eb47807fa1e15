// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/compare.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace lapidary {

namespace {

Comparison different(std::string message)
{
    Comparison comparison;
    comparison.equal = false;
    comparison.message = std::move(message);
    return comparison;
}

std::string atIndex(int64_t linear, const Dims& dims)
{
    std::string text;
    for (size_t i = dims.size(); i-- > 0;) {
        text.insert(0, std::to_string(linear % dims[i]) + (text.empty() ? "" : ", "));
        linear /= dims[i];
    }
    return "[" + text + "]";
}

std::string difference(const Tensor& tensor, int64_t index, double actual, double expected)
{
    std::ostringstream text;
    text.precision(9);
    text << "at " << atIndex(index, tensor.dims()) << ": expected " << expected << ", found " << actual;
    return text.str();
}

Comparison compareStrings(const Tensor& actual, const Tensor& expected)
{
    Comparison result;
    result.compared = actual.count();
    for (int64_t i = 0; i < actual.count(); ++i) {
        const auto index = static_cast<size_t>(i);
        if (actual.strings()[index] == expected.strings()[index])
            continue;
        if (result.mismatches++ == 0)
            result.message = "at " + atIndex(i, actual.dims()) + ": expected '" + expected.strings()[index] +
                             "', found '" + actual.strings()[index] + "'";
    }
    result.equal = result.mismatches == 0;
    return result;
}

// Over finite elements; 0 when there is none.
double largestMagnitude(const Tensor& tensor)
{
    double largest = 0;
    for (int64_t i = 0; i < tensor.count(); ++i) {
        const double magnitude = std::abs(elementAsDouble(tensor, i));
        if (std::isfinite(magnitude))
            largest = std::max(largest, magnitude);
    }
    return largest;
}

Comparison compareTensors(const Tensor& actual, const Tensor& expected, Tolerance tolerance)
{
    if (actual.type() != expected.type() || actual.dims() != expected.dims())
        return different("expected " + describe(expected) + ", found " + describe(actual));
    if (actual.type() == DataType::String)
        return compareStrings(actual, expected);
    Comparison result;
    result.compared = actual.count();
    const double allowed = tolerance.absolute + tolerance.ofLargest * largestMagnitude(expected);
    for (int64_t i = 0; i < actual.count(); ++i) {
        const double a = elementAsDouble(actual, i);
        const double e = elementAsDouble(expected, i);
        if (a == e || (std::isnan(a) && std::isnan(e)))
            continue;
        const double distance = std::abs(a - e);
        if (std::isfinite(distance)) {
            result.maxAbsolute = std::max(result.maxAbsolute, distance);
            if (e != 0)
                result.maxRelative = std::max(result.maxRelative, distance / std::abs(e));
        }
        const bool near = std::isfinite(distance) && distance <= allowed + tolerance.relative * std::abs(e);
        if (!near && result.mismatches++ == 0)
            result.message = difference(actual, i, a, e);
    }
    result.equal = result.mismatches == 0;
    if (!result.equal)
        result.message = std::to_string(result.mismatches) + " of " + std::to_string(result.compared) +
                         " elements differ, the first " + result.message;
    return result;
}

void merge(Comparison& total, Comparison part, const std::string& place)
{
    total.compared += part.compared;
    total.mismatches += part.mismatches;
    total.maxAbsolute = std::max(total.maxAbsolute, part.maxAbsolute);
    total.maxRelative = std::max(total.maxRelative, part.maxRelative);
    if (!part.equal && total.equal) {
        total.equal = false;
        total.message = place + ": " + part.message;
    }
}

Comparison compareItems(const std::vector<Value>& actual, const std::vector<Value>& expected,
                        const ToleranceRule& rule)
{
    if (actual.size() != expected.size())
        return different("expected " + std::to_string(expected.size()) + " items, found " +
                         std::to_string(actual.size()));
    Comparison total;
    for (size_t i = 0; i < actual.size(); ++i)
        merge(total, compareValues(actual[i], expected[i], rule), "item " + std::to_string(i));
    return total;
}

// Each key as text with its place, in the order of the texts: maps are equal whatever order they list
// their keys in.
std::vector<std::pair<std::string, size_t>> sortedKeys(const Tensor& keys)
{
    const auto integers = toInt64s(keys);
    std::vector<std::pair<std::string, size_t>> sorted;
    for (size_t i = 0; i < static_cast<size_t>(keys.count()); ++i) {
        std::string text = keys.type() == DataType::String ? "'" + keys.strings()[i] + "'"
                           : integers.ok()                 ? std::to_string((*integers)[i])
                                                           : std::string("?");
        sorted.emplace_back(std::move(text), i);
    }
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

Comparison compareMaps(const Map& actual, const Map& expected, const ToleranceRule& rule)
{
    if (actual.keys.type() != expected.keys.type() || actual.keys.count() != expected.keys.count())
        return different("expected " + describe(expected.keys) + " as keys, found " + describe(actual.keys));
    const auto actualKeys = sortedKeys(actual.keys);
    const auto expectedKeys = sortedKeys(expected.keys);
    Comparison total;
    for (size_t i = 0; i < actualKeys.size(); ++i) {
        const auto& [key, place] = expectedKeys[i];
        if (actualKeys[i].first != key)
            return different("expected the key " + key + ", found " + actualKeys[i].first);
        merge(total, compareValues(actual.values[actualKeys[i].second], expected.values[place], rule),
              "key " + key);
    }
    return total;
}

} // namespace

Tolerance operatorTolerance(DataType type)
{
    switch (type) {
    case DataType::Float16: return {2e-3, 1e-3}; // one unit in the last place is 2^-10
    case DataType::BFloat16: return {1.6e-2, 1e-2};
    case DataType::Float:
    case DataType::Complex64: return {1e-3, 1e-5};
    case DataType::Double:
    case DataType::Complex128: return {1e-3, 1e-7};
    default: return {0, 0};
    }
}

Tolerance modelTolerance(DataType type)
{
    Tolerance tolerance = operatorTolerance(type);
    if (type == DataType::Float)
        tolerance.ofLargest = 1e-5;
    else if (type == DataType::Float16 || type == DataType::BFloat16)
        tolerance.ofLargest = 1e-3;
    return tolerance;
}

Comparison compareValues(const Value& actual, const Value& expected, const ToleranceRule& rule)
{
    const Tensor* a = actual.tensor();
    const Tensor* e = expected.tensor();
    if (a && e)
        return compareTensors(*a, *e, rule(e->type()));
    if (actual.sequence() && expected.sequence())
        return compareItems(actual.sequence()->items, expected.sequence()->items, rule);
    if (actual.map() && expected.map())
        return compareMaps(*actual.map(), *expected.map(), rule);
    if (!actual.present() && !expected.present())
        return {};
    return different("expected " + describe(expected) + ", found " + describe(actual));
}

} // namespace lapidary

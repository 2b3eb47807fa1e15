// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/unicode.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace lapidary {

namespace {

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<int32_t>(text.size())}; }

// Texts beyond 2 GB, and mappings that fail, stay as they are.
template <typename Mapping>
std::string mapped(std::string_view text, const Mapping& mapping)
{
    if (text.size() > INT32_MAX)
        return std::string(text);
    std::string result;
    icu::StringByteSink<std::string> sink(&result, static_cast<int32_t>(text.size()));
    UErrorCode error = U_ZERO_ERROR;
    mapping(piece(text), sink, error);
    return U_SUCCESS(error) ? result : std::string(text);
}

std::string localeName(const std::string& locale)
{
    return icu::Locale::createCanonical(locale.c_str()).getName();
}

} // namespace

char32_t nextCharacter(std::string_view text, size_t& at)
{
    // A character has 4 bytes at most: ICU counts in 32 bits, texts may be longer.
    const std::string_view window = text.substr(at, 4);
    int32_t used = 0;
    UChar32 character = 0;
    U8_NEXT_OR_FFFD(window.data(), used, static_cast<int32_t>(window.size()), character);
    at += static_cast<size_t>(used);
    return static_cast<char32_t>(character);
}

bool isUtf8(std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        const size_t begin = at;
        if (nextCharacter(text, at) == U'\uFFFD' && text.substr(begin, at - begin) != "\xEF\xBF\xBD")
            return false;
    }
    return true;
}

size_t characterCount(std::string_view text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++count)
        nextCharacter(text, at);
    return count;
}

bool isSpace(char32_t character)
{
    return u_isUWhiteSpace(static_cast<UChar32>(character)) || (character >= 0x1C && character <= 0x1F);
}

std::string toLowerCase(std::string_view text, const std::string& locale)
{
    const std::string name = localeName(locale);
    return mapped(text, [&](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
        icu::CaseMap::utf8ToLower(name.c_str(), 0, from, to, nullptr, error);
    });
}

std::string toUpperCase(std::string_view text, const std::string& locale)
{
    const std::string name = localeName(locale);
    return mapped(text, [&](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
        icu::CaseMap::utf8ToUpper(name.c_str(), 0, from, to, nullptr, error);
    });
}

std::string foldCase(std::string_view text)
{
    return mapped(text, [](icu::StringPiece from, icu::ByteSink& to, UErrorCode& error) {
        icu::CaseMap::utf8Fold(0, from, to, nullptr, error);
    });
}

} // namespace lapidary

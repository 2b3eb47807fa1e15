// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: text in UTF-8: characters, white space and case, by ICU's tables; no locale need be installed.
// The only place that names ICU.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary {

bool isUtf8(std::string_view text);

// The character (code point) at a place inside the text, which moves behind it; an invalid byte is one
// character, U+FFFD.
char32_t nextCharacter(std::string_view text, size_t& at);
size_t characterCount(std::string_view text);

// As Python's str.isspace: White_Space, and the separators U+001C to U+001F.
bool isSpace(char32_t character);

// Full case mappings ("ß" becomes "SS"). locale: "tr_TR" and the like; matters for Turkish, Lithuanian, ...
// Invalid bytes become U+FFFD.
std::string toLowerCase(std::string_view text, const std::string& locale);
std::string toUpperCase(std::string_view text, const std::string& locale);
// A form that is the same for texts that differ in case only.
std::string foldCase(std::string_view text);

} // namespace lapidary

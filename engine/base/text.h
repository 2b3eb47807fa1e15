// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the standard library lacks for short texts.
#pragma once

#include <string>
#include <string_view>

namespace lapidary {

// ASCII letters only, whatever the locale.
inline std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    for (char& letter : lower)
        letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    return lower;
}

} // namespace lapidary

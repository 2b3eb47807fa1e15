// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: sizes as people read them, the same in commands and logs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>

namespace lapidary {

// "1.1 MB"
inline std::string sizeText(uint64_t bytes)
{
    constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
    auto size = static_cast<double>(bytes);
    size_t unit = 0;
    while (size >= 1000 && unit + 1 < std::size(units)) {
        size /= 1000;
        ++unit;
    }
    char text[32];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    return text;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: numbers as text, by the rules of Cast: decimal or scientific notation, INF, -INF and NaN.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lapidary {

// False when the text is no number of that kind; value is then untouched.
bool parseNumber(std::string_view text, double& value);
bool parseNumber(std::string_view text, int64_t& value); // also "3.7", which gives 3
bool parseNumber(std::string_view text, uint64_t& value);

// The shortest text that reads back as the same value.
std::string formatNumber(float value);
std::string formatNumber(double value);
std::string formatNumber(int64_t value);
std::string formatNumber(uint64_t value);
inline std::string formatNumber(int32_t value) { return formatNumber(static_cast<int64_t>(value)); }
inline std::string formatNumber(uint32_t value) { return formatNumber(static_cast<uint64_t>(value)); }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: short names of operator inputs, for the rows of a card ("W", "scale"). A table of our own,
// since asking the ONNX library costs 50 ms on its first call.
#pragma once

#include <cstddef>
#include <string_view>

namespace lapidary {

// Empty when the operator or that input is not in the table.
std::string_view inputName(std::string_view domain, std::string_view opType, size_t index);

} // namespace lapidary

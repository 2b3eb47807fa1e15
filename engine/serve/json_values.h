// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: values as JSON: tensors as nested lists.
#pragma once

#include "engine/ir/value.h"

#include <nlohmann/json.hpp>

namespace lapidary::serve {

using Json = nlohmann::json;

// Appends the value: tensors and sequences as lists, maps as objects. Numbers in the fewest digits that read
// back the same; infinite ones and NaN as null, because JSON has none.
void appendJson(std::string& text, const Value& value);
// The elements in one list.
void appendFlatJson(std::string& text, const Tensor& tensor);
void appendJsonText(std::string& text, std::string_view value); // quoted and escaped

} // namespace lapidary::serve

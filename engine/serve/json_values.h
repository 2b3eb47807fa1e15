// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors in JSON: nested lists in, nested lists out.
#pragma once

#include "engine/ir/value.h"

#include <nlohmann/json.hpp>

namespace lapidary::serve {

using Json = nlohmann::json;

// A nested list, a number, a text or a truth value as a tensor of the expected type; its shape is that of the
// list, or, for a flat list of the right length, the expected one. Errors: InvalidArgument (what is no such
// list, with the place: "[0][3]"), ShapeMismatch (lists of unequal length).
Result<Tensor> tensorFromJson(const Json& json, const TypeInfo& expected);

// Appends the value: tensors and sequences as lists, maps as objects. Numbers in the fewest digits that read
// back the same; infinite ones and NaN as null, because JSON has none.
void appendJson(std::string& text, const Value& value);
// The elements in one list.
void appendFlatJson(std::string& text, const Tensor& tensor);
void appendJsonText(std::string& text, std::string_view value); // quoted and escaped

} // namespace lapidary::serve

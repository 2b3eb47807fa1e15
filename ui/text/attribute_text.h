// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: attributes and their types in words.
#pragma once

#include "engine/ir/attribute.h"

#include <QString>

namespace lapidary {

QString attributeTypeText(const Attribute& attribute); // "ints", "tensor", in ONNX's own words
// "3, 3"; "float32[64×3]" for a tensor; long lists are cut after maxItems with the number left out.
QString attributeValueText(const Attribute& attribute, size_t maxItems = 256);

} // namespace lapidary

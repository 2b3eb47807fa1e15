// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: models written as text: protobuf's text format (.textproto, .pbtxt), its JSON, and ONNX's own
// syntax (.onnxtxt). Internal to engine/onnx.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace lapidary {

enum class TextSyntax { Proto, Json, Onnx };

// By what the text begins with; none when it is no ONNX model as text.
std::optional<TextSyntax> textSyntaxOf(std::span<const std::byte> bytes);

// The same model as a serialized ModelProto. What libonnx does not know of a newer ONNX is left out, with a
// warning in the log. Errors: InvalidModel with line and column.
Result<std::string> modelFromText(std::span<const std::byte> bytes, TextSyntax syntax);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: parts of the IR as libonnx's own messages, for its checker and its shape inference.
// Internal to engine/onnx.
#pragma once

#include "engine/ir/model.h"

#include <onnx/onnx_pb.h>

namespace lapidary {

// Tensors above this size are written without their elements: libonnx looks at the contents of small
// ones only (shapes, axes), and copying weights would cost what mapping them saved.
constexpr uint64_t largestInlineBytes = 4096;

onnx::TypeProto toProto(const TypeInfo& type);
onnx::TensorProto toProto(const Tensor& tensor);
onnx::AttributeProto toProto(const Attribute& attribute);
onnx::NodeProto toProto(const Node& node, const Graph& graph);
TypeInfo fromProto(const onnx::TypeProto& type);

} // namespace lapidary

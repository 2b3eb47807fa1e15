// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the type of a value of the graph, as TypeProto describes it.
#pragma once

#include "engine/ir/data_type.h"
#include "engine/ir/shape.h"

#include <memory>

namespace lapidary {

struct TypeInfo {
    enum class Kind : uint8_t { Unknown, Tensor, SparseTensor, Sequence, Map, Optional, Opaque };

    Kind kind = Kind::Unknown;
    // Tensor, SparseTensor: element type. Map: type of the keys.
    DataType dataType = DataType::Undefined;
    // Tensor, SparseTensor: nullopt when not even the rank is known.
    std::optional<Shape> shape;
    // Sequence, Optional: type of the items. Map: type of the values.
    std::shared_ptr<const TypeInfo> element;
    // ONNX type denotation such as "IMAGE"; empty when none.
    std::string denotation;

    static TypeInfo tensor(DataType type, std::optional<Shape> shape = std::nullopt);
    static TypeInfo sequence(TypeInfo element);
    static TypeInfo map(DataType key, TypeInfo value);
    static TypeInfo optional(TypeInfo element);

    bool isTensor() const { return kind == Kind::Tensor; }
};

// For values whose shape may change from one run to the next.
TypeInfo withoutShape(TypeInfo type);

// Bytes of a tensor of this type; nullopt when they are not known or not fixed: open shapes, texts, no
// tensor.
std::optional<uint64_t> storageBytes(const TypeInfo& type);

// "float32[1×3×224×224]", "sequence(map(int64, float32))", "?" when unknown.
std::string toString(const TypeInfo& type);

} // namespace lapidary

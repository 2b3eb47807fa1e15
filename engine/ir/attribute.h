// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one attribute of a node, as AttributeProto describes it.
#pragma once

#include "engine/ir/tensor_ref.h"
#include "engine/ir/type_info.h"

#include <variant>

namespace lapidary {

class Graph;

struct SparseTensorRef {
    TensorRef values;
    TensorRef indices;
    Dims dims;
};

struct Attribute {
    // Order and numbers of AttributeProto.AttributeType are in engine/onnx; monostate: undefined.
    using Data = std::variant<std::monostate, float, int64_t, std::string, TensorRef,
                              std::shared_ptr<const Graph>, TypeInfo, SparseTensorRef, std::vector<float>,
                              std::vector<int64_t>, std::vector<std::string>, std::vector<TensorRef>,
                              std::vector<std::shared_ptr<const Graph>>, std::vector<TypeInfo>,
                              std::vector<SparseTensorRef>>;

    std::string name;
    std::string doc;
    Data data;
    // In the body of a local function: the attribute of the call whose value is meant.
    std::string referredName;
    int referredType = 0; // of that attribute, a number of AttributeProto.AttributeType

    // Null when the attribute is of another type.
    template <typename T>
    const T* as() const
    {
        return std::get_if<T>(&data);
    }
};

// A plain attribute: a name and a value.
inline Attribute makeAttribute(std::string name, Attribute::Data data)
{
    Attribute attribute;
    attribute.name = std::move(name);
    attribute.data = std::move(data);
    return attribute;
}

} // namespace lapidary

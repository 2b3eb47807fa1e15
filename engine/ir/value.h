// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what flows along an edge when a model runs: a tensor, or one of ONNX's containers.
#pragma once

#include "engine/ir/tensor.h"
#include "engine/ir/type_info.h"

#include <variant>

namespace lapidary {

class Value;

struct Sequence {
    TypeInfo elementType; // may be unknown for an empty sequence
    std::vector<Value> items;
};

struct Map {
    Tensor keys;               // 1-D, integers or strings
    std::vector<Value> values; // one for each key
};

struct SparseTensor {
    Tensor values;  // [NNZ]
    Tensor indices; // int64 [NNZ] (linear) or [NNZ, rank]
    Dims dims;      // of the dense tensor
};

class Value {
public:
    // An absent optional; also what an unconnected input or output holds.
    Value() = default;
    Value(Tensor tensor) : m_content(std::move(tensor)) {}
    Value(Sequence sequence) : m_content(std::make_shared<const Sequence>(std::move(sequence))) {}
    Value(Map map) : m_content(std::make_shared<const Map>(std::move(map))) {}
    Value(SparseTensor sparse) : m_content(std::make_shared<const SparseTensor>(std::move(sparse))) {}

    bool present() const { return m_content.index() != 0; }
    bool isTensor() const { return m_content.index() == 1; }

    // Null when the value is of another kind. Valid while this Value lives.
    const Tensor* tensor() const { return std::get_if<Tensor>(&m_content); }
    Tensor* tensor() { return std::get_if<Tensor>(&m_content); }
    const Sequence* sequence() const { return pointer<Sequence>(); }
    const Map* map() const { return pointer<Map>(); }
    const SparseTensor* sparseTensor() const { return pointer<SparseTensor>(); }

private:
    template <typename T>
    const T* pointer() const
    {
        const auto* held = std::get_if<std::shared_ptr<const T>>(&m_content);
        return held ? held->get() : nullptr;
    }
    std::variant<std::monostate, Tensor, std::shared_ptr<const Sequence>, std::shared_ptr<const Map>,
                 std::shared_ptr<const SparseTensor>>
        m_content;
};

// "float32[1×10]", "sequence of 3", "map of 10", "absent".
std::string describe(const Value& value);
// Its type; of containers without the types of what they hold where they are empty. Unknown when absent.
TypeInfo typeOf(const Value& value);

} // namespace lapidary

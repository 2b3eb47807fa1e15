// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what an operator is, independent of who runs it: its versions and how types and shapes
// flow through it. One family of operators per file; op_table.cpp names the families.
// Source: ONNX docs/Operators.md and docs/Changelog.md (ONNX 1.23).
#pragma once

#include "engine/base/result.h"
#include "engine/ir/model.h"

#include <functional>
#include <optional>
#include <span>

namespace lapidary {

// One element of an integer tensor that inference follows (shapes, axes, ...). Unlike a Dim it may be
// negative.
struct SymbolicInt {
    std::optional<int64_t> number;
    std::string symbol; // of a dimension, when number is not known; empty: nothing is known

    SymbolicInt() = default;
    SymbolicInt(int64_t known) : number(known) {}
    SymbolicInt(const Dim& dim)
        : number(dim.known() ? std::optional(dim.value) : std::nullopt), symbol(dim.symbol)
    {
    }
    // As a size; a negative number gives an unknown dimension.
    Dim dim() const { return number ? Dim(*number) : Dim(symbol); }
    bool operator==(const SymbolicInt&) const = default;
};

// One node seen by its inference function. Everything may be unknown or symbolic.
class InferenceContext {
public:
    InferenceContext(const Node& node, int64_t opsetVersion) : m_node(node), m_opsetVersion(opsetVersion)
    {
        inputTypes.resize(node.inputs.size());
        inputConstants.resize(node.inputs.size());
        inputValues.resize(node.inputs.size());
        outputTypes.resize(node.outputs.size());
        outputValues.resize(node.outputs.size());
    }

    const Node& node() const { return m_node; }
    int64_t opsetVersion() const { return m_opsetVersion; }
    size_t inputCount() const { return inputTypes.size(); }
    size_t outputCount() const { return outputTypes.size(); }

    bool hasInput(size_t index) const
    {
        return index < m_node.inputs.size() && m_node.inputs[index] != noValue;
    }
    DataType inputDataType(size_t index) const
    {
        return index < inputTypes.size() ? inputTypes[index].dataType : DataType::Undefined;
    }
    // Null when the rank is unknown.
    const Shape* inputShape(size_t index) const
    {
        return index < inputTypes.size() && inputTypes[index].shape ? &*inputTypes[index].shape : nullptr;
    }
    // The elements of a small integer tensor (shapes, axes, ...), each known, symbolic or unknown;
    // from an initializer, a Constant, or values computed from shapes. Null when nothing is known.
    const std::vector<SymbolicInt>* inputInts(size_t index) const
    {
        return index < inputValues.size() && inputValues[index] ? &*inputValues[index] : nullptr;
    }
    // The same, when every element is a known number.
    std::optional<std::vector<int64_t>> knownInts(size_t index) const;

    void setOutput(size_t index, DataType type, std::optional<Shape> shape = std::nullopt)
    {
        if (index < outputTypes.size())
            outputTypes[index] = TypeInfo::tensor(type, std::move(shape));
    }
    void setOutputInts(size_t index, std::vector<SymbolicInt> values)
    {
        if (index < outputValues.size())
            outputValues[index] = std::move(values);
    }

    // The types that a graph inside the node (a branch of If, the body of Loop, ...) gives its outputs
    // when its inputs have these types. Nothing where the driver does not look into bodies.
    std::vector<TypeInfo> bodyTypes(const Graph& body, std::vector<TypeInfo> inputs) const
    {
        return inferBody ? inferBody(body, std::move(inputs)) : std::vector<TypeInfo>();
    }

    // Filled by the driver before, by the inference function after.
    std::function<std::vector<TypeInfo>(const Graph&, std::vector<TypeInfo>)> inferBody;
    std::vector<TypeInfo> inputTypes;
    std::vector<Tensor> inputConstants; // empty() when the input is not a constant
    std::vector<std::optional<std::vector<SymbolicInt>>> inputValues;
    std::vector<TypeInfo> outputTypes;
    std::vector<std::optional<std::vector<SymbolicInt>>> outputValues;

private:
    const Node& m_node;
    int64_t m_opsetVersion;
};

// Sets what can be known of the outputs. Errors: ShapeMismatch when the inputs contradict the
// operator's definition (the message says expected and found); unknown inputs are no error.
using InferFunction = Status (*)(InferenceContext&);

struct OpDef {
    std::string_view domain; // "" is ai.onnx
    std::string_view name;
    std::span<const int> versions; // opset versions that changed the operator, ascending
    InferFunction infer;

    // The version of the operator that a model importing opset uses; 0 if the operator is younger.
    int versionAt(int64_t opset) const;
};

// All families. Order is the order of the table in lapidary ops.
std::span<const std::span<const OpDef>> opTable();
// Null when the operator is not in the table.
const OpDef* findOp(std::string_view domain, std::string_view name);

} // namespace lapidary

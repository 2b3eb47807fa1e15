// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/quantized_values.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

bool isByte(DataType type) { return type == DataType::UInt8 || type == DataType::Int8; }

} // namespace

ValueId inputOf(const Node& node, size_t index)
{
    return index < node.inputs.size() ? node.inputs[index] : noValue;
}

bool QuantizedValues::isQuantization(NodeId id, std::string_view opType) const
{
    if (id == noNode || m_r.node(id).opType != opType)
        return false;
    const Node& node = m_r.node(id);
    if (node.outputs.size() != 1 || node.outputs[0] == noValue || inputOf(node, 0) == noValue ||
        inputOf(node, 1) == noValue)
        return false;
    const std::string_view domain = domainName(m_r.node(id).domain);
    return domain == domainName("") || domain == "com.microsoft";
}

// The inputs from scale on say how the node makes or reads the codes.
std::optional<Quantized> QuantizedValues::parameters(NodeId id, ValueId codes, size_t scale)
{
    const Node& node = m_r.node(id);
    Quantized result{codes, inputOf(node, scale), inputOf(node, scale + 1), id};
    if (codes == noValue || result.scale == noValue || !isByte(m_r.type(codes).dataType) ||
        node.attribute("precision"))
        return std::nullopt;
    const auto number = m_r.constantNumber(result.scale);
    if (!number || !m_r.isFloat(result.scale) || !std::isnormal(*number) || *number < 0)
        return std::nullopt;
    if (result.zeroPoint == noValue)
        result.zeroPoint = zeroOf(m_r.type(codes).dataType);
    else if (!m_r.constantNumber(result.zeroPoint) ||
             m_r.type(result.zeroPoint).dataType != m_r.type(codes).dataType)
        return std::nullopt;
    return result;
}

ValueId QuantizedValues::zeroOf(DataType type)
{
    ValueId& zero = type == DataType::Int8 ? m_signedZero : m_unsignedZero;
    if (zero == noValue)
        zero = m_r.addConstant("zero point", type == DataType::Int8 ? Tensor::scalar(int8_t{0})
                                                                    : Tensor::scalar(uint8_t{0}));
    return zero;
}

// What the value is the dequantization of.
std::optional<Quantized> QuantizedValues::dequantized(ValueId value)
{
    const NodeId id = value == noValue ? noNode : m_r.producer(value);
    if (!isQuantization(id, "DequantizeLinear") || !m_r.isFloat(value) ||
        m_r.isConstant(m_r.node(id).inputs[0]))
        return std::nullopt;
    return parameters(id, m_r.node(id).inputs[0]);
}

// What a node that quantizes float32 makes.
std::optional<Quantized> QuantizedValues::quantizer(NodeId id)
{
    if (!isQuantization(id, "QuantizeLinear") || !m_r.isFloat(m_r.node(id).inputs[0]))
        return std::nullopt;
    return parameters(id, m_r.node(id).outputs[0]);
}

bool QuantizedValues::areSame(const Quantized& a, const Quantized& b) const
{
    return m_r.type(a.codes).dataType == m_r.type(b.codes).dataType &&
           m_r.constantNumber(a.scale) == m_r.constantNumber(b.scale) &&
           m_r.constantNumber(a.zeroPoint) == m_r.constantNumber(b.zeroPoint);
}

// rank: of the tensor. isTurned: its channels are the last axis.
Result<std::optional<QuantizedWeights>> QuantizedValues::weightsOf(ValueId value, int64_t rank, bool isTurned)
{
    const NodeId id = m_r.producer(value);
    if (!isQuantization(id, "DequantizeLinear") || m_r.node(id).intAttribute("block_size", 0) != 0)
        return std::optional<QuantizedWeights>();
    return weightsAt(id, 0, m_r.node(id).intAttribute("axis", 1), rank, isTurned);
}

// Codes, scale and zero point are inputs of the node, from first on.
Result<std::optional<QuantizedWeights>> QuantizedValues::weightsAt(NodeId id, size_t first, int64_t axis,
                                                                   int64_t rank, bool isTurned)
{
    const std::optional<QuantizedWeights> none;
    const Node& node = m_r.node(id);
    const Tensor codes = m_r.constant(inputOf(node, first));
    const Tensor scale = m_r.constant(inputOf(node, first + 1));
    if (!isByte(codes.type()) || codes.rank() != rank || codes.count() == 0 ||
        scale.type() != DataType::Float)
        return none;
    const int64_t wanted = isTurned ? rank - 1 : 0;
    const int64_t channels = codes.dims()[static_cast<size_t>(wanted)];
    const bool isByChannel =
        scale.rank() == 1 && scale.count() == channels && (axis < 0 ? axis + rank : axis) == wanted;
    if (scale.count() != 1 && !isByChannel)
        return none;
    for (int64_t i = 0; i < scale.count(); ++i) {
        if (!std::isnormal(scale.data<float>()[i]) || scale.data<float>()[i] < 0)
            return none;
    }
    // Codes of uint8 around 128 are those of int8 around 0.
    const int middle = codes.type() == DataType::Int8 ? 0 : 128;
    const ValueId zero = inputOf(node, first + 2);
    const bool hasZeros = zero != noValue;
    const Tensor zeros = m_r.constant(zero);
    if (hasZeros ? zeros.type() != codes.type() : middle != 0)
        return none;
    for (int64_t i = 0; i < zeros.count(); ++i) {
        if (elementAsDouble(zeros, i) != middle)
            return none;
    }
    QuantizedWeights weights{node.inputs[first], node.inputs[first + 1], id};
    if (middle != 0 || isTurned) {
        TRY_ASSIGN(weights.codes,
                   plainCodes(codes, middle != 0, isTurned, m_r.graph().value(node.inputs[first]).name));
    }
    return std::optional(weights);
}

Result<ValueId> QuantizedValues::plainCodes(const Tensor& codes, bool flips, bool isTurned,
                                            const std::string& name)
{
    const Dims& dims = codes.dims();
    TRY_ASSIGN(Tensor plain, Tensor::allocate(DataType::Int8, isTurned ? Dims{dims[1], dims[0]} : dims));
    const auto* from = codes.data<uint8_t>();
    auto* to = plain.mutableData<uint8_t>();
    const uint8_t flip = flips ? 0x80 : 0;
    if (!isTurned) {
        for (int64_t i = 0; i < codes.count(); ++i)
            to[i] = from[i] ^ flip;
    } else {
        for (int64_t row = 0; row < dims[0]; ++row) {
            for (int64_t column = 0; column < dims[1]; ++column)
                to[column * dims[0] + row] = from[row * dims[1] + column] ^ flip;
        }
    }
    return m_r.addConstant(name + " (int8)", std::move(plain));
}

// A constant with a number for each channel, as float32; noValue: it is something else.
Result<ValueId> QuantizedValues::biasOf(ValueId value, int64_t channels, NodeId product)
{
    const auto isVector = [&](const Tensor& tensor) {
        return tensor.count() == channels && (tensor.rank() == 0 || tensor.dims().back() == channels);
    };
    if (m_r.isConstant(value)) {
        const Tensor bias = m_r.constant(value);
        if (bias.type() != DataType::Float || !isVector(bias))
            return noValue;
        return bias.rank() == 1
                   ? value
                   : m_r.addConstant(m_r.graph().value(value).name + " (bias)", bias.reshaped({channels}));
    }
    const NodeId id = m_r.producer(value);
    if (!isQuantization(id, "DequantizeLinear") || m_r.node(id).inputs.size() < 2)
        return noValue;
    const Node& node = m_r.node(id);
    const Tensor codes = m_r.constant(node.inputs[0]);
    const Tensor scale = m_r.constant(node.inputs[1]);
    const Tensor zeros =
        node.inputs.size() > 2 && node.inputs[2] != noValue ? m_r.constant(node.inputs[2]) : Tensor();
    const auto fits = [&](const Tensor& tensor) { return tensor.count() == 1 || tensor.count() == channels; };
    if (codes.empty() || !isVector(codes) || scale.type() != DataType::Float || !fits(scale) ||
        (!zeros.empty() && !fits(zeros)))
        return noValue;
    if (node.inputs.size() > 2 && node.inputs[2] != noValue && zeros.empty())
        return noValue;
    TRY_ASSIGN(Tensor bias, Tensor::allocate(DataType::Float, {channels}));
    for (int64_t i = 0; i < channels; ++i) {
        const double zero = zeros.empty() ? 0 : elementAsDouble(zeros, zeros.count() == 1 ? 0 : i);
        bias.mutableData<float>()[i] = static_cast<float>(elementAsDouble(codes, i) - zero) *
                                       scale.data<float>()[scale.count() == 1 ? 0 : i];
    }
    takes(id, product);
    return m_r.addConstant(m_r.graph().value(value).name + " (bias)", std::move(bias));
}

void QuantizedValues::replaceTaker(NodeId by, NodeId with)
{
    for (auto& [dequantizer, taker] : m_taken) {
        if (taker == by)
            taker = with;
    }
}

void QuantizedValues::absorbTaken()
{
    for (const auto& [node, by] : m_taken) {
        if (m_r.isErased(node) || m_r.isErased(by))
            continue;
        const ValueId value = m_r.node(node).outputs[0];
        if (m_r.readers(value).empty() && !m_r.graph().value(value).isOutput)
            m_r.absorb(node, by);
    }
}

} // namespace lapidary

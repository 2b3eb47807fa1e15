// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a graph of QuantizeLinear and DequantizeLinear says of its values, for the pass that folds
// them. Internal to engine/passes.
#pragma once

#include "engine/passes/rewriter.h"

namespace lapidary {

// Codes with one scale and one zero point, both constants.
struct Quantized {
    ValueId codes = noValue;
    ValueId scale = noValue;
    ValueId zeroPoint = noValue;
    NodeId node = noNode; // that dequantizes them, or makes them
};

// Constant weights as products want them: int8, the channels of the output first, no zero point.
struct QuantizedWeights {
    ValueId codes = noValue;
    ValueId scale = noValue; // one number, or one for each channel
    NodeId node = noNode;
};

class QuantizedValues {
public:
    explicit QuantizedValues(Rewriter& rewriter) : m_r(rewriter) {}

    // The operator of ai.onnx or com.microsoft, with the inputs that it must have.
    bool isQuantization(NodeId id, std::string_view opType) const;
    // Codes that the node makes or reads, as its inputs from scale on say. nullopt: no bytes, or not one
    // constant.
    std::optional<Quantized> parameters(NodeId id, ValueId codes, size_t scale = 1);
    // What a float32 value is the dequantization of; constants have none.
    std::optional<Quantized> dequantized(ValueId value);
    // What a node that quantizes float32 makes.
    std::optional<Quantized> quantizer(NodeId id);
    bool areSame(const Quantized& a, const Quantized& b) const; // type, scale and zero point

    // What a value dequantizes. rank: of the tensor. isTurned: its channels are the last axis.
    Result<std::optional<QuantizedWeights>> weightsOf(ValueId value, int64_t rank, bool isTurned);
    // Codes, scale and zero point are inputs of the node, from first on; axis: of the scales.
    Result<std::optional<QuantizedWeights>> weightsAt(NodeId id, size_t first, int64_t axis, int64_t rank,
                                                      bool isTurned);
    // A constant with a number for each channel, as float32; noValue: it is something else.
    Result<ValueId> biasOf(ValueId value, int64_t channels, NodeId product);

    // Node by does without the node that dequantizes. Once all is done, those that nobody reads go.
    void takes(NodeId dequantizer, NodeId by) { m_taken.emplace_back(dequantizer, by); }
    void replaceTaker(NodeId by, NodeId with);
    void absorbTaken();

private:
    ValueId zeroOf(DataType type);
    Result<ValueId> plainCodes(const Tensor& codes, bool flips, bool isTurned, const std::string& name);

    Rewriter& m_r;
    ValueId m_signedZero = noValue;
    ValueId m_unsignedZero = noValue;
    std::vector<std::pair<NodeId, NodeId>> m_taken;
};

// noValue where the node has no such input.
ValueId inputOf(const Node& node, size_t index);

// What moves elements moves codes instead, and what comes before a quantization comes after it.
void moveCodes(Rewriter& rewriter, QuantizedValues& values);

} // namespace lapidary

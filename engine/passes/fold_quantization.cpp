// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized models say in float32 what is meant to run on bytes: DequantizeLinear before an operator,
// QuantizeLinear after it. Such groups become operators on codes (engine/ops/rewritten.cpp); what only moves
// elements or picks some moves codes, and the pairs between vanish. What has no such form stays float32.
#include "engine/passes/activation.h"
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

bool isByte(DataType type) { return type == DataType::UInt8 || type == DataType::Int8; }

// Codes with one scale and one zero point, both constants.
struct Quantized {
    ValueId codes = noValue;
    ValueId scale = noValue;
    ValueId zeroPoint = noValue;
    NodeId node = noNode; // that dequantizes them, or makes them
};

// Constant weights as products want them: int8, the channels of the output first, no zero point.
struct Weights {
    ValueId codes = noValue;
    ValueId scale = noValue; // one number, or one for each channel
    NodeId node = noNode;
};

class FoldQuantization {
public:
    explicit FoldQuantization(Rewriter& rewriter) : m_r(rewriter) {}

    Status run()
    {
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                quantizeEarlier(id);
        }
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                TRY(move(id));
        }
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                TRY(fold(id));
        }
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                foldRest(id);
        }
        // Nodes whose only purpose was to dequantize for those that are gone.
        for (const auto& [node, by] : m_taken) {
            const bool isUnread = !m_r.isErased(node) && m_r.readers(m_r.node(node).outputs[0]).empty() &&
                                  !m_r.graph().value(m_r.node(node).outputs[0]).isOutput;
            if (isUnread && !m_r.isErased(by))
                m_r.absorb(node, by);
        }
        return {};
    }

private:
    bool isQuantization(NodeId id, std::string_view opType) const
    {
        if (id == noNode || m_r.node(id).opType != opType || m_r.node(id).outputs.size() != 1)
            return false;
        const std::string_view domain = domainName(m_r.node(id).domain);
        return domain == domainName("") || domain == "com.microsoft";
    }

    static ValueId inputOf(const Node& node, size_t index)
    {
        return index < node.inputs.size() ? node.inputs[index] : noValue;
    }

    // The inputs from scale on say how the node makes or reads the codes.
    std::optional<Quantized> parameters(NodeId id, ValueId codes, size_t scale = 1)
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

    ValueId zeroOf(DataType type)
    {
        ValueId& zero = type == DataType::Int8 ? m_signedZero : m_unsignedZero;
        if (zero == noValue)
            zero = m_r.addConstant("zero point", type == DataType::Int8 ? Tensor::scalar(int8_t{0})
                                                                        : Tensor::scalar(uint8_t{0}));
        return zero;
    }

    // What the value is the dequantization of.
    std::optional<Quantized> dequantized(ValueId value)
    {
        const NodeId id = value == noValue ? noNode : m_r.producer(value);
        if (!isQuantization(id, "DequantizeLinear") || !m_r.isFloat(value) ||
            m_r.isConstant(m_r.node(id).inputs[0]))
            return std::nullopt;
        return parameters(id, m_r.node(id).inputs[0]);
    }

    // What a node that quantizes float32 makes.
    std::optional<Quantized> quantizer(NodeId id)
    {
        if (!isQuantization(id, "QuantizeLinear") || !m_r.isFloat(m_r.node(id).inputs[0]))
            return std::nullopt;
        return parameters(id, m_r.node(id).outputs[0]);
    }

    bool areSame(const Quantized& a, const Quantized& b) const
    {
        return m_r.type(a.codes).dataType == m_r.type(b.codes).dataType &&
               m_r.constantNumber(a.scale) == m_r.constantNumber(b.scale) &&
               m_r.constantNumber(a.zeroPoint) == m_r.constantNumber(b.zeroPoint);
    }

    // ---- What moves elements moves codes.

    Status move(NodeId id)
    {
        if (const auto y = quantizer(id)) {
            const auto x = dequantized(m_r.node(id).inputs[0]);
            if (x && areSame(*x, *y) && !m_r.graph().value(y->codes).isOutput) {
                m_r.replaceReads(y->codes, x->codes); // bodies read by name, which replaceReads leaves alone
                if (m_r.readers(y->codes).empty()) {
                    m_r.absorb(id, x->node);
                    if (m_r.producer(x->codes) != noNode)
                        m_taken.emplace_back(x->node, m_r.producer(x->codes));
                }
            }
            return {};
        }
        if (isMover(id))
            moveBefore(id);
        if (m_r.is(id, "Concat"))
            joinCodes(id);
        return {};
    }

    // What gives some elements of input 0, whatever they stand for.
    bool isMover(NodeId id) const
    {
        constexpr std::string_view movers[] = {"MaxPool",      "Reshape",     "Flatten", "Transpose",
                                               "Squeeze",      "Unsqueeze",   "Slice",   "Split",
                                               "DepthToSpace", "SpaceToDepth"};
        return std::any_of(std::begin(movers), std::end(movers),
                           [&](std::string_view mover) { return m_r.is(id, mover); });
    }

    // What is moved and then quantized is quantized and then moved.
    void quantizeEarlier(NodeId id)
    {
        while (const auto y = quantizer(id)) {
            const ValueId value = m_r.node(id).inputs[0];
            const NodeId mover = m_r.producer(value);
            if (!isMover(mover) || m_r.node(mover).outputs.size() != 1 || m_r.onlyReader(value) != id ||
                !m_r.isFloat(m_r.node(mover).inputs[0]))
                return;
            const ValueId from = m_r.node(mover).inputs[0];
            TypeInfo type = m_r.type(from);
            type.dataType = m_r.type(y->codes).dataType;
            const ValueId codes = m_r.addValue(m_r.graph().value(from).name + " (codes)", std::move(type));
            Node quantize = m_r.node(id);
            quantize.inputs[0] = from;
            quantize.outputs = {codes};
            m_r.absorb(id, mover);
            id = m_r.insertBefore(mover, std::move(quantize));
            m_r.change(mover, [&](Node& node) {
                node.inputs[0] = codes;
                node.outputs = {y->codes};
            });
        }
    }

    bool isQuantizedNext(ValueId value) const
    {
        return std::any_of(m_r.readers(value).begin(), m_r.readers(value).end(),
                           [&](NodeId reader) { return isQuantization(reader, "QuantizeLinear"); });
    }

    bool givesFloats(NodeId id) const
    {
        const std::vector<ValueId>& outputs = m_r.node(id).outputs;
        return std::all_of(outputs.begin(), outputs.end(),
                           [&](ValueId output) { return output != noValue && m_r.isFloat(output); });
    }

    void moveBefore(NodeId id)
    {
        const auto x = m_r.node(id).inputs.empty() ? std::nullopt : dequantized(m_r.node(id).inputs[0]);
        if (!x || !givesFloats(id))
            return;
        const std::vector<ValueId> outputs = m_r.node(id).outputs;
        const bool pays = m_r.onlyReader(m_r.node(id).inputs[0]) == id ||
                          std::any_of(outputs.begin(), outputs.end(),
                                      [&](ValueId output) { return isQuantizedNext(output); });
        if (!pays)
            return;
        onCodes(id, *x, [&](Node& node) { node.inputs[0] = x->codes; });
        m_taken.emplace_back(x->node, id);
    }

    // The node gives codes from now on, which others dequantize.
    void onCodes(NodeId id, const Quantized& like, const std::function<void(Node&)>& edit)
    {
        const std::vector<ValueId> outputs = m_r.node(id).outputs;
        std::vector<ValueId> codes;
        for (const ValueId output : outputs) {
            TypeInfo type = m_r.type(output);
            type.dataType = m_r.type(like.codes).dataType;
            codes.push_back(m_r.addValue(m_r.graph().value(output).name + " (codes)", std::move(type)));
        }
        m_r.change(id, [&](Node& node) {
            edit(node);
            node.outputs = codes;
        });
        for (size_t i = 0; i < outputs.size(); ++i) {
            Node dequantize;
            dequantize.opType = "DequantizeLinear";
            dequantize.inputs = {codes[i], like.scale, like.zeroPoint};
            dequantize.outputs = {outputs[i]};
            m_r.insertAfter(id, std::move(dequantize));
        }
    }

    // A Concat of codes: all of one quantization, or brought to that of the result.
    void joinCodes(NodeId id)
    {
        std::vector<Quantized> parts;
        for (const ValueId input : std::vector<ValueId>(m_r.node(id).inputs)) {
            const auto part = dequantized(input);
            if (!part)
                return;
            parts.push_back(*part);
        }
        if (parts.empty() || !givesFloats(id))
            return;
        const NodeId reader = m_r.onlyReader(m_r.node(id).outputs[0]);
        const auto y = reader == noNode ? std::nullopt : quantizer(reader);
        const Quantized target = y ? *y : parts[0];
        std::vector<ValueId> inputs;
        for (const Quantized& part : parts) {
            if (!y && !areSame(part, target))
                return;
            inputs.push_back(part.codes);
        }
        for (size_t i = 0; i < parts.size(); ++i) {
            if (!areSame(parts[i], target))
                inputs[i] = requantized(parts[i], target, id);
            m_taken.emplace_back(parts[i].node, id);
        }
        onCodes(id, target, [&](Node& node) { node.inputs = inputs; });
    }

    ValueId requantized(const Quantized& x, const Quantized& y, NodeId at)
    {
        TypeInfo type = m_r.type(x.codes);
        type.dataType = m_r.type(y.codes).dataType;
        Node node;
        node.domain = rewrittenDomain;
        node.opType = "Requantize";
        node.inputs = {x.codes, x.scale, x.zeroPoint, y.scale, y.zeroPoint};
        node.outputs = {m_r.addValue(m_r.graph().value(x.codes).name + " (requantized)", std::move(type))};
        const ValueId result = node.outputs[0];
        m_r.insertBefore(at, std::move(node));
        return result;
    }

    // ---- Products.

    Status fold(NodeId id)
    {
        if (m_r.is(id, "Conv"))
            return foldProduct(id, m_r.rank(m_r.node(id).inputs[0]));
        if (m_r.is(id, "MatMul"))
            return foldProduct(id, -1);
        const Node& node = m_r.node(id);
        const bool isStandard = domainName(node.domain) == domainName("");
        if ((isStandard || node.domain == "com.microsoft") &&
            (node.opType == "QLinearConv" || node.opType == "QLinearMatMul"))
            return foldQLinear(id);
        if (node.domain == "com.microsoft" && (node.opType == "QLinearAdd" || node.opType == "QLinearMul"))
            foldQLinearPair(id);
        if (m_r.is(id, "Gemm") && node.intAttribute("transA", 0) == 0 &&
            node.floatAttribute("alpha", 1) == 1 &&
            (node.floatAttribute("beta", 1) == 1 || node.inputs.size() < 3))
            return foldProduct(id, -1);
        return {};
    }

    // What follows a product, as far as the kernel takes it.
    struct Chain {
        std::vector<NodeId> nodes; // the product first
        ValueId output = noValue;
        std::optional<FusedActivation> activation;
        std::optional<Quantized> y;
        std::optional<Quantized> residual;
        std::optional<Quantized> inner;
    };

    Status foldProduct(NodeId id, int64_t rank)
    {
        const Node& node = m_r.node(id);
        const bool isConv = m_r.is(id, "Conv");
        if (node.inputs.size() < 2 || node.outputs.size() != 1 || (isConv && rank != 4 && rank != 5))
            return {};
        const auto x = dequantized(node.inputs[0]);
        if (!x || m_r.rank(x->codes) < 2)
            return {};
        const bool isTurned = !isConv && node.intAttribute("transB", 0) == 0;
        TRY_ASSIGN(const std::optional<Weights> weights,
                   weightsOf(node.inputs[1], isConv ? rank : 2, isTurned));
        if (!weights)
            return {};
        const int64_t channels = m_r.constant(weights->codes).dims()[0];
        ValueId bias = noValue;
        Chain chain{{id}, node.outputs[0], {}, {}, {}, {}};
        if (node.inputs.size() > 2 && node.inputs[2] != noValue) {
            TRY_ASSIGN(bias, biasOf(node.inputs[2], channels, id));
            if (bias == noValue)
                return {};
        } else if (m_r.is(id, "MatMul")) {
            TRY_ASSIGN(bias, takeBias(chain, channels));
        }
        follow(chain);
        m_taken.emplace_back(x->node, id);
        m_taken.emplace_back(weights->node, id);
        writeProduct(chain, *x, *weights, bias);
        return {};
    }

    void writeProduct(const Chain& chain, const Quantized& x, const Weights& weights, ValueId bias)
    {
        const NodeId id = chain.nodes[0];
        const bool isConv = m_r.node(id).opType.ends_with("Conv");
        Node folded = m_r.node(id);
        folded.domain = rewrittenDomain;
        folded.opType = isConv ? "QuantizedConv" : "QuantizedMatMul";
        if (!isConv)
            folded.attributes.clear();
        folded.inputs = {x.codes, x.scale, x.zeroPoint, weights.codes, weights.scale, bias};
        folded.inputs.resize(13, noValue);
        const auto set = [&](size_t at, const Quantized& quantized) {
            folded.inputs[at] = quantized.scale;
            folded.inputs[at + 1] = quantized.zeroPoint;
        };
        if (chain.y)
            set(6, *chain.y);
        if (chain.residual) {
            folded.inputs[8] = chain.residual->codes;
            set(9, *chain.residual);
        }
        if (chain.inner)
            set(11, *chain.inner);
        while (folded.inputs.back() == noValue)
            folded.inputs.pop_back();
        if (chain.activation)
            addActivation(folded, *chain.activation);
        folded.outputs = {chain.output};
        std::string taken;
        for (size_t i = 1; i < chain.nodes.size(); ++i)
            taken += (i == 1 ? ", with " : ", ") + nodeLabel(m_r.node(chain.nodes[i]), chain.nodes[i]);
        m_r.note(nodeLabel(m_r.node(id), id) + " runs on codes" + taken);
        const NodeId at = chain.nodes.back();
        for (auto& [dequantizer, by] : m_taken) {
            if (by == id)
                by = at;
        }
        if (chain.residual)
            m_taken.emplace_back(chain.residual->node, at);
        m_r.replace(chain.nodes, at, std::move(folded), id);
    }

    // QLinearConv and QLinearMatMul name all codes themselves: x, its scale and zero point, the same of the
    // weights, scale and zero point of y, and for a convolution a bias in units of the product of both
    // scales.
    Status foldQLinear(NodeId id)
    {
        const Node& node = m_r.node(id);
        const bool isConv = node.opType == "QLinearConv";
        const int64_t rank = inputOf(node, 0) == noValue ? -1 : m_r.rank(node.inputs[0]);
        if (node.outputs.size() != 1 || node.intAttribute("channels_last", 0) != 0 ||
            (isConv ? rank != 4 && rank != 5 : rank < 2))
            return {};
        const auto x = parameters(id, node.inputs[0]);
        const auto y = parameters(id, node.outputs[0], 6);
        if (!x || !y || !isConstantAt(id, 3) || !isConstantAt(id, 4))
            return {};
        const int64_t weightRank = isConv ? rank : 2;
        TRY_ASSIGN(const std::optional<Weights> weights,
                   weightsAt(id, 3, isConv ? 0 : weightRank - 1, weightRank, !isConv));
        if (!weights)
            return {};
        ValueId bias = noValue;
        if (inputOf(node, 8) != noValue) {
            const Tensor codes = m_r.constant(node.inputs[8]);
            const Tensor scale = m_r.constant(weights->scale);
            if (codes.type() != DataType::Int32 || codes.count() != m_r.constant(weights->codes).dims()[0])
                return {};
            TRY_ASSIGN(Tensor numbers, Tensor::allocate(DataType::Float, {codes.count()}));
            for (int64_t i = 0; i < codes.count(); ++i)
                numbers.mutableData<float>()[i] =
                    static_cast<float>(static_cast<double>(codes.data<int32_t>()[i]) *
                                       static_cast<double>(*m_r.constantNumber(x->scale)) *
                                       static_cast<double>(scale.data<float>()[scale.count() == 1 ? 0 : i]));
            bias = m_r.addConstant(m_r.graph().value(node.inputs[8]).name + " (bias)", std::move(numbers));
        }
        Chain chain{{id}, node.outputs[0], {}, y, {}, {}};
        followSum(chain);
        writeProduct(chain, *x, *weights, bias);
        return {};
    }

    bool isConstantAt(NodeId id, size_t input) const { return m_r.isConstant(inputOf(m_r.node(id), input)); }

    void foldQLinearPair(NodeId id)
    {
        const Node& node = m_r.node(id);
        const ValueId left = inputOf(node, 0);
        const ValueId right = inputOf(node, 3);
        if (left == noValue || right == noValue || node.outputs.size() != 1 ||
            !m_r.haveSameShape(left, right))
            return;
        const auto a = parameters(id, left, 1);
        const auto b = parameters(id, right, 4);
        const auto y = parameters(id, node.outputs[0], 6);
        if (a && b && y)
            put({id}, node.opType == "QLinearMul" ? "QuantizedMul" : "QuantizedAdd",
                {a->codes, a->scale, a->zeroPoint, b->codes, b->scale, b->zeroPoint, y->scale, y->zeroPoint},
                {});
    }

    void follow(Chain& chain)
    {
        for (;;) {
            const NodeId reader = m_r.onlyReader(chain.output);
            if (reader == noNode || m_r.node(reader).outputs.size() != 1)
                return;
            if (const auto y = quantizer(reader)) {
                chain.y = y;
                take(chain, reader);
                if (!chain.residual && !chain.activation)
                    followSum(chain);
                return;
            }
            if (chain.activation)
                return;
            if ((chain.activation = activationOf(m_r, reader))) {
                take(chain, reader);
                continue;
            }
            const auto residual = chain.residual ? std::nullopt : residualOf(reader, chain.output);
            if (!residual)
                return;
            chain.residual = residual;
            take(chain, reader);
        }
    }

    void take(Chain& chain, NodeId id)
    {
        chain.nodes.push_back(id);
        chain.output = m_r.node(id).outputs[0];
    }

    // Codes of the same shape that a node adds to the value.
    std::optional<Quantized> residualOf(NodeId reader, ValueId value)
    {
        if (!m_r.is(reader, "Add") || m_r.node(reader).attribute("axis"))
            return std::nullopt;
        const ValueId other = otherOperand(m_r, reader, value);
        if (other == noValue || !m_r.haveSameShape(other, value))
            return std::nullopt;
        return dequantized(other);
    }

    // The codes are dequantized at once, for a sum that is quantized again.
    void followSum(Chain& chain)
    {
        const NodeId dequantizer = m_r.onlyReader(chain.output);
        const NodeId sum = isQuantization(dequantizer, "DequantizeLinear")
                               ? m_r.onlyReader(m_r.node(dequantizer).outputs[0])
                               : noNode;
        if (sum == noNode)
            return;
        const auto again = dequantized(m_r.node(dequantizer).outputs[0]);
        if (!again || !areSame(*again, *chain.y))
            return;
        const auto residual = residualOf(sum, m_r.node(dequantizer).outputs[0]);
        if (!residual)
            return;
        Chain longer = chain;
        longer.inner = chain.y;
        longer.residual = residual;
        longer.nodes.push_back(dequantizer);
        take(longer, sum);
        NodeId reader = m_r.onlyReader(longer.output);
        if ((longer.activation = activationOf(m_r, reader))) {
            take(longer, reader);
            reader = m_r.onlyReader(longer.output);
        }
        longer.y = reader == noNode ? std::nullopt : quantizer(reader);
        if (!longer.y)
            return;
        take(longer, reader);
        chain = std::move(longer);
    }

    // rank: of the tensor. isTurned: its channels are the last axis.
    Result<std::optional<Weights>> weightsOf(ValueId value, int64_t rank, bool isTurned)
    {
        const NodeId id = m_r.producer(value);
        if (!isQuantization(id, "DequantizeLinear") || m_r.node(id).intAttribute("block_size", 0) != 0)
            return std::optional<Weights>();
        return weightsAt(id, 0, m_r.node(id).intAttribute("axis", 1), rank, isTurned);
    }

    // Codes, scale and zero point are inputs of the node, from first on.
    Result<std::optional<Weights>> weightsAt(NodeId id, size_t first, int64_t axis, int64_t rank,
                                             bool isTurned)
    {
        const std::optional<Weights> none;
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
        Weights weights{node.inputs[first], node.inputs[first + 1], id};
        if (middle != 0 || isTurned) {
            TRY_ASSIGN(weights.codes,
                       plainCodes(codes, middle != 0, isTurned, m_r.graph().value(node.inputs[first]).name));
        }
        return std::optional(weights);
    }

    Result<ValueId> plainCodes(const Tensor& codes, bool flips, bool isTurned, const std::string& name)
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
    Result<ValueId> biasOf(ValueId value, int64_t channels, NodeId product)
    {
        const auto isVector = [&](const Tensor& tensor) {
            return tensor.count() == channels && (tensor.rank() == 0 || tensor.dims().back() == channels);
        };
        if (m_r.isConstant(value)) {
            const Tensor bias = m_r.constant(value);
            if (bias.type() != DataType::Float || !isVector(bias))
                return noValue;
            return bias.rank() == 1 ? value
                                    : m_r.addConstant(m_r.graph().value(value).name + " (bias)",
                                                      bias.reshaped({channels}));
        }
        const NodeId id = m_r.producer(value);
        if (!isQuantization(id, "DequantizeLinear") || m_r.node(id).inputs.size() < 2)
            return noValue;
        const Node& node = m_r.node(id);
        const Tensor codes = m_r.constant(node.inputs[0]);
        const Tensor scale = m_r.constant(node.inputs[1]);
        const Tensor zeros =
            node.inputs.size() > 2 && node.inputs[2] != noValue ? m_r.constant(node.inputs[2]) : Tensor();
        const auto fits = [&](const Tensor& tensor) {
            return tensor.count() == 1 || tensor.count() == channels;
        };
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
        m_taken.emplace_back(id, product);
        return m_r.addConstant(m_r.graph().value(value).name + " (bias)", std::move(bias));
    }

    // The constant that a node adds to a product, row by row.
    Result<ValueId> takeBias(Chain& chain, int64_t channels)
    {
        const NodeId add = onlyReaderOf(m_r, chain.output, "Add");
        const ValueId other = otherOperand(m_r, add, chain.output);
        if (other == noValue || m_r.rank(other) != 1)
            return noValue;
        TRY_ASSIGN(const ValueId bias, biasOf(other, channels, chain.nodes[0]));
        if (bias != noValue)
            take(chain, add);
        return bias;
    }

    // ---- What no product took in.

    void foldRest(NodeId id)
    {
        if (m_r.is(id, "Add") || m_r.is(id, "Mul"))
            foldPair(id);
        else if (m_r.is(id, "GlobalAveragePool") || isGlobalMean(id))
            foldPool(id);
        else if (activationOf(m_r, id) || isQuantization(id, "QuantizeLinear"))
            foldLookup(id);
    }

    void foldPair(NodeId id)
    {
        const Node& node = m_r.node(id);
        if (node.inputs.size() != 2 || node.attribute("axis") ||
            !m_r.haveSameShape(node.inputs[0], node.inputs[1]))
            return;
        const auto a = dequantized(node.inputs[0]);
        const auto b = dequantized(node.inputs[1]);
        if (!a || !b)
            return;
        std::vector<NodeId> nodes{id};
        NodeId reader = m_r.onlyReader(node.outputs[0]);
        const auto activation = activationOf(m_r, reader);
        if (activation) {
            nodes.push_back(reader);
            reader = m_r.onlyReader(m_r.node(reader).outputs[0]);
        }
        const auto y = reader == noNode ? std::nullopt : quantizer(reader);
        if (!y)
            return;
        nodes.push_back(reader);
        put(nodes, m_r.is(id, "Mul") ? "QuantizedMul" : "QuantizedAdd",
            {a->codes, a->scale, a->zeroPoint, b->codes, b->scale, b->zeroPoint, y->scale, y->zeroPoint},
            activation);
        m_taken.emplace_back(a->node, reader);
        m_taken.emplace_back(b->node, reader);
    }

    // A ReduceMean of all axes behind the channels.
    bool isGlobalMean(NodeId id) const
    {
        if (!m_r.is(id, "ReduceMean") || m_r.node(id).inputs.empty())
            return false;
        const Node& node = m_r.node(id);
        const int64_t rank = m_r.rank(node.inputs[0]);
        std::vector<int64_t> axes = node.intsAttribute("axes");
        if (inputOf(node, 1) != noValue) {
            const Tensor given = m_r.constant(node.inputs[1]);
            if (given.type() != DataType::Int64)
                return false;
            axes.assign(given.data<int64_t>(), given.data<int64_t>() + given.count());
        }
        for (int64_t& axis : axes)
            axis += axis < 0 ? rank : 0;
        std::sort(axes.begin(), axes.end());
        std::vector<int64_t> wanted;
        for (int64_t axis = 2; axis < rank; ++axis)
            wanted.push_back(axis);
        return rank >= 3 && axes == wanted;
    }

    void foldPool(NodeId id)
    {
        const auto x = dequantized(inputOf(m_r.node(id), 0));
        const NodeId reader = m_r.onlyReader(m_r.node(id).outputs[0]);
        const auto y = reader == noNode ? std::nullopt : quantizer(reader);
        if (!x || !y || m_r.rank(x->codes) < 3)
            return;
        const std::vector<ValueId> inputs{x->codes, x->scale, x->zeroPoint, y->scale, y->zeroPoint};
        m_taken.emplace_back(x->node, reader);
        if (m_r.is(id, "GlobalAveragePool") || m_r.node(id).intAttribute("keepdims", 1) != 0) {
            put({id, reader}, "QuantizedGlobalAveragePool", inputs, {});
            return;
        }
        // The pool keeps the axes: the second node takes them off.
        m_r.note(labels(m_r, std::vector<NodeId>{id, reader}) + " run on codes");
        TypeInfo type = m_r.type(y->codes);
        if (type.shape)
            type.shape->resize(static_cast<size_t>(m_r.rank(x->codes)), Dim(1));
        const ValueId pooled = m_r.addValue(m_r.graph().value(y->codes).name + " (pooled)", std::move(type));
        m_r.change(id, [&](Node& node) {
            node.domain = rewrittenDomain;
            node.opType = "QuantizedGlobalAveragePool";
            node.attributes.clear();
            node.inputs = inputs;
            node.outputs = {pooled};
        });
        m_r.change(reader, [&](Node& node) {
            node.domain.clear();
            node.opType = "Flatten";
            node.attributes.clear();
            node.inputs = {pooled};
        });
    }

    // An activation between codes, or a change of scale, is a table of 256 codes.
    void foldLookup(NodeId id)
    {
        const auto x = dequantized(m_r.node(id).inputs[0]);
        if (!x)
            return;
        const auto activation = activationOf(m_r, id);
        const NodeId last = activation ? m_r.onlyReader(m_r.node(id).outputs[0]) : id;
        const auto y = last == noNode ? std::nullopt : quantizer(last);
        if (!y)
            return;
        std::vector<NodeId> nodes{id};
        if (activation)
            nodes.push_back(last);
        put(nodes, "Requantize", {x->codes, x->scale, x->zeroPoint, y->scale, y->zeroPoint}, activation);
        m_taken.emplace_back(x->node, last);
    }

    void put(const std::vector<NodeId>& nodes, std::string opType, std::vector<ValueId> inputs,
             const std::optional<FusedActivation>& activation)
    {
        Node node = rewrittenNode(m_r, nodes.back(), std::move(opType), std::move(inputs));
        node.name = m_r.node(nodes.front()).name;
        if (activation)
            addActivation(node, *activation);
        m_r.note(labels(m_r, nodes) + " run on codes");
        m_r.replace(nodes, nodes.back(), std::move(node), nodes.front());
    }

    Rewriter& m_r;
    ValueId m_signedZero = noValue;
    ValueId m_unsignedZero = noValue;
    std::vector<std::pair<NodeId, NodeId>> m_taken; // nodes that dequantize, and for whom
};

} // namespace

Status foldQuantization(Rewriter& rewriter) { return FoldQuantization(rewriter).run(); }

} // namespace lapidary

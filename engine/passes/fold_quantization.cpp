// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized models say in float32 what is meant to run on bytes: DequantizeLinear before an operator,
// QuantizeLinear after it. Such groups become operators on codes (engine/ops/rewritten.cpp); what only moves
// elements or picks some moves codes, and the pairs between vanish. What has no such form stays float32.
#include "engine/passes/activation.h"
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"
#include "engine/passes/quantized_values.h"

#include <algorithm>

namespace lapidary {

namespace {

class FoldQuantization {
public:
    explicit FoldQuantization(Rewriter& rewriter) : m_r(rewriter), m_q(rewriter) {}

    Status run()
    {
        moveCodes(m_r, m_q);
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                TRY(fold(id));
        }
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                foldRest(id);
        }
        m_q.absorbTaken();
        return {};
    }

private:
    // ---- Products.

    Status fold(NodeId id)
    {
        if (m_r.is(id, "Conv"))
            return foldProduct(id, m_r.rank(inputOf(m_r.node(id), 0)));
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
        const auto x = m_q.dequantized(node.inputs[0]);
        if (!x || m_r.rank(x->codes) < 2)
            return {};
        const bool isTurned = !isConv && node.intAttribute("transB", 0) == 0;
        TRY_ASSIGN(const std::optional<QuantizedWeights> weights,
                   m_q.weightsOf(node.inputs[1], isConv ? rank : 2, isTurned));
        if (!weights)
            return {};
        const int64_t channels = m_r.constant(weights->codes).dims()[0];
        ValueId bias = noValue;
        Chain chain{{id}, node.outputs[0], {}, {}, {}, {}};
        if (node.inputs.size() > 2 && node.inputs[2] != noValue) {
            TRY_ASSIGN(bias, m_q.biasOf(node.inputs[2], channels, id));
            if (bias == noValue)
                return {};
        } else if (m_r.is(id, "MatMul")) {
            TRY_ASSIGN(bias, takeBias(chain, channels));
        }
        follow(chain);
        m_q.takes(x->node, id);
        m_q.takes(weights->node, id);
        writeProduct(chain, *x, *weights, bias);
        return {};
    }

    void writeProduct(const Chain& chain, const Quantized& x, const QuantizedWeights& weights, ValueId bias)
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
        m_q.replaceTaker(id, at);
        if (chain.residual)
            m_q.takes(chain.residual->node, at);
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
        const auto x = m_q.parameters(id, node.inputs[0]);
        const auto y = m_q.parameters(id, node.outputs[0], 6);
        if (!x || !y || !isConstantAt(id, 3) || !isConstantAt(id, 4))
            return {};
        const int64_t weightRank = isConv ? rank : 2;
        TRY_ASSIGN(const std::optional<QuantizedWeights> weights,
                   m_q.weightsAt(id, 3, isConv ? 0 : weightRank - 1, weightRank, !isConv));
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
        const auto a = m_q.parameters(id, left, 1);
        const auto b = m_q.parameters(id, right, 4);
        const auto y = m_q.parameters(id, node.outputs[0], 6);
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
            if (const auto y = m_q.quantizer(reader)) {
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
        if (!m_r.is(reader, "Add") || m_r.node(reader).outputs.size() != 1 ||
            m_r.node(reader).attribute("axis"))
            return std::nullopt;
        const ValueId other = otherOperand(m_r, reader, value);
        if (other == noValue || !m_r.haveSameShape(other, value))
            return std::nullopt;
        return m_q.dequantized(other);
    }

    // The codes are dequantized at once, for a sum that is quantized again.
    void followSum(Chain& chain)
    {
        const NodeId dequantizer = m_r.onlyReader(chain.output);
        const NodeId sum = m_q.isQuantization(dequantizer, "DequantizeLinear")
                               ? m_r.onlyReader(m_r.node(dequantizer).outputs[0])
                               : noNode;
        if (sum == noNode)
            return;
        const auto again = m_q.dequantized(m_r.node(dequantizer).outputs[0]);
        if (!again || !m_q.areSame(*again, *chain.y))
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
        longer.y = reader == noNode ? std::nullopt : m_q.quantizer(reader);
        if (!longer.y)
            return;
        take(longer, reader);
        chain = std::move(longer);
    }

    // The constant that a node adds to a product, row by row.
    Result<ValueId> takeBias(Chain& chain, int64_t channels)
    {
        const NodeId add = onlyReaderOf(m_r, chain.output, "Add");
        const ValueId other = otherOperand(m_r, add, chain.output);
        if (other == noValue || m_r.rank(other) != 1)
            return noValue;
        TRY_ASSIGN(const ValueId bias, m_q.biasOf(other, channels, chain.nodes[0]));
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
        else if (activationOf(m_r, id) || m_q.isQuantization(id, "QuantizeLinear"))
            foldLookup(id);
    }

    void foldPair(NodeId id)
    {
        const Node& node = m_r.node(id);
        if (node.inputs.size() != 2 || node.outputs.size() != 1 || node.attribute("axis") ||
            !m_r.haveSameShape(node.inputs[0], node.inputs[1]))
            return;
        const auto a = m_q.dequantized(node.inputs[0]);
        const auto b = m_q.dequantized(node.inputs[1]);
        if (!a || !b)
            return;
        std::vector<NodeId> nodes{id};
        NodeId reader = m_r.onlyReader(node.outputs[0]);
        const auto activation = activationOf(m_r, reader);
        if (activation) {
            nodes.push_back(reader);
            reader = m_r.onlyReader(m_r.node(reader).outputs[0]);
        }
        const auto y = reader == noNode ? std::nullopt : m_q.quantizer(reader);
        if (!y)
            return;
        nodes.push_back(reader);
        put(nodes, m_r.is(id, "Mul") ? "QuantizedMul" : "QuantizedAdd",
            {a->codes, a->scale, a->zeroPoint, b->codes, b->scale, b->zeroPoint, y->scale, y->zeroPoint},
            activation);
        m_q.takes(a->node, reader);
        m_q.takes(b->node, reader);
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
        const auto x = m_q.dequantized(inputOf(m_r.node(id), 0));
        if (!x || m_r.node(id).outputs.size() != 1)
            return;
        const NodeId reader = m_r.onlyReader(m_r.node(id).outputs[0]);
        const auto y = reader == noNode ? std::nullopt : m_q.quantizer(reader);
        if (!y || m_r.rank(x->codes) < 3)
            return;
        const std::vector<ValueId> inputs{x->codes, x->scale, x->zeroPoint, y->scale, y->zeroPoint};
        m_q.takes(x->node, reader);
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
        const auto x = m_q.dequantized(inputOf(m_r.node(id), 0));
        if (!x)
            return;
        const auto activation = activationOf(m_r, id);
        const NodeId last = activation ? m_r.onlyReader(m_r.node(id).outputs[0]) : id;
        const auto y = last == noNode ? std::nullopt : m_q.quantizer(last);
        if (!y)
            return;
        std::vector<NodeId> nodes{id};
        if (activation)
            nodes.push_back(last);
        put(nodes, "Requantize", {x->codes, x->scale, x->zeroPoint, y->scale, y->zeroPoint}, activation);
        m_q.takes(x->node, last);
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
    QuantizedValues m_q;
};

} // namespace

Status foldQuantization(Rewriter& rewriter) { return FoldQuantization(rewriter).run(); }

} // namespace lapidary

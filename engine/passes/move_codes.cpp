// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/quantized_values.h"

#include <algorithm>

namespace lapidary {

namespace {

class MoveCodes {
public:
    MoveCodes(Rewriter& rewriter, QuantizedValues& values) : m_r(rewriter), m_q(values) {}

    void run()
    {
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                quantizeEarlier(id);
        }
        for (const NodeId id : m_r.order()) {
            if (!m_r.isErased(id))
                move(id);
        }
    }

private:
    void move(NodeId id)
    {
        if (const auto y = m_q.quantizer(id)) {
            const auto x = m_q.dequantized(m_r.node(id).inputs[0]);
            if (x && m_q.areSame(*x, *y) && !m_r.graph().value(y->codes).isOutput) {
                m_r.replaceReads(y->codes, x->codes); // bodies read by name, which replaceReads leaves alone
                if (m_r.readers(y->codes).empty()) {
                    m_r.absorb(id, x->node);
                    if (m_r.producer(x->codes) != noNode)
                        m_q.takes(x->node, m_r.producer(x->codes));
                }
            }
            return;
        }
        if (isMover(id))
            moveBefore(id);
        if (m_r.is(id, "Concat"))
            joinCodes(id);
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
        while (const auto y = m_q.quantizer(id)) {
            const ValueId value = m_r.node(id).inputs[0];
            const NodeId mover = m_r.producer(value);
            if (!isMover(mover) || m_r.node(mover).outputs.size() != 1 || m_r.onlyReader(value) != id ||
                !m_r.isFloat(inputOf(m_r.node(mover), 0)))
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
                           [&](NodeId reader) { return m_q.isQuantization(reader, "QuantizeLinear"); });
    }

    bool givesFloats(NodeId id) const
    {
        const std::vector<ValueId>& outputs = m_r.node(id).outputs;
        return !outputs.empty() && std::all_of(outputs.begin(), outputs.end(), [&](ValueId output) {
            return output != noValue && m_r.isFloat(output);
        });
    }

    void moveBefore(NodeId id)
    {
        const auto x = m_r.node(id).inputs.empty() ? std::nullopt : m_q.dequantized(m_r.node(id).inputs[0]);
        if (!x || !givesFloats(id))
            return;
        const std::vector<ValueId> outputs = m_r.node(id).outputs;
        const bool pays = m_r.onlyReader(m_r.node(id).inputs[0]) == id ||
                          std::any_of(outputs.begin(), outputs.end(),
                                      [&](ValueId output) { return isQuantizedNext(output); });
        if (!pays)
            return;
        onCodes(id, *x, [&](Node& node) { node.inputs[0] = x->codes; });
        m_q.takes(x->node, id);
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
            const auto part = m_q.dequantized(input);
            if (!part)
                return;
            parts.push_back(*part);
        }
        if (parts.empty() || !givesFloats(id))
            return;
        const NodeId reader = m_r.onlyReader(m_r.node(id).outputs[0]);
        const auto y = reader == noNode ? std::nullopt : m_q.quantizer(reader);
        const Quantized target = y ? *y : parts[0];
        std::vector<ValueId> inputs;
        for (const Quantized& part : parts) {
            if (!y && !m_q.areSame(part, target))
                return;
            inputs.push_back(part.codes);
        }
        for (size_t i = 0; i < parts.size(); ++i) {
            if (!m_q.areSame(parts[i], target))
                inputs[i] = requantized(parts[i], target, id);
            m_q.takes(parts[i].node, id);
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

    Rewriter& m_r;
    QuantizedValues& m_q;
};

} // namespace

void moveCodes(Rewriter& rewriter, QuantizedValues& values) { MoveCodes(rewriter, values).run(); }

} // namespace lapidary

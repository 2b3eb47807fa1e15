// SPDX-License-Identifier: GPL-3.0-or-later
// float16 is how such a model is stored; kernels compute in float32 anyway. Nodes next to each other hand on
// float32 then, instead of rounding and widening between them: faster, and closer to what the model means.
// Only values beyond float16's range, which would have become infinite between nodes, stay finite.
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

#include <algorithm>

namespace lapidary {

namespace {

// Operators whose floats are all of one type, which follows from their inputs, and that mean the same in
// float32.
bool isSameInFloat(const Node& node)
{
    if (domainName(node.domain) != domainName(""))
        return false;
    const bool isUnary =
        isOneOf(node.opType, {"Abs", "Ceil", "Clip", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid",
                              "HardSwish", "LeakyRelu", "Log", "Mish", "Neg"}) ||
        isOneOf(node.opType,
                {"Reciprocal", "Relu", "Selu", "Sigmoid", "Softplus", "Softsign", "Sqrt", "Swish", "Tanh"});
    const bool isPair = isOneOf(
        node.opType, {"Add", "Div", "Max", "Mean", "Min", "Mul", "PRelu", "Pow", "Sub", "Sum", "Where"});
    const bool moves = isOneOf(node.opType, {"Concat", "DepthToSpace", "Dropout", "Expand", "Flatten",
                                             "Gather", "Identity", "Reshape", "Resize"}) ||
                       isOneOf(node.opType, {"Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose",
                                             "Unsqueeze", "Upsample"});
    const bool reduces = isOneOf(node.opType, {"AveragePool", "GlobalAveragePool", "GlobalMaxPool", "MaxPool",
                                               "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum"});
    const bool normalizes = isOneOf(node.opType, {"BatchNormalization", "InstanceNormalization", "LRN",
                                                  "LayerNormalization", "LogSoftmax", "Softmax"});
    const bool multiplies = isOneOf(node.opType, {"Conv", "ConvTranspose", "Gemm", "MatMul"});
    return isUnary || isPair || moves || reduces || normalizes || multiplies;
}

class WidenHalves {
public:
    explicit WidenHalves(Rewriter& rewriter) : m_rewriter(rewriter) {}

    Status run()
    {
        for (const NodeId id : m_rewriter.order()) {
            if (m_rewriter.isErased(id))
                continue;
            if (m_rewriter.is(id, "Cast"))
                takeCast(id);
            else if (isSameInFloat(m_rewriter.node(id)))
                TRY(widenNode(id));
        }
        if (m_count > 0)
            m_rewriter.note(std::to_string(m_count) + " nodes of float16 hand on float32");
        return {};
    }

private:
    bool isHalf(ValueId id) const
    {
        return id != noValue && m_rewriter.type(id).isTensor() &&
               m_rewriter.type(id).dataType == DataType::Float16;
    }

    static TypeInfo widenedType(TypeInfo type)
    {
        type.dataType = DataType::Float;
        return type;
    }

    static Node cast(ValueId from, ValueId to, int64_t type)
    {
        Node node;
        node.opType = "Cast";
        node.attributes = {makeAttribute("to", type)};
        node.inputs = {from};
        node.outputs = {to};
        return node;
    }

    ValueId newTwin(ValueId id)
    {
        const ValueId twin = m_rewriter.addValue(m_rewriter.graph().value(id).name + " (float32)",
                                                 widenedType(m_rewriter.type(id)));
        m_twins[id] = twin;
        return twin;
    }

    Result<ValueId> twinOf(ValueId id, NodeId at)
    {
        if (const auto found = m_twins.find(id); found != m_twins.end())
            return found->second;
        if (m_rewriter.isConstant(id)) {
            TRY_ASSIGN(Tensor wide, toFloat(m_rewriter.constant(id)));
            return m_twins[id] = m_rewriter.addConstant(m_rewriter.graph().value(id).name + " (float32)",
                                                        std::move(wide));
        }
        const ValueId twin = newTwin(id);
        m_rewriter.insertBefore(at, cast(id, twin, toFloat32));
        return twin;
    }

    Status widenNode(NodeId id)
    {
        const Node node = m_rewriter.node(id);
        const bool hasHalf =
            std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId v) { return isHalf(v); });
        const bool isKnown = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
            return input == noValue || !isHalf(input) || !m_rewriter.isConstant(input) ||
                   !m_rewriter.constant(input).empty();
        });
        if (!hasHalf || !isKnown || !node.bodies().empty())
            return {};
        std::vector<ValueId> inputs;
        for (const ValueId input : node.inputs) {
            inputs.push_back(input);
            if (isHalf(input)) {
                TRY_ASSIGN(inputs.back(), twinOf(input, id));
            }
        }
        std::vector<ValueId> outputs;
        for (const ValueId output : node.outputs)
            outputs.push_back(isHalf(output) ? newTwin(output) : output);
        m_rewriter.change(id, [&](Node& changed) {
            changed.inputs = inputs;
            changed.outputs = outputs;
        });
        for (size_t i = 0; i < outputs.size(); ++i) {
            if (outputs[i] != node.outputs[i])
                m_rewriter.insertAfter(id, cast(outputs[i], node.outputs[i], toFloat16));
        }
        ++m_count;
        return {};
    }

    // From float16 to float32, where the wide value is there already.
    void takeCast(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        if (node.inputs.size() != 1 || !m_twins.contains(node.inputs[0]) ||
            node.intAttribute("to", 0) != toFloat32 ||
            !m_rewriter.onlyReadBy(node.outputs[0], m_rewriter.readers(node.outputs[0])))
            return;
        m_rewriter.replaceReads(node.outputs[0], m_twins.at(node.inputs[0]));
        m_rewriter.erase(id);
    }

    static constexpr int64_t toFloat32 = 1; // numbers of TensorProto.DataType
    static constexpr int64_t toFloat16 = 10;
    Rewriter& m_rewriter;
    std::unordered_map<ValueId, ValueId> m_twins;
    int64_t m_count = 0;
};

} // namespace

Status widenHalves(Rewriter& rewriter) { return WidenHalves(rewriter).run(); }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions run faster with channels as the last axis. Each gets such an input and gives such an output,
// and what lies between them works on the same layout, so that tensors are turned only where they enter and
// leave.
#include "engine/passes/passes.h"
#include "engine/passes/pattern.h"

#include "engine/ops/fused_rules.h"

#include <algorithm>
#include <numeric>

namespace lapidary {

namespace {

bool isUnary(const Node& node)
{
    return isOneOf(node.opType,
                   {"Relu", "Sigmoid", "Tanh", "LeakyRelu", "Elu", "Selu", "Clip", "HardSwish", "HardSigmoid",
                    "Swish", "Gelu", "Softplus", "Softsign", "Exp", "Sqrt", "Abs", "Neg", "Erf", "Mish"}) ||
           isOneOf(node.opType, {"QuantizeLinear", "DequantizeLinear", "Requantize"});
}

bool isBroadcast(const Node& node)
{
    return isOneOf(node.opType, {"Add", "Mul", "Sub", "Div", "Max", "Min", "Sum", "Mean", "Pow", "PRelu"});
}

// With one input whose channels matter; the rest of their meaning is in the attributes.
bool isWindowed(const Node& node)
{
    return node.domain == rewrittenDomain
               ? isOneOf(node.opType, {"Affine", "QuantizedGlobalAveragePool"})
               : isOneOf(node.opType,
                         {"MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LRN"});
}

TypeInfo turnedType(TypeInfo type, const std::vector<int64_t>& order)
{
    if (type.shape) {
        Shape turned;
        for (const int64_t axis : order)
            turned.push_back((*type.shape)[static_cast<size_t>(axis)]);
        type.shape = std::move(turned);
    }
    return type;
}

class ChannelsLast {
public:
    explicit ChannelsLast(Rewriter& rewriter) : m_rewriter(rewriter) {}

    Status run()
    {
        for (const NodeId id : m_rewriter.order()) {
            if (!m_rewriter.isErased(id))
                TRY(visit(id));
        }
        if (m_converted > 0)
            m_rewriter.note(std::to_string(m_converted) + " nodes with channels last; tensors are turned " +
                            std::to_string(m_turned) + " times on the way in");
        return {};
    }

private:
    Status visit(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        if (node.inputs.empty() || node.inputs[0] == noValue || node.outputs.empty() ||
            !node.bodies().empty())
            return {};
        const bool isStandard = domainName(node.domain) == domainName("");
        if (!isStandard && node.domain != rewrittenDomain)
            return {};
        if (node.opType == "Conv")
            convertConvolution(id, 3);
        else if (node.opType == "QuantizedConv")
            convertConvolution(id, 8);
        else if (node.opType == "QuantizedAdd" || node.opType == "QuantizedMul")
            convertPair(id, 3);
        else if (isWindowed(node))
            convertWindowed(id);
        else if (isUnary(node))
            convertUnary(id);
        else if (isBroadcast(node))
            TRY(convertBroadcast(id));
        else if (node.opType == "Concat")
            convertConcat(id);
        else if (node.opType == "Transpose")
            skipTranspose(id);
        else if (node.opType == "Reshape")
            convertShuffle(id);
        return {};
    }

    bool hasTwin(ValueId id) const { return m_twins.contains(id); }

    // The value with channels last; turned before node at, unless that was done already.
    ValueId twinOf(ValueId id, NodeId at)
    {
        if (const auto found = m_twins.find(id); found != m_twins.end())
            return found->second;
        const auto order = channelsLast(static_cast<size_t>(m_rewriter.rank(id)));
        const ValueId twin = newTwin(id);
        m_rewriter.insertBefore(at, transpose(id, twin, order));
        ++m_turned;
        return twin;
    }

    ValueId newTwin(ValueId id)
    {
        const auto order = channelsLast(static_cast<size_t>(m_rewriter.rank(id)));
        const ValueId twin = m_rewriter.addValue(m_rewriter.graph().value(id).name + " (channels last)",
                                                 turnedType(m_rewriter.type(id), order));
        m_twins[id] = twin;
        return twin;
    }

    static Node transpose(ValueId from, ValueId to, const std::vector<int64_t>& order)
    {
        Node node;
        node.opType = "Transpose";
        node.attributes = {makeAttribute("perm", order)};
        node.inputs = {from};
        node.outputs = {to};
        return node;
    }

    // The node works on twins from now on: inputs are its new ones, outputs become twins, and who still reads
    // the others reads them turned back.
    void convert(NodeId id, const std::function<void(Node&)>& edit)
    {
        const std::vector<ValueId> outputs = m_rewriter.node(id).outputs;
        std::vector<ValueId> twins;
        for (const ValueId output : outputs)
            twins.push_back(output == noValue ? noValue : newTwin(output));
        m_rewriter.change(id, [&](Node& node) {
            edit(node);
            node.outputs = twins;
        });
        for (size_t i = 0; i < outputs.size(); ++i) {
            if (outputs[i] != noValue)
                m_rewriter.insertAfter(
                    id, transpose(twins[i], outputs[i],
                                  channelsFirst(static_cast<size_t>(m_rewriter.rank(outputs[i])))));
        }
        ++m_converted;
    }

    // residual: the input that has the output's shape.
    void convertConvolution(NodeId id, size_t residual)
    {
        const Node& node = m_rewriter.node(id);
        const int64_t rank = m_rewriter.rank(node.inputs[0]);
        if (rank < 4 || rank > 5 || node.inputs.size() < 2 ||
            (node.opType == "Conv" && !m_rewriter.isFloat(node.inputs[0])) ||
            m_rewriter.rank(node.outputs[0]) != rank)
            return;
        std::vector<ValueId> inputs = node.inputs;
        inputs[0] = twinOf(inputs[0], id);
        if (inputs.size() > residual && inputs[residual] != noValue)
            inputs[residual] = twinOf(inputs[residual], id);
        convert(id, [&](Node& changed) {
            changed.domain = rewrittenDomain;
            changed.inputs = inputs;
            changed.attributes.push_back(makeAttribute("channels_last", int64_t{1}));
        });
    }

    // Of input 0 and another one, both of the output's shape.
    void convertPair(NodeId id, size_t other)
    {
        const Node& node = m_rewriter.node(id);
        if (m_rewriter.rank(node.outputs[0]) < 4 || !(hasTwin(node.inputs[0]) || hasTwin(node.inputs[other])))
            return;
        std::vector<ValueId> inputs = node.inputs;
        for (const size_t operand : {size_t{0}, other})
            inputs[operand] = twinOf(inputs[operand], id);
        convert(id, [&](Node& changed) { changed.inputs = inputs; });
    }

    void convertWindowed(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        if (!hasTwin(node.inputs[0]) || node.outputs.size() != 1 ||
            m_rewriter.rank(node.outputs[0]) != m_rewriter.rank(node.inputs[0]) || node.opType == "LRN")
            return;
        const ValueId input = m_twins.at(node.inputs[0]);
        convert(id, [&](Node& changed) {
            if (changed.domain == rewrittenDomain)
                changed.attributes.push_back(makeAttribute("channels_last", int64_t{1}));
            changed.domain = rewrittenDomain;
            changed.inputs[0] = input;
        });
    }

    void convertUnary(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        if (!hasTwin(node.inputs[0]) || node.outputs.size() != 1 ||
            m_rewriter.rank(node.outputs[0]) != m_rewriter.rank(node.inputs[0]))
            return;
        const bool hasScale = isOneOf(node.opType, {"QuantizeLinear", "DequantizeLinear"});
        if (hasScale && (node.inputs.size() < 2 || !m_rewriter.constantNumber(node.inputs[1])))
            return; // there may be one for each index of an axis
        const ValueId input = m_twins.at(node.inputs[0]);
        convert(id, [&](Node& changed) { changed.inputs[0] = input; });
    }

    Status convertBroadcast(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        const int64_t rank = m_rewriter.rank(node.outputs[0]);
        if (rank < 4 || node.outputs.size() != 1 || node.attribute("axis") || node.attribute("broadcast") ||
            std::none_of(node.inputs.begin(), node.inputs.end(),
                         [&](ValueId input) { return hasTwin(input); }))
            return {};
        for (const ValueId input : node.inputs) {
            const bool fits =
                input != noValue && (hasTwin(input) || m_rewriter.rank(input) == rank ||
                                     (m_rewriter.isConstant(input) && m_rewriter.rank(input) >= 0));
            if (!fits)
                return {};
        }
        std::vector<ValueId> inputs;
        for (const ValueId input : std::vector<ValueId>(node.inputs)) {
            if (m_rewriter.isConstant(input)) {
                TRY_ASSIGN(const ValueId turned, turnedConstant(input, rank));
                if (turned == noValue)
                    return {};
                inputs.push_back(turned);
            } else {
                inputs.push_back(twinOf(input, id));
            }
        }
        convert(id, [&](Node& changed) { changed.inputs = inputs; });
        return {};
    }

    // A constant that broadcasts along the last axes, with those turned. noValue: more than one axis has a
    // size, so that it would have to be turned in memory, and is no float.
    Result<ValueId> turnedConstant(ValueId id, int64_t rank)
    {
        if (const auto found = m_twins.find(id); found != m_twins.end())
            return found->second;
        const Tensor tensor = m_rewriter.constant(id);
        if (tensor.empty())
            return noValue;
        Dims dims(static_cast<size_t>(rank - tensor.rank()), 1);
        dims.insert(dims.end(), tensor.dims().begin(), tensor.dims().end());
        const auto order = channelsLast(static_cast<size_t>(rank));
        Dims turned;
        for (const int64_t axis : order)
            turned.push_back(dims[static_cast<size_t>(axis)]);
        const auto sized = std::count_if(dims.begin(), dims.end(), [](int64_t size) { return size != 1; });
        Tensor result = tensor.reshaped(turned);
        if (sized > 1) {
            if (tensor.type() != DataType::Float)
                return noValue;
            TRY_ASSIGN(result, Tensor::allocate(DataType::Float, turned));
            const int64_t outer = dims[0];
            const int64_t channels = dims[1];
            const int64_t plane =
                std::accumulate(dims.begin() + 2, dims.end(), int64_t{1}, std::multiplies<>());
            for (int64_t n = 0; n < outer; ++n) {
                for (int64_t c = 0; c < channels; ++c) {
                    for (int64_t i = 0; i < plane; ++i)
                        result.mutableData<float>()[(n * plane + i) * channels + c] =
                            tensor.data<float>()[(n * channels + c) * plane + i];
                }
            }
        }
        const ValueId twin =
            m_rewriter.addConstant(m_rewriter.graph().value(id).name + " (channels last)", std::move(result));
        if (tensor.rank() == rank)
            m_twins[id] = twin;
        return twin;
    }

    void convertConcat(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        const int64_t rank = m_rewriter.rank(node.outputs[0]);
        const int64_t axis = node.intAttribute("axis", 1);
        const auto twins = std::count_if(node.inputs.begin(), node.inputs.end(),
                                         [&](ValueId input) { return hasTwin(input); });
        const bool fits = rank >= 4 && 2 * twins >= static_cast<int64_t>(node.inputs.size()) &&
                          std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
                              return input != noValue && m_rewriter.rank(input) == rank;
                          });
        if (!fits || axis >= rank || axis < -rank)
            return;
        const auto order = channelsLast(static_cast<size_t>(rank));
        const auto turnedAxis =
            std::find(order.begin(), order.end(), axis < 0 ? axis + rank : axis) - order.begin();
        std::vector<ValueId> inputs;
        for (const ValueId input : std::vector<ValueId>(node.inputs))
            inputs.push_back(twinOf(input, id));
        convert(id, [&](Node& changed) {
            changed.inputs = inputs;
            std::erase_if(changed.attributes,
                          [](const Attribute& attribute) { return attribute.name == "axis"; });
            changed.attributes.push_back(makeAttribute("axis", static_cast<int64_t>(turnedAxis)));
        });
    }

    // A model that turns to channels last itself finds its tensor ready.
    void skipTranspose(NodeId id)
    {
        const Node& node = m_rewriter.node(id);
        if (!hasTwin(node.inputs[0]) ||
            node.intsAttribute("perm") !=
                channelsLast(static_cast<size_t>(m_rewriter.rank(node.inputs[0]))) ||
            !m_rewriter.onlyReadBy(node.outputs[0], m_rewriter.readers(node.outputs[0])))
            return;
        m_rewriter.replaceReads(node.outputs[0], m_twins.at(node.inputs[0]));
        m_rewriter.erase(id);
    }

    // Channels in groups taken in turns: [N, C, H, W] as [N, G, C/G, H, W], transposed to [N, C/G, G, H, W],
    // and [N, C, H, W] again.
    void convertShuffle(NodeId split)
    {
        const ValueId x = m_rewriter.node(split).inputs[0];
        const NodeId turn = onlyReaderOf(m_rewriter, m_rewriter.node(split).outputs[0], "Transpose");
        const NodeId join =
            turn == noNode ? noNode : onlyReaderOf(m_rewriter, m_rewriter.node(turn).outputs[0], "Reshape");
        if (!hasTwin(x) || join == noNode || m_rewriter.opset() < 5 || m_rewriter.rank(x) != 4)
            return;
        const ValueId y = m_rewriter.node(join).outputs[0];
        const auto& parts = m_rewriter.type(m_rewriter.node(split).outputs[0]).shape;
        const Shape& shape = *m_rewriter.type(x).shape;
        const bool fits = parts && parts->size() == 5 && (*parts)[1].known() && (*parts)[2].known() &&
                          (*parts)[0] == shape[0] && (*parts)[3] == shape[2] && (*parts)[4] == shape[3] &&
                          m_rewriter.haveSameShape(x, y) &&
                          m_rewriter.node(turn).intsAttribute("perm") == std::vector<int64_t>{0, 2, 1, 3, 4};
        if (!fits)
            return;
        const int64_t groups = (*parts)[1].value;
        const int64_t each = (*parts)[2].value;
        const std::string name = m_rewriter.graph().value(y).name;
        const ValueId grouped = m_rewriter.addValue(name + " (in groups)", {});
        const ValueId turned = m_rewriter.addValue(name + " (in turns)", {});
        const ValueId source = m_twins.at(x);
        const std::vector<NodeId> nodes{split, turn, join};
        Node joined = reshape(turned, newTwin(y), {0, 0, 0, groups * each});
        joined.name = m_rewriter.node(join).name;
        const ValueId twin = m_twins.at(y);
        m_rewriter.insertBefore(join, reshape(source, grouped, {0, 0, 0, groups, each}));
        m_rewriter.insertBefore(join, transpose(grouped, turned, {0, 1, 2, 4, 3}));
        m_rewriter.replace(nodes, join, std::move(joined), join);
        m_rewriter.insertAfter(join, transpose(twin, y, channelsFirst(4)));
        ++m_converted;
    }

    // Sizes of 0 are those of the input.
    Node reshape(ValueId from, ValueId to, const std::vector<int64_t>& dims)
    {
        const auto count = static_cast<int64_t>(dims.size());
        Node node;
        node.opType = "Reshape";
        node.inputs = {from, m_rewriter.addConstant("shape", Tensor::of<int64_t>({count}, dims))};
        node.outputs = {to};
        return node;
    }

    Rewriter& m_rewriter;
    std::unordered_map<ValueId, ValueId> m_twins;
    int64_t m_converted = 0;
    int64_t m_turned = 0;
};

} // namespace

Status channelsLastLayout(Rewriter& rewriter) { return ChannelsLast(rewriter).run(); }

} // namespace lapidary

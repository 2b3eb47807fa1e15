// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/gradient.h"

#include "engine/ops/families.h"
#include "engine/ops/gradient_rules.h"
#include "engine/ops/infer.h"

#include <algorithm>

namespace lapidary {

namespace {

Error invalid(std::string message) { return makeError(ErrorCode::InvalidModel, std::move(message)); }

std::vector<std::string> namesOf(const Node& node, std::string_view attributeName)
{
    const Attribute* attribute = node.attribute(attributeName);
    const auto* names = attribute ? attribute->as<std::vector<std::string>>() : nullptr;
    return names ? *names : std::vector<std::string>();
}

class GradientBuilder {
public:
    GradientBuilder(const Graph& outer, const Node& gradient)
        : m_outer(outer),
          m_xs(namesOf(gradient, "xs")),
          m_zs(namesOf(gradient, "zs")),
          m_y(gradient.stringAttribute("y", ""))
    {
    }

    Result<Graph> build(size_t inputCount)
    {
        if (m_xs.empty() || m_y.empty() || inputCount != m_xs.size() + m_zs.size())
            return invalid("Gradient needs xs, y and one input for each of xs and zs; found " +
                           std::to_string(m_xs.size()) + " xs, " + std::to_string(m_zs.size()) + " zs and " +
                           std::to_string(inputCount) + " inputs");
        for (const auto* names : {&m_xs, &m_zs}) {
            for (const std::string& name : *names) {
                TRY(requireValue(name));
                m_graph.inputs.push_back(m_graph.addValue(name));
            }
        }
        TRY(requireValue(m_y));
        TRY(copyForward());
        TRY(backward());
        m_graph.connect();
        return std::move(m_graph);
    }

private:
    Status requireValue(const std::string& name) const
    {
        if (m_outer.findValue(name) == noValue)
            return invalid("Gradient names '" + name + "', which its graph does not have");
        return {};
    }

    bool isGiven(const std::string& name) const
    {
        return std::find(m_xs.begin(), m_xs.end(), name) != m_xs.end() ||
               std::find(m_zs.begin(), m_zs.end(), name) != m_zs.end();
    }

    // The nodes that y needs, down to xs, zs and constants.
    Status copyForward()
    {
        std::vector<bool> needed(m_outer.values.size());
        needed[static_cast<size_t>(m_outer.findValue(m_y))] = true;
        std::vector<const Node*> nodes;
        for (auto node = m_outer.nodes.rbegin(); node != m_outer.nodes.rend(); ++node) {
            const bool wanted = std::any_of(node->outputs.begin(), node->outputs.end(), [&](ValueId id) {
                return id != noValue && needed[static_cast<size_t>(id)] && !isGiven(m_outer.value(id).name);
            });
            if (!wanted)
                continue;
            nodes.push_back(&*node);
            for (const ValueId id : node->inputs) {
                if (id == noValue)
                    continue;
                needed[static_cast<size_t>(id)] = true;
                TRY(takeLeaf(m_outer.value(id)));
            }
        }
        for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
            copyNode(**node);
        return {};
    }

    // Values that no node gives: initializers come along, xs and zs are inputs, anything else is missing.
    Status takeLeaf(const GraphValue& value)
    {
        if (isGiven(value.name) || value.producer != noNode)
            return {};
        if (value.initializer < 0)
            return invalid("the gradient of '" + m_y + "' needs '" + value.name +
                           "', which is neither in xs nor in zs");
        const ValueId id = m_graph.addValue(value.name);
        GraphValue& copy = m_graph.values[static_cast<size_t>(id)];
        if (copy.initializer < 0) {
            copy.initializer = static_cast<int32_t>(m_graph.initializers.size());
            m_graph.initializers.push_back(
                {m_outer.initializers[static_cast<size_t>(value.initializer)].tensor, id});
        }
        return {};
    }

    void copyNode(const Node& node)
    {
        Node copy = node;
        const auto translate = [this](ValueId& id) {
            if (id != noValue)
                id = m_graph.addValue(m_outer.value(id).name);
        };
        std::for_each(copy.inputs.begin(), copy.inputs.end(), translate);
        std::for_each(copy.outputs.begin(), copy.outputs.end(), translate);
        copy.captures.clear();
        m_graph.nodes.push_back(std::move(copy));
    }

    Status backward()
    {
        GradientWriter writer(m_graph);
        const ValueId y = m_graph.addValue(m_y);
        m_gradients[y] = writer.filled(y, 1);
        for (size_t i = m_graph.nodes.size(); i-- > 0;) {
            const Node node = m_graph.nodes[i]; // a copy: the list grows
            const auto found = node.outputs.empty() ? m_gradients.end() : m_gradients.find(node.outputs[0]);
            if (found == m_gradients.end() || !dependsOnXs(node))
                continue;
            TRY(passBack(writer, node, found->second));
        }
        for (const std::string& name : m_xs) {
            const ValueId x = m_graph.addValue(name);
            const auto found = m_gradients.find(x);
            m_graph.outputs.push_back(found == m_gradients.end() ? writer.filled(x, 0) : found->second);
        }
        return {};
    }

    // Constants and shapes need no rule.
    bool dependsOnXs(const Node& node) const { return !node.inputs.empty() && node.opType != "Shape"; }

    Status passBack(GradientWriter& writer, const Node& node, ValueId g)
    {
        const GradientRule rule = gradientRule(node);
        const std::vector<ValueId> gradients = rule ? rule(writer, node, g) : std::vector<ValueId>();
        if (gradients.empty())
            return makeError(ErrorCode::UnsupportedOp, "Gradient has no rule for node '" + node.name + "' (" +
                                                           node.opType + ") with these attributes");
        for (size_t i = 0; i < std::min(gradients.size(), node.inputs.size()); ++i) {
            if (gradients[i] == noValue || node.inputs[i] == noValue)
                continue;
            // A value that several nodes read gets the sum of what comes back from them.
            ValueId& total = m_gradients.try_emplace(node.inputs[i], noValue).first->second;
            total = total == noValue ? gradients[i] : writer.add("Add", {total, gradients[i]});
        }
        return {};
    }

    const Graph& m_outer;
    std::vector<std::string> m_xs;
    std::vector<std::string> m_zs;
    std::string m_y;
    Graph m_graph;
    std::unordered_map<ValueId, ValueId> m_gradients; // of y by each value
};

// dy/dx has the type of x.
Status inferGradient(InferenceContext& context)
{
    for (size_t i = 0; i < std::min(context.outputCount(), context.inputCount()); ++i)
        context.outputTypes[i] = context.inputTypes[i];
    return {};
}

Status inferSumTo(InferenceContext& context)
{
    if (context.inputCount() == 2)
        context.setOutput(0, context.inputDataType(0), shapeOf(context, 1));
    return {};
}

Status inferFillLike(InferenceContext& context)
{
    if (context.inputCount() != 1)
        return {};
    context.outputTypes[0] = context.inputTypes[0];
    if (context.node().intAttribute("scalar", 0) != 0)
        context.outputTypes[0].shape = Shape();
    return {};
}

constexpr int firstVersion[] = {1};

constexpr OpDef ops[] = {
    {trainingDomain, "Gradient", firstVersion, inferGradient},
    {trainingDomain, "SumTo", firstVersion, inferSumTo},
    {trainingDomain, "FillLike", firstVersion, inferFillLike},
};

} // namespace

Result<Graph> gradientGraph(const Graph& outer, const Node& gradient)
{
    return GradientBuilder(outer, gradient).build(gradient.inputs.size());
}

std::span<const OpDef> gradientOps() { return ops; }

} // namespace lapidary

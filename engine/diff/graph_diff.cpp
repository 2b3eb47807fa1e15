// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diff/graph_diff.h"

namespace lapidary {

namespace {

class Differ {
public:
    Differ(const Graph& before, const Graph& after, const DiffOptions& options, JobContext& job)
        : m_before(before),
          m_after(after),
          m_beforeInputs(before.requiredInputs()),
          m_afterInputs(after.requiredInputs()),
          m_options(options),
          m_job(job)
    {
    }

    Result<GraphDiff> diff()
    {
        GraphDiff result;
        TRY_ASSIGN(result.matching, matchNodes(m_before, m_after, m_job));
        m_matching = &result.matching;
        for (const NodeId after : result.matching.afterOf)
            result.removed += after == noNode ? 1 : 0;
        for (size_t i = 0; i < m_after.nodes.size(); ++i) {
            if (m_job.stopRequested())
                return cancelled();
            m_job.report(static_cast<double>(i) / static_cast<double>(m_after.nodes.size()), {});
            const NodeId before = result.matching.beforeOf[i];
            if (before == noNode) {
                ++result.added;
                continue;
            }
            TRY_ASSIGN(NodeChange change, compare(before, static_cast<NodeId>(i)));
            if (change.attributes.empty() && change.weights.empty() && !change.rewired)
                ++result.same;
            else
                result.changes.push_back(std::move(change));
        }
        return result;
    }

private:
    Result<NodeChange> compare(NodeId beforeId, NodeId afterId)
    {
        const Node& before = m_before.node(beforeId);
        const Node& after = m_after.node(afterId);
        NodeChange change;
        change.before = beforeId;
        change.after = afterId;
        compareAttributes(before, after, change);
        for (size_t i = 0; i < std::max(before.inputs.size(), after.inputs.size()); ++i) {
            const ValueId a = i < before.inputs.size() ? before.inputs[i] : noValue;
            const ValueId b = i < after.inputs.size() ? after.inputs[i] : noValue;
            TRY(compareInput(i, a, b, change));
        }
        return change;
    }

    static void compareAttributes(const Node& before, const Node& after, NodeChange& change)
    {
        for (const Attribute& attribute : before.attributes) {
            const Attribute* other = after.attribute(attribute.name);
            if (other == nullptr || !sameAttribute(attribute, *other))
                change.attributes.push_back({attribute.name, &attribute, other});
        }
        for (const Attribute& attribute : after.attributes) {
            if (before.attribute(attribute.name) == nullptr)
                change.attributes.push_back({attribute.name, nullptr, &attribute});
        }
    }

    static const TensorRef* weightOf(const Graph& graph, ValueId value)
    {
        return value == noValue ? nullptr : graph.initializerOf(value);
    }

    Status compareInput(size_t input, ValueId before, ValueId after, NodeChange& change)
    {
        const TensorRef* a = weightOf(m_before, before);
        const TensorRef* b = weightOf(m_after, after);
        if (a == nullptr && b == nullptr) {
            change.rewired = change.rewired || !sameSource(before, after);
            return {};
        }
        if (a == nullptr || b == nullptr) {
            // A weight in place of a result, or the other way round.
            change.rewired = change.rewired || (a == nullptr ? before : after) != noValue;
            change.weights.push_back({input, a ? before : noValue, b ? after : noValue, {}, {}});
            return {};
        }
        if (a->dims != b->dims || a->type != b->type) {
            change.weights.push_back({input, before, after, {}, {}});
            return {};
        }
        if (!m_options.weights)
            return {};
        auto difference = compareTensors(*a, *b, m_job);
        if (!difference.ok()) {
            if (difference.error().code == ErrorCode::Cancelled)
                return difference.error();
            change.weights.push_back({input, before, after, {}, difference.error()});
        } else if (difference->has_value()) {
            change.weights.push_back({input, before, after, **difference, {}});
        }
        return {};
    }

    // Inputs of the graphs correspond by name, or else by position.
    bool sameSource(ValueId before, ValueId after) const
    {
        if (before == noValue || after == noValue)
            return before == after;
        const GraphValue& a = m_before.value(before);
        const GraphValue& b = m_after.value(after);
        if (a.producer == noNode || b.producer == noNode)
            return a.producer == b.producer &&
                   (a.name == b.name || position(m_beforeInputs, before) == position(m_afterInputs, after));
        return m_matching->afterOf[static_cast<size_t>(a.producer)] == b.producer &&
               outputIndex(m_before, before) == outputIndex(m_after, after);
    }

    static std::ptrdiff_t position(const std::vector<ValueId>& values, ValueId value)
    {
        return std::find(values.begin(), values.end(), value) - values.begin();
    }

    const Graph& m_before;
    const Graph& m_after;
    const std::vector<ValueId> m_beforeInputs, m_afterInputs; // those that have to be fed
    const DiffOptions& m_options;
    JobContext& m_job;
    const NodeMatching* m_matching = nullptr;
};

} // namespace

Result<GraphDiff> diffGraphs(const Graph& before, const Graph& after, const DiffOptions& options,
                             JobContext& job)
{
    return Differ(before, after, options, job).diff();
}

} // namespace lapidary

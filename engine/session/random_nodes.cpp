// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/random_nodes.h"

#include <algorithm>
#include <array>
#include <set>

namespace lapidary {

namespace {

bool isRandomOperator(const Node& node)
{
    static constexpr std::array names = {
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
        "Multinomial",  "Bernoulli",        "Dropout"};
    return domainName(node.domain) == domainName("") &&
           std::find(names.begin(), names.end(), node.opType) != names.end();
}

// Looks into every function once, so that functions that call each other cost no more than their size.
class RandomSearch {
public:
    explicit RandomSearch(const Model& model) : m_model(model) {}

    bool in(const Graph& graph)
    {
        return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                           [&](const Node& node) { return in(node); });
    }

    bool in(const Node& node)
    {
        if (const Function* function = m_model.function(node.domain, node.opType, node.overload))
            return m_visited.insert(function).second && in(function->body);
        if (isRandomOperator(node))
            return true;
        const auto bodies = node.bodies();
        return std::any_of(bodies.begin(), bodies.end(), [&](const auto& body) { return in(*body); });
    }

private:
    const Model& m_model;
    std::set<const Function*> m_visited;
};

} // namespace

bool isRandom(const Node& node, const Model& model) { return RandomSearch(model).in(node); }

std::vector<bool> randomValues(const Model& model)
{
    const Graph& graph = model.graph;
    std::vector<bool> random(graph.values.size());
    const auto readsRandom = [&](const std::vector<ValueId>& ids) {
        return std::any_of(ids.begin(), ids.end(),
                           [&](ValueId id) { return id != noValue && random[static_cast<size_t>(id)]; });
    };
    for (const Node& node : graph.nodes) {
        if (!readsRandom(node.inputs) && !readsRandom(node.captures) && !isRandom(node, model))
            continue;
        for (const ValueId id : node.outputs) {
            if (id != noValue)
                random[static_cast<size_t>(id)] = true;
        }
    }
    return random;
}

} // namespace lapidary

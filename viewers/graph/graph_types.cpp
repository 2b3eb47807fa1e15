// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_types.h"

namespace lapidary {

namespace {

void collect(const InferredTypes& types, TypesByGraph& known)
{
    for (const auto& [graph, inner] : types.bodies) {
        if (inner != nullptr && known.emplace(graph, inner.get()).second)
            collect(*inner, known);
    }
}

} // namespace

TypesByGraph typesByGraph(const Model& model, const InferredTypes& types)
{
    TypesByGraph known{{&model.graph, &types}};
    collect(types, known);
    return known;
}

const InferredTypes* typesIn(const Model& model, const InferredTypes* types, const Graph& graph)
{
    if (types == nullptr)
        return nullptr;
    const TypesByGraph known = typesByGraph(model, *types);
    const auto found = known.find(&graph);
    return found == known.end() ? nullptr : found->second;
}

const TypeInfo& typeOf(const Graph& graph, const InferredTypes* types, ValueId id)
{
    const bool inferred = types != nullptr && static_cast<size_t>(id) < types->types.size();
    return inferred ? types->type(id) : graph.value(id).type;
}

} // namespace lapidary

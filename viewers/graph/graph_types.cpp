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

} // namespace lapidary

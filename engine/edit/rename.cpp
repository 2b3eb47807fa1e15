// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/rename.h"

#include "engine/edit/change_graph.h"
#include "engine/edit/graph_part.h"

namespace lapidary {

namespace {

Error taken(const std::string& name, const std::string& by)
{
    return makeError(ErrorCode::InvalidArgument, "the name '" + name + "' is taken by " + by,
                     "Choose another name.");
}

bool isValueName(const Graph& outermost, const std::string& name)
{
    bool found = false;
    visitGraphs(outermost, [&](const Graph& graph) { found = found || graph.findValue(name) != noValue; });
    return found;
}

void renameInAnnotations(Graph& graph, const std::string& before, const std::string& after)
{
    auto entry = graph.quantization.extract(before);
    if (!entry.empty()) {
        entry.key() = after;
        graph.quantization.insert(std::move(entry));
    }
    // Parameters such as SCALE_TENSOR name values as well.
    for (auto& [name, parameters] : graph.quantization) {
        for (auto& [role, tensor] : parameters) {
            if (tensor == before)
                tensor = after;
        }
    }
}

} // namespace

Result<Model> renameNode(const Model& model, const Graph* graph, NodeId node, const std::string& name)
{
    return changeGraph(model, graph, [&](Graph& changed) -> Status {
        for (size_t i = 0; i < changed.nodes.size() && !name.empty(); ++i) {
            const auto other = static_cast<NodeId>(i);
            if (other != node && changed.nodes[i].name == name)
                return taken(name, "node #" + std::to_string(i) + " (" + changed.nodes[i].opType + ")");
        }
        changed.nodes[static_cast<size_t>(node)].name = name;
        return {};
    });
}

Result<Model> renameValue(const Model& model, const Graph* graph, ValueId value, const std::string& name)
{
    const Graph& before = graph != nullptr ? *graph : model.graph;
    const std::string old = before.value(value).name;
    if (name == old)
        return model;
    if (name.empty())
        return makeError(ErrorCode::InvalidArgument, "a value without a name cannot be read by any node",
                         "Enter a name.");
    if (before.value(value).isOuter)
        return makeError(ErrorCode::InvalidArgument, "'" + old + "' is a value of the graph around this body",
                         "Rename it in the graph that it comes from.");
    if (isValueName(outermostGraph(model, graph), name))
        return taken(name, "another value");
    return changeGraph(model, graph, [&](Graph& changed) -> Status {
        changed.rename(value, name);
        if (const int32_t weight = changed.value(value).initializer; weight >= 0)
            changed.initializers[static_cast<size_t>(weight)].tensor.name = name;
        for (SparseInitializer& sparse : changed.sparseInitializers) {
            if (sparse.value == value)
                sparse.tensor.values.name = name;
        }
        renameInAnnotations(changed, old, name);
        for (Node& node : changed.nodes) {
            if (std::find(node.captures.begin(), node.captures.end(), value) != node.captures.end())
                renameCaptures(node, {{old, name}});
        }
        return {};
    });
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/groups/group_tree.h"

#include <algorithm>

namespace lapidary {

namespace {

constexpr size_t deepestPath = 24;
constexpr double enoughSlashes = 0.3; // of the nodes; else names are taken apart at dots
constexpr double enoughDots = 0.6;

GroupPath stepsOf(std::string_view name, char separator)
{
    GroupPath steps;
    while (!name.empty()) {
        const size_t end = name.find(separator);
        if (end == std::string_view::npos)
            return steps; // the last step is the node's own name
        if (end > 0 && steps.size() < deepestPath)
            steps.emplace_back(name.substr(0, end));
        name.remove_prefix(end + 1);
    }
    return steps;
}

// "['', 'encoder', 'encoder.0', 'encoder.0.linear', 'linear_1']", as PyTorch's newer exporter writes it:
// the modules around the node by their full names, then the node.
GroupPath stepsOfScopes(std::string_view scopes)
{
    std::vector<std::string_view> names;
    for (size_t at = 0;;) {
        const size_t begin = scopes.find_first_of("'\"", at);
        if (begin == std::string_view::npos)
            break;
        const size_t end = scopes.find(scopes[begin], begin + 1);
        if (end == std::string_view::npos)
            break;
        names.push_back(scopes.substr(begin + 1, end - begin - 1));
        at = end + 1;
    }
    GroupPath steps;
    std::string_view outer;
    for (size_t i = 0; i + 1 < names.size(); ++i) {
        std::string_view step = names[i];
        if (!outer.empty() && step.size() > outer.size() && step.starts_with(outer) &&
            step[outer.size()] == '.')
            step.remove_prefix(outer.size() + 1);
        outer = names[i];
        if (!step.empty() && steps.size() < deepestPath)
            steps.emplace_back(step);
    }
    return steps;
}

size_t countNames(const Graph& graph, char separator)
{
    return static_cast<size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
        return node.name.find(separator, 1) != std::string::npos;
    }));
}

std::string_view scopesOf(const Node& node)
{
    for (const auto& [key, value] : node.metadata) {
        if (key == "pkg.torch.onnx.name_scopes")
            return value;
    }
    return {};
}

void keepCommon(GroupPath& path, const GroupPath& other)
{
    size_t common = 0;
    while (common < path.size() && common < other.size() && path[common] == other[common])
        ++common;
    path.resize(common);
}

// A node without a path of its own (tools that change models add such) belongs where all its neighbours do.
GroupPath pathOfNeighbours(const Graph& graph, const Node& node, const std::vector<GroupPath>& paths)
{
    GroupPath path;
    bool first = true;
    const auto include = [&](NodeId neighbour) {
        const GroupPath& other = paths[static_cast<size_t>(neighbour)];
        if (first)
            path = other;
        else
            keepCommon(path, other);
        first = false;
    };
    for (const ValueId input : node.inputs) {
        if (input != noValue && graph.value(input).producer != noNode)
            include(graph.value(input).producer);
    }
    for (const ValueId output : node.outputs) {
        if (output == noValue)
            continue;
        for (const NodeId consumer : graph.value(output).consumers)
            include(consumer);
    }
    return path;
}

} // namespace

std::vector<GroupPath> pathsFromNames(const Graph& graph, const FoldedValues& folded)
{
    std::vector<GroupPath> paths(graph.nodes.size());
    const auto count = static_cast<double>(graph.nodes.size());
    const size_t slashes = countNames(graph, '/');
    const bool scoped = std::any_of(graph.nodes.begin(), graph.nodes.end(),
                                    [](const Node& node) { return !scopesOf(node).empty(); });
    char separator = '/';
    if (!scoped && static_cast<double>(slashes) < enoughSlashes * count) {
        if (static_cast<double>(countNames(graph, '.')) < enoughDots * count)
            return paths;
        separator = '.';
    }
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const std::string_view scopes = scopesOf(node);
        paths[i] = scopes.empty() ? stepsOf(node.name, separator) : stepsOfScopes(scopes);
    }
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const bool nameless = node.name.find(separator) == std::string::npos && scopesOf(node).empty();
        if (nameless && !folded.isFoldedNode(static_cast<NodeId>(i)))
            paths[i] = pathOfNeighbours(graph, node, paths);
    }
    return paths;
}

} // namespace lapidary

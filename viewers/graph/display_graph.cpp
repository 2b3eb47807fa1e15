// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/display_graph.h"

#include "viewers/graph/body_binding.h"
#include "viewers/graph/card_rows.h"
#include "viewers/graph/graph_types.h"

#include <algorithm>
#include <set>

namespace lapidary {

namespace {

constexpr size_t longestLabel = 24; // characters of an edge label

// Boxes first, graph by graph from the outside in; then edges, which may lead from any graph to any other.
class Builder {
public:
    Builder(const Model& model, const DisplayOptions& options, JobContext& job)
        : m_model(model), m_options(options), m_job(job)
    {
        m_groups = options.known ? *options.known : KnownGroups();
    }

    Result<DisplayGraph> build(const Graph& graph)
    {
        m_result.boxes.reserve(graph.nodes.size() + graph.inputs.size() + graph.outputs.size());
        addScope(graph, noBox, {}, -1);
        for (size_t i = 0; i < m_result.scopes.size(); ++i) {
            if (m_job.stopRequested())
                return cancelled();
            connect(static_cast<ScopeId>(i));
        }
        for (size_t i = 0; i < m_result.scopes.size(); ++i)
            placeFoldedNodes(static_cast<ScopeId>(i));
        m_result.groups = std::make_shared<const KnownGroups>(std::move(m_groups));
        return std::move(m_result);
    }

private:
    // What the builder alone needs to know of a scope.
    struct Inside {
        std::unique_ptr<FoldedValues> folded;
        ScopeId outer = -1;                                   // whose values it sees by name; -1: none
        ScopeId caller = -1;                                  // the scope of the node that it is in
        const Node* node = nullptr;                           // that node
        std::vector<BoxId> inputs;                            // by Graph::inputs; noBox: folded
        std::vector<BoxId> outputs;                           // by Graph::outputs
        std::unordered_map<ValueId, std::vector<BoxId>> made; // outputs of open nodes: pills that make them
    };

    DisplayScope& scopeAt(ScopeId id) { return m_result.scopes[static_cast<size_t>(id)]; }
    Inside& insideAt(ScopeId id) { return *m_inside[static_cast<size_t>(id)]; }
    BoxId& boxOf(ScopeId scope, ValueId value)
    {
        return scopeAt(scope).boxOfValue[static_cast<size_t>(value)];
    }

    BoxId addBox(DisplayBox box)
    {
        m_result.boxes.push_back(std::move(box));
        return static_cast<BoxId>(m_result.boxes.size()) - 1;
    }

    // Boxes

    ScopeId addScope(const Graph& graph, BoxId frame, std::string key, ScopeId outer)
    {
        const auto id = static_cast<ScopeId>(m_result.scopes.size());
        DisplayScope scope;
        scope.graph = &graph;
        scope.frame = frame;
        scope.key = std::move(key);
        scope.boxOfNode.assign(graph.nodes.size(), noBox);
        scope.isFolded.assign(graph.nodes.size(), 0);
        scope.boxOfValue.assign(graph.values.size(), noBox);
        auto inside = std::make_unique<Inside>();
        inside->outer = outer;
        inside->folded = std::make_unique<FoldedValues>(
            graph, outer < 0 ? nullptr : insideAt(outer).folded.get(), m_options.foldQuantization);
        if (m_options.open.grouped) {
            auto& tree = m_groups[&graph];
            if (tree == nullptr)
                tree = std::make_shared<const GroupTree>(buildGroupTree(graph, *inside->folded));
            scope.groups = tree;
        }
        m_result.scopes.push_back(std::move(scope));
        m_inside.push_back(std::move(inside));
        addInputs(id, graph);
        addContents(id, noGroup, frame);
        for (const ValueId output : graph.outputs)
            insideAt(id).outputs.push_back(addPill(id, output, DisplayBox::Kind::Output));
        return id;
    }

    BoxId addPill(ScopeId scope, ValueId value, DisplayBox::Kind kind)
    {
        DisplayBox box;
        box.kind = kind;
        box.category = kind == DisplayBox::Kind::Input ? OpCategory::Input : OpCategory::Output;
        box.scope = scope;
        box.frame = scopeAt(scope).frame;
        box.value = value;
        box.title = scopeAt(scope).graph->value(value).name;
        const BoxId id = addBox(std::move(box));
        if (kind == DisplayBox::Kind::Input)
            boxOf(scope, value) = id;
        return id;
    }

    // Of a body that is drawn by itself also what it takes from the graph around it.
    void addInputs(ScopeId scope, const Graph& graph)
    {
        for (const ValueId input : graph.inputs) {
            const bool shown = !insideAt(scope).folded->isFolded(input) && boxOf(scope, input) == noBox;
            insideAt(scope).inputs.push_back(shown ? addPill(scope, input, DisplayBox::Kind::Input) : noBox);
        }
        if (insideAt(scope).outer >= 0)
            return;
        for (size_t i = 0; i < graph.values.size(); ++i) {
            const GraphValue& value = graph.values[i];
            if (value.isOuter && (!value.consumers.empty() || value.isOutput) && !value.name.empty())
                addPill(scope, static_cast<ValueId>(i), DisplayBox::Kind::Input);
        }
    }

    // The nodes and groups of a group, or of the whole graph, in the order of the file.
    void addContents(ScopeId scope, GroupId group, BoxId frame)
    {
        const GroupTree* tree = scopeAt(scope).groups.get();
        if (tree == nullptr) {
            for (size_t i = 0; i < scopeAt(scope).graph->nodes.size(); ++i)
                addNode(scope, static_cast<NodeId>(i), frame);
            return;
        }
        std::vector<NodeId> loose;
        if (group == noGroup) {
            for (size_t i = 0; i < tree->groupOfNode.size(); ++i) {
                if (tree->groupOfNode[i] == noGroup)
                    loose.push_back(static_cast<NodeId>(i));
            }
        }
        const auto& nodes = group == noGroup ? loose : tree->group(group).nodes;
        const auto& groups = group == noGroup ? tree->roots : tree->group(group).groups;
        auto next = nodes.begin();
        for (const GroupId inner : groups) {
            for (; next != nodes.end() && *next < tree->group(inner).firstNode; ++next)
                addNode(scope, *next, frame);
            addGroup(scope, inner, frame);
        }
        for (; next != nodes.end(); ++next)
            addNode(scope, *next, frame);
    }

    void addGroup(ScopeId scope, GroupId id, BoxId frame)
    {
        const GroupTree& tree = *scopeAt(scope).groups;
        const Group& group = tree.group(id);
        DisplayBox box;
        box.kind = DisplayBox::Kind::Group;
        box.category = OpCategory::Group;
        box.scope = scope;
        box.frame = frame;
        box.group = id;
        box.alike = group.alike;
        box.title = group.name;
        box.expandable = true;
        box.open = m_options.open.isOpen(groupKey(scopeAt(scope).key, group), group.depth);
        if (!box.open)
            box.rows = rowsOfGroup(tree, id, *scopeAt(scope).graph);
        const bool open = box.open;
        const BoxId boxId = addBox(std::move(box));
        if (open) {
            addContents(scope, id, boxId);
            return;
        }
        for (const NodeId node : nodesIn(tree, id))
            hideInBox(scope, node, boxId);
    }

    // The node, its results and its weights are seen as the box.
    void hideInBox(ScopeId scope, NodeId id, BoxId box)
    {
        const Node& node = scopeAt(scope).graph->node(id);
        scopeAt(scope).boxOfNode[static_cast<size_t>(id)] = box;
        for (const ValueId output : node.outputs) {
            if (output != noValue)
                boxOf(scope, output) = box;
        }
        for (const ValueId input : node.inputs) {
            if (input != noValue && insideAt(scope).folded->isFolded(input) && boxOf(scope, input) == noBox)
                boxOf(scope, input) = box;
        }
    }

    // Between quantized and real numbers, or only to please a runtime between those two; not when its
    // result is one of the model.
    bool isPassedThrough(const Graph& graph, const Node& node) const
    {
        if (!m_options.foldQuantization || node.inputs.empty() || node.inputs[0] == noValue ||
            node.outputs.size() != 1 || graph.value(node.outputs[0]).isOutput)
            return false;
        if (isQuantization(node))
            return true;
        const NodeId producer = graph.value(node.inputs[0]).producer;
        const auto& consumers = graph.value(node.outputs[0]).consumers;
        return node.opType == "Cast" && producer != noNode && isQuantization(graph.node(producer)) &&
               std::all_of(consumers.begin(), consumers.end(),
                           [&](NodeId id) { return isQuantization(graph.node(id)); });
    }

    void addNode(ScopeId scope, NodeId id, BoxId frame)
    {
        if (insideAt(scope).folded->isFoldedNode(id))
            return;
        const Node& node = scopeAt(scope).graph->node(id);
        if (isPassedThrough(*scopeAt(scope).graph, node))
            return;
        const Function* function = m_model.function(node.domain, node.opType, node.overload);
        const auto bodies = node.bodies();
        DisplayBox box;
        box.node = id;
        box.scope = scope;
        box.frame = frame;
        box.title = node.opType;
        box.category = function != nullptr ? OpCategory::Function : opCategory(node.domain, node.opType);
        box.expandable = function != nullptr || !bodies.empty();
        box.open = box.expandable && m_result.scopes.size() < mostScopes &&
                   m_options.open.isOpen(nodeKey(scopeAt(scope).key, id));
        if (!box.open)
            box.rows = rowsOfNode(node, *insideAt(scope).folded, m_options.attributes);
        const bool open = box.open;
        const BoxId boxId = addBox(std::move(box));
        hideInBox(scope, id, boxId);
        if (!open)
            return;
        if (function != nullptr)
            addBody(function->body, scope, id, boxId, {}, false);
        else if (bodies.size() == 1)
            addBody(*bodies[0], scope, id, boxId, {}, true);
        else
            addBodies(node, scope, id, boxId);
    }

    // Each of several bodies in a frame of its own.
    void addBodies(const Node& node, ScopeId scope, NodeId id, BoxId frame)
    {
        for (const Attribute& attribute : node.attributes) {
            const auto* body = attribute.as<std::shared_ptr<const Graph>>();
            if (body == nullptr || *body == nullptr)
                continue;
            DisplayBox box;
            box.kind = DisplayBox::Kind::Body;
            box.category = OpCategory::Control;
            box.open = true;
            box.scope = scope;
            box.frame = frame;
            box.node = id;
            box.title = attribute.name;
            addBody(**body, scope, id, addBox(std::move(box)), attribute.name, true);
        }
    }

    // byName: the body sees the values around it.
    void addBody(const Graph& body, ScopeId caller, NodeId node, BoxId frame, const std::string& name,
                 bool byName)
    {
        const ScopeId scope =
            addScope(body, frame, bodyKey(scopeAt(caller).key, node, name), byName ? caller : -1);
        Inside& inside = insideAt(scope);
        inside.caller = caller;
        inside.node = &scopeAt(caller).graph->node(node);
        for (size_t i = 0; i < inside.outputs.size(); ++i) {
            const ValueId output = boundOutput(*inside.node, body, i);
            if (output != noValue)
                insideAt(caller).made[output].push_back(inside.outputs[i]);
        }
        for (const auto& [value, pills] : insideAt(caller).made)
            boxOf(caller, value) = pills.front();
    }

    // Edges

    struct Source {
        ScopeId scope;
        ValueId value;
    };

    // Where a value that a body knows by name, or that is passed through, comes from.
    Source resolved(ScopeId scope, ValueId value)
    {
        for (;;) {
            const Graph& graph = *scopeAt(scope).graph;
            const NodeId producer = graph.value(value).producer;
            if (producer != noNode && isPassedThrough(graph, graph.node(producer)) &&
                !insideAt(scope).folded->isFolded(value)) {
                value = graph.node(producer).inputs[0];
                continue;
            }
            if (!graph.value(value).isOuter || insideAt(scope).outer < 0)
                return {scope, value};
            const ScopeId outer = insideAt(scope).outer;
            const ValueId there = scopeAt(outer).graph->findValue(scopeAt(scope).graph->value(value).name);
            if (there == noValue)
                return {scope, value};
            scope = outer;
            value = there;
        }
    }

    void connect(ScopeId scope)
    {
        const Graph& graph = *scopeAt(scope).graph;
        connectInputs(scope, graph);
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            const BoxId box = scopeAt(scope).boxOfNode[i];
            if (box == noBox || insideAt(scope).folded->isFoldedNode(static_cast<NodeId>(i)))
                continue;
            const Node& node = graph.nodes[i];
            if (isPassedThrough(graph, node))
                continue; // in a closed group
            const size_t first = m_result.edges.size();
            const bool open = m_result.box(box).open;
            for (const ValueId input : node.inputs) {
                if (!open || !entersBody(scope, box, input))
                    addEdge(scope, input, box, false, first);
            }
            if (open)
                continue; // what its bodies capture is drawn in them
            for (const ValueId captured : node.captures)
                addEdge(scope, captured, box, true, first);
        }
        for (size_t i = 0; i < graph.outputs.size(); ++i)
            addEdge(scope, graph.outputs[i], insideAt(scope).outputs[i], false, m_result.edges.size());
    }

    // From what the node around reads to the pills of its body.
    void connectInputs(ScopeId scope, const Graph& graph)
    {
        const Inside& inside = insideAt(scope);
        if (inside.node == nullptr)
            return;
        for (size_t i = 0; i < graph.inputs.size(); ++i) {
            const ValueId bound = boundInput(*inside.node, graph, i);
            if (bound == noValue || inside.inputs[i] == noBox)
                continue;
            const Source source = resolved(inside.caller, bound);
            if (insideAt(source.scope).folded->isFolded(source.value))
                m_result.boxes[static_cast<size_t>(inside.inputs[i])].rows.push_back(
                    {{}, insideAt(source.scope).folded->text(source.value), noValue});
            else
                addEdge(inside.caller, bound, inside.inputs[i], false, m_result.edges.size());
        }
    }

    // Whether an input of an open node is drawn as an edge to a pill of its body.
    bool entersBody(ScopeId scope, BoxId box, ValueId value)
    {
        for (size_t i = static_cast<size_t>(scope) + 1; i < m_result.scopes.size(); ++i) {
            const Inside& inside = *m_inside[i];
            const BoxId frame = m_result.scopes[i].frame;
            if (inside.caller != scope || (frame != box && m_result.box(frame).frame != box))
                continue;
            const Graph& body = *m_result.scopes[i].graph;
            for (size_t input = 0; input < body.inputs.size(); ++input) {
                if (inside.inputs[input] != noBox && boundInput(*inside.node, body, input) == value)
                    return true;
            }
        }
        return false;
    }

    void addEdge(ScopeId scope, ValueId value, BoxId to, bool captured, size_t firstOfNode)
    {
        if (value == noValue)
            return;
        const Source source = resolved(scope, value);
        if (insideAt(source.scope).folded->isFolded(source.value))
            return;
        const auto& made = insideAt(source.scope).made;
        const auto pills = made.find(source.value);
        const bool throughBody = source.scope != scope || captured;
        if (pills == made.end())
            addEdge({boxOf(source.scope, source.value), to, source.value, source.scope, throughBody},
                    firstOfNode);
        else
            for (const BoxId pill : pills->second)
                addEdge({pill, to, source.value, source.scope, throughBody}, firstOfNode);
    }

    // Each value once for each box: what a node reads twice, or two nodes of a closed group.
    void addEdge(const DisplayEdge& edge, size_t firstOfNode)
    {
        if (edge.from == noBox || edge.from == edge.to)
            return;
        for (size_t i = firstOfNode; i < m_result.edges.size(); ++i) {
            if (m_result.edges[i].value == edge.value && m_result.edges[i].from == edge.from)
                return;
        }
        if (m_result.box(edge.to).kind == DisplayBox::Kind::Group &&
            !m_intoGroups.insert({edge.to, edge.from, edge.value}).second)
            return;
        m_result.edges.push_back(edge);
    }

    // The first card that shows one of the node's values.
    void placeFoldedNodes(ScopeId scope)
    {
        const Graph& graph = *scopeAt(scope).graph;
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            if (!isPassedThrough(graph, graph.nodes[i]) ||
                insideAt(scope).folded->isFoldedNode(static_cast<NodeId>(i)))
                continue;
            const Source source = resolved(scope, graph.nodes[i].outputs[0]);
            scopeAt(scope).boxOfNode[i] = boxOf(scope, graph.nodes[i].outputs[0]) =
                boxOf(source.scope, source.value);
            scopeAt(scope).isFolded[i] = 1;
        }
        for (size_t i = graph.nodes.size(); i-- > 0;) {
            if (!insideAt(scope).folded->isFoldedNode(static_cast<NodeId>(i)))
                continue;
            const Node& node = graph.nodes[i];
            BoxId shown = noBox;
            for (const ValueId output : node.outputs) {
                if (output != noValue && shown == noBox)
                    shown = boxOf(scope, output);
            }
            scopeAt(scope).boxOfNode[i] = shown;
            scopeAt(scope).isFolded[i] = 1;
            for (const ValueId input : node.inputs) {
                if (input != noValue && boxOf(scope, input) == noBox)
                    boxOf(scope, input) = shown;
            }
        }
    }

    static constexpr size_t mostScopes = 4096; // a function that calls itself could go on for ever

    const Model& m_model;
    const DisplayOptions& m_options;
    JobContext& m_job;
    KnownGroups m_groups;
    std::vector<std::unique_ptr<Inside>> m_inside;
    std::set<std::tuple<BoxId, BoxId, ValueId>> m_intoGroups;
    DisplayGraph m_result;
};

} // namespace

Result<DisplayGraph> buildDisplayGraph(const Model& model, const Graph& graph, const DisplayOptions& options,
                                       JobContext& job)
{
    return Builder(model, options, job).build(graph);
}

std::string groupKey(const std::string& scope, const Group& group) { return scope + group.key; }

std::string nodeKey(const std::string& scope, NodeId node) { return scope + '#' + std::to_string(node); }

std::string bodyKey(const std::string& scope, NodeId node, const std::string& name)
{
    return nodeKey(scope, node) + name + '/';
}

std::string DisplayGraph::placeKey(BoxId id) const
{
    const DisplayBox& shown = box(id);
    if (!shown.expandable)
        return {};
    const DisplayScope& around = scope(shown.scope);
    return shown.kind == DisplayBox::Kind::Group ? groupKey(around.key, around.groups->group(shown.group))
                                                 : nodeKey(around.key, shown.node);
}

size_t characterCount(std::string_view text)
{
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string edgeLabel(const Graph& graph, const InferredTypes* types, ValueId value)
{
    const TypeInfo& type = typeOf(graph, types, value);
    if (!type.isTensor() || !type.shape || type.shape->empty())
        return {};
    const bool nothingKnown = std::all_of(type.shape->begin(), type.shape->end(),
                                          [](const Dim& dim) { return !dim.known() && dim.symbol.empty(); });
    if (nothingKnown)
        return {};
    std::string text = toString(*type.shape);
    return characterCount(text) > longestLabel ? std::string() : text;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/dimensions.h"

#include "engine/edit/change_graph.h"

namespace lapidary {

namespace {

Status checkChange(const Graph& graph, const DimensionChange& change)
{
    const GraphValue& input = graph.value(change.input);
    const auto refuse = [&](const std::string& why, const std::string& nextStep) {
        return makeError(ErrorCode::InvalidArgument, why, nextStep).at("input '" + input.name + "'");
    };
    if (!input.isInput || input.initializer >= 0 || !input.type.isTensor() || !input.type.shape)
        return refuse("only a tensor that the model declares as an input, with its rank, has sizes to change",
                      "Choose an input with a shape.");
    if (change.axis >= input.type.shape->size())
        return refuse("there is no axis " + std::to_string(change.axis) + " in " + toString(input.type),
                      "Axes count from 0.");
    if (change.dim.value < -1)
        return refuse("a dimension cannot be " + std::to_string(change.dim.value),
                      "Enter a size, a name, or nothing for an open one.");
    return {};
}

// Which values depend on the changed inputs.
std::vector<char> dependents(const Graph& graph, const std::vector<DimensionChange>& changes)
{
    std::vector<char> depends(graph.values.size());
    for (const DimensionChange& change : changes)
        depends[static_cast<size_t>(change.input)] = 1;
    const auto reads = [&](const std::vector<ValueId>& values) {
        return std::any_of(values.begin(), values.end(), [&](ValueId value) {
            return value != noValue && depends[static_cast<size_t>(value)];
        });
    };
    for (const Node& node : graph.nodes) {
        if (!reads(node.inputs) && !reads(node.captures))
            continue;
        for (const ValueId output : node.outputs) {
            if (output != noValue)
                depends[static_cast<size_t>(output)] = 1;
        }
    }
    return depends;
}

// The shape of a Reshape that is stored in the model. Source: Reshape-1, -5, -14 (ai.onnx).
std::optional<std::vector<int64_t>> storedShape(const Graph& graph, const Node& reshape)
{
    if (reshape.inputs.size() < 2) {
        const Attribute* attribute = reshape.attribute("shape");
        const auto* shape = attribute ? attribute->as<std::vector<int64_t>>() : nullptr;
        return shape ? std::optional(*shape) : std::nullopt;
    }
    const TensorRef* constant = graph.constantOf(reshape.inputs[1]);
    const auto tensor = constant ? constant->load() : Result<Tensor>(cancelled());
    if (!tensor.ok() || tensor->type() != DataType::Int64 || tensor->rank() != 1)
        return std::nullopt;
    const auto shape = toInt64s(*tensor);
    return shape.ok() ? std::optional(*shape) : std::nullopt;
}

// The same shape with its first part open; none when that part is not the old size.
std::optional<std::vector<int64_t>> opened(std::vector<int64_t> shape, const TypeInfo& data, int64_t oldSize)
{
    if (shape.empty() || shape[0] != oldSize)
        return std::nullopt;
    const bool sameFirst = data.shape && !data.shape->empty() && data.shape->front() == Dim(oldSize);
    const bool hasOpen = std::find(shape.begin(), shape.end(), -1) != shape.end();
    if (!sameFirst && hasOpen)
        return std::nullopt;
    shape[0] = sameFirst ? 0 : -1; // 0: as in the data
    return shape;
}

class Reshapes {
public:
    // graph is changed; original is what it was, with types. depends: by value, on what is changed.
    Reshapes(Graph& graph, const Graph& original, const InferredTypes& types,
             const std::vector<char>& depends)
        : m_graph(graph), m_original(original), m_types(types), m_depends(depends)
    {
    }

    std::vector<NodeId> open(const std::vector<DimensionChange>& changes)
    {
        std::vector<NodeId> found;
        std::vector<Node> nodes;
        for (size_t i = 0; i < m_original.nodes.size(); ++i) {
            Node node = m_original.nodes[i];
            const bool concerned =
                node.opType == "Reshape" && node.domain.empty() && !node.inputs.empty() &&
                node.inputs[0] != noValue && !node.outputs.empty() && node.outputs[0] != noValue &&
                m_depends[static_cast<size_t>(node.inputs[0])] && node.intAttribute("allowzero", 0) == 0;
            const auto shape = concerned ? newShape(node, changes) : std::nullopt;
            if (shape) {
                found.push_back(static_cast<NodeId>(i));
                setShape(node, *shape, nodes);
            }
            nodes.push_back(std::move(node));
        }
        m_graph.nodes = std::move(nodes);
        return found;
    }

private:
    std::optional<std::vector<int64_t>> newShape(const Node& reshape,
                                                 const std::vector<DimensionChange>& changes) const
    {
        const auto shape = storedShape(m_original, reshape);
        for (const DimensionChange& change : changes) {
            const Dim& old = (*m_original.value(change.input).type.shape)[change.axis];
            if (!shape || change.axis != 0 || !old.known() || old == change.dim)
                continue;
            if (auto result = opened(*shape, m_types.type(reshape.inputs[0]), old.value))
                return result;
        }
        return std::nullopt;
    }

    // Other nodes may read the old shape, so that the new one is a Constant of its own.
    void setShape(Node& reshape, const std::vector<int64_t>& shape, std::vector<Node>& nodes)
    {
        if (reshape.inputs.size() < 2) {
            for (Attribute& attribute : reshape.attributes) {
                if (attribute.name == "shape")
                    attribute.data = shape;
            }
            return;
        }
        std::string name = m_original.value(reshape.outputs[0]).name + "_shape";
        while (isTaken(name))
            name += "_";
        Node constant;
        constant.opType = "Constant";
        constant.name = name;
        constant.outputs = {m_graph.addValue(name)};
        constant.attributes = {makeAttribute(
            "value", makeTensorRef({}, Tensor::of<int64_t>({static_cast<int64_t>(shape.size())}, shape)))};
        reshape.inputs[1] = constant.outputs[0];
        nodes.push_back(std::move(constant));
    }

    // Also in bodies: the value around would be hidden there.
    bool isTaken(const std::string& name) const
    {
        bool found = m_graph.findValue(name) != noValue;
        visitGraphs(m_original,
                    [&](const Graph& graph) { found = found || graph.findValue(name) != noValue; });
        return found;
    }

    Graph& m_graph;
    const Graph& m_original;
    const InferredTypes& m_types;
    const std::vector<char>& m_depends;
};

// Also of what sequences and optionals hold.
TypeInfo withoutAnyShape(TypeInfo type)
{
    type.shape.reset();
    if (type.element)
        type.element = std::make_shared<const TypeInfo>(withoutAnyShape(*type.element));
    return type;
}

Body withoutShapes(const Graph& body);

void forgetShapesInBodies(Graph& graph)
{
    for (Node& node : graph.nodes)
        replaceBodies(node, [](const Body& body) { return withoutShapes(*body); });
}

bool isWeight(const GraphValue& value)
{
    return value.producer == noNode && !value.isOuter && !value.isInput;
}

Body withoutShapes(const Graph& body)
{
    auto copy = std::make_shared<Graph>(body);
    for (GraphValue& value : copy->values) {
        if (!isWeight(value))
            value.type = withoutAnyShape(std::move(value.type));
    }
    forgetShapesInBodies(*copy);
    return copy;
}

bool isOld(const InferenceFinding& finding, const InferredTypes& before)
{
    return std::any_of(before.findings.begin(), before.findings.end(), [&](const InferenceFinding& old) {
        return old.error.message == finding.error.message;
    });
}

} // namespace

Result<ChangedDimensions> changeDimensions(const Model& model, const std::vector<DimensionChange>& changes,
                                           JobContext& job)
{
    for (const DimensionChange& change : changes)
        TRY(checkChange(model.graph, change));
    TRY_ASSIGN(const InferredTypes before, inferTypes(model, {}, job));

    ChangedDimensions result{model, {}};
    Graph& graph = result.model.graph;
    for (const DimensionChange& change : changes)
        (*graph.values[static_cast<size_t>(change.input)].type.shape)[change.axis] = change.dim;
    const std::vector<char> depends = dependents(model.graph, changes);
    result.reshapes = Reshapes(graph, model.graph, before, depends).open(changes);
    const auto isResult = [&graph](const GraphValue& value) { return value.producer != noNode; };
    for (GraphValue& value : graph.values) {
        if (isResult(value))
            value.type = withoutAnyShape(std::move(value.type));
    }
    forgetShapesInBodies(graph);
    for (Function& function : result.model.functions)
        function.body = *withoutShapes(function.body);
    graph.reconnect();

    TRY_ASSIGN(const InferredTypes after, inferTypes(result.model, {}, job));
    for (size_t i = 0; i < graph.values.size(); ++i) {
        GraphValue& value = graph.values[i];
        const TypeInfo& found = after.types[i];
        if (!isResult(value) || value.type.kind == TypeInfo::Kind::Unknown)
            continue;
        if (found.kind != TypeInfo::Kind::Unknown)
            value.type = found;
        // What inference does not know stays as declared: all of it, or at least the rank.
        const bool isOld = i < model.graph.values.size();
        if (!isOld || !value.type.isTensor() || value.type.shape)
            continue;
        value.type.shape = model.graph.values[i].type.shape;
        if (value.type.shape && depends[i])
            value.type.shape->assign(value.type.shape->size(), Dim());
    }
    for (const InferenceFinding& finding : after.findings) {
        if (!isOld(finding, before))
            return finding.error;
    }
    return result;
}

std::vector<DimensionChange> changesOfName(const Graph& graph, const std::string& name, const Dim& dim)
{
    std::vector<DimensionChange> changes;
    for (const ValueId input : graph.inputs) {
        const auto& shape = graph.value(input).type.shape;
        for (size_t axis = 0; shape && axis < shape->size(); ++axis) {
            if ((*shape)[axis].symbol == name)
                changes.push_back({input, axis, dim});
        }
    }
    return changes;
}

std::vector<DimensionChange> changesOfBatch(const Graph& graph, const Dim& dim)
{
    std::vector<DimensionChange> changes;
    std::optional<Dim> batch;
    for (const ValueId input : graph.requiredInputs()) {
        const auto& shape = graph.value(input).type.shape;
        if (!shape || shape->empty())
            continue;
        if (!batch)
            batch = shape->front();
        if (shape->front() == *batch)
            changes.push_back({input, 0, dim});
    }
    return changes;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/inference.h"

#include "engine/ops/constant.h"
#include "engine/ops/function_body.h"
#include "engine/ops/rewritten.h"

namespace lapidary {

namespace {

// Constants beyond this size are weights: no shape depends on them.
constexpr int64_t largestConstant = 4096;

// The elements of a small integer tensor; nullopt for other types.
std::optional<std::vector<SymbolicInt>> intsOf(const Tensor& tensor)
{
    if (tensor.rank() > 1 || !isInteger(tensor.type()))
        return std::nullopt;
    auto numbers = toInt64s(tensor);
    if (!numbers.ok())
        return std::nullopt;
    return std::vector<SymbolicInt>(numbers->begin(), numbers->end());
}

void bindDims(TypeInfo& type, const std::map<std::string, int64_t>& sizes)
{
    if (!type.shape)
        return;
    for (Dim& dim : *type.shape) {
        const auto bound = dim.symbol.empty() ? sizes.end() : sizes.find(dim.symbol);
        if (bound != sizes.end())
            dim = Dim(bound->second);
    }
}

// What a declaration adds to an inferred dimension: a number beats a name, a name beats nothing.
Dim mergeDim(const Dim& inferred, const Dim& declared)
{
    if (inferred.known())
        return inferred;
    if (declared.known() || inferred.symbol.empty())
        return declared;
    return inferred;
}

bool contradict(const TypeInfo& inferred, const TypeInfo& declared)
{
    if (inferred.dataType != DataType::Undefined && declared.dataType != DataType::Undefined &&
        inferred.dataType != declared.dataType)
        return true;
    if (!inferred.shape || !declared.shape)
        return false;
    if (inferred.shape->size() != declared.shape->size())
        return true;
    for (size_t i = 0; i < inferred.shape->size(); ++i) {
        const Dim& a = (*inferred.shape)[i];
        const Dim& b = (*declared.shape)[i];
        if (a.known() && b.known() && a.value != b.value)
            return true;
    }
    return false;
}

// What is inferred, completed by what is declared. Where they contradict, what is inferred holds.
TypeInfo mergeTypes(TypeInfo inferred, const TypeInfo& declared)
{
    if (inferred.kind == TypeInfo::Kind::Unknown)
        return declared;
    if (inferred.kind != declared.kind)
        return inferred;
    if (inferred.dataType == DataType::Undefined)
        inferred.dataType = declared.dataType;
    if (!inferred.shape) {
        inferred.shape = declared.shape;
    } else if (declared.shape && declared.shape->size() == inferred.shape->size()) {
        for (size_t i = 0; i < inferred.shape->size(); ++i)
            (*inferred.shape)[i] = mergeDim((*inferred.shape)[i], (*declared.shape)[i]);
    }
    if (inferred.element && declared.element)
        inferred.element = std::make_shared<const TypeInfo>(mergeTypes(*inferred.element, *declared.element));
    else if (declared.element)
        inferred.element = declared.element;
    inferred.denotation = declared.denotation;
    return inferred;
}

class GraphInference {
public:
    GraphInference(const Graph& graph, const GraphEnvironment& environment, const InferenceOptions& options,
                   const JobContext& job)
        : m_graph(graph),
          m_environment(environment),
          m_options(options),
          m_job(job),
          m_values(graph.values.size()),
          m_constants(graph.values.size())
    {
    }

    Result<InferredTypes> run(std::span<const KnownValue> inputs)
    {
        declareValues();
        loadConstants();
        for (size_t i = 0; i < std::min(inputs.size(), m_graph.inputs.size()); ++i)
            know(m_graph.inputs[i], inputs[i]);
        for (NodeId id = 0; id < static_cast<NodeId>(m_graph.nodes.size()); ++id) {
            if (m_job.stopRequested())
                return cancelled();
            inferNode(id);
        }
        return std::move(m_result);
    }

private:
    void declareValues()
    {
        m_result.types.reserve(m_graph.values.size());
        for (size_t i = 0; i < m_graph.values.size(); ++i) {
            const GraphValue& value = m_graph.values[i];
            m_result.types.push_back(value.type);
            bindDims(m_result.types.back(), m_options.dims);
            const auto outer =
                value.isOuter ? m_environment.captured.find(value.name) : m_environment.captured.end();
            if (outer != m_environment.captured.end())
                know(static_cast<ValueId>(i), outer->second);
        }
    }

    // A value from outside: what its declaration in this graph adds is kept.
    void know(ValueId id, const KnownValue& known)
    {
        TypeInfo& type = m_result.types[index(id)];
        type = mergeTypes(known.type, type);
        if (known.ints)
            m_values[index(id)] = known.ints;
        if (!known.constant.empty())
            m_constants[index(id)] = known.constant;
    }

    void loadConstants()
    {
        for (const Initializer& initializer : m_graph.initializers) {
            if (initializer.value == noValue)
                continue;
            const TensorRef& ref = initializer.tensor;
            m_result.types[index(initializer.value)] = TypeInfo::tensor(ref.type, toShape(ref.dims));
            if (elementCount(ref.dims).value_or(largestConstant + 1) > largestConstant)
                continue;
            // A constant that cannot be read is reported when the model runs; shapes stay unknown.
            if (auto tensor = ref.load(); tensor.ok())
                keepConstant(initializer.value, std::move(*tensor));
        }
        for (const SparseInitializer& sparse : m_graph.sparseInitializers) {
            if (sparse.value != noValue)
                m_result.types[index(sparse.value)] =
                    TypeInfo::tensor(sparse.tensor.values.type, toShape(sparse.tensor.dims));
        }
    }

    void keepConstant(ValueId id, Tensor tensor)
    {
        m_values[index(id)] = intsOf(tensor);
        m_constants[index(id)] = std::move(tensor);
    }

    void inferNode(NodeId id)
    {
        const Node& node = m_graph.node(id);
        InferenceContext context(node, nodeOpset(m_environment.opsets, node));
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            if (node.inputs[i] == noValue)
                continue;
            const size_t value = index(node.inputs[i]);
            context.inputTypes[i] = m_result.types[value];
            context.inputConstants[i] = m_constants[value];
            context.inputValues[i] = m_values[value];
        }
        context.inferBody = [&](const Graph& body, std::vector<TypeInfo> inputs) {
            return inferBody(node, body, std::move(inputs));
        };
        if (Status status = callInfer(context); !status.ok()) {
            m_result.findings.push_back({id, std::move(status).error().at("node " + nodeLabel(node, id))});
            return;
        }
        for (size_t i = 0; i < node.outputs.size(); ++i) {
            if (node.outputs[i] == noValue)
                continue;
            mergeOutput(id, node.outputs[i], std::move(context.outputTypes[i]));
            m_values[index(node.outputs[i])] = std::move(context.outputValues[i]);
        }
        followConstant(node);
    }

    Status callInfer(InferenceContext& context)
    {
        const Node& node = context.node();
        // A function of the model hides the operator of its name.
        if (const Function* function = m_environment.model->function(node.domain, node.opType, node.overload))
            return inferCall(*function, context);
        const OpDef* op = findOp(node.domain, node.opType);
        if (op && op->infer && op->versionAt(context.opsetVersion()) > 0)
            return op->infer(context);
        return m_options.fallback ? m_options.fallback(context) : Status();
    }

    KnownValue known(ValueId id) const
    {
        return {m_result.types[index(id)], m_constants[index(id)], m_values[index(id)]};
    }

    std::vector<TypeInfo> inferBody(const Node& node, const Graph& body, std::vector<TypeInfo> inputTypes)
    {
        GraphEnvironment environment{m_environment.model, m_environment.opsets, {}, m_environment.depth + 1};
        for (const ValueId id : node.captures)
            environment.captured.emplace(m_graph.value(id).name, known(id));
        std::vector<KnownValue> inputs;
        for (TypeInfo& type : inputTypes)
            inputs.push_back({std::move(type), Tensor(), std::nullopt});
        auto types = inferInside(body, environment, inputs);
        if (!types)
            return {};
        m_result.bodies[&body] = types;
        return outputTypes(body, *types);
    }

    Status inferCall(const Function& function, InferenceContext& context)
    {
        const Graph body = functionBody(function, context.node());
        const GraphEnvironment environment{m_environment.model, function.opsets, {}, m_environment.depth + 1};
        std::vector<KnownValue> inputs;
        for (size_t i = 0; i < context.inputCount(); ++i)
            inputs.push_back(
                {context.inputTypes[i], context.inputConstants[i], std::move(context.inputValues[i])});
        const auto types = inferInside(body, environment, inputs);
        if (!types)
            return {};
        std::vector<TypeInfo> outputs = outputTypes(body, *types);
        outputs.resize(context.outputCount());
        context.outputTypes = std::move(outputs);
        if (!types->findings.empty())
            return Error(types->findings.front().error).at("function " + function.name);
        return {};
    }

    // Null when cancelled or nested too deep.
    std::shared_ptr<const InferredTypes> inferInside(const Graph& body, const GraphEnvironment& environment,
                                                     std::span<const KnownValue> inputs) const
    {
        if (environment.depth > deepestGraph)
            return nullptr;
        auto types = GraphInference(body, environment, m_options, m_job).run(inputs);
        return types.ok() ? std::make_shared<const InferredTypes>(std::move(types).value()) : nullptr;
    }

    static std::vector<TypeInfo> outputTypes(const Graph& body, const InferredTypes& types)
    {
        std::vector<TypeInfo> outputs;
        for (const ValueId id : body.outputs)
            outputs.push_back(types.type(id));
        return outputs;
    }

    void mergeOutput(NodeId id, ValueId output, TypeInfo inferred)
    {
        TypeInfo& type = m_result.types[index(output)];
        if (inferred.isTensor() && type.isTensor() && contradict(inferred, type))
            m_result.findings.push_back({id, contradiction(id, output, inferred, type)});
        type = mergeTypes(std::move(inferred), type);
    }

    Error contradiction(NodeId id, ValueId output, const TypeInfo& inferred, const TypeInfo& declared) const
    {
        return makeError(ErrorCode::ShapeMismatch, "output '" + m_graph.value(output).name +
                                                       "' is declared as " + toString(declared) +
                                                       ", but the inputs give " + toString(inferred))
            .at("node " + nodeLabel(m_graph.node(id), id));
    }

    // Small constants behind Constant and Identity are constants too.
    void followConstant(const Node& node)
    {
        if (!node.domain.empty() && domainName(node.domain) != domainName(""))
            return;
        if (node.outputs.empty() || node.outputs[0] == noValue)
            return;
        if (node.opType == "Constant") {
            auto tensor = constantTensor(node, largestConstant);
            if (tensor.ok() && !tensor->empty())
                keepConstant(node.outputs[0], std::move(*tensor));
        } else if (node.opType == "Identity" && !node.inputs.empty() && node.inputs[0] != noValue) {
            m_constants[index(node.outputs[0])] = m_constants[index(node.inputs[0])];
        }
    }

    static size_t index(ValueId id) { return static_cast<size_t>(id); }

    const Graph& m_graph;
    const GraphEnvironment& m_environment;
    const InferenceOptions& m_options;
    const JobContext& m_job;
    InferredTypes m_result;
    std::vector<std::optional<std::vector<SymbolicInt>>> m_values;
    std::vector<Tensor> m_constants;
};

} // namespace

std::optional<std::vector<int64_t>> InferenceContext::knownInts(size_t index) const
{
    const std::vector<SymbolicInt>* values = inputInts(index);
    if (!values)
        return std::nullopt;
    std::vector<int64_t> numbers;
    numbers.reserve(values->size());
    for (const SymbolicInt& value : *values) {
        if (!value.number)
            return std::nullopt;
        numbers.push_back(*value.number);
    }
    return numbers;
}

Result<InferredTypes> inferTypes(const Model& model, const InferenceOptions& options, JobContext& job)
{
    std::vector<KnownValue> inputs;
    for (const ValueId id : model.graph.inputs) {
        const auto given = options.inputTypes.find(id);
        inputs.push_back({given == options.inputTypes.end() ? TypeInfo() : given->second, Tensor(), {}});
    }
    // Too many calls to follow: their types stay unknown.
    const int depth = expandedNodeCount(model) > largestExpandedNodeCount ? deepestGraph : 0;
    return inferTypes(model.graph, {&model, model.opsets, {}, depth}, inputs, options, job);
}

Result<InferredTypes> inferTypes(const Graph& graph, const GraphEnvironment& environment,
                                 std::span<const KnownValue> inputs, const InferenceOptions& options,
                                 const JobContext& job)
{
    return GraphInference(graph, environment, options, job).run(inputs);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/inference.h"

#include "engine/ops/constant.h"

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

TypeInfo mergeTensorTypes(TypeInfo inferred, const TypeInfo& declared)
{
    if (inferred.dataType == DataType::Undefined)
        inferred.dataType = declared.dataType;
    if (!inferred.shape) {
        inferred.shape = declared.shape;
    } else if (declared.shape && declared.shape->size() == inferred.shape->size()) {
        for (size_t i = 0; i < inferred.shape->size(); ++i)
            (*inferred.shape)[i] = mergeDim((*inferred.shape)[i], (*declared.shape)[i]);
    }
    inferred.denotation = declared.denotation;
    return inferred;
}

class GraphInference {
public:
    GraphInference(const Model& model, const InferenceOptions& options)
        : m_model(model),
          m_graph(model.graph),
          m_options(options),
          m_values(m_graph.values.size()),
          m_constants(m_graph.values.size())
    {
    }

    Result<InferredTypes> run(JobContext& job)
    {
        declareValues();
        loadConstants();
        for (NodeId id = 0; id < static_cast<NodeId>(m_graph.nodes.size()); ++id) {
            if (job.stopRequested())
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
            const auto given = m_options.inputTypes.find(static_cast<ValueId>(i));
            m_result.types.push_back(given != m_options.inputTypes.end() ? given->second
                                                                         : m_graph.values[i].type);
            bindDims(m_result.types.back(), m_options.dims);
        }
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
        InferenceContext context(node, m_model.opsetVersion(node.domain));
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            if (node.inputs[i] == noValue)
                continue;
            const size_t value = index(node.inputs[i]);
            context.inputTypes[i] = m_result.types[value];
            context.inputConstants[i] = m_constants[value];
            context.inputValues[i] = m_values[value];
        }
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

    Status callInfer(InferenceContext& context) const
    {
        const Node& node = context.node();
        const OpDef* op = m_model.function(node.domain, node.opType, node.overload)
                              ? nullptr // a function of the model hides the operator of its name
                              : findOp(node.domain, node.opType);
        if (op && op->infer && op->versionAt(context.opsetVersion()) > 0)
            return op->infer(context);
        return m_options.fallback ? m_options.fallback(context) : Status();
    }

    void mergeOutput(NodeId id, ValueId output, TypeInfo inferred)
    {
        TypeInfo& type = m_result.types[index(output)];
        if (inferred.kind == TypeInfo::Kind::Unknown)
            return;
        if (inferred.isTensor() && type.isTensor()) {
            if (contradict(inferred, type))
                m_result.findings.push_back({id, contradiction(id, output, inferred, type)});
            type = mergeTensorTypes(std::move(inferred), type);
        } else {
            type = std::move(inferred);
        }
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

    const Model& m_model;
    const Graph& m_graph;
    const InferenceOptions& m_options;
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
    return GraphInference(model, options).run(job);
}

} // namespace lapidary

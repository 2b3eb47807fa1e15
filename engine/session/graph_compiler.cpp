// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/graph_compiler.h"

#include "engine/ops/constant.h"
#include "engine/session/backends.h"
#include "engine/session/deferred_kernel.h"
#include "engine/session/graph_kernels.h"
#include "engine/session/random_nodes.h"

#include <algorithm>

namespace lapidary {

namespace {

// A folded constant larger than this is computed in every run instead of being kept for ever.
constexpr uint64_t maxFoldedBytes = uint64_t{256} << 20;
constexpr size_t maxListedNodes = 20;

class GraphCompiler {
public:
    GraphCompiler(const Graph& graph, const GraphEnvironment& environment, const CompileTarget& target,
                  JobContext& job)
        : m_graph(graph), m_environment(environment), m_target(target), m_job(job)
    {
    }

    Result<CompiledGraph> compile(std::span<const KnownValue> inputs)
    {
        if (m_environment.depth > deepestGraph)
            return makeError(ErrorCode::InvalidModel,
                             "graphs and function calls are nested more than " +
                                 std::to_string(deepestGraph) + " deep",
                             "A function of the model may call itself, which ONNX forbids.");
        InferenceOptions options;
        options.dims = m_target.dims;
        TRY_ASSIGN(m_types, inferTypes(m_graph, m_environment, inputs, options, m_job));
        takeCaptures();
        for (size_t index = 0; index < m_graph.nodes.size(); ++index) {
            if (m_job.stopRequested())
                return cancelled();
            const auto id = static_cast<NodeId>(index);
            if (m_job.reportDue())
                m_job.report(static_cast<double>(index) / static_cast<double>(m_graph.nodes.size()),
                             nodeLabel(m_graph.node(id), id));
            TRY(prepareNode(id));
        }
        TRY(unsupportedNodes());
        TRY(loadConstantOutputs());
        dropUnused();
        CompiledGraph compiled;
        compiled.executor = std::make_unique<Executor>(m_graph, std::move(m_steps), std::move(m_constants));
        compiled.placements = std::move(m_placements);
        for (const ValueId id : m_graph.outputs)
            compiled.outputTypes.push_back(m_types.type(id));
        return compiled;
    }

private:
    void takeCaptures()
    {
        for (size_t i = 0; i < m_graph.values.size(); ++i) {
            if (!m_graph.values[i].isOuter)
                continue;
            const auto found = m_environment.captured.find(m_graph.values[i].name);
            if (found != m_environment.captured.end() && !found->second.constant.empty())
                m_constants[static_cast<ValueId>(i)] = found->second.constant;
        }
    }

    Status prepareNode(NodeId id)
    {
        const Node& node = m_graph.node(id);
        TRY_ASSIGN(KernelRequest request, makeRequest(id));
        NodePlacement placement;
        placement.node = id;
        auto kernel = createKernel(request, placement);
        if (!kernel.ok()) {
            Error error = std::move(kernel).error();
            if (error.code != ErrorCode::UnsupportedOp)
                return std::move(error).at("node " + nodeLabel(node, id));
            m_unsupported.push_back("node " + nodeLabel(node, id) + ": " + error.message);
            return {};
        }
        placement.implementation = kernel.value()->implementation();
        bool folded = false;
        if (isFoldable(node)) {
            TRY_ASSIGN(folded, fold(node, *kernel.value()));
        }
        if (folded)
            placement.backend.clear();
        else
            m_steps.push_back({id, std::move(kernel).value()});
        m_placements.push_back(std::move(placement));
        return {};
    }

    Result<KernelRequest> makeRequest(NodeId id)
    {
        const Node& node = m_graph.node(id);
        KernelRequest request;
        request.model = m_environment.model;
        request.graph = &m_graph;
        request.node = &node;
        request.opsetVersion = opsetVersion(m_environment.opsets, node.domain);
        request.precision = m_target.precision;
        for (const ValueId input : node.inputs) {
            request.inputTypes.push_back(input == noValue ? TypeInfo() : m_types.type(input));
            TRY_ASSIGN(const Value constant, constantOf(input));
            request.constantInputs.push_back(constant.isTensor() ? *constant.tensor() : Tensor());
        }
        TRY_ASSIGN(request.bodies, bodyCompiler(node));
        return request;
    }

    Result<std::shared_ptr<const BodyCompiler>> bodyCompiler(const Node& node)
    {
        GraphEnvironment inside{m_environment.model, m_environment.opsets, {}, m_environment.depth + 1};
        std::vector<std::string> names;
        for (const ValueId id : node.captures) {
            TRY_ASSIGN(const Value constant, constantOf(id));
            names.push_back(m_graph.value(id).name);
            inside.captured.emplace(
                names.back(),
                KnownValue{m_types.type(id), constant.isTensor() ? *constant.tensor() : Tensor(), {}});
        }
        return makeBodyCompiler(std::move(inside), std::move(names), m_target);
    }

    // The value if it never changes, loaded and aligned; otherwise absent.
    Result<Value> constantOf(ValueId id)
    {
        if (id == noValue)
            return Value();
        if (const auto found = m_constants.find(id); found != m_constants.end())
            return found->second;
        Tensor tensor;
        if (const TensorRef* initializer = m_graph.initializerOf(id)) {
            TRY_ASSIGN(tensor, initializer->load());
        } else if (const SparseTensorRef* sparse = sparseInitializerOf(id)) {
            TRY_ASSIGN(tensor, denseTensor(*sparse));
        } else {
            return Value();
        }
        TRY_ASSIGN(tensor, tensor.aligned());
        m_constants[id] = tensor;
        return Value(tensor);
    }

    const SparseTensorRef* sparseInitializerOf(ValueId id) const
    {
        for (const SparseInitializer& sparse : m_graph.sparseInitializers) {
            if (sparse.value == id)
                return &sparse.tensor;
        }
        return nullptr;
    }

    Result<std::unique_ptr<Kernel>> createKernel(const KernelRequest& request, NodePlacement& placement)
    {
        const Node& node = *request.node;
        if (const Function* function =
                m_environment.model->function(node.domain, node.opType, node.overload)) {
            placement.backend = m_target.device->name();
            return callFunction(*function, request);
        }
        if (hasUnknownType(request) && node.bodies().empty() && servesOperator(*m_target.device, request)) {
            placement.backend = m_target.device->name();
            return deferKernel(request, *m_target.device);
        }
        return createOnDevice(request, *m_target.device, placement);
    }

    Result<std::unique_ptr<Kernel>> callFunction(const Function& function, const KernelRequest& request)
    {
        std::vector<KnownValue> inputs;
        for (size_t i = 0; i < request.inputTypes.size(); ++i)
            inputs.push_back({request.inputTypes[i], request.constantInputs[i], {}});
        return makeFunctionCall(function, *request.node, m_environment, inputs, m_target, m_job);
    }

    bool isFoldable(const Node& node)
    {
        if (isRandom(node, *m_environment.model) || !node.captures.empty())
            return false;
        for (const ValueId input : node.inputs) {
            if (input != noValue && !m_constants.contains(input))
                return false;
        }
        for (const ValueId output : node.outputs) {
            const TypeInfo* type = output == noValue ? nullptr : &m_types.type(output);
            const auto dims = type && type->shape ? concreteDims(*type->shape) : std::nullopt;
            const auto count = dims ? elementCount(*dims) : std::optional<int64_t>(0);
            if (!count || storageBytes(type ? type->dataType : DataType::Undefined,
                                       static_cast<uint64_t>(*count)) > maxFoldedBytes)
                return false;
        }
        return true;
    }

    // False when the node fails: the run reports that, if it ever comes to the node.
    Result<bool> fold(const Node& node, Kernel& kernel)
    {
        static const Value absent;
        std::vector<const Value*> inputs;
        for (const ValueId input : node.inputs)
            inputs.push_back(input == noValue ? &absent : &m_constants.at(input));
        std::vector<Value> outputs(node.outputs.size());
        KernelContext context(inputs, outputs, m_job);
        if (auto status = kernel.run(context); !status.ok()) {
            if (status.error().code == ErrorCode::Cancelled)
                return std::move(status).error();
            return false;
        }
        for (size_t i = 0; i < outputs.size(); ++i) {
            if (node.outputs[i] != noValue)
                m_constants[node.outputs[i]] = std::move(outputs[i]);
        }
        return true;
    }

    // Outputs of a graph may be initializers themselves.
    Status loadConstantOutputs()
    {
        for (const ValueId id : m_graph.outputs) {
            TRY_ASSIGN([[maybe_unused]] const Value loaded, constantOf(id));
        }
        return {};
    }

    // Only values that something needs: a session must not hold on to the rest of the weights.
    void dropUnused()
    {
        std::vector<bool> used(m_graph.values.size());
        const auto use = [&used](ValueId id) {
            if (id != noValue)
                used[static_cast<size_t>(id)] = true;
        };
        for (const Step& step : m_steps) {
            const Node& node = m_graph.node(step.node);
            std::for_each(node.inputs.begin(), node.inputs.end(), use);
            std::for_each(node.captures.begin(), node.captures.end(), use);
        }
        std::for_each(m_graph.outputs.begin(), m_graph.outputs.end(), use);
        std::erase_if(m_constants,
                      [&used](const auto& entry) { return !used[static_cast<size_t>(entry.first)]; });
    }

    Status unsupportedNodes() const
    {
        if (m_unsupported.empty())
            return {};
        std::string list;
        for (size_t i = 0; i < std::min(m_unsupported.size(), maxListedNodes); ++i)
            list += (i == 0 ? "" : "\n") + m_unsupported[i];
        if (m_unsupported.size() > maxListedNodes)
            list += "\nand " + std::to_string(m_unsupported.size() - maxListedNodes) + " more";
        return makeError(ErrorCode::UnsupportedOp, std::move(list),
                         "The model can still be viewed; this version has no kernel for the nodes above.");
    }

    const Graph& m_graph;
    const GraphEnvironment& m_environment;
    const CompileTarget& m_target;
    JobContext& m_job;
    InferredTypes m_types;
    std::vector<Step> m_steps;
    std::unordered_map<ValueId, Value> m_constants;
    std::vector<NodePlacement> m_placements;
    std::vector<std::string> m_unsupported;
};

} // namespace

Result<CompiledGraph> compileGraph(const Graph& graph, const GraphEnvironment& environment,
                                   std::span<const KnownValue> inputs, const CompileTarget& target,
                                   JobContext& job)
{
    return GraphCompiler(graph, environment, target, job).compile(inputs);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/graph_compiler.h"

#include "engine/ops/constant.h"
#include "engine/ops/rewritten.h"
#include "engine/session/backends.h"
#include "engine/session/deferred_kernel.h"
#include "engine/session/graph_kernels.h"
#include "engine/session/random_nodes.h"

#include <algorithm>

namespace lapidary {

namespace {

// A folded constant larger than this is computed in every run instead of being kept for ever.
constexpr uint64_t maxFoldedBytes = uint64_t{1} << 30;
constexpr size_t maxListedNodes = 20;

class GraphCompiler {
public:
    GraphCompiler(const Graph& graph, const GraphEnvironment& environment, const CompileTarget& target,
                  JobContext& job)
        : m_file(graph), m_graph(&graph), m_environment(environment), m_target(target), m_job(job)
    {
    }

    Result<CompiledGraph> compile(std::span<const KnownValue> inputs)
    {
        if (m_environment.depth > deepestGraph)
            return makeError(ErrorCode::InvalidModel,
                             "graphs and function calls are nested more than " +
                                 std::to_string(deepestGraph) + " deep",
                             "A function of the model may call itself, which ONNX forbids.");
        TRY(infer(inputs));
        takeCaptures();
        CompiledGraph compiled;
        TRY(rewrite(compiled));
        if (compiled.rewritten) {
            m_graph = compiled.rewritten.get();
            TRY(infer(inputs));
        }
        for (size_t index = 0; index < m_graph->nodes.size(); ++index) {
            if (m_job.stopRequested())
                return cancelled();
            const auto id = static_cast<NodeId>(index);
            if (m_job.reportDue())
                m_job.report(static_cast<double>(index) / static_cast<double>(m_graph->nodes.size()),
                             label(id));
            TRY(prepareNode(id));
        }
        TRY(unsupportedNodes());
        TRY(loadConstantOutputs());
        dropUnused();
        compiled.executor = std::make_unique<Executor>(*m_graph, std::move(m_steps), std::move(m_constants));
        std::stable_sort(m_placements.begin(), m_placements.end(),
                         [](const NodePlacement& a, const NodePlacement& b) { return a.node < b.node; });
        compiled.placements = std::move(m_placements);
        compiled.origins = std::move(m_origins);
        compiled.isAdded = std::move(m_isAdded);
        for (const ValueId id : m_graph->outputs)
            compiled.outputTypes.push_back(m_types.type(id));
        return compiled;
    }

private:
    Status infer(std::span<const KnownValue> inputs)
    {
        InferenceOptions options;
        options.dims = m_target.dims;
        TRY_ASSIGN(m_types, inferTypes(*m_graph, m_environment, inputs, options, m_job));
        return {};
    }

    // Passes see weights that the graph computes, such as a transposed matrix, as constants.
    Status rewrite(CompiledGraph& compiled)
    {
        if (!m_target.passes.runsAny())
            return {};
        PassSelection selection = m_target.passes;
        if (!m_target.device->multipliesBytes())
            selection.off.emplace("fold-quantization");
        const bool keepsCodes = selection.runs("fold-quantization");
        std::vector<bool> isFolded(m_graph->nodes.size());
        for (size_t index = 0; index < isFolded.size(); ++index) {
            if (m_job.stopRequested())
                return cancelled();
            const auto id = static_cast<NodeId>(index);
            if (keepsCodes && m_graph->node(id).opType == "DequantizeLinear")
                continue;
            TRY_ASSIGN(isFolded[index], foldNode(id));
        }
        Rewriter rewriter(*m_graph, m_types.types, m_environment.opsets);
        for (size_t index = 0; index < isFolded.size(); ++index) {
            if (isFolded[index])
                takeFolded(rewriter, static_cast<NodeId>(index));
        }
        TRY(runPasses(rewriter, selection, true, compiled.passes, m_job));
        if (keepsCodes)
            TRY(foldKept(rewriter, isFolded));
        TRY(runPasses(rewriter, selection, false, compiled.passes, m_job));
        Rewriter::Finished finished = std::move(rewriter).finish();
        placeAbsorbed(finished.within, isFolded);
        m_rewritten = std::make_shared<Graph>(std::move(finished.graph));
        compiled.rewritten = m_rewritten;
        m_origins = std::move(finished.origins);
        m_isAdded = std::move(finished.isAdded);
        return {};
    }

    // Folds what was kept for passes that see codes, and what depends on it, where it is still in use.
    Status foldKept(Rewriter& rewriter, std::vector<bool>& isFolded)
    {
        for (size_t index = 0; index < isFolded.size(); ++index) {
            const auto id = static_cast<NodeId>(index);
            const Node& node = m_graph->node(id);
            if (isFolded[index] || rewriter.isErased(id) || rewriter.node(id).opType != node.opType ||
                rewriter.node(id).inputs != node.inputs || rewriter.node(id).outputs != node.outputs)
                continue;
            if (m_job.stopRequested())
                return cancelled();
            const bool isUsed = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId output) {
                return output != noValue &&
                       (rewriter.graph().value(output).isOutput || !rewriter.readers(output).empty());
            });
            if (!isUsed)
                continue;
            TRY_ASSIGN(isFolded[index], foldNode(id));
            if (isFolded[index])
                takeFolded(rewriter, id);
        }
        return {};
    }

    Result<bool> foldNode(NodeId id)
    {
        const Node& node = m_graph->node(id);
        if (!node.bodies().empty())
            return false;
        for (const ValueId input : node.inputs) {
            TRY_ASSIGN(const Value constant, constantOf(input));
            if (input != noValue && !constant.present())
                return false;
        }
        if (!isFoldable(node))
            return false;
        TRY_ASSIGN(const KernelRequest request, makeRequest(id));
        NodePlacement placement;
        auto kernel = createKernel(request, placement);
        return kernel.ok() ? fold(node, *kernel.value()) : Result<bool>(false);
    }

    void takeFolded(Rewriter& rewriter, NodeId id)
    {
        const std::vector<ValueId> outputs = m_graph->node(id).outputs;
        for (const ValueId output : outputs) {
            if (output != noValue && !m_constants.at(output).isTensor())
                return; // folded anew when its kernel is made
        }
        rewriter.erase(id);
        for (const ValueId output : outputs) {
            if (output != noValue)
                rewriter.makeConstant(output, *m_constants.at(output).tensor());
        }
    }

    // Nodes of the file that no node of the rewritten graph stands for.
    void placeAbsorbed(const std::vector<NodeId>& within, const std::vector<bool>& isFolded)
    {
        for (size_t index = 0; index < within.size(); ++index) {
            const auto id = static_cast<NodeId>(index);
            NodePlacement placement;
            placement.node = id;
            placement.implementation = "constant";
            if (within[index] != id) {
                placement.backend = m_target.device->name();
                placement.within = within[index];
                placement.implementation = "within " + nodeLabel(m_graph->node(within[index]), within[index]);
            } else if (!isFolded[index]) {
                continue;
            }
            m_placements.push_back(std::move(placement));
        }
    }

    // Constants that the only node reading them has in a form of its own.
    void letGo(const Node& node, const Kernel& kernel)
    {
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            const ValueId id = node.inputs[i];
            if (id == noValue || !kernel.keepsConstant(i) || !m_constants.contains(id) ||
                m_graph->value(id).consumers.size() != 1 || m_graph->value(id).isOutput)
                continue;
            m_constants.erase(id);
            if (m_rewritten && m_graph->value(id).initializer >= 0)
                m_rewritten->initializers[static_cast<size_t>(m_graph->value(id).initializer)].tensor.source =
                    nullptr;
        }
    }

    // As the file has the node.
    std::string label(NodeId id) const { return nodeLabel(m_file.node(originOf(id)), originOf(id)); }
    NodeId originOf(NodeId id) const { return m_origins.empty() ? id : m_origins[static_cast<size_t>(id)]; }

    void takeCaptures()
    {
        for (size_t i = 0; i < m_graph->values.size(); ++i) {
            if (!m_graph->values[i].isOuter)
                continue;
            const auto found = m_environment.captured.find(m_graph->values[i].name);
            if (found != m_environment.captured.end() && !found->second.constant.empty())
                m_constants[static_cast<ValueId>(i)] = found->second.constant;
        }
    }

    Status prepareNode(NodeId id)
    {
        const Node& node = m_graph->node(id);
        TRY_ASSIGN(KernelRequest request, makeRequest(id));
        NodePlacement placement;
        placement.node = originOf(id);
        auto kernel = createKernel(request, placement);
        if (!kernel.ok()) {
            Error error = std::move(kernel).error();
            if (error.code != ErrorCode::UnsupportedOp)
                return std::move(error).at("node " + label(id));
            m_unsupported.push_back("node " + label(id) + ": " + error.message);
            return {};
        }
        placement.implementation = kernel.value()->implementation();
        bool folded = false;
        if (isFoldable(node)) {
            TRY_ASSIGN(folded, fold(node, *kernel.value()));
        }
        if (folded) {
            placement.backend.clear();
        } else {
            letGo(node, *kernel.value());
            m_steps.push_back({id, label(id), std::move(kernel).value()});
        }
        if (m_isAdded.empty() || !m_isAdded[static_cast<size_t>(id)])
            m_placements.push_back(std::move(placement));
        return {};
    }

    Result<KernelRequest> makeRequest(NodeId id)
    {
        const Node& node = m_graph->node(id);
        KernelRequest request;
        request.model = m_environment.model;
        request.graph = m_graph;
        request.node = &node;
        request.opsetVersion = nodeOpset(m_environment.opsets, node);
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
            names.push_back(m_graph->value(id).name);
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
        if (const TensorRef* initializer = m_graph->initializerOf(id)) {
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
        for (const SparseInitializer& sparse : m_graph->sparseInitializers) {
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
        for (const ValueId id : m_graph->outputs) {
            TRY_ASSIGN([[maybe_unused]] const Value loaded, constantOf(id));
        }
        return {};
    }

    // Only values that something needs: a session must not hold on to the rest of the weights.
    void dropUnused()
    {
        std::vector<bool> used(m_graph->values.size());
        const auto use = [&used](ValueId id) {
            if (id != noValue)
                used[static_cast<size_t>(id)] = true;
        };
        for (const Step& step : m_steps) {
            const Node& node = m_graph->node(step.node);
            std::for_each(node.inputs.begin(), node.inputs.end(), use);
            std::for_each(node.captures.begin(), node.captures.end(), use);
        }
        std::for_each(m_graph->outputs.begin(), m_graph->outputs.end(), use);
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

    const Graph& m_file;
    const Graph* m_graph; // the same, or as the passes rewrote it
    const GraphEnvironment& m_environment;
    const CompileTarget& m_target;
    JobContext& m_job;
    InferredTypes m_types;
    std::vector<Step> m_steps;
    std::unordered_map<ValueId, Value> m_constants;
    std::vector<NodePlacement> m_placements;
    std::vector<std::string> m_unsupported;
    std::shared_ptr<Graph> m_rewritten;
    std::vector<NodeId> m_origins; // by node; empty: the graph is that of the file
    std::vector<bool> m_isAdded;
};

} // namespace

Result<CompiledGraph> compileGraph(const Graph& graph, const GraphEnvironment& environment,
                                   std::span<const KnownValue> inputs, const CompileTarget& target,
                                   JobContext& job)
{
    return GraphCompiler(graph, environment, target, job).compile(inputs);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/session.h"

#include "engine/ops/inference.h"
#include "engine/session/backends.h"
#include "engine/session/executor.h"
#include "engine/session/inputs.h"

#include <algorithm>
#include <array>
#include <optional>

namespace lapidary {

namespace {

// A folded constant larger than this is computed in every run instead of being kept for ever.
constexpr uint64_t maxFoldedBytes = uint64_t{256} << 20;
constexpr size_t maxListedNodes = 20;

bool isRandom(const Node& node)
{
    static constexpr std::array names = {
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
        "Multinomial",  "Bernoulli",        "Dropout"};
    return std::find(names.begin(), names.end(), node.opType) != names.end();
}

// Makes the parts of a session: folded constants, kernels, placements.
class SessionBuilder {
public:
    SessionBuilder(const Model& model, const SessionOptions& options, const Backend& device, JobContext& job)
        : m_model(model), m_graph(model.graph), m_options(options), m_device(device), m_job(job)
    {
    }

    Status build()
    {
        InferenceOptions inference;
        inference.dims = m_options.dims;
        TRY_ASSIGN(m_types, inferTypes(m_model, inference, m_job));
        for (size_t index = 0; index < m_graph.nodes.size(); ++index) {
            if (m_job.stopRequested())
                return cancelled();
            const auto id = static_cast<NodeId>(index);
            if (m_job.reportDue())
                m_job.report(static_cast<double>(index) / static_cast<double>(m_graph.nodes.size()),
                             nodeLabel(m_graph.node(id), id));
            TRY(prepareNode(id));
        }
        return unsupportedNodes();
    }

    std::vector<Step> steps;
    std::unordered_map<ValueId, Tensor> constants;
    std::vector<NodePlacement> placements;

private:
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
        if (isFoldable(node, request)) {
            TRY(fold(id, *kernel.value(), request));
            placement.backend.clear();
        } else {
            steps.push_back({id, std::move(kernel).value()});
        }
        placements.push_back(std::move(placement));
        return {};
    }

    Result<KernelRequest> makeRequest(NodeId id)
    {
        const Node& node = m_graph.node(id);
        KernelRequest request;
        request.model = &m_model;
        request.graph = &m_graph;
        request.node = &node;
        request.opsetVersion = m_model.opsetVersion(node.domain);
        request.precision = m_options.precision;
        for (const ValueId input : node.inputs) {
            request.inputTypes.push_back(input == noValue ? TypeInfo() : m_types.type(input));
            TRY_ASSIGN(Tensor constant, constantOf(input));
            request.constantInputs.push_back(std::move(constant));
        }
        return request;
    }

    // The value if it never changes, loaded and aligned; otherwise empty.
    Result<Tensor> constantOf(ValueId id)
    {
        if (id == noValue)
            return Tensor();
        if (const auto found = constants.find(id); found != constants.end())
            return found->second;
        const TensorRef* initializer = m_graph.initializerOf(id);
        if (!initializer)
            return Tensor();
        TRY_ASSIGN(Tensor tensor, initializer->load());
        TRY_ASSIGN(tensor, tensor.aligned());
        constants[id] = tensor;
        return tensor;
    }

    Result<std::unique_ptr<Kernel>> createKernel(const KernelRequest& request, NodePlacement& placement)
    {
        placement.backend = m_device.name();
        auto kernel = m_device.createKernel(request);
        TRY_ASSIGN(const Backend* cpu, findBackend("cpu"));
        if (kernel.ok() || kernel.error().code != ErrorCode::UnsupportedOp || &m_device == cpu)
            return kernel;
        placement.backend = cpu->name();
        placement.reason = kernel.error().message;
        return cpu->createKernel(request);
    }

    bool isFoldable(const Node& node, const KernelRequest& request) const
    {
        if (isRandom(node) || !node.captures.empty())
            return false;
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            if (node.inputs[i] != noValue && request.constantInputs[i].empty())
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

    Status fold(NodeId id, Kernel& kernel, const KernelRequest& request)
    {
        const Node& node = m_graph.node(id);
        std::vector<Value> inputs;
        for (const Tensor& tensor : request.constantInputs)
            inputs.push_back(tensor.empty() ? Value() : Value(tensor));
        std::vector<const Value*> pointers;
        for (const Value& input : inputs)
            pointers.push_back(&input);
        std::vector<Value> outputs(node.outputs.size());
        KernelContext context(pointers, outputs, m_job);
        if (auto status = kernel.run(context); !status.ok()) {
            Error error = std::move(status).error();
            return error.code == ErrorCode::Cancelled ? error
                                                      : std::move(error).at("node " + nodeLabel(node, id));
        }
        for (size_t i = 0; i < outputs.size(); ++i) {
            if (node.outputs[i] != noValue && outputs[i].isTensor())
                constants[node.outputs[i]] = *outputs[i].tensor();
        }
        return {};
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

    const Model& m_model;
    const Graph& m_graph;
    const SessionOptions& m_options;
    const Backend& m_device;
    JobContext& m_job;
    InferredTypes m_types;
    std::vector<std::string> m_unsupported;
};

TypeInfo withDims(TypeInfo type, const std::map<std::string, int64_t>& dims)
{
    if (type.shape) {
        for (Dim& dim : *type.shape) {
            if (const auto size = dims.find(dim.symbol); !dim.known() && size != dims.end())
                dim = Dim(size->second);
        }
    }
    return type;
}

// Only values that something needs: a session must not hold on to the rest of the weights.
void dropUnused(const Graph& graph, const std::vector<Step>& steps,
                std::unordered_map<ValueId, Tensor>& constants)
{
    std::vector<bool> used(graph.values.size());
    for (const Step& step : steps) {
        for (const ValueId id : graph.node(step.node).inputs) {
            if (id != noValue)
                used[static_cast<size_t>(id)] = true;
        }
        for (const ValueId id : graph.node(step.node).captures)
            used[static_cast<size_t>(id)] = true;
    }
    for (const ValueId id : graph.outputs)
        used[static_cast<size_t>(id)] = true;
    std::erase_if(constants, [&used](const auto& entry) { return !used[static_cast<size_t>(entry.first)]; });
}

} // namespace

struct Session::State {
    std::shared_ptr<const Model> model;
    SessionOptions options;
    const Backend* device = nullptr;
    std::vector<ValueId> inputs;
    std::vector<TypeInfo> inputTypes;
    std::vector<NodePlacement> placements;
    std::optional<Executor> executor;
};

Session::Session(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<const Model> model, SessionOptions options,
                                                 JobContext& job)
{
    auto state = std::make_unique<State>();
    TRY_ASSIGN(state->device, findBackend(options.device));
    state->device->setThreads(options.threads);
    state->model = std::move(model);
    state->options = std::move(options);
    const Graph& graph = state->model->graph;
    state->inputs = graph.requiredInputs();
    for (const ValueId id : state->inputs)
        state->inputTypes.push_back(withDims(graph.value(id).type, state->options.dims));

    SessionBuilder builder(*state->model, state->options, *state->device, job);
    TRY(builder.build());
    // Graph outputs may be initializers themselves.
    for (const ValueId id : graph.outputs) {
        const TensorRef* initializer = graph.initializerOf(id);
        if (!initializer || builder.constants.contains(id))
            continue;
        TRY_ASSIGN(builder.constants[id], initializer->load());
    }
    dropUnused(graph, builder.steps, builder.constants);
    state->placements = std::move(builder.placements);
    state->executor.emplace(graph, std::move(builder.steps), std::move(builder.constants));
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

const Model& Session::model() const { return *m_state->model; }

const SessionOptions& Session::options() const { return m_state->options; }

const std::vector<ValueId>& Session::inputs() const { return m_state->inputs; }

const TypeInfo& Session::inputType(size_t index) const { return m_state->inputTypes[index]; }

const std::vector<NodePlacement>& Session::placements() const { return m_state->placements; }

Result<RunResult> Session::run(std::span<const Value> inputs, const RunOptions& options, JobContext& job)
{
    const Graph& graph = m_state->model->graph;
    if (inputs.size() != m_state->inputs.size())
        return makeError(ErrorCode::InvalidArgument, "expected " + std::to_string(m_state->inputs.size()) +
                                                         " inputs, found " + std::to_string(inputs.size()));
    for (size_t i = 0; i < inputs.size(); ++i)
        TRY(checkInput(graph.value(m_state->inputs[i]).name, m_state->inputTypes[i], inputs[i]));
    m_state->device->setThreads(m_state->options.threads);
    return m_state->executor->run(m_state->inputs, inputs, options, job);
}

} // namespace lapidary

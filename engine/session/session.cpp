// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/session.h"

#include "engine/ops/function_body.h"
#include "engine/session/backends.h"
#include "engine/session/graph_compiler.h"
#include "engine/session/inputs.h"

namespace lapidary {

namespace {

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

} // namespace

struct Session::State {
    std::shared_ptr<const Model> model;
    SessionOptions options;
    CompileTarget target;
    std::vector<ValueId> inputs;
    std::vector<TypeInfo> inputTypes;
    CompiledGraph graph;
};

Session::Session(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<const Model> model, SessionOptions options,
                                                 JobContext& job)
{
    auto state = std::make_unique<State>();
    TRY_ASSIGN(state->target.device, findBackend(options.device));
    state->target.device->setThreads(options.threads);
    state->target.precision = options.precision;
    state->target.dims = options.dims;
    state->target.passes = options.passes;
    state->model = std::move(model);
    state->options = std::move(options);
    if (expandedNodeCount(*state->model) > largestExpandedNodeCount)
        return makeError(ErrorCode::InvalidModel,
                         "the model's functions call each other without end or too often: more than " +
                             std::to_string(static_cast<int64_t>(largestExpandedNodeCount)) + " nodes");
    const Graph& graph = state->model->graph;
    state->inputs = graph.requiredInputs();
    for (const ValueId id : state->inputs)
        state->inputTypes.push_back(withDims(graph.value(id).type, state->options.dims));
    const GraphEnvironment environment{state->model.get(), state->model->opsets, {}, 0};
    TRY_ASSIGN(state->graph, compileGraph(graph, environment, {}, state->target, job));
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

const Model& Session::model() const { return *m_state->model; }

const SessionOptions& Session::options() const { return m_state->options; }

const std::vector<ValueId>& Session::inputs() const { return m_state->inputs; }

const TypeInfo& Session::inputType(size_t index) const { return m_state->inputTypes[index]; }

const std::vector<NodePlacement>& Session::placements() const { return m_state->graph.placements; }

const std::vector<PassReport>& Session::passes() const { return m_state->graph.passes; }

Result<RunResult> Session::run(std::span<const Value> inputs, const RunOptions& options, JobContext& job)
{
    const Graph& graph = m_state->model->graph;
    if (inputs.size() != m_state->inputs.size())
        return makeError(ErrorCode::InvalidArgument, "expected " + std::to_string(m_state->inputs.size()) +
                                                         " inputs, found " + std::to_string(inputs.size()));
    for (size_t i = 0; i < inputs.size(); ++i)
        TRY(checkInput(graph.value(m_state->inputs[i]).name, m_state->inputTypes[i], inputs[i]));
    m_state->target.device->setThreads(m_state->options.threads);
    TRY_ASSIGN(RunResult result, m_state->graph.executor->run(m_state->inputs, inputs, options, job));
    for (NodeTiming& timing : result.profile.nodes) {
        if (m_state->graph.origins.empty())
            break;
        const auto step = static_cast<size_t>(timing.node);
        timing.node = m_state->graph.origins[step];
        if (m_state->graph.isAdded[step])
            timing.implementation = "layout, " + timing.implementation;
    }
    return result;
}

} // namespace lapidary

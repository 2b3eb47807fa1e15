// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/graph_kernels.h"

#include "engine/ops/function_body.h"

#include <algorithm>

namespace lapidary {

namespace {

class CompiledBody final : public Body {
public:
    // captures: which of the node's captures this body reads (by number), and under which id.
    CompiledBody(const Graph& graph, CompiledGraph compiled, std::vector<std::pair<size_t, ValueId>> captures)
        : m_inputCount(graph.inputs.size()),
          m_compiled(std::move(compiled)),
          m_ids(graph.inputs),
          m_captures(std::move(captures))
    {
        for (const auto& [number, id] : m_captures)
            m_ids.push_back(id);
    }

    Result<std::vector<Value>> run(std::span<const Value> inputs, std::span<const Value* const> captures,
                                   const JobContext& job) override
    {
        if (inputs.size() != m_inputCount)
            return makeError(ErrorCode::InvalidModel, "the graph inside the node has " +
                                                          std::to_string(m_inputCount) + " inputs, but " +
                                                          std::to_string(inputs.size()) + " are given");
        m_values.assign(inputs.begin(), inputs.end());
        for (const auto& [number, id] : m_captures)
            m_values.push_back(*captures[number]);
        JobContext silent(job.stopToken(), {});
        auto result = m_compiled.executor->run(m_ids, m_values, {}, silent);
        m_values.clear(); // the graph around may use their memory again
        if (!result.ok())
            return std::move(result).error();
        return std::move(result->outputs);
    }

    const std::vector<TypeInfo>& outputTypes() const override { return m_compiled.outputTypes; }

private:
    size_t m_inputCount;
    CompiledGraph m_compiled;
    std::vector<ValueId> m_ids; // of the inputs, then of the captures
    std::vector<std::pair<size_t, ValueId>> m_captures;
    std::vector<Value> m_values;
};

class SessionBodyCompiler final : public BodyCompiler {
public:
    SessionBodyCompiler(GraphEnvironment inside, std::vector<std::string> captureNames,
                        const CompileTarget& target)
        : m_environment(std::move(inside)), m_captureNames(std::move(captureNames)), m_target(target)
    {
    }

    Result<std::unique_ptr<Body>> compile(const Graph& body,
                                          std::span<const TypeInfo> inputTypes) const override
    {
        std::vector<KnownValue> inputs;
        for (const TypeInfo& type : inputTypes)
            inputs.push_back({type, Tensor(), {}});
        JobContext job;
        TRY_ASSIGN(CompiledGraph compiled, compileGraph(body, m_environment, inputs, m_target, job));
        return std::unique_ptr<Body>(
            std::make_unique<CompiledBody>(body, std::move(compiled), captures(body)));
    }

private:
    std::vector<std::pair<size_t, ValueId>> captures(const Graph& body) const
    {
        std::vector<std::pair<size_t, ValueId>> pairs;
        for (size_t i = 0; i < m_captureNames.size(); ++i) {
            const ValueId id = body.findValue(m_captureNames[i]);
            if (id != noValue && body.value(id).isOuter)
                pairs.emplace_back(i, id);
        }
        return pairs;
    }

    GraphEnvironment m_environment;
    std::vector<std::string> m_captureNames;
    const CompileTarget& m_target;
};

class FunctionCall final : public Kernel {
public:
    FunctionCall(std::string name, std::shared_ptr<const Graph> graph, CompiledGraph compiled)
        : m_name(std::move(name)),
          m_graph(std::move(graph)),
          m_body(*m_graph, std::move(compiled), {}),
          m_inputs(m_graph->inputs.size())
    {
    }

    std::string implementation() const override { return "function of the model"; }

    Status run(KernelContext& context) override
    {
        for (size_t i = 0; i < m_inputs.size(); ++i)
            m_inputs[i] = i < context.inputCount() ? context.input(i) : Value();
        auto outputs = m_body.run(m_inputs, {}, context.job());
        std::fill(m_inputs.begin(), m_inputs.end(), Value());
        if (!outputs.ok())
            return std::move(outputs).error().at("function " + m_name);
        for (size_t i = 0; i < std::min(outputs->size(), context.outputCount()); ++i)
            context.setOutput(i, std::move((*outputs)[i]));
        return {};
    }

private:
    std::string m_name;
    std::shared_ptr<const Graph> m_graph;
    CompiledBody m_body;
    std::vector<Value> m_inputs;
};

} // namespace

std::shared_ptr<const BodyCompiler>
makeBodyCompiler(GraphEnvironment inside, std::vector<std::string> captureNames, const CompileTarget& target)
{
    return std::make_shared<SessionBodyCompiler>(std::move(inside), std::move(captureNames), target);
}

Result<std::unique_ptr<Kernel>> makeFunctionCall(const Function& function, const Node& call,
                                                 const GraphEnvironment& outside,
                                                 std::span<const KnownValue> inputs,
                                                 const CompileTarget& target, JobContext& job)
{
    const auto graph = std::make_shared<const Graph>(functionBody(function, call));
    if (call.inputs.size() > graph->inputs.size())
        return makeError(ErrorCode::InvalidModel,
                         "function " + function.name + " has " + std::to_string(graph->inputs.size()) +
                             " inputs, but the call gives " + std::to_string(call.inputs.size()));
    const GraphEnvironment inside{outside.model, function.opsets, {}, outside.depth + 1};
    auto compiled = compileGraph(*graph, inside, inputs, target, job);
    if (!compiled.ok())
        return std::move(compiled).error().at("function " + function.name);
    return std::unique_ptr<Kernel>(
        std::make_unique<FunctionCall>(function.name, graph, std::move(compiled).value()));
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// If, Loop, SequenceMap: kernels that run the graphs inside their node. The session makes these ready.
#include "engine/ops/control_flow.h"

#include "engine/cpu/kernels/body.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/tensor_slices.h"

#include <limits>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

Result<bool> condition(const Value& value, const char* name)
{
    const Tensor* tensor = value.tensor();
    if (!tensor || tensor->type() != DataType::Bool || tensor->count() != 1)
        return makeError(ErrorCode::ShapeMismatch,
                         std::string(name) + " must be one bool, found " + describe(value));
    return *tensor->data<bool>();
}

class IfKernel final : public Kernel {
public:
    IfKernel(std::unique_ptr<Body> thenBranch, std::unique_ptr<Body> elseBranch)
        : m_then(std::move(thenBranch)), m_else(std::move(elseBranch))
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        if (!context.hasInput(0))
            return makeError(ErrorCode::ShapeMismatch, "If has no condition");
        TRY_ASSIGN(const bool chosen, condition(context.input(0), "the condition"));
        auto outputs = (chosen ? *m_then : *m_else).run({}, context.captures(), context.job());
        if (!outputs.ok())
            return std::move(outputs).error().at(chosen ? "then_branch" : "else_branch");
        return setOutputs(context, std::move(outputs).value());
    }

private:
    std::unique_ptr<Body> m_then;
    std::unique_ptr<Body> m_else;
};

KernelResult createIf(const KernelRequest& request)
{
    TRY_ASSIGN(auto thenBranch, compileBody(request, "then_branch", {}));
    TRY_ASSIGN(auto elseBranch, compileBody(request, "else_branch", {}));
    return std::unique_ptr<Kernel>(std::make_unique<IfKernel>(std::move(thenBranch), std::move(elseBranch)));
}

class LoopKernel final : public Kernel {
public:
    LoopKernel(const LoopLayout& layout, std::unique_ptr<Body> body)
        : m_layout(layout), m_body(std::move(body))
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        int64_t limit = std::numeric_limits<int64_t>::max();
        if (context.hasInput(0)) {
            TRY_ASSIGN(limit, integerInput(context, 0));
        }
        bool goOn = true;
        if (context.inputCount() > 1 && context.hasInput(1)) {
            TRY_ASSIGN(goOn, condition(context.input(1), "the condition"));
        }
        std::vector<Value> inputs(2 + m_layout.stateCount);
        for (size_t i = 0; i < m_layout.stateCount; ++i)
            inputs[2 + i] = context.input(2 + i);
        std::vector<std::vector<Tensor>> scans(m_layout.scanOutputCount);
        for (int64_t iteration = 0; goOn && iteration < limit; ++iteration) {
            if (context.stopRequested())
                return cancelled();
            inputs[0] = Tensor::scalar(iteration);
            inputs[1] = Tensor::scalar(true);
            auto outputs = m_body->run(inputs, context.captures(), context.job());
            if (!outputs.ok())
                return std::move(outputs).error().at("iteration " + std::to_string(iteration));
            TRY_ASSIGN(goOn, condition((*outputs)[0], "the condition that the body gives"));
            for (size_t i = 0; i < m_layout.stateCount; ++i)
                inputs[2 + i] = std::move((*outputs)[1 + i]);
            TRY(keepTensors(std::span(*outputs).subspan(1 + m_layout.stateCount), scans));
        }
        return finish(context, std::move(inputs), scans);
    }

private:
    Status finish(KernelContext& context, std::vector<Value> states,
                  const std::vector<std::vector<Tensor>>& scans) const
    {
        std::vector<Value> outputs(std::make_move_iterator(states.begin() + 2),
                                   std::make_move_iterator(states.end()));
        for (size_t i = 0; i < scans.size(); ++i) {
            TRY_ASSIGN(Tensor whole,
                       stackOrEmpty(scans[i], 0, m_body->outputTypes()[1 + m_layout.stateCount + i]));
            outputs.emplace_back(std::move(whole));
        }
        return setOutputs(context, std::move(outputs));
    }

    LoopLayout m_layout;
    std::unique_ptr<Body> m_body;
};

KernelResult createLoop(const KernelRequest& request)
{
    TRY_ASSIGN(const LoopLayout layout, loopLayout(*request.node));
    std::vector<TypeInfo> inputTypes{TypeInfo::tensor(DataType::Int64, Shape()),
                                     TypeInfo::tensor(DataType::Bool, Shape())};
    for (size_t i = 0; i < layout.stateCount; ++i)
        inputTypes.push_back(withoutShape(request.inputTypes[2 + i]));
    TRY_ASSIGN(auto body, compileBody(request, "body", inputTypes));
    return std::unique_ptr<Kernel>(std::make_unique<LoopKernel>(layout, std::move(body)));
}

class SequenceMapKernel final : public Kernel {
public:
    explicit SequenceMapKernel(std::unique_ptr<Body> body) : m_body(std::move(body)) {}

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        const Sequence* first = context.hasInput(0) ? context.input(0).sequence() : nullptr;
        if (!first)
            return makeError(ErrorCode::ShapeMismatch, "input 0 of SequenceMap must be a sequence");
        std::vector<Sequence> results(m_body->outputTypes().size());
        for (size_t i = 0; i < results.size(); ++i)
            results[i].elementType = withoutShape(m_body->outputTypes()[i]);
        std::vector<Value> inputs(context.inputCount());
        for (size_t item = 0; item < first->items.size(); ++item) {
            TRY(takeItems(context, item, first->items.size(), inputs));
            auto outputs = m_body->run(inputs, context.captures(), context.job());
            if (!outputs.ok())
                return std::move(outputs).error().at("item " + std::to_string(item));
            for (size_t i = 0; i < results.size(); ++i)
                results[i].items.push_back(std::move((*outputs)[i]));
        }
        std::vector<Value> outputs;
        for (Sequence& sequence : results)
            outputs.emplace_back(std::move(sequence));
        return setOutputs(context, std::move(outputs));
    }

private:
    // Sequences give their item, everything else is the same for all items.
    static Status takeItems(const KernelContext& context, size_t item, size_t count,
                            std::vector<Value>& inputs)
    {
        for (size_t i = 0; i < inputs.size(); ++i) {
            const Sequence* sequence = context.input(i).sequence();
            if (sequence && sequence->items.size() != count)
                return makeError(ErrorCode::ShapeMismatch,
                                 "input " + std::to_string(i) + " must have " + std::to_string(count) +
                                     " items like input 0, found " + std::to_string(sequence->items.size()));
            inputs[i] = sequence ? sequence->items[item] : context.input(i);
        }
        return {};
    }

    std::unique_ptr<Body> m_body;
};

KernelResult createSequenceMap(const KernelRequest& request)
{
    std::vector<TypeInfo> inputTypes;
    for (const TypeInfo& type : request.inputTypes) {
        const bool isSequence = type.kind == TypeInfo::Kind::Sequence && type.element;
        inputTypes.push_back(withoutShape(isSequence ? *type.element : type.isTensor() ? type : TypeInfo()));
    }
    TRY_ASSIGN(auto body, compileBody(request, "body", inputTypes));
    return std::unique_ptr<Kernel>(std::make_unique<SequenceMapKernel>(std::move(body)));
}

} // namespace

std::span<const KernelRow> controlFlowKernels()
{
    static constexpr KernelRow rows[] = {
        {"", "If", 1, newestOpset, "plain", createIf},
        {"", "Loop", 1, newestOpset, "plain", createLoop},
        {"", "Scan", 8, newestOpset, "plain", createScan},
        {"", "SequenceMap", 17, newestOpset, "plain", createSequenceMap},
    };
    return rows;
}

} // namespace lapidary

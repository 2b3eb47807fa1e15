// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/inner_kernel.h"

#include "engine/backend/backend.h"
#include "engine/cpu/kernel_table.h"

namespace lapidary {

namespace {

class KernelAround final : public Kernel {
public:
    KernelAround(std::unique_ptr<Kernel> inner, AroundFunction run)
        : m_inner(std::move(inner)), m_run(std::move(run))
    {
    }
    Status run(KernelContext& context) override { return m_run(context, *m_inner); }
    std::string implementation() const override { return m_inner->implementation(); }

private:
    std::unique_ptr<Kernel> m_inner;
    AroundFunction m_run;
};

} // namespace

std::unique_ptr<Kernel> kernelAround(std::unique_ptr<Kernel> inner, AroundFunction run)
{
    return std::make_unique<KernelAround>(std::move(inner), std::move(run));
}

Result<std::unique_ptr<Kernel>> createInnerKernel(const KernelRequest& outer, const InnerNode& inner,
                                                  KernelFactory create)
{
    Node node;
    node.name = outer.node->name;
    node.opType = inner.opType;
    node.domain = inner.domain;
    node.attributes = inner.attributes;
    KernelRequest request;
    request.model = outer.model;
    request.graph = outer.graph;
    request.node = &node;
    request.opsetVersion = inner.opset;
    for (size_t i = 0; i < inner.inputTypes.size(); ++i) {
        const DataType type = inner.inputTypes[i];
        node.inputs.push_back(type == DataType::Undefined ? noValue : static_cast<ValueId>(i));
        request.inputTypes.push_back(type == DataType::Undefined ? TypeInfo() : TypeInfo::tensor(type));
    }
    for (size_t i = 0; i < inner.outputCount; ++i)
        node.outputs.push_back(static_cast<ValueId>(inner.inputTypes.size() + i));
    request.constantInputs = inner.constants;
    request.constantInputs.resize(inner.inputTypes.size());
    return create ? create(request) : createFromTable(cpuKernelTable(), request);
}

Result<std::vector<Value>> runInnerKernel(Kernel& kernel, const std::vector<Value>& inputs,
                                          const JobContext& job, size_t outputCount)
{
    std::vector<const Value*> pointers;
    pointers.reserve(inputs.size());
    for (const Value& input : inputs)
        pointers.push_back(&input);
    std::vector<Value> outputs(outputCount);
    KernelContext context(pointers, outputs, job);
    TRY(kernel.run(context));
    if (outputs.empty() || !outputs[0].isTensor())
        return makeError(ErrorCode::Internal, "an inner kernel gave no tensor");
    return outputs;
}

Status runWithInput(Kernel& kernel, KernelContext& context, size_t index, Value input)
{
    std::vector<const Value*> inputs;
    for (size_t i = 0; i < context.inputCount(); ++i)
        inputs.push_back(i == index ? &input : &context.input(i));
    std::vector<Value> outputs(context.outputCount());
    KernelContext inner(inputs, outputs, context.job(), context.captures());
    TRY(kernel.run(inner));
    for (size_t i = 0; i < outputs.size(); ++i)
        context.setOutput(i, std::move(outputs[i]));
    return {};
}

Result<Tensor> runInnerKernelOnce(Kernel& kernel, const std::vector<Value>& inputs, const JobContext& job)
{
    TRY_ASSIGN(std::vector<Value> outputs, runInnerKernel(kernel, inputs, job));
    return std::move(*outputs[0].tensor());
}

} // namespace lapidary

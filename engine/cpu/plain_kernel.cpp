// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/plain_kernel.h"

namespace lapidary {

namespace {

class PlainKernel : public Kernel {
public:
    PlainKernel(KernelFunction run, std::string implementation)
        : m_run(std::move(run)), m_implementation(std::move(implementation))
    {
    }
    Status run(KernelContext& context) override { return m_run(context); }
    std::string implementation() const override { return m_implementation; }

private:
    KernelFunction m_run;
    std::string m_implementation;
};

} // namespace

std::unique_ptr<Kernel> plainKernel(KernelFunction run, std::string implementation)
{
    return std::make_unique<PlainKernel>(std::move(run), std::move(implementation));
}

Status requireInputs(const KernelContext& context, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (!context.hasInput(i))
            return makeError(ErrorCode::InvalidModel, "input " + std::to_string(i) +
                                                          " is missing; expected " + std::to_string(count) +
                                                          " inputs");
        if (!context.input(i).isTensor())
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(i) +
                                                           " must be a tensor, found " +
                                                           describe(context.input(i)));
    }
    return {};
}

} // namespace lapidary

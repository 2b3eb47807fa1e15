// SPDX-License-Identifier: GPL-3.0-or-later
// An optional is its value; an absent one is a Value without content.
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

KernelResult createOptional(const KernelRequest& request)
{
    const Node& node = *request.node;
    const bool given = !node.inputs.empty() && node.inputs[0] != noValue;
    if (!given && !node.attribute("type"))
        return makeError(ErrorCode::InvalidModel, "Optional needs an input or the attribute type");
    return plainKernel([](KernelContext& context) -> Status {
        context.setOutput(0, context.hasInput(0) ? context.input(0) : Value());
        return {};
    });
}

KernelResult createOptionalHasElement(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        context.setOutput(0, Tensor::scalar(context.hasInput(0)));
        return {};
    });
}

KernelResult createOptionalGetElement(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        if (!context.hasInput(0))
            return makeError(ErrorCode::InvalidArgument, "the optional is absent: it has no element to get");
        context.setOutput(0, context.input(0));
        return {};
    });
}

constexpr KernelRow rows[] = {
    {"", "Optional", 15, newestOpset, "plain", createOptional},
    {"", "OptionalHasElement", 15, newestOpset, "plain", createOptionalHasElement},
    {"", "OptionalGetElement", 15, newestOpset, "plain", createOptionalGetElement},
};

} // namespace

std::span<const KernelRow> optionalKernels() { return rows; }

} // namespace lapidary

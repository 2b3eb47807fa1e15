// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/convert_type.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Result<std::unique_ptr<Kernel>> createCast(const KernelRequest& request)
{
    const DataType to = typeAttribute(*request.node, "to");
    if (to == DataType::Undefined)
        return makeError(ErrorCode::InvalidModel, "Cast names no element type that ONNX knows");
    const bool saturate = request.node->intAttribute("saturate", 1) != 0;
    return plainKernel([to, saturate](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(Tensor result, convertType(context.tensor(0), to, saturate));
        context.setOutput(0, std::move(result));
        return {};
    });
}

Result<std::unique_ptr<Kernel>> createCastLike(const KernelRequest& request)
{
    const bool saturate = request.node->intAttribute("saturate", 1) != 0;
    return plainKernel([saturate](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        TRY_ASSIGN(Tensor result, convertType(context.tensor(0), context.tensor(1).type(), saturate));
        context.setOutput(0, std::move(result));
        return {};
    });
}

constexpr KernelRow rows[] = {
    {"", "Cast", 1, newestOpset, "plain", createCast},
    {"", "CastLike", 15, newestOpset, "plain", createCastLike},
};

} // namespace

std::span<const KernelRow> castKernels() { return rows; }

} // namespace lapidary

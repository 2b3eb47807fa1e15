// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/convert_type.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

CastOptions castOptions(const Node& node)
{
    const std::string rounding = node.stringAttribute("round_mode", "up"); // since opset 24
    return {node.intAttribute("saturate", 1) != 0, rounding == "down"      ? ScaleRounding::Down
                                                   : rounding == "nearest" ? ScaleRounding::Nearest
                                                                           : ScaleRounding::Up};
}

Result<std::unique_ptr<Kernel>> createCast(const KernelRequest& request)
{
    const DataType to = typeAttribute(*request.node, "to");
    if (to == DataType::Undefined)
        return makeError(ErrorCode::InvalidModel, "Cast names no element type that ONNX knows");
    const CastOptions options = castOptions(*request.node);
    return plainKernel([to, options](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(Tensor result, convertType(context.tensor(0), to, options));
        context.setOutput(0, std::move(result));
        return {};
    });
}

Result<std::unique_ptr<Kernel>> createCastLike(const KernelRequest& request)
{
    const CastOptions options = castOptions(*request.node);
    return plainKernel([options](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        TRY_ASSIGN(Tensor result, convertType(context.tensor(0), context.tensor(1).type(), options));
        context.setOutput(0, std::move(result));
        return {};
    });
}

// The same bytes under another type of the same width.
Result<std::unique_ptr<Kernel>> createBitCast(const KernelRequest& request)
{
    const DataType to = typeAttribute(*request.node, "to");
    return plainKernel([to](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (bitWidth(to) == 0 || bitWidth(x.type()) != bitWidth(to))
            return makeError(ErrorCode::ShapeMismatch, "BitCast needs types of the same width, found " +
                                                           std::string(dataTypeName(x.type())) + " and " +
                                                           std::string(dataTypeName(to)));
        const auto owner = std::make_shared<const Tensor>(x);
        context.setOutput(0, Tensor::view(to, x.dims(), x.bytes(), owner));
        return {};
    });
}

constexpr KernelRow rows[] = {
    {"", "Cast", 1, newestOpset, "plain", createCast},
    {"", "CastLike", 15, newestOpset, "plain", createCastLike},
    {"", "BitCast", 26, newestOpset, "plain", createBitCast},
};

} // namespace

std::span<const KernelRow> castKernels() { return rows; }

} // namespace lapidary

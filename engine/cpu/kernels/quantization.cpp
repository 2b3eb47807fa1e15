// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/elementwise.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/quantize.h"
#include "engine/ops/infer.h"

#include <cmath>

namespace lapidary {

namespace {

// The type of the codes: the zero point's, or the attribute's, or uint8.
Result<DataType> codeType(const KernelContext& context, DataType named)
{
    if (!context.hasInput(2))
        return named == DataType::Undefined ? DataType::UInt8 : named;
    const DataType type = context.tensor(2).type();
    if (named != DataType::Undefined && named != type)
        return makeError(ErrorCode::ShapeMismatch,
                         "zero point: expected " + std::string(dataTypeName(named)) +
                             " as attribute 'output_dtype' says, found " + std::string(dataTypeName(type)));
    return type;
}

Result<std::unique_ptr<Kernel>> createQuantizeLinear(const KernelRequest& request)
{
    const Node& node = *request.node;
    const QuantizeOptions options{scaleAxisOf(node), typeAttribute(node, "precision"),
                                  node.intAttribute("saturate", 1) != 0};
    const DataType named = typeAttribute(node, "output_dtype");
    return plainKernel([options, named](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        TRY_ASSIGN(const DataType type, codeType(context, named));
        const Tensor zeroPoint = context.hasInput(2) ? context.tensor(2) : Tensor();
        TRY_ASSIGN(Tensor y, quantizeLinear(context.tensor(0), context.tensor(1), zeroPoint, type, options));
        context.setOutput(0, std::move(y));
        return {};
    });
}

Result<std::unique_ptr<Kernel>> createDequantizeLinear(const KernelRequest& request)
{
    const ScaleAxis along = scaleAxisOf(*request.node);
    const DataType named = typeAttribute(*request.node, "output_dtype");
    return plainKernel([along, named](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const DataType type = named == DataType::Undefined ? context.tensor(1).type() : named;
        const Tensor zeroPoint = context.hasInput(2) ? context.tensor(2) : Tensor();
        TRY_ASSIGN(Tensor y, dequantizeLinear(context.tensor(0), context.tensor(1), zeroPoint, type, along));
        context.setOutput(0, std::move(y));
        return {};
    });
}

Status dynamicQuantizeLinear(KernelContext& context)
{
    TRY(requireTensors(context, {0}, DataType::Float));
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::UInt8, x.dims()));
    const DynamicQuantization found = dynamicQuantization(x.values<float>());
    auto* codes = y->mutableData<uint8_t>();
    mapElements(x.data<float>(), codes, x.count(), cheapGrain,
                [code = ToCode<float>(codeRange(DataType::UInt8), found.zeroPoint),
                 scale = found.scale](float value) { return static_cast<uint8_t>(code(value / scale)); });
    if (context.outputCount() > 1)
        context.setOutput(1, Tensor::scalar(found.scale));
    if (context.outputCount() > 2)
        context.setOutput(2, Tensor::scalar(found.zeroPoint));
    return {};
}

Result<std::unique_ptr<Kernel>> createDynamicQuantizeLinear(const KernelRequest&)
{
    return plainKernel(dynamicQuantizeLinear);
}

constexpr KernelRow rows[] = {
    {"", "QuantizeLinear", 10, newestOpset, "plain", createQuantizeLinear},
    {"", "DequantizeLinear", 10, newestOpset, "plain", createDequantizeLinear},
    {"", "DynamicQuantizeLinear", 11, newestOpset, "plain", createDynamicQuantizeLinear},
    {"com.microsoft", "QuantizeLinear", 1, newestOpset, "plain", createQuantizeLinear},
    {"com.microsoft", "DequantizeLinear", 1, newestOpset, "plain", createDequantizeLinear},
};

} // namespace

std::span<const KernelRow> quantizationKernels() { return rows; }

} // namespace lapidary

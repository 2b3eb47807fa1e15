// SPDX-License-Identifier: GPL-3.0-or-later
// QLinear operators: the float operator of the name between dequantized inputs and a quantized output.
// A quantized tensor is three inputs in a row: codes, scale, zero point.
#include "engine/cpu/channels_last.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/quantize.h"

namespace lapidary {

namespace {

struct QLinearPlan {
    size_t passed = 0;             // so many inputs stay as they are, before the quantized ones
    std::vector<size_t> quantized; // where each quantized input begins
    size_t output = 0;             // where the output's scale and zero point are
    bool isUnary = false;          // each element alone decides its result
    bool isChannelsLast = false;
};

QLinearPlan planOf(const Node& node, std::string_view inner)
{
    QLinearPlan plan;
    plan.isUnary = inner == "Sigmoid" || inner == "LeakyRelu";
    plan.isChannelsLast = node.intAttribute("channels_last", 0) != 0;
    if (inner == "Concat") {
        for (size_t i = 2; i < node.inputs.size(); i += 3)
            plan.quantized.push_back(i);
    } else if (inner == "Where") {
        plan.passed = 1;
        plan.quantized = {1, 4};
        plan.output = 7;
    } else if (inner == "Add" || inner == "Mul") {
        plan.quantized = {0, 3};
        plan.output = 6;
    } else {
        plan.quantized = {0};
        plan.output = 3;
    }
    return plan;
}

Tensor optionalTensor(const KernelContext& context, size_t index)
{
    return context.hasInput(index) ? context.tensor(index) : Tensor();
}

// The quantized output of the operator for these codes, which stand for the first quantized input.
Result<Tensor> quantizedResult(KernelContext& context, Kernel& inner, const QLinearPlan& plan,
                               const Tensor& codes)
{
    std::vector<Value> inputs;
    for (size_t i = 0; i < plan.passed; ++i)
        inputs.push_back(context.input(i));
    for (const size_t first : plan.quantized) {
        TRY_ASSIGN(Tensor real, dequantizeLinear(first == plan.quantized[0] ? codes : context.tensor(first),
                                                 context.tensor(first + 1),
                                                 optionalTensor(context, first + 2), DataType::Float, {}));
        inputs.push_back(std::move(real));
    }
    TRY_ASSIGN(const Tensor real, runInnerKernelOnce(inner, inputs, context.job()));
    const Tensor zeroPoint = optionalTensor(context, plan.output + 1);
    return quantizeLinear(real, context.tensor(plan.output), zeroPoint,
                          plan.output == 0 ? zeroPoint.type() : codes.type(), {});
}

// The result for each of the 256 codes, looked up for every element.
Result<Tensor> byTable(KernelContext& context, Kernel& inner, const QLinearPlan& plan, const Tensor& codes)
{
    TRY_ASSIGN(Tensor all, Tensor::allocate(codes.type(), {256}));
    for (int code = 0; code < 256; ++code)
        all.mutableData<uint8_t>()[code] = static_cast<uint8_t>(code);
    TRY_ASSIGN(const Tensor table, quantizedResult(context, inner, plan, all));
    TRY_ASSIGN(Tensor y, Tensor::allocate(table.type(), codes.dims()));
    mapElements(codes.data<uint8_t>(), y.mutableData<uint8_t>(), codes.count(), cheapGrain,
                [values = table.data<uint8_t>()](uint8_t code) { return values[code]; });
    return y;
}

Status requirePlan(const KernelContext& context, const QLinearPlan& plan)
{
    if (plan.quantized.empty())
        return makeError(ErrorCode::InvalidModel, "the node has no quantized input");
    std::vector<size_t> required{plan.output};
    if (plan.output == 0)
        required.push_back(1); // its type is the output's
    for (size_t i = 0; i < plan.passed; ++i)
        required.push_back(i);
    for (const size_t first : plan.quantized)
        required.insert(required.end(), {first, first + 1});
    for (const size_t index : required) {
        if (!context.hasInput(index) || !context.input(index).isTensor())
            return makeError(ErrorCode::InvalidModel,
                             "input " + std::to_string(index) + " is missing or no tensor");
    }
    for (const size_t first : plan.quantized) {
        if (bitWidth(context.tensor(first).type()) != 8)
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(first) +
                                                           ": expected uint8 or int8, found " +
                                                           describe(context.input(first)));
    }
    return {};
}

Status runQLinear(KernelContext& context, Kernel& inner, const QLinearPlan& plan)
{
    TRY(requirePlan(context, plan));
    Tensor codes = context.tensor(plan.quantized[0]);
    if (plan.isChannelsLast) {
        TRY_ASSIGN(codes, channelsFirst(codes));
    }
    const bool useTable = plan.isUnary && codes.count() > 256;
    TRY_ASSIGN(Tensor y, useTable ? byTable(context, inner, plan, codes)
                                  : quantizedResult(context, inner, plan, codes));
    if (plan.isChannelsLast) {
        TRY_ASSIGN(y, channelsLast(y));
    }
    context.setOutput(0, std::move(y));
    return {};
}

Result<std::unique_ptr<Kernel>> createQLinear(const KernelRequest& request)
{
    const Node& node = *request.node;
    InnerNode inner{node.opType.substr(std::string_view("QLinear").size()), {}};
    inner.attributes = node.attributes;
    inner.opset = inner.opType == "Softmax"      ? node.intAttribute("opset", 13)
                  : inner.opType == "ReduceMean" ? 13 // axes are an attribute
                                                 : 19;
    const QLinearPlan plan = planOf(node, inner.opType);
    if (inner.opset < 1)
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'opset': expected 1 or more, found " + std::to_string(inner.opset));
    inner.inputTypes.assign(plan.passed, DataType::Bool); // of Where
    inner.inputTypes.insert(inner.inputTypes.end(), plan.quantized.size(), DataType::Float);
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner));
    return kernelAround(std::move(kernel), [plan](KernelContext& context, Kernel& float32) {
        return runQLinear(context, float32, plan);
    });
}

constexpr std::string_view microsoft = "com.microsoft";

constexpr KernelRow rows[] = {
    {microsoft, "QLinearAdd", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearMul", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearSigmoid", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearLeakyRelu", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearSoftmax", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearWhere", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearConcat", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearReduceMean", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearAveragePool", 1, newestOpset, "plain", createQLinear},
    {microsoft, "QLinearGlobalAveragePool", 1, newestOpset, "plain", createQLinear},
};

} // namespace

std::span<const KernelRow> qlinearKernels() { return rows; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// The layer of the name without Q, on dequantized inputs; constant ones are dequantized once.
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/quantize.h"

#include <memory>
#include <optional>

namespace lapidary {

namespace {

// One input of the layer inside: an input of the node, perhaps quantized (then with the numbers of its scale
// and zero point; one for all, or one for each index of axis 1).
struct LayerInput {
    size_t input;
    std::optional<size_t> scale = std::nullopt;
    std::optional<size_t> zeroPoint = std::nullopt;
};

struct Layer {
    std::string_view opType;
    std::vector<LayerInput> inputs;
    size_t typeFrom; // the input whose type the real numbers have
    size_t outputCount;
};

const Layer attention{"Attention", {{0, 3, 6}, {1, 4, 7}, {2}, {5}, {8}}, 2, 2};
const Layer embedding{"EmbedLayerNormalization",
                      {{0}, {1}, {2, 8, 13}, {3, 9, 14}, {4, 10, 15}, {5, 11, 16}, {6, 12, 17}, {7}},
                      8,
                      2};

bool isConnected(const Node& node, size_t input)
{
    return input < node.inputs.size() && node.inputs[input] != noValue;
}

// The constant input as real numbers; empty when a part of it is not constant.
Result<Tensor> constantOf(const KernelRequest& request, const LayerInput& input, DataType type)
{
    const auto constant = [&](size_t i) {
        return i < request.constantInputs.size() ? request.constantInputs[i] : Tensor();
    };
    if (!input.scale)
        return constant(input.input);
    const Tensor zeroPoint = constant(*input.zeroPoint);
    if (constant(input.input).empty() || constant(*input.scale).empty() ||
        (isConnected(*request.node, *input.zeroPoint) && zeroPoint.empty()))
        return Tensor();
    return dequantizeLinear(constant(input.input), constant(*input.scale), zeroPoint, type, {});
}

Result<Value> valueOf(const KernelContext& context, const LayerInput& input, DataType type)
{
    if (!context.hasInput(input.input))
        return Value();
    if (!input.scale)
        return context.input(input.input);
    const Tensor zeroPoint = context.hasInput(*input.zeroPoint) ? context.tensor(*input.zeroPoint) : Tensor();
    TRY_ASSIGN(Tensor real, dequantizeLinear(context.tensor(input.input), context.tensor(*input.scale),
                                             zeroPoint, type, {}));
    return Value(std::move(real));
}

Status runLayer(KernelContext& context, Kernel& kernel, const Layer& layer, DataType type,
                const std::vector<Tensor>& constants)
{
    std::vector<Value> inputs;
    for (size_t i = 0; i < layer.inputs.size(); ++i) {
        if (!constants[i].empty()) {
            inputs.push_back(constants[i]);
            continue;
        }
        TRY_ASSIGN(Value value, valueOf(context, layer.inputs[i], type));
        inputs.push_back(std::move(value));
    }
    const size_t outputCount = std::min(layer.outputCount, context.outputCount());
    TRY_ASSIGN(std::vector<Value> outputs, runInnerKernel(kernel, inputs, context.job(), outputCount));
    for (size_t i = 0; i < outputCount; ++i)
        context.setOutput(i, std::move(outputs[i]));
    return {};
}

Result<std::unique_ptr<Kernel>> createLayer(const KernelRequest& request, const Layer& layer)
{
    const DataType type = request.inputDataType(layer.typeFrom);
    InnerNode inner{std::string(layer.opType), {}};
    inner.domain = "com.microsoft";
    inner.opset = 1;
    inner.attributes = request.node->attributes;
    inner.outputCount = std::min(layer.outputCount, request.node->outputs.size());
    for (const LayerInput& input : layer.inputs) {
        const DataType own = request.inputDataType(input.input);
        const bool isUnknown = own == DataType::Undefined || type == DataType::Undefined;
        if (isConnected(*request.node, input.input) && isUnknown)
            return makeError(ErrorCode::UnsupportedOp,
                             "the type of input " + std::to_string(input.input) + " is not known");
        inner.inputTypes.push_back(own == DataType::Undefined || !input.scale ? own : type);
        TRY_ASSIGN(Tensor constant, constantOf(request, input, type));
        inner.constants.push_back(std::move(constant));
    }
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner));
    return kernelAround(std::move(kernel),
                        [&layer, type, constants = inner.constants](KernelContext& context, Kernel& real) {
                            return runLayer(context, real, layer, type, constants);
                        });
}

Result<std::unique_ptr<Kernel>> createQAttention(const KernelRequest& request)
{
    return createLayer(request, attention);
}

Result<std::unique_ptr<Kernel>> createQEmbedLayerNormalization(const KernelRequest& request)
{
    return createLayer(request, embedding);
}

constexpr KernelRow rows[] = {
    {"com.microsoft", "QAttention", 1, newestOpset, "plain", createQAttention},
    {"com.microsoft", "QEmbedLayerNormalization", 1, newestOpset, "plain", createQEmbedLayerNormalization},
};

} // namespace

std::span<const KernelRow> quantizedTransformerKernels() { return rows; }

} // namespace lapidary

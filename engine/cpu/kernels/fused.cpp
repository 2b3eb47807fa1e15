// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/fused.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/epilogue.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/parallel.h"

namespace lapidary {

namespace {

const Attribute approximation = makeAttribute("approximate", std::string("tanh"));

using Planner = FusedPlan (*)(const Node&, const KernelContext&);

FusedPlan planGelu(const Node&, const KernelContext&)
{
    FusedPlan plan;
    plan.add("Gelu", {"x0"}, "y0");
    return plan;
}

FusedPlan planQuickGelu(const Node& node, const KernelContext&)
{
    FusedPlan plan;
    plan.add("Swish", {"x0"}, "y0", {makeAttribute("alpha", node.floatAttribute("alpha", 1.702f))});
    return plan;
}

FusedPlan planFastGelu(const Node&, const KernelContext& context)
{
    FusedPlan plan;
    const std::string x = context.hasInput(1) ? plan.add("Add", {"x0", "x1"}, "sum") : "x0";
    plan.add("Gelu", {x}, "y0", {approximation});
    return plan;
}

FusedPlan planBiasGelu(const Node&, const KernelContext&)
{
    FusedPlan plan;
    plan.add("Gelu", {plan.add("Add", {"x0", "x1"}, "sum")}, "y0");
    return plan;
}

FusedPlan planGemmFastGelu(const Node&, const KernelContext& context)
{
    FusedPlan plan;
    std::string value = plan.add("MatMul", {"x0", "x1"}, "product");
    if (context.hasInput(2))
        value = plan.add("Add", {value, "x2"}, "sum");
    plan.add("Gelu", {value}, "y0", {approximation});
    return plan;
}

FusedPlan planBiasAdd(const Node&, const KernelContext&)
{
    FusedPlan plan;
    plan.add("Add", {plan.add("Add", {"x0", "x1"}, "sum"), "x2"}, "y0");
    return plan;
}

// The left half times gelu of the right half.
FusedPlan planBiasSplitGelu(const Node&, const KernelContext&)
{
    FusedPlan plan;
    const std::string sum = plan.add("Add", {"x0", "x1"}, "sum");
    plan.steps.push_back({"Split",
                          {sum},
                          {"left", "right"},
                          {makeAttribute("axis", int64_t{-1}), makeAttribute("num_outputs", int64_t{2})}});
    plan.add("Mul", {"left", plan.add("Gelu", {"right"}, "gate")}, "y0");
    return plan;
}

// All axes from 'axis' on are one, as in Softmax before opset 13.
FusedPlan planBiasSoftmax(const Node& node, const KernelContext&)
{
    FusedPlan plan;
    const std::string sum = plan.add("Add", {"x0", "x1"}, "sum");
    plan.add("Softmax", {sum}, "y0", {makeAttribute("axis", node.intAttribute("axis", 1))}, 11);
    return plan;
}

// data, bias, residual, ratio, training_mode
FusedPlan planBiasDropout(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    std::string value = plan.add("Add", {"x0", "x1"}, "sum");
    plan.steps.push_back({"Dropout", {value, "x3", "x4"}, {"dropped", "y1"}});
    if (const Attribute* seed = node.attribute("seed"))
        plan.steps.back().attributes.push_back(*seed);
    value = "dropped";
    if (context.hasInput(2))
        plan.add("Add", {value, "x2"}, "total");
    else
        plan.steps.back().outputs[0] = "y0";
    return context.hasInput(2) ? endsIn(plan, "y0") : plan;
}

// emb, q, q_rot, k, k_rot
FusedPlan planGemmaRotary(const Node&, const KernelContext&)
{
    FusedPlan plan;
    const std::string heads = plan.constantInts("heads axis", {1});
    const std::string sine = plan.add("Unsqueeze", {plan.add("Sin", {"x0"}, "sin"), heads}, "sines");
    const std::string cosine = plan.add("Unsqueeze", {plan.add("Cos", {"x0"}, "cos"), heads}, "cosines");
    for (const size_t pair : {0, 1}) {
        const std::string state = "x" + std::to_string(1 + 2 * pair);
        const std::string turned = "x" + std::to_string(2 + 2 * pair);
        const std::string real = plan.add("Mul", {state, cosine}, state + " real");
        const std::string imaginary = plan.add("Mul", {turned, sine}, turned + " imaginary");
        plan.add("Add", {real, imaginary}, "y" + std::to_string(pair));
    }
    return plan;
}

template <Planner plan>
Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) {
        return Result<FusedPlan>(plan(node, context));
    });
}

// Outputs that keep float32, and outputs that take the type of another input than the first.
template <KernelFactory factory>
Result<std::unique_ptr<Kernel>> forSkip(const KernelRequest& request)
{
    return createForFloats(request, factory, {0, keepFloat, keepFloat, 0});
}
template <KernelFactory factory>
Result<std::unique_ptr<Kernel>> forEmbedding(const KernelRequest& request)
{
    return createForFloats(request, factory, {2, keepFloat, 2});
}
template <KernelFactory factory>
Result<std::unique_ptr<Kernel>> forRotated(const KernelRequest& request)
{
    return createForFloats(request, factory, {1, 3});
}

// Number index of activation_params of FusedConv, or activation_alpha and _beta of the others.
std::optional<float> activationParameter(const Node& node, size_t index)
{
    if (const Attribute* list = node.attribute("activation_params")) {
        const auto* values = list->as<std::vector<float>>();
        return values && values->size() > index ? std::optional((*values)[index]) : std::nullopt;
    }
    const Attribute* single = node.attribute(index == 0 ? "activation_alpha" : "activation_beta");
    const float* value = single ? single->as<float>() : nullptr;
    return value ? std::optional(*value) : std::nullopt;
}

constexpr KernelRow rows[] = {
    {"com.microsoft", "Gelu", 1, newestOpset, "plain", forFloats<create<planGelu>>},
    {"com.microsoft", "QuickGelu", 1, newestOpset, "plain", forFloats<create<planQuickGelu>>},
    {"com.microsoft", "FastGelu", 1, newestOpset, "plain", forFloats<create<planFastGelu>>},
    {"com.microsoft", "BiasGelu", 1, newestOpset, "plain", forFloats<create<planBiasGelu>>},
    {"com.microsoft", "BiasAdd", 1, newestOpset, "plain", forFloats<create<planBiasAdd>>},
    {"com.microsoft", "BiasSplitGelu", 1, newestOpset, "plain", forFloats<create<planBiasSplitGelu>>},
    {"com.microsoft", "BiasSoftmax", 1, newestOpset, "plain", forFloats<create<planBiasSoftmax>>},
    {"com.microsoft", "BiasDropout", 1, newestOpset, "plain", forFloats<create<planBiasDropout>>},
    {"com.microsoft", "FusedConv", 1, newestOpset, "plain", forFloats<createFusedConv>},
    {"com.microsoft", "ConvTransposeWithDynamicPads", 1, newestOpset, "plain", forFloats<createDynamicPads>},
    {"com.microsoft", "NhwcConv", 1, newestOpset, "plain", forFloats<createFusedConv>},
    {"com.microsoft", "NhwcFusedConv", 1, newestOpset, "plain", forFloats<createFusedConv>},
    // FC of ai.onnx was experimental and left the standard; the first converters and services wrote it.
    {"", "FC", 1, newestOpset, "plain", forFloats<createFullyConnected>},
    {"com.microsoft", "FC", 1, newestOpset, "plain", forFloats<createFullyConnected>},
    {"com.microsoft", "FusedGemm", 1, newestOpset, "plain", forFloats<createFusedGemm>},
    {"com.microsoft", "FusedMatMul", 1, newestOpset, "plain", forFloats<createFusedMatMul>},
    {"com.microsoft", "TransposeMatMul", 1, newestOpset, "plain", forFloats<createFusedMatMul>},
    {"com.microsoft", "FusedMatMulActivation", 1, newestOpset, "plain", forFloats<createFusedMatMul>},
    {"com.microsoft", "GemmFastGelu", 1, newestOpset, "plain", forFloats<create<planGemmFastGelu>>},
    {"com.microsoft", "SkipLayerNormalization", 1, newestOpset, "plain", forSkip<createSkipNormalization>},
    {"com.microsoft", "SkipSimplifiedLayerNormalization", 1, newestOpset, "plain",
     forSkip<createSkipNormalization>},
    {"com.microsoft", "EmbedLayerNormalization", 1, newestOpset, "plain",
     forEmbedding<createEmbedNormalization>},
    {"com.microsoft", "GroupNorm", 1, newestOpset, "plain", forFloats<createGroupNorm>},
    {"com.microsoft", "SkipGroupNorm", 1, newestOpset, "plain", forFloats<createGroupNorm>},
    {"com.microsoft", "GemmaRotaryEmbedding", 1, newestOpset, "plain", forRotated<create<planGemmaRotary>>},
};

} // namespace

Result<std::string> addActivation(FusedPlan& plan, const std::string& activation, std::string value,
                                  std::optional<float> alpha, std::optional<float> beta, const Tensor& like)
{
    if (activation.empty() || activation == "NONE")
        return value;
    const std::string result = "activated";
    for (const char* plain :
         {"Relu", "Tanh", "Sigmoid", "Softplus", "Softsign", "HardSwish", "Gelu", "Swish"}) {
        if (activation == plain)
            return plan.add(activation, {value}, result);
    }
    if (activation == "FastGelu")
        return plan.add("Gelu", {value}, result, {approximation});
    std::vector<Attribute> parameters;
    if (alpha)
        parameters.push_back(makeAttribute("alpha", *alpha));
    if (activation == "LeakyRelu" || activation == "Elu" || activation == "ThresholdedRelu")
        return plan.add(activation, {value}, result, parameters);
    if (beta)
        parameters.push_back(makeAttribute("beta", *beta));
    if (activation == "HardSigmoid")
        return plan.add(activation, {value}, result, parameters);
    if (activation == "Clip") {
        std::string limits[2]; // "": does not limit
        for (const size_t i : {0, 1}) {
            if (const std::optional<float>& limit = i == 0 ? alpha : beta) {
                TRY_ASSIGN(Tensor typed, convertType(Tensor::scalar(*limit), like.type()));
                limits[i] = plan.constant(i == 0 ? "least" : "most", std::move(typed));
            }
        }
        return plan.add("Clip", {value, limits[0], limits[1]}, result);
    }
    return makeError(ErrorCode::UnsupportedOp, "attribute 'activation': '" + activation + "' is not known");
}

Result<std::string> addActivation(FusedPlan& plan, const Node& node, std::string value, const Tensor& like)
{
    return addActivation(plan, node.stringAttribute("activation", ""), std::move(value),
                         activationParameter(node, 0), activationParameter(node, 1), like);
}

void copyResidual(const Tensor& residual, Tensor& y)
{
    if (residual.bytes() == y.bytes())
        return;
    const float* from = residual.data<float>();
    float* to = y.mutableData<float>();
    parallelFor(y.count(), 1 << 16,
                [&](int64_t begin, int64_t end) { std::copy(from + begin, from + end, to + begin); });
}

std::optional<Limits> limitsOf(const Node& node)
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto activation = activationNamed(node.stringAttribute("activation", ""),
                                            node.floatAttribute("activation_alpha", -infinity),
                                            node.floatAttribute("activation_beta", infinity));
    return activation ? limitsOf(*activation) : std::nullopt;
}

FusedPlan& endsIn(FusedPlan& plan, std::string_view output)
{
    plan.steps.back().outputs[0] = output;
    return plan;
}

std::span<const KernelRow> fusedKernels() { return rows; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Normalizations with sums and lookups before them.
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/ops/fused_rules.h"

namespace lapidary {

namespace {

constexpr float skipEpsilon = 1e-12f; // com.microsoft's default

// SkipLayerNormalization: input, skip, gamma, beta, bias; SkipSimplified…: input, skip, gamma, bias.
FusedPlan planSkip(const Node& node, const KernelContext& context)
{
    const bool centers = node.opType == "SkipLayerNormalization";
    const size_t bias = centers ? 4 : 3;
    FusedPlan plan;
    std::string sum = plan.add("Add", {"x0", "x1"}, "sum");
    if (context.hasInput(bias))
        sum = plan.add("Add", {sum, "x" + std::to_string(bias)}, "biased sum");
    if (wantsOutput(node, 3))
        plan.add("Identity", {sum}, "y3");
    const std::vector<Attribute> attributes{
        makeAttribute("epsilon", node.floatAttribute("epsilon", skipEpsilon)),
        makeAttribute("axis", int64_t{-1})};
    if (centers)
        plan.steps.push_back({"LayerNormalization", {sum, "x2", "x3"}, {"y0"}, attributes});
    else
        plan.steps.push_back({"SimplifiedLayerNormalization", {sum, "x2"}, {"y0"}, attributes});
    std::vector<std::string>& outputs = plan.steps.back().outputs;
    if (centers && (wantsOutput(node, 1) || wantsOutput(node, 2)))
        outputs.push_back("y1");
    if (wantsOutput(node, 2))
        outputs.push_back("y2");
    return plan;
}

// input_ids, segment_ids, word, position and segment embeddings, gamma, beta, mask, position_ids
FusedPlan planEmbed(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    std::string sum = plan.add("Gather", {"x2", "x0"}, "words");
    std::string positions;
    if (context.hasInput(8)) {
        positions = plan.add("Gather", {"x3", "x8"}, "positions");
    } else { // the first rows, one for each word
        const std::string zero = plan.constantInts("zero", {0});
        const std::string length =
            plan.add("Shape", {"x0"}, "length",
                     {makeAttribute("start", int64_t{1}), makeAttribute("end", int64_t{2})});
        positions = plan.add("Slice", {"x3", zero, length, zero}, "positions");
    }
    sum = plan.add("Add", {sum, positions}, "words and positions");
    if (context.hasInput(1) && context.hasInput(4)) {
        const std::string segments = plan.add("Gather", {"x4", "x1"}, "segments");
        sum = plan.add("Add", {sum, segments}, "embedding");
    }
    if (wantsOutput(node, 2))
        plan.add("Identity", {sum}, "y2");
    plan.add("LayerNormalization", {sum, "x5", "x6"}, "y0",
             {makeAttribute("epsilon", node.floatAttribute("epsilon", skipEpsilon)),
              makeAttribute("axis", int64_t{-1})});
    if (!wantsOutput(node, 1))
        return plan;
    if (context.hasInput(7)) { // how many words of each batch are real
        plan.add("ReduceSum", {"x7", plan.constantInts("one", {1})}, "y1",
                 {makeAttribute("keepdims", int64_t{0})});
    } else {
        const std::string batch = plan.add(
            "Shape", {"x0"}, "batch", {makeAttribute("start", int64_t{0}), makeAttribute("end", int64_t{1})});
        const std::string zero = plan.constant("no words", Tensor::scalar<int32_t>(0));
        plan.add("Expand", {zero, batch}, "y1");
    }
    return plan;
}

// GroupNorm: X, gamma, beta; SkipGroupNorm: and skip, bias.
FusedPlan planGroupNorm(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    const auto rank = static_cast<size_t>(context.tensor(0).rank());
    const bool last = node.intAttribute("channels_last", 1) != 0;
    std::string value = "x0";
    if (node.opType == "SkipGroupNorm") {
        std::string skip = "x3";
        if (context.tensor(3).rank() == 2) // one number for each channel of a sample
            skip = plan.add("Unsqueeze", {skip, plan.constantInts("spatial", {1, 2})}, "skip");
        value = plan.add("Add", {value, skip}, "sum");
        if (context.hasInput(4))
            value = plan.add("Add", {value, "x4"}, "biased sum");
        if (wantsOutput(node, 1))
            plan.add("Identity", {value}, "y1");
    }
    if (last)
        value =
            plan.add("Transpose", {value}, "channels first", {makeAttribute("perm", channelsFirst(rank))});
    value = plan.add("GroupNormalization", {value, "x1", "x2"}, "normalized",
                     {makeAttribute("num_groups", node.intAttribute("groups", 0)),
                      makeAttribute("epsilon", node.floatAttribute("epsilon", 1e-5f))});
    if (node.intAttribute("activation", 0) == 1)
        value = plan.add("Swish", {value}, "activated");
    if (last)
        plan.add("Transpose", {value}, "channels last", {makeAttribute("perm", channelsLast(rank))});
    return endsIn(plan, "y0");
}

template <FusedPlan (*plan)(const Node&, const KernelContext&)>
std::unique_ptr<Kernel> kernelOf(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) {
        return Result<FusedPlan>(plan(node, context));
    });
}

} // namespace

Result<std::unique_ptr<Kernel>> createSkipNormalization(const KernelRequest& request)
{
    return kernelOf<planSkip>(request);
}

Result<std::unique_ptr<Kernel>> createEmbedNormalization(const KernelRequest& request)
{
    return kernelOf<planEmbed>(request);
}

Result<std::unique_ptr<Kernel>> createGroupNorm(const KernelRequest& request)
{
    return kernelOf<planGroupNorm>(request);
}

} // namespace lapidary

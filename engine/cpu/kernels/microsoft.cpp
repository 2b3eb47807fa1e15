// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/microsoft.h"

#include "engine/cpu/fused_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/microsoft_attention.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/axis.h"

namespace lapidary {

namespace {

using Planner = FusedPlan (*)(const Node&, const KernelContext&);

template <Planner plan>
Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) {
        return Result<FusedPlan>(plan(node, context));
    });
}

FusedPlan planTrilu(const Node& node, const KernelContext&)
{
    FusedPlan plan;
    plan.add("Trilu", {"x0", "x1"}, "y0", {makeAttribute("upper", node.intAttribute("upper", 1))});
    return plan;
}

// pads may be [1, 2 * rank].
FusedPlan planPad(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    const std::string pads = context.tensor(1).rank() == 1
                                 ? "x1"
                                 : plan.add("Reshape", {"x1", plan.constantInts("one list", {-1})}, "pads");
    plan.add("Pad", {"x0", pads, "x2"}, "y0",
             {makeAttribute("mode", node.stringAttribute("mode", "constant"))}, 18);
    return plan;
}

FusedPlan planGatherNd(const Node&, const KernelContext&)
{
    FusedPlan plan;
    const auto int64 = static_cast<int64_t>(DataType::Int64);
    plan.add("GatherND", {"x0", plan.add("Cast", {"x1"}, "indices", {makeAttribute("to", int64)})}, "y0");
    return plan;
}

FusedPlan planRange(const Node&, const KernelContext& context)
{
    FusedPlan plan;
    std::string step = "x2";
    if (!context.hasInput(2)) {
        const auto type = static_cast<int64_t>(context.tensor(0).type());
        const std::string one = plan.constant("one", Tensor::scalar<int64_t>(1));
        step = plan.add("Cast", {one}, "step", {makeAttribute("to", type)});
    }
    plan.add("Range", {"x0", "x1", step}, "y0");
    return plan;
}

// y, idx, counts, in the order in which values first appear
FusedPlan planUnique(const Node&, const KernelContext&)
{
    FusedPlan plan;
    plan.steps.push_back(
        {"Unique", {"x0"}, {"y0", "first places", "y1", "y2"}, {makeAttribute("sorted", int64_t{0})}});
    return plan;
}

Status runExpandDims(KernelContext& context)
{
    TRY(requireInputs(context, 2));
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(int64_t axis, integerInput(context, 1));
    TRY_ASSIGN(axis, normalizeAxis(axis, x.rank() + 1));
    Dims dims = x.dims();
    dims.insert(dims.begin() + axis, 1);
    context.setOutput(0, x.reshaped(std::move(dims)));
    return {};
}

Result<std::unique_ptr<Kernel>> createExpandDims(const KernelRequest&) { return plainKernel(runExpandDims); }

constexpr KernelRow rows[] = {
    {"com.microsoft", "Attention", 1, newestOpset, "plain", createMicrosoftAttention},
    {"com.microsoft", "MultiHeadAttention", 1, newestOpset, "plain", createMultiHeadAttention},
    {"com.microsoft", "DecoderMaskedMultiHeadAttention", 1, newestOpset, "plain", createMultiHeadAttention},
    {"com.microsoft", "GroupQueryAttention", 1, newestOpset, "plain", createGroupQueryAttention},
    {"com.microsoft", "RotaryEmbedding", 1, newestOpset, "plain", createRotaryEmbedding},
    {"com.microsoft", "ExpandDims", 1, newestOpset, "plain", createExpandDims},
    {"com.microsoft", "Trilu", 1, newestOpset, "plain", create<planTrilu>},
    {"com.microsoft", "Pad", 1, newestOpset, "plain", create<planPad>},
    {"com.microsoft", "GatherND", 1, newestOpset, "plain", create<planGatherNd>},
    {"com.microsoft", "Range", 1, newestOpset, "plain", create<planRange>},
    {"com.microsoft", "Unique", 1, newestOpset, "plain", create<planUnique>},
    {"com.microsoft", "Inverse", 1, newestOpset, "plain", createInverse},
    {"com.microsoft", "CDist", 1, newestOpset, "plain", createCDist},
    {"com.microsoft", "CropAndResize", 1, newestOpset, "plain", createCropAndResize},
    {"com.microsoft", "MurmurHash3", 1, newestOpset, "plain", createMurmurHash},
    {"com.microsoft", "NGramRepeatBlock", 1, newestOpset, "plain", createNGramRepeatBlock},
    {"com.microsoft", "RelativePositionBias", 1, newestOpset, "plain", createRelativePositionBias},
    {"com.microsoft", "GatedRelativePositionBias", 1, newestOpset, "plain", createGatedRelativePositionBias},
};

} // namespace

std::span<const KernelRow> microsoftKernels() { return rows; }

} // namespace lapidary

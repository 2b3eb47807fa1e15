// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/broadcast_plan.h"

#include "engine/ops/broadcast.h"

namespace lapidary {

namespace {

using Axis = BroadcastPlan::Axis;

// Strides of an operand along the axes of the result; 0 where it repeats.
std::vector<int64_t> stridesIn(const Dims& operand, const Dims& result)
{
    std::vector<int64_t> strides(result.size(), 0);
    int64_t stride = 1;
    for (size_t back = 1; back <= operand.size(); ++back) {
        const int64_t size = operand[operand.size() - back];
        if (size != 1)
            strides[result.size() - back] = stride;
        stride *= size;
    }
    return strides;
}

// Whether outer and inner are one axis for every operand.
bool mergeable(const Axis& outer, const Axis& inner)
{
    for (size_t i = 0; i < BroadcastPlan::maxOperands; ++i) {
        if (outer.strides[i] != inner.strides[i] * inner.size)
            return false;
    }
    return true;
}

std::vector<Axis> mergedAxes(std::span<const Dims> operands, const Dims& result)
{
    std::vector<Axis> all(result.size());
    for (size_t i = 0; i < result.size(); ++i)
        all[i].size = result[i];
    for (size_t operand = 0; operand < operands.size(); ++operand) {
        const std::vector<int64_t> strides = stridesIn(operands[operand], result);
        for (size_t i = 0; i < result.size(); ++i)
            all[i].strides[operand] = strides[i];
    }
    std::vector<Axis> merged; // innermost first
    for (auto axis = all.rbegin(); axis != all.rend(); ++axis) {
        if (axis->size == 1)
            continue;
        if (!merged.empty() && mergeable(*axis, merged.back()))
            merged.back().size *= axis->size;
        else
            merged.push_back(*axis);
    }
    return {merged.rbegin(), merged.rend()};
}

} // namespace

Result<BroadcastPlan> planBroadcast(std::span<const Dims> operands)
{
    BroadcastPlan plan;
    plan.dims = operands[0];
    for (const Dims& operand : operands.subspan(1)) {
        TRY_ASSIGN(plan.dims, broadcastDims(plan.dims, operand));
    }
    const auto count = elementCount(plan.dims);
    if (!count)
        return makeError(ErrorCode::ShapeMismatch,
                         "the result would have too many elements: " + toString(plan.dims));
    if (*count == 0) {
        plan.rowLength = 0;
        return plan;
    }
    plan.axes = mergedAxes(operands, plan.dims);
    if (!plan.axes.empty()) {
        plan.rowLength = plan.axes.back().size;
        plan.steps = plan.axes.back().strides;
        plan.axes.pop_back();
    }
    plan.rows = *count / plan.rowLength;
    return plan;
}

BroadcastPlan::Offsets rowOffsets(const BroadcastPlan& plan, int64_t row)
{
    BroadcastPlan::Offsets offsets = {};
    for (auto axis = plan.axes.rbegin(); axis != plan.axes.rend(); ++axis) {
        const int64_t index = row % axis->size;
        row /= axis->size;
        for (size_t i = 0; i < offsets.size(); ++i)
            offsets[i] += index * axis->strides[i];
    }
    return offsets;
}

} // namespace lapidary

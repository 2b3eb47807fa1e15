// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how up to three operands of different shapes are walked together. Axes that all operands
// walk alike are merged, so most broadcasts become one or two loops with a contiguous inner one.
#pragma once

#include "engine/base/result.h"
#include "engine/cpu/parallel.h"
#include "engine/ir/shape.h"

#include <array>
#include <span>

namespace lapidary {

struct BroadcastPlan {
    static constexpr size_t maxOperands = 3;
    using Offsets = std::array<int64_t, maxOperands>; // one element offset or stride for each operand

    struct Axis {
        int64_t size = 1;
        Offsets strides = {};
    };
    Dims dims;              // of the result
    std::vector<Axis> axes; // outer ones, the last varies fastest
    int64_t rows = 1;       // product of their sizes
    int64_t rowLength = 1;  // elements of the merged innermost axis
    Offsets steps = {};     // of the innermost axis: 1, or 0 for an operand that repeats one element
};

// Errors: ShapeMismatch when the shapes do not broadcast, or the result is too large.
Result<BroadcastPlan> planBroadcast(std::span<const Dims> operands);

// Offsets of the operands at the beginning of a row.
BroadcastPlan::Offsets rowOffsets(const BroadcastPlan& plan, int64_t row);

// Calls body(outputOffset, count, operandOffsets) for pieces of rows that cover the result, perhaps on
// several threads. grain: elements worth a thread.
template <typename Body>
void forEachRow(const BroadcastPlan& plan, int64_t grain, const Body& body)
{
    if (plan.rows == 1) {
        parallelFor(plan.rowLength, grain, [&](int64_t begin, int64_t end) {
            BroadcastPlan::Offsets offsets;
            for (size_t i = 0; i < offsets.size(); ++i)
                offsets[i] = plan.steps[i] * begin;
            body(begin, end - begin, offsets);
        });
        return;
    }
    const int64_t rowGrain = std::max<int64_t>(1, grain / std::max<int64_t>(1, plan.rowLength));
    parallelFor(plan.rows, rowGrain, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row)
            body(row * plan.rowLength, plan.rowLength, rowOffsets(plan, row));
    });
}

} // namespace lapidary

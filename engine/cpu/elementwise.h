// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the loops that elementwise kernels put functors into (engine/backend/functors). One output
// element per call; loops over contiguous memory are left to the compiler to vectorise.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/cpu/broadcast_plan.h"

namespace lapidary {

// Elements worth handing to another thread: about 20 microseconds of the functor's work.
constexpr int64_t cheapGrain = 1 << 15;     // an addition
constexpr int64_t expensiveGrain = 1 << 11; // an exponential

template <typename In, typename Out, typename Functor>
void mapElements(const In* in, Out* out, int64_t count, int64_t grain, const Functor& functor)
{
    parallelFor(count, grain, [&](int64_t begin, int64_t end) {
        const Functor local = functor; // a copy that out cannot alias
        for (int64_t i = begin; i < end; ++i)
            out[i] = local(in[i]);
    });
}

// One contiguous run; a step of 0 repeats the operand's first element.
template <typename A, typename B, typename Out, typename Functor>
void combineRow(const A* a, int64_t stepA, const B* b, int64_t stepB, Out* out, int64_t count,
                const Functor& functor)
{
    if (stepA == stepB) { // both 0 only when count is 1
        for (int64_t i = 0; i < count; ++i)
            out[i] = functor(a[i], b[i]);
    } else if (stepB == 0) {
        const B right = *b;
        for (int64_t i = 0; i < count; ++i)
            out[i] = functor(a[i], right);
    } else {
        const A left = *a;
        for (int64_t i = 0; i < count; ++i)
            out[i] = functor(left, b[i]);
    }
}

// Operands 0 and 1 of the plan into out.
template <typename A, typename B, typename Out, typename Functor>
void combineElements(const BroadcastPlan& plan, const A* a, const B* b, Out* out, int64_t grain,
                     const Functor& functor)
{
    forEachRow(plan, grain, [&](int64_t at, int64_t count, const BroadcastPlan::Offsets& offsets) {
        combineRow(a + offsets[0], plan.steps[0], b + offsets[1], plan.steps[1], out + at, count, functor);
    });
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the loop behind Transpose, Slice, Expand, Tile, Concat, Split and their kin: elements move
// from one regular pattern of places to another.
#pragma once

#include "engine/cpu/parallel.h"

#include <vector>

namespace lapidary {

// One loop; strides count elements, may be 0 (repeat) or negative (backwards).
struct CopyAxis {
    int64_t size = 1;
    int64_t from = 0; // stride in the source
    int64_t to = 0;   // stride in the destination
};

// What copyStrided runs: axes of size 1 dropped, axes that are walked as one merged, and, when no inner
// loop is contiguous on both sides, the two innermost chosen so that each side is contiguous in one.
struct CopyPlan {
    std::vector<CopyAxis> outer; // the last varies fastest
    int64_t rows = 1;
    CopyAxis middle; // size 1 unless tiled
    CopyAxis inner;
    bool tiled = false;
};
CopyPlan planCopy(std::vector<CopyAxis> axes);

namespace detail {

template <typename T>
void copyRun(const T* from, T* to, const CopyAxis& axis)
{
    if (axis.from == 1 && axis.to == 1) {
        std::copy_n(from, axis.size, to);
    } else if (axis.from == 0 && axis.to == 1) {
        std::fill_n(to, axis.size, *from);
    } else {
        for (int64_t i = 0; i < axis.size; ++i)
            to[i * axis.to] = from[i * axis.from];
    }
}

constexpr int64_t tileSize = 16;

// Rows [begin, end) of a transposition, in square tiles that stay in the first-level cache.
template <typename T>
void copyTiles(const T* from, T* to, const CopyAxis& rows, const CopyAxis& columns, int64_t begin,
               int64_t end)
{
    for (int64_t column = 0; column < columns.size; column += tileSize) {
        const int64_t columnEnd = std::min(columns.size, column + tileSize);
        for (int64_t r = begin; r < end; ++r) {
            for (int64_t c = column; c < columnEnd; ++c)
                to[r * rows.to + c * columns.to] = from[r * rows.from + c * columns.from];
        }
    }
}

} // namespace detail

// from and to point at the first element that moves. Destinations must not overlap.
template <typename T>
void copyStrided(const T* from, T* to, const CopyPlan& plan)
{
    // A transposition is cut into stripes, so that a single one keeps all threads busy.
    const int64_t stripes = plan.tiled ? (plan.middle.size + detail::tileSize - 1) / detail::tileSize : 1;
    const int64_t elements = plan.inner.size * std::min(plan.middle.size, detail::tileSize);
    const int64_t grain = std::max<int64_t>(1, (int64_t{1} << 15) / std::max<int64_t>(1, elements));
    parallelFor(plan.rows * stripes, grain, [&](int64_t begin, int64_t end) {
        for (int64_t item = begin; item < end; ++item) {
            int64_t rest = item / stripes;
            int64_t source = 0;
            int64_t target = 0;
            for (auto axis = plan.outer.rbegin(); axis != plan.outer.rend(); ++axis) {
                const int64_t index = rest % axis->size;
                rest /= axis->size;
                source += index * axis->from;
                target += index * axis->to;
            }
            const int64_t first = item % stripes * detail::tileSize;
            if (plan.tiled)
                detail::copyTiles(from + source, to + target, plan.middle, plan.inner, first,
                                  std::min(plan.middle.size, first + detail::tileSize));
            else
                detail::copyRun(from + source, to + target, plan.inner);
        }
    });
}

} // namespace lapidary

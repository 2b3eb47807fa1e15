// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: scale * x + shift between two limits, vectorised for the processor at hand.
#pragma once

#include <cstdint>

namespace lapidary {

struct Limits {
    float least; // -infinity: none
    float most;
};

// Of rows of columns elements; scale and shift have columns elements. NaN stays NaN. One thread. x and y may
// be the same.
void scaleRows(const float* x, const float* scale, const float* shift, float* y, int64_t rows,
               int64_t columns, Limits limits);
// The same with one scale and shift for all.
void scaleAll(const float* x, float scale, float shift, float* y, int64_t count, Limits limits);

} // namespace lapidary

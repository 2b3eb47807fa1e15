// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a shape seen along one axis: outer × size × inner elements.
#pragma once

#include "engine/ir/shape.h"

namespace lapidary {

struct AxisBlocks {
    int64_t outer = 1;
    int64_t size = 1;
    int64_t inner = 1;

    // axis in [0, rank); rank 0 is one element.
    AxisBlocks(const Dims& dims, int64_t axis)
    {
        for (size_t i = 0; i < dims.size(); ++i) {
            const auto at = static_cast<int64_t>(i);
            (at < axis ? outer : at == axis ? size : inner) *= dims[i];
        }
    }
};

} // namespace lapidary

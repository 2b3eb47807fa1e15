// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: copies where each axis has its own table of source indexes: reflecting pads, nearest resize.
#pragma once

#include "engine/cpu/parallel.h"
#include "engine/cpu/strided_copy.h"

namespace lapidary {

// to[i, j, ...] = from[maps[0][i], maps[1][j], ...]; to has the lengths of the maps as dimensions, of
// which there is at least one. Every index is inside inDims.
template <typename T>
void copyMapped(const T* from, T* to, const std::vector<int64_t>& inDims,
                const std::vector<std::vector<int64_t>>& maps)
{
    const std::vector<int64_t>& inner = maps.back();
    const std::vector<int64_t> strides = denseStrides(inDims);
    const auto rowLength = static_cast<int64_t>(inner.size());
    int64_t rows = 1;
    for (size_t i = 0; i + 1 < maps.size(); ++i)
        rows *= static_cast<int64_t>(maps[i].size());
    if (rowLength == 0)
        return;
    parallelFor(rows, std::max<int64_t>(1, (1 << 14) / rowLength), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            int64_t rest = row;
            const T* source = from;
            for (size_t i = maps.size() - 1; i-- > 0;) {
                const auto size = static_cast<int64_t>(maps[i].size());
                source += maps[i][static_cast<size_t>(rest % size)] * strides[i];
                rest /= size;
            }
            T* target = to + row * rowLength;
            for (int64_t i = 0; i < rowLength; ++i)
                target[i] = source[inner[static_cast<size_t>(i)]];
        }
    });
}

} // namespace lapidary

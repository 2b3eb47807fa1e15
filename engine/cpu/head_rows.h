// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: operands of attention as rows that belong to a head. Files store heads before or after the
// sequence, or packed with other tensors; kernels see steps.
#pragma once

#include <cstdint>

namespace lapidary {

// Row (batch, head, position) begins at data + batch * batchStep + head * headStep + position * rowStep;
// its elements are neighbours. Steps count elements.
template <typename T>
struct HeadRows {
    T* data = nullptr;
    int64_t batchStep = 0;
    int64_t headStep = 0;
    int64_t rowStep = 0;

    T* row(int64_t batch, int64_t head, int64_t position) const
    {
        return data + batch * batchStep + head * headStep + position * rowStep;
    }
};

// [batch, heads, length, size]
template <typename T>
HeadRows<T> headsFirst(T* data, int64_t heads, int64_t length, int64_t size)
{
    return {data, heads * length * size, length * size, size};
}

// [batch, length, heads * size]
template <typename T>
HeadRows<T> headsLast(T* data, int64_t heads, int64_t length, int64_t size)
{
    return {data, heads * length * size, size, heads * size};
}

} // namespace lapidary

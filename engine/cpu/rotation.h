// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: rotary position embedding of rows that belong to heads.
// Source: ONNX RotaryEmbedding-23, com.microsoft RotaryEmbedding-1.
#pragma once

#include "engine/cpu/head_rows.h"
#include "engine/cpu/parallel.h"

#include <vector>

namespace lapidary {

template <typename T>
struct Rotation {
    const T* cos = nullptr; // rows of half angles
    const T* sin = nullptr;
    int64_t half = 0;          // pairs that are rotated; elements after 2 * half stay
    bool interleaved = false;  // a pair is two neighbours, otherwise i and i + half
    std::vector<int64_t> rows; // of cos and sin, for each batch and position
};

template <typename T>
void rotateRow(const T* from, T* to, int64_t size, const T* cos, const T* sin, int64_t half, bool interleaved)
{
    const int64_t step = interleaved ? 2 : 1;
    const int64_t partner = interleaved ? 1 : half;
    for (int64_t i = 0; i < half; ++i) {
        const T real = from[i * step];
        const T imaginary = from[i * step + partner];
        to[i * step] = cos[i] * real - sin[i] * imaginary;
        to[i * step + partner] = sin[i] * real + cos[i] * imaginary;
    }
    if (from != to)
        std::copy(from + 2 * half, from + size, to + 2 * half);
}

// from and to may be the same rows. Precondition: 2 * half <= size, rows has batch * length numbers.
template <typename T>
void rotateHeads(const HeadRows<const T>& from, const HeadRows<T>& to, int64_t batch, int64_t heads,
                 int64_t length, int64_t size, const Rotation<T>& rotation)
{
    const int64_t work = std::max<int64_t>(1, heads * size);
    parallelFor(batch * length, 1 + (1 << 13) / work, [&](int64_t begin, int64_t end) {
        for (int64_t item = begin; item < end; ++item) {
            const int64_t angles = rotation.rows[static_cast<size_t>(item)] * rotation.half;
            for (int64_t head = 0; head < heads; ++head)
                rotateRow(from.row(item / length, head, item % length),
                          to.row(item / length, head, item % length), size, rotation.cos + angles,
                          rotation.sin + angles, rotation.half, rotation.interleaved);
        }
    });
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the inner loops of a matrix product on packed operands; for files that Highway compiles once for
// each instruction set.
//
// The right operand is packed in panels of two vectors of columns (the last may be of one): [panel][depth]
// [columns]. The left operand and the product are in blocks of one vector of columns: [block][row][column],
// so that all addresses inside a register tile differ by constants.
#if defined(LAPIDARY_CPU_GEMM_TILE_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAPIDARY_CPU_GEMM_TILE_H
#undef LAPIDARY_CPU_GEMM_TILE_H
#else
#define LAPIDARY_CPU_GEMM_TILE_H
#endif

#include "engine/cpu/vector_functions.h"

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

constexpr int64_t gemmLanes = hn::MaxLanes(D());
constexpr int gemmPanelVectors = 2;
// Rows of a register tile: 28 sums, two vectors of the right operand and one of the left in 32 registers;
// 12 sums in 16.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
constexpr int gemmTileRows = 14;
#else
constexpr int gemmTileRows = 6;
#endif

// product[rows, vectors] = left[rows, depth] * right[depth, vectors]. leftStep, productStep: elements from
// one block to the next.
template <int rows, int vectors>
HWY_NOINLINE void gemmTile(const float* HWY_RESTRICT left, int64_t leftStep, const float* HWY_RESTRICT right,
                           int64_t depth, float* HWY_RESTRICT product, int64_t productStep)
{
    const D d;
    V sums[rows][vectors];
    for (int row = 0; row < rows; ++row) {
        for (int v = 0; v < vectors; ++v)
            sums[row][v] = hn::Zero(d);
    }
    const auto step = [&](const float* HWY_RESTRICT column) HWY_ATTR {
        V factors[vectors];
        for (int v = 0; v < vectors; ++v)
            factors[v] = hn::Load(d, right + v * gemmLanes);
        for (int row = 0; row < rows; ++row) {
            const V factor = hn::Set(d, column[row * gemmLanes]);
            for (int v = 0; v < vectors; ++v)
                sums[row][v] = hn::MulAdd(factor, factors[v], sums[row][v]);
        }
        right += vectors * gemmLanes;
    };
    for (; depth >= gemmLanes; depth -= gemmLanes, left += leftStep) {
        for (int64_t k = 0; k < gemmLanes; ++k)
            step(left + k);
    }
    for (int64_t k = 0; k < depth; ++k)
        step(left + k);
    for (int row = 0; row < rows; ++row) {
        for (int v = 0; v < vectors; ++v)
            hn::Store(sums[row][v], d, product + v * productStep + row * gemmLanes);
    }
}

template <int vectors>
struct GemmTiles {
    using Tile = void (*)(const float*, int64_t, const float*, int64_t, float*, int64_t);
    static constexpr Tile ofRows[] = {
        gemmTile<1, vectors>,  gemmTile<2, vectors>,  gemmTile<3, vectors>,  gemmTile<4, vectors>,
        gemmTile<5, vectors>,  gemmTile<6, vectors>,
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
        gemmTile<7, vectors>,  gemmTile<8, vectors>,  gemmTile<9, vectors>,  gemmTile<10, vectors>,
        gemmTile<11, vectors>, gemmTile<12, vectors>, gemmTile<13, vectors>, gemmTile<14, vectors>,
#endif
    };

    // One panel. The rows are spread evenly over the register tiles.
    static void multiply(const float* left, int64_t leftStep, int64_t rows, const float* right, int64_t depth,
                         float* product, int64_t productStep)
    {
        for (int64_t tiles = (rows + gemmTileRows - 1) / gemmTileRows; tiles > 0; --tiles) {
            const int64_t count = (rows + tiles - 1) / tiles;
            ofRows[count - 1](left, leftStep, right, depth, product, productStep);
            left += count * gemmLanes;
            product += count * gemmLanes;
            rows -= count;
        }
    }
};

// product = left * right with right of as many blocks of columns; steps as above. All aligned to vectors.
inline void gemmPanels(const float* left, int64_t leftStep, int64_t rows, const float* right, int64_t depth,
                       int64_t blocks, float* product, int64_t productStep)
{
    for (; blocks >= gemmPanelVectors; blocks -= gemmPanelVectors) {
        GemmTiles<gemmPanelVectors>::multiply(left, leftStep, rows, right, depth, product, productStep);
        right += gemmPanelVectors * gemmLanes * depth;
        product += gemmPanelVectors * productStep;
    }
    if (blocks > 0)
        GemmTiles<1>::multiply(left, leftStep, rows, right, depth, product, productStep);
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

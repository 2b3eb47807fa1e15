// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the inner loops of a matrix product with a packed right operand; for files that Highway compiles
// once for each instruction set.
//
// The right operand is packed in panels of two vectors of columns (the last may be of one): [panel][depth]
// [column of the panel], aligned to vectors.
#if defined(LAPIDARY_CPU_GEMM_TILE_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAPIDARY_CPU_GEMM_TILE_H
#undef LAPIDARY_CPU_GEMM_TILE_H
#else
#define LAPIDARY_CPU_GEMM_TILE_H
#endif

#include "engine/cpu/vector_functions.h"

#include <cstdint>
#include <iterator>

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

// The left operand or the product: element (row, column) is at data[row * rowStep + column / gemmLanes *
// blockStep + column % gemmLanes]. In blocks of one vector of columns, row after row, so that all addresses
// of a register tile differ by constants;
template <typename T>
struct GemmBlocks {
    T* data;
    int64_t blockStep;
    static constexpr int64_t rowStep = gemmLanes;

    GemmBlocks fromRow(int64_t row) const { return {data + row * rowStep, blockStep}; }
    GemmBlocks fromBlock(int64_t block) const { return {data + block * blockStep, blockStep}; }
};

// or row-major.
template <typename T>
struct GemmRows {
    T* data;
    int64_t rowStep;
    static constexpr int64_t blockStep = gemmLanes;

    GemmRows fromRow(int64_t row) const { return {data + row * rowStep, rowStep}; }
    GemmRows fromBlock(int64_t block) const { return {data + block * blockStep, rowStep}; }
};

// product[rows, vectors] = left[rows, depth] * right[depth, vectors].
template <int rows, int vectors, typename Left, typename Product>
HWY_NOINLINE void gemmTile(Left left, const float* HWY_RESTRICT right, int64_t depth, Product product)
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
            const V factor = hn::Set(d, column[row * left.rowStep]);
            for (int v = 0; v < vectors; ++v)
                sums[row][v] = hn::MulAdd(factor, factors[v], sums[row][v]);
        }
        right += vectors * gemmLanes;
    };
    for (; depth >= gemmLanes; depth -= gemmLanes, left = left.fromBlock(1)) {
        for (int64_t k = 0; k < gemmLanes; ++k)
            step(left.data + k);
    }
    for (int64_t k = 0; k < depth; ++k)
        step(left.data + k);
    for (int row = 0; row < rows; ++row) {
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(sums[row][v], d, product.data + row * product.rowStep + v * product.blockStep);
    }
}

template <int vectors, typename Left, typename Product>
struct GemmTiles {
    using Tile = void (*)(Left, const float*, int64_t, Product);
    static constexpr Tile ofRows[] = {
        gemmTile<1, vectors, Left, Product>,  gemmTile<2, vectors, Left, Product>,
        gemmTile<3, vectors, Left, Product>,  gemmTile<4, vectors, Left, Product>,
        gemmTile<5, vectors, Left, Product>,  gemmTile<6, vectors, Left, Product>,
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
        gemmTile<7, vectors, Left, Product>,  gemmTile<8, vectors, Left, Product>,
        gemmTile<9, vectors, Left, Product>,  gemmTile<10, vectors, Left, Product>,
        gemmTile<11, vectors, Left, Product>, gemmTile<12, vectors, Left, Product>,
        gemmTile<13, vectors, Left, Product>, gemmTile<14, vectors, Left, Product>,
#endif
    };
    static_assert(std::size(ofRows) == gemmTileRows);

    // One panel. The rows are spread evenly over the register tiles.
    static void multiply(Left left, int64_t rows, const float* right, int64_t depth, Product product)
    {
        for (int64_t tiles = (rows + gemmTileRows - 1) / gemmTileRows; tiles > 0; --tiles) {
            const int64_t count = (rows + tiles - 1) / tiles;
            ofRows[count - 1](left, right, depth, product);
            left = left.fromRow(count);
            product = product.fromRow(count);
            rows -= count;
        }
    }
};

// product = left * right, with right of as many blocks of columns, which are written whole.
template <typename Left, typename Product>
void gemmPanels(Left left, int64_t rows, const float* right, int64_t depth, int64_t blocks, Product product)
{
    for (; blocks >= gemmPanelVectors; blocks -= gemmPanelVectors) {
        GemmTiles<gemmPanelVectors, Left, Product>::multiply(left, rows, right, depth, product);
        right += gemmPanelVectors * gemmLanes * depth;
        product = product.fromBlock(gemmPanelVectors);
    }
    if (blocks > 0)
        GemmTiles<1, Left, Product>::multiply(left, rows, right, depth, product);
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

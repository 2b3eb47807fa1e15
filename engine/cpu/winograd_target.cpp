// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/winograd_target.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <hwy/cache_control.h>

#include "engine/cpu/gemm_tile.h"
#include "engine/cpu/vector_epilogue.h"
#include "engine/cpu/winograd_target.h"
#include "engine/cpu/winograd_transform.h"

#include <algorithm>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {

using winograd::TileRun;

// Where a tile of the output lies.
struct TilePlace {
    int64_t image, top, left;

    TilePlace(const WinogradShape& shape, int64_t outputs, int64_t tile)
    {
        const int64_t across = (shape.outputWidth() + outputs - 1) / outputs;
        const int64_t down = (shape.outputHeight() + outputs - 1) / outputs;
        left = tile % across * outputs;
        top = tile / across % down * outputs;
        image = tile / across / down;
    }
};

// The first channels of all pixels, the others 0.
template <size_t count>
void copyChannels(const float* (&pixels)[count], int64_t first, int64_t channels, float* to)
{
    std::memset(to, 0, sizeof(float) * count * static_cast<size_t>(gemmLanes));
    for (size_t i = 0; i < count; ++i) {
        std::memcpy(to + static_cast<int64_t>(i) * gemmLanes, pixels[i] + first,
                    sizeof(float) * static_cast<size_t>(channels));
        pixels[i] = to + static_cast<int64_t>(i) * gemmLanes - first;
    }
}

template <typename Tile>
HWY_INLINE void transformInput(const float* const* pixels, int64_t channel, float* HWY_RESTRICT v,
                               int64_t planeStep)
{
    constexpr int size = Tile::inputs;
    const D d;
    V points[size][size];
    for (int column = 0; column < size; ++column) {
        V line[size];
        for (int row = 0; row < size; ++row)
            line[row] = hn::LoadU(d, pixels[row * size + column] + channel);
        Tile::input(line);
        for (int row = 0; row < size; ++row)
            points[row][column] = line[row];
    }
    for (int row = 0; row < size; ++row) {
        Tile::input(points[row]);
        for (int column = 0; column < size; ++column)
            hn::Store(points[row][column], d, v + (row * size + column) * planeStep);
    }
}

template <typename Tile>
void transformInputs(const TileRun& run, const float* x, const float* zeros, float* v)
{
    constexpr int size = Tile::inputs;
    const WinogradShape& shape = *run.shape;
    const int64_t channels = shape.inputChannels;
    HWY_ALIGN float rest[size * size * HWY_MAX_BYTES / sizeof(float)];
    for (int64_t i = 0; i < run.tiles; ++i) {
        const TilePlace place(shape, Tile::outputs, run.firstTile + i);
        const float* pixels[size * size];
        for (int row = 0; row < size; ++row) {
            const int64_t y = place.top - shape.padTop + row;
            const bool inside = y >= 0 && y < shape.height;
            const float* line =
                inside ? x + (place.image * shape.height + y) * shape.width * channels : nullptr;
            for (int column = 0; column < size; ++column) {
                const int64_t at = place.left - shape.padLeft + column;
                pixels[row * size + column] =
                    inside && at >= 0 && at < shape.width ? line + at * channels : zeros;
            }
        }
        for (int64_t block = run.firstBlock; block < run.endBlock; ++block) {
            const int64_t channel = block * gemmLanes;
            // The pixels that only the next tile needs, which is to the right of this one.
            for (int row = 0; row < size; ++row) {
                for (int column = size - Tile::outputs; column < size; ++column)
                    hwy::Prefetch(pixels[row * size + column] + Tile::outputs * channels + channel);
            }
            if (channel + gemmLanes > channels)
                copyChannels(pixels, channel, channels - channel, rest);
            transformInput<Tile>(pixels, channel, v + block * run.blockStep + i * gemmLanes, run.planeStep);
        }
    }
}

// One vector of channels of one tile. rows, columns: the part of the tile inside the output.
template <typename Tile>
HWY_INLINE void transformOutput(const float* HWY_RESTRICT m, int64_t planeStep, V bias, const float* residual,
                                const Activation& activation, float* y, int64_t rows, int64_t columns,
                                int64_t rowStep, int64_t columnStep)
{
    constexpr int size = Tile::inputs;
    constexpr int outputs = Tile::outputs;
    const D d;
    V points[outputs][size];
    for (int column = 0; column < size; ++column) {
        V line[size];
        for (int row = 0; row < size; ++row)
            line[row] = hn::Load(d, m + (row * size + column) * planeStep);
        Tile::output(line);
        for (int row = 0; row < outputs; ++row)
            points[row][column] = line[row];
    }
    const auto finish = [&](int row, int64_t count) HWY_ATTR {
        Tile::output(points[row]);
        V results[outputs];
        for (int column = 0; column < outputs; ++column)
            results[column] = hn::Add(points[row][column], bias);
        if (residual) {
            for (int64_t column = 0; column < count; ++column)
                results[column] =
                    hn::Add(results[column], hn::LoadU(d, residual + row * rowStep + column * columnStep));
        }
        activate(activation, results);
        for (int64_t column = 0; column < count; ++column)
            hn::StoreU(results[column], d, y + row * rowStep + column * columnStep);
    };
    if (rows == outputs && columns == outputs) {
        for (int row = 0; row < outputs; ++row)
            finish(row, outputs);
        return;
    }
    for (int row = 0; row < rows; ++row)
        finish(row, columns);
}

template <typename Tile>
void transformOutputs(const TileRun& run, const float* m, const Epilogue& epilogue, float* y)
{
    constexpr int outputs = Tile::outputs;
    constexpr int64_t restStep = HWY_MAX_BYTES / sizeof(float);
    const WinogradShape& shape = *run.shape;
    const D d;
    const int64_t channels = shape.outputChannels;
    const int64_t rowStep = shape.outputWidth() * channels;
    HWY_ALIGN float rest[outputs * outputs * restStep] = {};
    HWY_ALIGN float restBias[restStep] = {};
    for (int64_t i = 0; i < run.tiles; ++i) {
        const TilePlace place(shape, outputs, run.firstTile + i);
        const int64_t rows = std::min<int64_t>(outputs, shape.outputHeight() - place.top);
        const int64_t columns = std::min<int64_t>(outputs, shape.outputWidth() - place.left);
        const int64_t offset =
            (place.image * shape.outputHeight() + place.top) * rowStep + place.left * channels;
        for (int64_t block = run.firstBlock; block < run.endBlock; ++block) {
            const float* from = m + (block - run.firstBlock) * run.blockStep + i * gemmLanes;
            const int64_t channel = block * gemmLanes;
            const float* residual = epilogue.residual ? epilogue.residual + offset + channel : nullptr;
            float* to = y + offset + channel;
            for (int64_t row = 0; row < rows; ++row) {
                for (int64_t column = 0; column < outputs; ++column)
                    hwy::Prefetch(to + row * rowStep + (outputs + column) * channels);
            }
            if (channel + gemmLanes <= channels) {
                const V bias = epilogue.bias ? hn::LoadU(d, epilogue.bias + channel) : hn::Zero(d);
                transformOutput<Tile>(from, run.planeStep, bias, residual, epilogue.activation, to, rows,
                                      columns, rowStep, channels);
                continue;
            }
            // Less than a vector of channels: by way of a copy.
            const size_t bytes = sizeof(float) * static_cast<size_t>(channels - channel);
            if (epilogue.bias)
                std::memcpy(restBias, epilogue.bias + channel, bytes);
            const auto pixel = [&](int64_t row, int64_t column) {
                return rest + (row * outputs + column) * restStep;
            };
            for (int64_t row = 0; row < rows && residual; ++row) {
                for (int64_t column = 0; column < columns; ++column)
                    std::memcpy(pixel(row, column), residual + row * rowStep + column * channels, bytes);
            }
            transformOutput<Tile>(from, run.planeStep, hn::Load(d, restBias), residual ? rest : nullptr,
                                  epilogue.activation, rest, rows, columns, outputs * restStep, restStep);
            for (int64_t row = 0; row < rows; ++row) {
                for (int64_t column = 0; column < columns; ++column)
                    std::memcpy(to + row * rowStep + column * channels, pixel(row, column), bytes);
            }
        }
    }
}

void inputTarget(WinogradTile tile, const TileRun& run, const float* x, const float* zeros, float* v)
{
    switch (tile) {
    case WinogradTile::Two: return transformInputs<TileOfTwo>(run, x, zeros, v);
    case WinogradTile::Four: return transformInputs<TileOfFour>(run, x, zeros, v);
    }
}

void productTarget(int64_t planes, const TileRun& run, const float* v, int64_t vBlockStep, int64_t vPlaneStep,
                   const float* weights, int64_t weightsPlaneStep, float* m)
{
    const int64_t depth = run.shape->inputChannels;
    weights += run.firstBlock * gemmLanes * depth;
    for (int64_t plane = 0; plane < planes; ++plane) {
        gemmPanels(GemmBlocks<const float>{v, vBlockStep}, run.tiles, weights, depth,
                   run.endBlock - run.firstBlock, GemmBlocks<float>{m, run.blockStep});
        v += vPlaneStep;
        weights += weightsPlaneStep;
        m += run.planeStep;
    }
}

void outputTarget(WinogradTile tile, const TileRun& run, const float* m, const Epilogue& epilogue, float* y)
{
    switch (tile) {
    case WinogradTile::Two: return transformOutputs<TileOfTwo>(run, m, epilogue, y);
    case WinogradTile::Four: return transformOutputs<TileOfFour>(run, m, epilogue, y);
    }
}

const winograd::Target& targetOfSet()
{
    static_assert(gemmPanelVectors * gemmLanes <= 32);
    static constexpr winograd::Target target{gemmLanes,   gemmPanelVectors, gemmTileRows,
                                             inputTarget, productTarget,    outputTarget};
    return target;
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lapidary {

HWY_EXPORT(targetOfSet);

const winograd::Target& winograd::bestTarget() { return HWY_DYNAMIC_DISPATCH(targetOfSet)(); }

} // namespace lapidary
#endif

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/winograd.h"

#include "engine/cpu/parallel.h"
#include "engine/cpu/winograd_target.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace lapidary {

namespace {

constexpr int64_t lineFloats = 16; // of a cache line

int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
int64_t divideUp(int64_t value, int64_t step) { return (value + step - 1) / step; }

int64_t inputsOf(WinogradTile tile) { return static_cast<int64_t>(tile) + 2; }
int64_t planesOf(WinogradTile tile) { return inputsOf(tile) * inputsOf(tile); }

int64_t tileCount(const WinogradShape& shape, WinogradTile tile)
{
    const auto outputs = static_cast<int64_t>(tile);
    return shape.batch * divideUp(shape.outputHeight(), outputs) * divideUp(shape.outputWidth(), outputs);
}

// Elements from one plane to the next. Planes are walked side by side, so an odd number of cache lines lies
// between them: with a power of two all would meet in the same few places of the cache.
int64_t planeStepOf(int64_t elements) { return (roundUp(elements, lineFloats) | lineFloats); }

// The transform of the kernel along one axis; winograd_transform.h has those of input and output.
constexpr double weightsOfTwo[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
constexpr double weightsOfFour[6][3] = {{64.0 / 81, 0, 0},
                                        {-128.0 / 243, -32.0 / 81, -8.0 / 27},
                                        {-128.0 / 243, 32.0 / 81, -8.0 / 27},
                                        {32.0 / 243, 16.0 / 81, 8.0 / 27},
                                        {32.0 / 243, -16.0 / 81, 8.0 / 27},
                                        {0, 0, 1}};

const double (*axisWeights(WinogradTile tile))[3]
{
    switch (tile) {
    case WinogradTile::Two: return weightsOfTwo;
    case WinogradTile::Four: return weightsOfFour;
    }
    return nullptr;
}

// The kernels that lead from one input channel to a panel of output channels: [tap][output channel].
constexpr int64_t widestPanel = 32;
using PanelOfKernels = float[9][widestPanel];

// to[p * planeStep + i]: point p of kernel i.
void transformKernels(const PanelOfKernels& kernels, WinogradTile tile, int64_t columns, float* to,
                      int64_t planeStep)
{
    const double(*axis)[3] = axisWeights(tile);
    const int64_t size = inputsOf(tile);
    const size_t bytes = sizeof(float) * static_cast<size_t>(columns);
    for (int64_t row = 0; row < size; ++row) {
        double line[3][widestPanel];
        for (int64_t tap = 0; tap < 3; ++tap) {
            for (int64_t i = 0; i < widestPanel; ++i)
                line[tap][i] = axis[row][0] * kernels[tap][i] + axis[row][1] * kernels[3 + tap][i] +
                               axis[row][2] * kernels[6 + tap][i];
        }
        for (int64_t column = 0; column < size; ++column, to += planeStep) {
            const double* factors = axis[column];
            float points[widestPanel];
            for (int64_t i = 0; i < widestPanel; ++i)
                points[i] = static_cast<float>(factors[0] * line[0][i] + factors[1] * line[1][i] +
                                               factors[2] * line[2][i]);
            std::memcpy(to, points, bytes);
        }
    }
}

int64_t weightsPlaneStepOf(const winograd::Target& target, int64_t outputChannels, int64_t inputChannels)
{
    return planeStepOf(roundUp(outputChannels, target.lanes) * inputChannels);
}

// Of the calling thread; kept for the next run.
struct Workspace {
    AlignedBuffer input;
    AlignedBuffer product;
};
Workspace& ownWorkspace()
{
    thread_local Workspace workspace;
    return workspace;
}

// Tiles side by side in a workspace: block of channels after block, a row for each tile.
struct TransformedInput {
    float* v = nullptr; // at the first tile
    int64_t blockStep = 0;
    int64_t planeStep = 0;
};

// One run of a convolution.
struct Work {
    const winograd::Target& target;
    const WinogradShape& shape;
    const Epilogue& epilogue;
    WinogradTile tile;
    const float* weights;
    const float* zeros;
    const float* x;
    float* y;

    int64_t planes = planesOf(tile);
    int64_t tiles = tileCount(shape, tile);
    int64_t inputBlocks = divideUp(shape.inputChannels, target.lanes);
    int64_t outputBlocks = divideUp(shape.outputChannels, target.lanes);
    int64_t weightsPlaneStep = weightsPlaneStepOf(target, shape.outputChannels, shape.inputChannels);
    std::atomic<bool> failed = false;

    // Tiles from input to output at once. Their workspace shares the second level cache with the weights,
    // so one register tile of rows, unless the weights come from farther away than the third level: then
    // each visit to them has to pay.
    int64_t tilesOfBlock() const
    {
        constexpr int64_t nearBytes = 16 << 20;
        const int64_t rows = roundUp(14, target.rows);
        const auto bytes = static_cast<int64_t>(sizeof(float)) * planes * weightsPlaneStep;
        return bytes > nearBytes ? 3 * rows : rows;
    }

    // Blocks of output channels whose product is in memory at once.
    int64_t blocksOfGroup(int64_t count) const
    {
        constexpr int64_t productBytes = 256 << 10;
        const auto bytes = static_cast<int64_t>(sizeof(float)) * planes * count * target.lanes;
        return std::max(productBytes / bytes / target.panelBlocks, int64_t{1}) * target.panelBlocks;
    }

    // Items for one thread when an item is the product of so many tiles and output channels.
    int64_t grain(int64_t count, int64_t outputChannels) const
    {
        constexpr int64_t multiplications = 1'000'000; // about 20 microseconds
        return divideUp(multiplications, planes * count * shape.inputChannels * outputChannels);
    }

    bool reserve(AlignedBuffer& buffer, int64_t planeStep)
    {
        if (buffer.reserve(sizeof(float) * static_cast<size_t>(planes * planeStep)))
            return true;
        failed = true;
        return false;
    }

    // A workspace for the input of as many tiles; v is null when there is no memory.
    TransformedInput reserveInput(int64_t count)
    {
        AlignedBuffer& buffer = ownWorkspace().input;
        const int64_t blockStep = count * target.lanes;
        const int64_t planeStep = planeStepOf(inputBlocks * blockStep);
        return {reserve(buffer, planeStep) ? buffer.floats() : nullptr, blockStep, planeStep};
    }

    void transformInput(int64_t firstTile, int64_t count, int64_t firstBlock, int64_t endBlock,
                        const TransformedInput& input) const
    {
        target.input(tile, {&shape, firstTile, count, firstBlock, endBlock, input.blockStep, input.planeStep},
                     x, zeros, input.v);
    }

    // From the transformed input to the output, for some of its channels.
    void finish(int64_t firstTile, int64_t count, int64_t firstBlock, int64_t endBlock,
                const TransformedInput& input)
    {
        const int64_t group = std::min(blocksOfGroup(count), endBlock - firstBlock);
        const int64_t blockStep = count * target.lanes;
        const int64_t planeStep = planeStepOf(group * blockStep);
        AlignedBuffer& product = ownWorkspace().product;
        if (!reserve(product, planeStep))
            return;
        for (int64_t first = firstBlock; first < endBlock; first += group) {
            const winograd::TileRun run{&shape,    firstTile, count, first, std::min(first + group, endBlock),
                                        blockStep, planeStep};
            target.product(planes, run, input.v, input.blockStep, input.planeStep, weights, weightsPlaneStep,
                           product.floats());
            target.output(tile, run, product.floats(), epilogue, y);
        }
    }

    // Each thread takes blocks of tiles from input to output.
    void runBlocks(int64_t blocks)
    {
        parallelFor(blocks, grain(divideUp(tiles, blocks), shape.outputChannels),
                    [&](int64_t begin, int64_t end) {
                        for (int64_t block = begin; block < end; ++block) {
                            const int64_t firstTile = tiles * block / blocks;
                            const int64_t count = tiles * (block + 1) / blocks - firstTile;
                            const TransformedInput input = reserveInput(count);
                            if (!input.v)
                                return;
                            transformInput(firstTile, count, 0, inputBlocks, input);
                            finish(firstTile, count, 0, outputBlocks, input);
                        }
                    });
    }

    // The threads share the transformed input, and each takes some tiles of some output channels.
    void runShared(int64_t threads, int64_t blocks)
    {
        const TransformedInput input = reserveInput(tiles);
        if (!input.v)
            return;
        constexpr int64_t tileBlocksForThread = 200; // about 20 microseconds
        parallelFor(inputBlocks, divideUp(tileBlocksForThread, tiles),
                    [&](int64_t begin, int64_t end) { transformInput(0, tiles, begin, end, input); });
        // Two items or more for each thread: by output channels as far as they go, since all tiles then
        // share one visit to the weights.
        const int64_t panels = divideUp(outputBlocks, target.panelBlocks);
        const int64_t itemBlocks = std::max(panels / (2 * threads), int64_t{1}) * target.panelBlocks;
        const int64_t groups = divideUp(outputBlocks, itemBlocks);
        const int64_t parts =
            std::max(blocks, std::min(divideUp(2 * threads, groups), divideUp(tiles, int64_t{4})));
        const int64_t itemGrain = grain(divideUp(tiles, parts), itemBlocks * target.lanes);
        parallelFor(groups * parts, itemGrain, [&](int64_t begin, int64_t end) {
            for (int64_t item = begin; item < end; ++item) {
                const int64_t firstBlock = item / parts * itemBlocks;
                const int64_t firstTile = tiles * (item % parts) / parts;
                const int64_t count = tiles * (item % parts + 1) / parts - firstTile;
                TransformedInput part = input;
                part.v += firstTile * target.lanes;
                finish(firstTile, count, firstBlock, std::min(firstBlock + itemBlocks, outputBlocks), part);
            }
        });
    }
};

Error noMemory() { return makeError(ErrorCode::OutOfMemory, "There is not enough memory for this."); }

} // namespace

std::optional<WinogradTile> bestWinogradTile(const WinogradShape& shape)
{
    // In multiplications, of which a core does about 57 in a nanosecond; measured on AVX-512. Channels count
    // in whole vectors.
    constexpr double transform = 13;    // of a channel of a tile into or out of one point
    constexpr double weightBytes = 2.3; // a byte of weights from memory
    constexpr double callDepth = 2;     // what a register tile costs beside its sums
    constexpr double advantage = 0.9;
    constexpr int64_t lanes = 16;
    const auto inputs = static_cast<double>(shape.inputChannels);
    const auto inputVectors = static_cast<double>(roundUp(shape.inputChannels, lanes));
    const auto outputVectors = static_cast<double>(roundUp(shape.outputChannels, lanes));
    const auto pixels = static_cast<double>(shape.batch * shape.outputHeight() * shape.outputWidth());
    double least = advantage * 9 * pixels * inputs * outputVectors;
    std::optional<WinogradTile> result;
    for (const WinogradTile tile : {WinogradTile::Two, WinogradTile::Four}) {
        const auto points = static_cast<double>(planesOf(tile) * tileCount(shape, tile));
        const double product = points * (inputs + callDepth) * outputVectors;
        const double weights =
            weightBytes * sizeof(float) * static_cast<double>(planesOf(tile)) * inputs * outputVectors;
        const double time = std::max(product, weights) + transform * points * (inputVectors + outputVectors);
        if (time < least) {
            least = time;
            result = tile;
        }
    }
    return result;
}

Result<WinogradConvolution> WinogradConvolution::create(const float* weights, int64_t outputChannels,
                                                        int64_t inputChannels, WinogradTile tile)
{
    WinogradConvolution result;
    result.m_target = &winograd::bestTarget();
    result.m_tile = tile;
    result.m_inputChannels = inputChannels;
    result.m_outputChannels = outputChannels;
    const int64_t lanes = result.m_target->lanes;
    const int64_t panel = lanes * result.m_target->panelBlocks; // at most widestPanel
    const int64_t planeStep = weightsPlaneStepOf(*result.m_target, outputChannels, inputChannels);
    const size_t zeroBytes = sizeof(float) * static_cast<size_t>(roundUp(inputChannels, lanes));
    if (!result.m_weights.reserve(sizeof(float) * static_cast<size_t>(planeStep * planesOf(tile))) ||
        !result.m_zeros.reserve(zeroBytes))
        return noMemory();
    std::memset(result.m_zeros.floats(), 0, zeroBytes);
    parallelFor(divideUp(outputChannels, panel), 1, [&](int64_t begin, int64_t end) {
        for (int64_t first = begin * panel; first < std::min(end * panel, outputChannels); first += panel) {
            const int64_t filled = std::min(panel, outputChannels - first);
            const int64_t columns = roundUp(filled, lanes);
            float* to = result.m_weights.floats() + first * inputChannels;
            PanelOfKernels kernels = {};
            for (int64_t input = 0; input < inputChannels; ++input, to += columns) {
                for (int64_t column = 0; column < filled; ++column) {
                    const float* kernel = weights + ((first + column) * inputChannels + input) * 9;
                    for (int64_t tap = 0; tap < 9; ++tap)
                        kernels[tap][column] = kernel[tap];
                }
                transformKernels(kernels, tile, columns, to, planeStep);
            }
        }
    });
    return result;
}

Status WinogradConvolution::run(const float* x, const WinogradShape& shape, const Epilogue& epilogue,
                                float* y) const
{
    if (shape.batch <= 0 || shape.outputHeight() <= 0 || shape.outputWidth() <= 0)
        return {};
    Work work{*m_target, shape, epilogue, m_tile, m_weights.floats(), m_zeros.floats(), x, y};
    const int64_t threads = parallel::threads();
    const bool oneBlock = work.tiles <= 2 * work.tilesOfBlock();
    const int64_t blocks = oneBlock ? 1 : divideUp(work.tiles, work.tilesOfBlock());
    if (threads == 1 || blocks >= 2 * threads || work.grain(work.tiles, shape.outputChannels) > 1)
        work.runBlocks(blocks);
    else
        work.runShared(threads, blocks);
    if (work.failed)
        return noMemory();
    return {};
}

} // namespace lapidary

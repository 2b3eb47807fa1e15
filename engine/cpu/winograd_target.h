// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the parts of a Winograd convolution that there are once for each instruction set.
#pragma once

#include "engine/cpu/winograd.h"

namespace lapidary::winograd {

// Neighbouring tiles of the image and their places in a workspace: plane p (a point of the transformed
// tile) has blocks of one vector of channels each, a block one row for each tile.
struct TileRun {
    const WinogradShape* shape = nullptr;
    int64_t firstTile = 0; // counted through all images, row by row
    int64_t tiles = 0;
    int64_t firstBlock = 0; // of channels
    int64_t endBlock = 0;
    int64_t blockStep = 0; // elements from one block to the next
    int64_t planeStep = 0;
};

struct Target {
    int64_t lanes;       // of a vector: channels of a block
    int64_t panelBlocks; // blocks of output channels that the product takes at once
    int64_t rows;        // tiles that the product takes at once
    // Transforms input tiles into the workspace v, which has all blocks.
    void (*input)(WinogradTile tile, const TileRun& run, const float* x, const float* zeros, float* v);
    // m = v * weights in each plane, for the blocks of run; m begins with the first of them.
    void (*product)(int64_t planes, const TileRun& run, const float* v, int64_t vBlockStep,
                    int64_t vPlaneStep, const float* weights, int64_t weightsPlaneStep, float* m);
    // Transforms the product back into y.
    void (*output)(WinogradTile tile, const TileRun& run, const float* m, const Epilogue& epilogue, float* y);
};

// For this machine.
const Target& bestTarget();

} // namespace lapidary::winograd

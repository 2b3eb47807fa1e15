// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the convolution of float32 by 3x3 kernels (stride 1, dilation 1, one group) after Winograd, on
// activations with the channels last.
//
// Errors relative to the root mean square of the outputs, numbers evenly from -1 to 1, against double:
//                                64 channels           512 channels
//                                rms      largest      rms      largest
//   F(2x2, 3x3)                  2.6e-7   1.3e-6       7.1e-7   2.7e-6
//   F(4x4, 3x3)                  8.2e-7   6.8e-6       2.1e-6   1.2e-5
//   sums of float32 one by one   4.2e-7   4.5e-6       1.2e-6   1.1e-5
// An infinity or NaN spreads to the whole tile of outputs.
#pragma once

#include "engine/base/result.h"
#include "engine/cpu/aligned_buffer.h"
#include "engine/cpu/epilogue.h"

#include <cstdint>
#include <optional>

namespace lapidary {

struct WinogradShape {
    int64_t batch = 1;
    int64_t height = 0;
    int64_t width = 0;
    int64_t inputChannels = 0;
    int64_t outputChannels = 0;
    int64_t padTop = 0;
    int64_t padLeft = 0;
    int64_t padBottom = 0;
    int64_t padRight = 0;

    int64_t outputHeight() const { return height + padTop + padBottom - 2; }
    int64_t outputWidth() const { return width + padLeft + padRight - 2; }
};

// Outputs along each axis of a tile: F(2x2, 3x3), F(4x4, 3x3).
enum class WinogradTile { Two = 2, Four = 4 };

// The tile that takes the least time; none when a direct convolution near the peak of the machine is
// faster. The prepared weights depend on it.
std::optional<WinogradTile> bestWinogradTile(const WinogradShape& shape);

namespace winograd {
struct Target; // the functions of one instruction set
}

class WinogradConvolution {
public:
    // weights: [outputChannels, inputChannels, 3, 3], at least one channel each, not needed afterwards.
    // Errors: OutOfMemory.
    static Result<WinogradConvolution> create(const float* weights, int64_t outputChannels,
                                              int64_t inputChannels, WinogradTile tile);

    // x: [batch, height, width, inputChannels]; y: [batch, outputHeight, outputWidth, outputChannels],
    // which must not overlap x. The channels of shape are those of the weights. Several threads may run one
    // object. The results do not depend on the number of threads. Errors: OutOfMemory.
    Status run(const float* x, const WinogradShape& shape, const Epilogue& epilogue, float* y) const;

    WinogradTile tile() const { return m_tile; }

private:
    WinogradConvolution() = default;

    const winograd::Target* m_target = nullptr;
    WinogradTile m_tile = WinogradTile::Four;
    int64_t m_inputChannels = 0;
    int64_t m_outputChannels = 0;
    AlignedBuffer m_weights; // [point of the tile][panel of output channels][input channel][output channel]
    AlignedBuffer m_zeros;   // a pixel outside of the image
};

} // namespace lapidary

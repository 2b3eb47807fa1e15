// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where an image is in a tensor: which dimension is what.
#pragma once

#include "engine/ir/shape.h"

#include <optional>

namespace lapidary {

// NCHW, CHW or NHWC, HWC. A tensor of rank 2 is HW in both.
enum class ImageLayout { ChannelsFirst, ChannelsLast };

// Index of each dimension; -1: the tensor has none (one channel, one image).
struct ImageAxes {
    int batch = -1;
    int channel = -1;
    int height = -1;
    int width = -1;
};

// nullopt for a rank other than 2, 3 or 4.
std::optional<ImageAxes> imageAxes(size_t rank, ImageLayout layout);

// The layout in which shape looks like an image: 1, 3 or 4 channels, at least 8 × 8 pixels where
// known. Channels first when both fit. nullopt when it does not look like one.
std::optional<ImageLayout> guessImageLayout(const Shape& shape);

} // namespace lapidary

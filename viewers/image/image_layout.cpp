// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/image_layout.h"

namespace lapidary {

std::optional<ImageAxes> imageAxes(size_t rank, ImageLayout layout)
{
    if (rank < 2 || rank > 4)
        return std::nullopt;
    if (rank == 2)
        return ImageAxes{-1, -1, 0, 1};
    const int first = rank == 4 ? 1 : 0;
    const int batch = rank == 4 ? 0 : -1;
    if (layout == ImageLayout::ChannelsFirst)
        return ImageAxes{batch, first, first + 1, first + 2};
    return ImageAxes{batch, first + 2, first, first + 1};
}

std::optional<ImageLayout> guessImageLayout(const Shape& shape)
{
    for (const ImageLayout layout : {ImageLayout::ChannelsFirst, ImageLayout::ChannelsLast}) {
        const auto axes = imageAxes(shape.size(), layout);
        if (!axes)
            return std::nullopt;
        const auto size = [&](int axis) { return shape[static_cast<size_t>(axis)].value; };
        const bool hasPixels = (size(axes->height) < 0 || size(axes->height) >= 8) &&
                               (size(axes->width) < 0 || size(axes->width) >= 8);
        const int64_t channels = axes->channel < 0 ? 1 : size(axes->channel);
        if (hasPixels && (channels == 1 || channels == 3 || channels == 4))
            return layout;
    }
    return std::nullopt;
}

} // namespace lapidary

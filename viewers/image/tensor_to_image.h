// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor seen as a picture.
#pragma once

#include "engine/ir/tensor.h"
#include "viewers/image/image_layout.h"

#include <QImage>

namespace lapidary {

enum class ValueRange {
    Automatic, // bytes as they are; floats as the nearest of the others, else lowest to highest
    Unit,      // 0..1
    Signed,    // -1..1
    Bytes,     // 0..255
    Full       // lowest to highest
};
enum class SingleChannelColours { Gray, Viridis };

struct ImageDisplay {
    ImageLayout layout = ImageLayout::ChannelsFirst;
    ValueRange range = ValueRange::Automatic;
    bool bgr = false;
    SingleChannelColours colours = SingleChannelColours::Gray;
    int64_t batch = 0;
};

// Values outside the range are clipped; NaN is drawn magenta in one channel, black in three. One pass
// over one image: for a big one call it on a worker thread.
// Errors: ShapeMismatch (not 1, 3 or 4 channels, empty, larger than a QImage), InvalidArgument.
Result<QImage> tensorToImage(const Tensor& tensor, const ImageDisplay& display);

} // namespace lapidary

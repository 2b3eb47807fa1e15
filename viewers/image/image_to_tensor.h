// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a picture made into what a model wants to be fed. All conversions, in this order: crop or
// pad, resize, channels, invert, range, mean and deviation, layout, data type.
#pragma once

#include "engine/ir/tensor.h"
#include "viewers/image/image_layout.h"

#include <QImage>

#include <array>

namespace lapidary {

enum class ResizeMode {
    Stretch,   // both sides, the aspect ratio may change
    Fit,       // the whole picture, borders filled with padding
    CentreCrop // fills the tensor, what is left over at the sides is cut
};
enum class ChannelOrder { Rgb, Bgr, Gray };
enum class PixelRange { Bytes, Unit }; // 0..255, 0..1

struct ImageOptions {
    ResizeMode resize = ResizeMode::CentreCrop;
    ChannelOrder order = ChannelOrder::Rgb;
    ImageLayout layout = ImageLayout::ChannelsFirst;
    PixelRange range = PixelRange::Unit;
    bool inverted = false; // 255 - pixel: dark on light for a model that knows light on dark
    int padding = 0;       // 0..255, all channels, for ResizeMode::Fit
    // element = (pixel in range - mean) / deviation, by channel of the tensor.
    std::array<double, 4> mean{0, 0, 0, 0};
    std::array<double, 4> deviation{1, 1, 1, 1};

    bool operator==(const ImageOptions&) const = default;
};

// dims: [H, W], [C, H, W], [N, C, H, W] or channels last; 1, 3 or 4 channels; the picture is repeated
// N times. Gray uses ITU-R 601-2 luma; order Gray with 3 channels repeats it. Integer types round and
// saturate. Pure: any thread. Errors: InvalidArgument (no picture, a type that holds no pixels, a
// deviation of 0), ShapeMismatch (rank, channels, empty), OutOfMemory.
Result<Tensor> imageToTensor(const QImage& image, const ImageOptions& options, DataType type,
                             const Dims& dims);

// The picture as the model sees it: resized, in [W, H] pixels, before channels and numbers.
QImage resizedImage(const QImage& image, const ImageOptions& options, QSize size);

} // namespace lapidary

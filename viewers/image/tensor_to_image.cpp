// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/tensor_to_image.h"

#include "viewers/image/colour_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

struct Source {
    int64_t channels = 1;
    int64_t height = 0;
    int64_t width = 0;
    int64_t first = 0; // element where the image starts
    bool channelsLast = false;

    int64_t element(int64_t channel, int64_t y, int64_t x) const
    {
        return first +
               (channelsLast ? (y * width + x) * channels + channel : (channel * height + y) * width + x);
    }
    int64_t count() const { return channels * height * width; }
};

Result<Source> locate(const Tensor& tensor, const ImageDisplay& display)
{
    const Dims& dims = tensor.dims();
    const auto axes = imageAxes(dims.size(), display.layout);
    const auto size = [&](int axis) { return axis < 0 ? 1 : dims[static_cast<size_t>(axis)]; };
    Source source;
    if (axes) {
        source = {size(axes->channel), size(axes->height), size(axes->width), 0,
                  display.layout == ImageLayout::ChannelsLast};
        source.first = display.batch * source.count();
    }
    const bool channelsFit = source.channels == 1 || source.channels == 3 || source.channels == 4;
    constexpr int64_t largestSide = 32'767;
    const bool sizeFits =
        source.height > 0 && source.width > 0 && source.height <= largestSide && source.width <= largestSide;
    if (!axes || !channelsFit || !sizeFits || source.first + source.count() > tensor.count())
        return makeError(ErrorCode::ShapeMismatch,
                         "A tensor of " + toString(dims) + " is not a picture in this layout.");
    return source;
}

struct Range {
    double low = 0;
    double high = 1;
};

Range extent(const std::vector<double>& values)
{
    Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const double value : values) {
        if (std::isfinite(value)) {
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    }
    return range.low <= range.high ? range : Range{};
}

// Models overshoot their range a little; a range is meant when most of it is used.
Range automaticRange(DataType type, const Range& found)
{
    if (type == DataType::UInt8)
        return {0, 255};
    if (found.low >= -0.5 && found.high <= 1.5 && found.low > -0.1 - 0.2 * found.high)
        return {0, 1};
    if (found.low >= -1.5 && found.high <= 1.5)
        return {-1, 1};
    if (found.low >= -128 && found.high <= 512 && found.high > 64)
        return {0, 255};
    return found;
}

Range chooseRange(ValueRange wanted, DataType type, const std::vector<double>& values)
{
    switch (wanted) {
    case ValueRange::Unit: return {0, 1};
    case ValueRange::Signed: return {-1, 1};
    case ValueRange::Bytes: return {0, 255};
    case ValueRange::Full: return extent(values);
    case ValueRange::Automatic: break;
    }
    return automaticRange(type, extent(values));
}

double share(double value, const Range& range)
{
    return range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
}

int toByte(double fraction)
{
    return std::isnan(fraction) ? 0 : static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * 255));
}

QRgb singleChannelColour(double fraction, SingleChannelColours colours)
{
    if (std::isnan(fraction))
        return qRgb(255, 0, 255);
    const int gray = toByte(fraction);
    return colours == SingleChannelColours::Viridis ? viridis(fraction) : qRgb(gray, gray, gray);
}

} // namespace

Result<QImage> tensorToImage(const Tensor& tensor, const ImageDisplay& display)
{
    if (tensor.empty() || tensor.type() == DataType::String)
        return makeError(ErrorCode::InvalidArgument, "There are no numbers in this tensor.");
    TRY_ASSIGN(const Source source, locate(tensor, display));
    std::vector<double> values(static_cast<size_t>(source.count()));
    for (int64_t i = 0; i < source.count(); ++i)
        values[static_cast<size_t>(i)] = elementAsDouble(tensor, source.first + i);
    const Range range = chooseRange(display.range, tensor.type(), values);

    QImage image(static_cast<int>(source.width), static_cast<int>(source.height),
                 source.channels == 4 ? QImage::Format_ARGB32 : QImage::Format_RGB32);
    if (image.isNull())
        return makeError(ErrorCode::OutOfMemory, "There is not enough memory for the picture.");
    for (int64_t y = 0; y < source.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        for (int64_t x = 0; x < source.width; ++x) {
            const auto fraction = [&](int64_t channel) {
                return share(values[static_cast<size_t>(source.element(channel, y, x) - source.first)],
                             range);
            };
            if (source.channels == 1) {
                line[x] = singleChannelColour(fraction(0), display.colours);
                continue;
            }
            const int alpha = source.channels == 4 ? toByte(fraction(3)) : 255;
            line[x] = qRgba(toByte(fraction(display.bgr ? 2 : 0)), toByte(fraction(1)),
                            toByte(fraction(display.bgr ? 0 : 2)), alpha);
        }
    }
    return image;
}

} // namespace lapidary

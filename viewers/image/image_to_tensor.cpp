// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/image_to_tensor.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace lapidary {

namespace {

struct Target {
    ImageAxes axes;
    int64_t batch = 1;
    int64_t channels = 1;
    int64_t height = 0;
    int64_t width = 0;
    bool channelsLast = false;

    // Of an element of the first image.
    int64_t offset(int64_t channel, int64_t y, int64_t x) const
    {
        return channelsLast ? (y * width + x) * channels + channel : (channel * height + y) * width + x;
    }
};

Result<Target> makeTarget(const Dims& dims, ImageLayout layout)
{
    const auto axes = imageAxes(dims.size(), layout);
    if (!axes)
        return makeError(ErrorCode::ShapeMismatch,
                         "A picture needs a tensor of 2, 3 or 4 dimensions; this one is " + toString(dims) +
                             ".");
    const auto size = [&](int axis) { return axis < 0 ? 1 : dims[static_cast<size_t>(axis)]; };
    Target target{*axes,
                  size(axes->batch),
                  size(axes->channel),
                  size(axes->height),
                  size(axes->width),
                  layout == ImageLayout::ChannelsLast};
    if (target.channels != 1 && target.channels != 3 && target.channels != 4)
        return makeError(ErrorCode::ShapeMismatch,
                         "A picture has 1, 3 or 4 channels; " + toString(dims) + " has " +
                             std::to_string(target.channels) + " in this layout.",
                         "Choose the other layout, or feed the input from a .npy file.");
    constexpr int64_t largestSide = 32'767; // of a QImage that can be painted on
    const bool usable = target.batch > 0 && target.height > 0 && target.width > 0 &&
                        target.height <= largestSide && target.width <= largestSide;
    if (!usable)
        return makeError(ErrorCode::ShapeMismatch,
                         "A picture does not fit a tensor of " + toString(dims) + ".");
    return target;
}

// The byte that the tensor's channel holds, from an RGBA pixel.
uint8_t channelByte(const uchar* pixel, int64_t channel, int64_t channels, ChannelOrder order)
{
    if (channel == 3)
        return pixel[3];
    if (channels == 1 || order == ChannelOrder::Gray) // luma in 16-bit fixed point, rounded
        return static_cast<uint8_t>((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16);
    return pixel[order == ChannelOrder::Bgr ? 2 - channel : channel];
}

// The element for each byte, by channel: the arithmetic is done 256 times, not once a pixel.
using ByteMap = std::array<double, 256>;

ByteMap byteMap(const ImageOptions& options, size_t channel)
{
    ByteMap map;
    for (size_t byte = 0; byte < map.size(); ++byte) {
        const auto shown = static_cast<double>(options.inverted && channel < 3 ? 255 - byte : byte);
        const double pixel = options.range == PixelRange::Unit ? shown / 255 : shown;
        map[byte] = (pixel - options.mean[channel]) / options.deviation[channel];
    }
    return map;
}

template <typename T>
T convert(double value)
{
    if constexpr (std::is_integral_v<T>) {
        const double lowest = static_cast<double>(std::numeric_limits<T>::lowest());
        const double highest = static_cast<double>(std::numeric_limits<T>::max());
        const double rounded = std::nearbyint(value);
        if (rounded >= highest) // the limit of a 64-bit type is not a double: compare before casting
            return std::numeric_limits<T>::max();
        return rounded <= lowest ? std::numeric_limits<T>::lowest() : static_cast<T>(rounded);
    } else if constexpr (std::is_same_v<T, double>) {
        return value;
    } else {
        return T(static_cast<float>(value));
    }
}

template <typename T>
void fill(T* out, const QImage& rgba, const Target& target, const ImageOptions& options)
{
    for (int64_t c = 0; c < target.channels; ++c) {
        const ByteMap map = byteMap(options, static_cast<size_t>(c));
        std::array<T, 256> elements;
        std::transform(map.begin(), map.end(), elements.begin(), convert<T>);
        for (int64_t y = 0; y < target.height; ++y) {
            const uchar* line = rgba.constScanLine(static_cast<int>(y));
            for (int64_t x = 0; x < target.width; ++x)
                out[target.offset(c, y, x)] =
                    elements[channelByte(line + 4 * x, c, target.channels, options.order)];
        }
    }
    const int64_t perImage = target.channels * target.height * target.width;
    for (int64_t n = 1; n < target.batch; ++n)
        std::copy_n(out, perImage, out + n * perImage);
}

template <typename T>
Result<Tensor> build(const QImage& rgba, const Target& target, const ImageOptions& options, const Dims& dims)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(typeOf<T>(), dims));
    fill(tensor.mutableData<T>(), rgba, target, options);
    return tensor;
}

} // namespace

QImage resizedImage(const QImage& image, const ImageOptions& options, QSize size)
{
    if (image.size() == size || options.resize == ResizeMode::Stretch)
        return image.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    if (options.resize == ResizeMode::CentreCrop) {
        // Cut first: scaling a panorama to cover a small square would make a huge picture.
        QSize cut = size.scaled(image.size(), Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
        QRect area(QPoint(0, 0), cut);
        area.moveTo((image.width() - cut.width()) / 2, (image.height() - cut.height()) / 2);
        return image.copy(area).scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    }
    const QSize inner = image.size().scaled(size, Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
    QImage padded(size, QImage::Format_RGBA8888);
    padded.fill(QColor(options.padding, options.padding, options.padding));
    QPainter painter(&padded);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.drawImage((size.width() - inner.width()) / 2, (size.height() - inner.height()) / 2,
                      image.scaled(inner, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    return padded;
}

Result<Tensor> imageToTensor(const QImage& image, const ImageOptions& options, DataType type,
                             const Dims& dims)
{
    if (image.isNull())
        return makeError(ErrorCode::InvalidArgument, "There is no picture.", "Choose an image file.");
    TRY_ASSIGN(const Target target, makeTarget(dims, options.layout));
    for (size_t c = 0; c < static_cast<size_t>(target.channels); ++c) {
        if (!(options.deviation[c] != 0) || !std::isfinite(options.deviation[c]) ||
            !std::isfinite(options.mean[c]))
            return makeError(ErrorCode::InvalidArgument, "The standard deviation of a channel must not be 0.",
                             "Enter 1 to leave the scale as it is.");
    }
    const QSize size(static_cast<int>(target.width), static_cast<int>(target.height));
    const QImage rgba = resizedImage(image, options, size).convertToFormat(QImage::Format_RGBA8888);
    if (rgba.isNull())
        return makeError(ErrorCode::OutOfMemory, "There is not enough memory to resize the picture.");
    switch (type) {
    case DataType::Float: return build<float>(rgba, target, options, dims);
    case DataType::Float16: return build<Float16>(rgba, target, options, dims);
    case DataType::BFloat16: return build<BFloat16>(rgba, target, options, dims);
    case DataType::Double: return build<double>(rgba, target, options, dims);
    case DataType::UInt8: return build<uint8_t>(rgba, target, options, dims);
    case DataType::Int8: return build<int8_t>(rgba, target, options, dims);
    case DataType::UInt16: return build<uint16_t>(rgba, target, options, dims);
    case DataType::Int16: return build<int16_t>(rgba, target, options, dims);
    case DataType::Int32: return build<int32_t>(rgba, target, options, dims);
    case DataType::UInt32: return build<uint32_t>(rgba, target, options, dims);
    case DataType::Int64: return build<int64_t>(rgba, target, options, dims);
    case DataType::UInt64: return build<uint64_t>(rgba, target, options, dims);
    default:
        return makeError(ErrorCode::InvalidArgument,
                         "A picture cannot become elements of type " + std::string(dataTypeName(type)) + ".",
                         "Feed this input from a file or make it up.");
    }
}

} // namespace lapidary

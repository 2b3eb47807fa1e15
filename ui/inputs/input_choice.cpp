// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/input_choice.h"

#include <QStringList>

namespace lapidary {

namespace {

bool holdsPixels(DataType type)
{
    return (isFloatingPoint(type) || isInteger(type)) && bitWidth(type) >= 8 &&
           (isInteger(type) || bitWidth(type) >= 16);
}

// "0.485,0.456,0.406" or "[0.485 0.456 0.406]".
std::vector<double> numberList(const std::string& text)
{
    std::vector<double> numbers;
    QString cleaned = QString::fromStdString(text).remove(QLatin1Char('[')).remove(QLatin1Char(']'));
    cleaned.replace(QLatin1Char(','), QLatin1Char(' '));
    for (const QString& part : cleaned.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        bool ok = false;
        numbers.push_back(part.toDouble(&ok));
        if (!ok)
            return {};
    }
    return numbers;
}

void useNumbers(std::array<double, 4>& target, const std::vector<double>& numbers)
{
    for (size_t c = 0; c < 3 && !numbers.empty(); ++c)
        target[c] = numbers[std::min(c, numbers.size() - 1)];
}

} // namespace

std::vector<InputSpec> inputSpecs(const Graph& graph)
{
    std::vector<InputSpec> specs;
    for (const ValueId id : graph.requiredInputs()) {
        const GraphValue& value = graph.value(id);
        InputSpec spec{id, value.name, value.type, {}};
        const Shape shape = value.type.isTensor() && value.type.shape ? *value.type.shape : Shape{};
        for (size_t axis = 0; axis < shape.size(); ++axis) {
            const Dim& dim = shape[axis];
            const std::string unnamed = value.name + "[" + std::to_string(axis) + "]";
            spec.dimKeys.push_back(dim.known() ? std::string() : dim.symbol.empty() ? unnamed : dim.symbol);
        }
        specs.push_back(std::move(spec));
    }
    return specs;
}

bool sameInputs(const std::vector<InputSpec>& a, const std::vector<InputSpec>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const InputSpec& x, const InputSpec& y) {
        return x.name == y.name && toString(x.type) == toString(y.type) && x.dimKeys == y.dimKeys;
    });
}

bool looksLikeImageInput(const InputSpec& spec)
{
    if (!spec.type.isTensor() || !spec.type.shape || !holdsPixels(spec.type.dataType))
        return false;
    if (spec.type.denotation == "IMAGE")
        return true;
    const Shape& shape = *spec.type.shape;
    const auto layout = shape.size() >= 3 ? guessImageLayout(shape) : std::nullopt;
    if (!layout)
        return false;
    // [N, 3, L] with unknown sides is as likely a signal: at least the channels or the rank must tell.
    return shape.size() == 4 || shape[static_cast<size_t>(imageAxes(3, *layout)->channel)].known();
}

std::vector<InputSource> possibleSources(const InputSpec& spec)
{
    if (!spec.type.isTensor())
        return {InputSource::TensorProto};
    const DataType type = spec.type.dataType;
    if (type == DataType::String)
        return {InputSource::Constant, InputSource::Npy, InputSource::TensorProto};
    std::vector<InputSource> sources{InputSource::Random, InputSource::Constant, InputSource::Npy,
                                     InputSource::TensorProto};
    const bool rankFits = !spec.type.shape || (spec.type.shape->size() >= 2 && spec.type.shape->size() <= 4);
    if (holdsPixels(type) && rankFits)
        sources.insert(looksLikeImageInput(spec) ? sources.begin() : sources.end(), InputSource::Image);
    return sources;
}

bool isImageSide(const InputSpec& spec, size_t axis)
{
    if (!looksLikeImageInput(spec))
        return false;
    const auto layout = guessImageLayout(*spec.type.shape).value_or(ImageLayout::ChannelsFirst);
    const auto axes = imageAxes(spec.type.shape->size(), layout);
    return axes && (static_cast<int>(axis) == axes->height || static_cast<int>(axis) == axes->width);
}

Dims resolveDims(const InputSpec& spec, const DimSizes& sizes, ImageLayout layout, QSize imageSize)
{
    if (!spec.type.shape) // not even the rank is known: a batch of one colour picture is the best guess
        return imageSize.isEmpty() ? Dims{1} : Dims{1, 3, imageSize.height(), imageSize.width()};
    const Shape& shape = *spec.type.shape;
    const auto axes = imageAxes(shape.size(), layout);
    Dims dims;
    for (size_t axis = 0; axis < shape.size(); ++axis) {
        const auto set = sizes.find(spec.dimKeys[axis]);
        const int64_t wanted = set == sizes.end() ? 0 : set->second;
        int64_t automatic = 1;
        if (!imageSize.isEmpty() && axes) {
            const int position = static_cast<int>(axis);
            automatic = position == axes->height    ? imageSize.height()
                        : position == axes->width   ? imageSize.width()
                        : position == axes->channel ? 3
                                                    : 1;
        }
        dims.push_back(shape[axis].known() ? shape[axis].value : wanted > 0 ? wanted : automatic);
    }
    return dims;
}

ImageOptions guessImageOptions(const Model& model, const InputSpec& spec)
{
    ImageOptions options;
    if (spec.type.shape)
        options.layout = guessImageLayout(*spec.type.shape).value_or(ImageLayout::ChannelsFirst);
    const auto axes = spec.type.shape ? imageAxes(spec.type.shape->size(), options.layout) : std::nullopt;
    const bool oneChannel =
        axes && (axes->channel < 0 || (*spec.type.shape)[static_cast<size_t>(axes->channel)].value == 1);
    if (oneChannel)
        options.order = ChannelOrder::Gray;
    if (isInteger(spec.type.dataType))
        options.range = PixelRange::Bytes;
    const std::string format = model.metadataValue("Image.BitmapPixelFormat");
    if (format.starts_with("Bgr"))
        options.order = ChannelOrder::Bgr;
    else if (format.starts_with("Gray"))
        options.order = ChannelOrder::Gray;
    const std::string range = model.metadataValue("Image.NominalPixelRange");
    if (range == "NominalRange_0_255" || model.metadataValue("input").find("0..255") != std::string::npos)
        options.range = PixelRange::Bytes;
    if (range == "Normalized_1_1") {
        options.mean = {0.5, 0.5, 0.5, 0};
        options.deviation = {0.5, 0.5, 0.5, 1};
    }
    useNumbers(options.mean, numberList(model.metadataValue("mean")));
    useNumbers(options.deviation, numberList(model.metadataValue("std")));
    return options;
}

} // namespace lapidary

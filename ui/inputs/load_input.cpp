// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/load_input.h"

#include "engine/onnx/npy.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"
#include "viewers/image/tensor_to_image.h"

#include <QFileInfo>
#include <QImageReader>

#include <algorithm>
#include <set>

namespace lapidary {

namespace {

std::filesystem::path filePath(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

Result<QImage> readImage(const QString& path)
{
    if (path.isEmpty())
        return makeError(ErrorCode::InvalidArgument, "No image is chosen.", "Choose or drop an image file.");
    if (!QFileInfo::exists(path))
        return makeError(ErrorCode::NotFound, "There is no file " + path.toStdString() + ".",
                         "Choose another image.");
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true); // photographs carry their orientation beside the pixels
    QImage image = reader.read();
    if (image.isNull())
        return makeError(ErrorCode::InvalidArgument,
                         QFileInfo(path).fileName().toStdString() +
                             " cannot be read as an image: " + reader.errorString().toStdString() + ".",
                         "Choose a PNG, JPEG, BMP or WebP file.");
    return image;
}

Result<Tensor> makeConstant(const InputSpec& spec, const InputChoice& choice, const Dims& dims)
{
    if (spec.type.dataType != DataType::String)
        return constantTensor(spec.type.dataType, dims, choice.number);
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(DataType::String, dims));
    std::ranges::fill(tensor.mutableStrings(), choice.text.toStdString());
    return tensor;
}

Result<Value> loadUnchecked(const InputSpec& spec, const InputChoice& choice, const DimSizes& sizes)
{
    const Dims dims = resolveDims(spec, sizes, choice.image.layout);
    switch (choice.source) {
    case InputSource::Image: {
        TRY_ASSIGN(const QImage image, readImage(choice.file));
        const Dims imageDims = resolveDims(spec, sizes, choice.image.layout, image.size());
        TRY_ASSIGN(Tensor tensor, imageToTensor(image, choice.image, spec.type.dataType, imageDims));
        return Value(std::move(tensor));
    }
    case InputSource::Npy: {
        if (choice.file.isEmpty())
            return makeError(ErrorCode::InvalidArgument, "No file is chosen.", "Choose or drop a .npy file.");
        TRY_ASSIGN(Tensor tensor, loadNpy(filePath(choice.file)));
        return Value(std::move(tensor));
    }
    case InputSource::TensorProto:
        if (choice.file.isEmpty())
            return makeError(ErrorCode::InvalidArgument, "No file is chosen.", "Choose or drop a .pb file.");
        return loadValueFile(filePath(choice.file), spec.type);
    case InputSource::Random: {
        TRY_ASSIGN(Tensor tensor, randomTensor(spec.type.dataType, dims, choice.seed));
        return Value(std::move(tensor));
    }
    case InputSource::Constant: {
        TRY_ASSIGN(Tensor tensor, makeConstant(spec, choice, dims));
        return Value(std::move(tensor));
    }
    }
    return makeError(ErrorCode::Internal, "unknown source of an input");
}

// The picture as the model sees it, from the original rather than from normalised numbers.
QImage seenPicture(const QImage& image, const ImageOptions& options, const Dims& dims)
{
    const auto axes = imageAxes(dims.size(), options.layout);
    if (!axes)
        return image;
    const auto side = [&](int axis) { return static_cast<int>(dims[static_cast<size_t>(axis)]); };
    QImage seen = resizedImage(image, options, {side(axes->width), side(axes->height)});
    const bool gray = options.order == ChannelOrder::Gray || axes->channel < 0 ||
                      dims[static_cast<size_t>(axes->channel)] == 1;
    seen = seen.convertToFormat(gray ? QImage::Format_Grayscale8 : QImage::Format_RGB32);
    if (options.inverted)
        seen.invertPixels();
    return seen;
}

QImage smallPicture(const QImage& picture)
{
    constexpr int side = 512; // larger than any card shows it
    if (picture.width() <= side && picture.height() <= side)
        return picture;
    return picture.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

QImage pictureOf(const Tensor& tensor)
{
    const auto layout = guessImageLayout(toShape(tensor.dims()));
    if (!layout || tensor.rank() < 3)
        return {};
    ImageDisplay display;
    display.layout = *layout;
    auto picture = tensorToImage(tensor, display);
    return picture.ok() ? smallPicture(*picture) : QImage();
}

bool isMadeUp(InputSource source) { return source == InputSource::Random || source == InputSource::Constant; }

} // namespace

Result<Value> loadInput(const InputSpec& spec, const InputChoice& choice, const DimSizes& sizes,
                        JobContext& job)
{
    if (job.stopRequested())
        return cancelled();
    auto loaded = loadUnchecked(spec, choice, sizes);
    if (!loaded.ok())
        return std::move(loaded).error().at("input '" + spec.name + "'");
    TRY(checkInput(spec.name, spec.type, *loaded));
    return loaded;
}

Result<InputPreview> previewInput(const InputSpec& spec, const InputChoice& choice, const DimSizes& sizes,
                                  JobContext& job)
{
    if (isMadeUp(choice.source)) {
        const Dims dims = resolveDims(spec, sizes, choice.image.layout);
        return InputPreview{
            QString::fromStdString(toString(TypeInfo::tensor(spec.type.dataType, toShape(dims)))), {}};
    }
    TRY_ASSIGN(const Value value, loadInput(spec, choice, sizes, job));
    InputPreview preview{QString::fromStdString(describe(value)), {}};
    if (choice.source == InputSource::Image) {
        TRY_ASSIGN(const QImage image, readImage(choice.file));
        preview.picture = smallPicture(seenPicture(image, choice.image, value.tensor()->dims()));
    } else if (value.isTensor()) {
        preview.picture = pictureOf(*value.tensor());
    }
    return preview;
}

DimSizes boundDims(const std::vector<InputSpec>& specs, const std::vector<Value>& values)
{
    DimSizes bound;
    std::set<std::string> ambiguous;
    for (size_t i = 0; i < specs.size(); ++i) {
        const Tensor* tensor = values[i].tensor();
        if (!tensor || !specs[i].type.shape)
            continue;
        for (size_t axis = 0; axis < specs[i].dimKeys.size(); ++axis) {
            const std::string& symbol = (*specs[i].type.shape)[axis].symbol;
            const int64_t size = tensor->dims()[axis];
            if (!symbol.empty() && bound.emplace(symbol, size).first->second != size)
                ambiguous.insert(symbol);
        }
    }
    for (const std::string& symbol : ambiguous)
        bound.erase(symbol);
    return bound;
}

} // namespace lapidary

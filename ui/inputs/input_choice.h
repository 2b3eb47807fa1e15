// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what an input of a model is, and where its value is to come from. Plain values: cards edit
// them, jobs read copies of them.
#pragma once

#include "engine/ir/model.h"
#include "viewers/image/image_to_tensor.h"

#include <QString>

#include <map>

namespace lapidary {

enum class InputSource { Image, Npy, TensorProto, Random, Constant };

struct InputChoice {
    InputSource source = InputSource::Random;
    QString file; // of Image, Npy and TensorProto
    ImageOptions image;
    quint64 seed = 0;
    double number = 0; // of Constant
    QString text;      // of Constant, for an input of strings

    bool operator==(const InputChoice&) const = default;
};

struct InputSpec {
    ValueId id = noValue;
    std::string name;
    TypeInfo type;
    // For a tensor, one for each dimension: "" when its size is fixed, else the name under which the
    // user sets it: the symbol, or "input[0]" when it has none.
    std::vector<std::string> dimKeys;
};

std::vector<InputSpec> inputSpecs(const Graph& graph);
// Of the same names and types, in the same order.
bool sameInputs(const std::vector<InputSpec>& a, const std::vector<InputSpec>& b);

// Which sources can feed the input, the usual one first. Never empty.
std::vector<InputSource> possibleSources(const InputSpec& spec);
// The shape and type are those of a picture: images are what the input is for.
bool looksLikeImageInput(const InputSpec& spec);
// Dimensions whose size a picture brings along, when they are not fixed.
bool isImageSide(const InputSpec& spec, size_t axis);

// Sizes by key, as the user set them; 0: automatic (the picture's own size, otherwise 1).
using DimSizes = std::map<std::string, int64_t>;
// imageSize: of the picture, if that is the source.
Dims resolveDims(const InputSpec& spec, const DimSizes& sizes, ImageLayout layout, QSize imageSize = {});

// How the model wants its pictures, guessed from its metadata and the input's type and shape.
// Sources: ONNX "Image category definition for metadata" (Image.BitmapPixelFormat,
// Image.NominalPixelRange), and the keys "mean" and "std" that exporters write.
ImageOptions guessImageOptions(const Model& model, const InputSpec& spec);

} // namespace lapidary

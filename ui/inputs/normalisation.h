// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the ways to normalise pictures that models were trained with, by name.
#pragma once

#include "viewers/image/image_to_tensor.h"

#include <QString>

#include <span>

namespace lapidary {

struct Normalisation {
    const char* name; // for QCoreApplication::translate("Normalisation", name)
    PixelRange range;
    bool setsRange; // false: leaves range and channel order as they are
    bool bgr;       // only when setsRange
    std::array<double, 4> mean;
    std::array<double, 4> deviation;
};

// None, ImageNet, -1 to 1, Caffe (mean of BGR bytes).
std::span<const Normalisation> normalisations();
QString normalisationName(int index); // "Custom" for -1
// Which of them the options are; -1 when none.
int findNormalisation(const ImageOptions& options);

// "0.485, 0.456, 0.406"; one number stands for all channels. False: not 1, 3 or 4 numbers.
bool parseChannels(const QString& text, std::array<double, 4>& channels);
QString channelsText(const std::array<double, 4>& channels);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/resize_taps.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lapidary {

namespace {

template <typename Enum>
struct Named {
    std::string_view name;
    Enum value;
};

constexpr Named<CoordinateMode> coordinateModes[] = {
    {"half_pixel", CoordinateMode::HalfPixel},
    {"half_pixel_symmetric", CoordinateMode::HalfPixelSymmetric},
    {"pytorch_half_pixel", CoordinateMode::PytorchHalfPixel},
    {"align_corners", CoordinateMode::AlignCorners},
    {"asymmetric", CoordinateMode::Asymmetric},
    {"tf_half_pixel_for_nn", CoordinateMode::TfHalfPixelForNn},
    {"tf_crop_and_resize", CoordinateMode::TfCropAndResize},
};
constexpr Named<NearestMode> nearestModes[] = {
    {"round_prefer_floor", NearestMode::RoundPreferFloor},
    {"round_prefer_ceil", NearestMode::RoundPreferCeil},
    {"floor", NearestMode::Floor},
    {"ceil", NearestMode::Ceil},
};
constexpr Named<ResizeMode> resizeModes[] = {
    {"nearest", ResizeMode::Nearest},
    {"linear", ResizeMode::Linear},
    {"bilinear", ResizeMode::Linear}, // Upsample-1
    {"cubic", ResizeMode::Cubic},
};

template <typename Enum, size_t count>
Result<Enum> named(const Named<Enum> (&list)[count], const std::string& name)
{
    for (const Named<Enum>& entry : list) {
        if (entry.name == name)
            return entry.value;
    }
    return makeError(ErrorCode::UnsupportedOp, "Resize has no mode '" + name + "'");
}

double sourceCoordinate(const ResizedAxis& axis, CoordinateMode mode, int64_t position)
{
    const auto x = static_cast<double>(position);
    const auto in = static_cast<double>(axis.in);
    const double length = axis.scale * in; // before it was rounded down to axis.out
    switch (mode) {
    case CoordinateMode::HalfPixel: return (x + 0.5) / axis.scale - 0.5;
    case CoordinateMode::HalfPixelSymmetric:
        return in / 2 * (1 - static_cast<double>(axis.out) / length) + (x + 0.5) / axis.scale - 0.5;
    case CoordinateMode::PytorchHalfPixel: return axis.out > 1 ? (x + 0.5) / axis.scale - 0.5 : 0;
    case CoordinateMode::AlignCorners: return length == 1 ? 0 : x * (in - 1) / (length - 1);
    case CoordinateMode::Asymmetric: return x / axis.scale;
    case CoordinateMode::TfHalfPixelForNn: return (x + 0.5) / axis.scale;
    case CoordinateMode::TfCropAndResize:
        if (axis.out <= 1)
            return 0.5 * (double{axis.roiStart} + axis.roiEnd) * (in - 1);
        return axis.roiStart * (in - 1) +
               x * (double{axis.roiEnd} - axis.roiStart) * (in - 1) / static_cast<double>(axis.out - 1);
    }
    return x;
}

bool isOutside(const ResizedAxis& axis, const ResizeSettings& settings, double x)
{
    return settings.coordinates == CoordinateMode::TfCropAndResize &&
           !(x >= 0 && x <= static_cast<double>(axis.in - 1));
}

// As an index of the axis; also for coordinates far outside, which would not fit an integer.
int64_t clampedIndex(double x, int64_t size)
{
    return static_cast<int64_t>(std::clamp(std::isnan(x) ? 0.0 : x, 0.0, static_cast<double>(size - 1)));
}

double rounded(double x, NearestMode mode)
{
    switch (mode) {
    case NearestMode::RoundPreferFloor: return std::ceil(x - 0.5);
    case NearestMode::RoundPreferCeil: return std::floor(x + 0.5);
    case NearestMode::Floor: return std::floor(x);
    case NearestMode::Ceil: return std::ceil(x);
    }
    return x;
}

// Keys' cubic convolution kernel with coefficient a.
double cubicWeight(double distance, double a)
{
    const double d = std::fabs(distance);
    if (d <= 1)
        return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

double tapWeight(double distance, const ResizeSettings& settings)
{
    return settings.mode == ResizeMode::Cubic ? cubicWeight(distance, settings.cubicCoefficient)
                                              : std::clamp(1 - std::fabs(distance), 0.0, 1.0);
}

} // namespace

Result<ResizeSettings> resizeSettings(const Node& node, int64_t opset)
{
    ResizeSettings settings;
    TRY_ASSIGN(settings.mode, named(resizeModes, node.stringAttribute("mode", "nearest")));
    if (opset < 11 || node.opType == "Upsample")
        return settings;
    TRY_ASSIGN(settings.coordinates,
               named(coordinateModes, node.stringAttribute("coordinate_transformation_mode", "half_pixel")));
    TRY_ASSIGN(settings.nearest,
               named(nearestModes, node.stringAttribute("nearest_mode", "round_prefer_floor")));
    settings.cubicCoefficient = node.floatAttribute("cubic_coeff_a", -0.75f);
    settings.excludeOutside = node.intAttribute("exclude_outside", 0) != 0;
    settings.antialias = node.intAttribute("antialias", 0) != 0;
    settings.extrapolationValue = node.floatAttribute("extrapolation_value", 0.0f);
    return settings;
}

std::vector<int64_t> nearestIndexes(const ResizedAxis& axis, const ResizeSettings& settings)
{
    std::vector<int64_t> indexes(static_cast<size_t>(axis.out));
    for (int64_t i = 0; i < axis.out; ++i) {
        const double x =
            axis.unchanged() ? static_cast<double>(i) : sourceCoordinate(axis, settings.coordinates, i);
        indexes[static_cast<size_t>(i)] =
            isOutside(axis, settings, x) ? -1 : clampedIndex(rounded(x, settings.nearest), axis.in);
    }
    return indexes;
}

ResizeTaps resizeTaps(const ResizedAxis& axis, const ResizeSettings& settings)
{
    // Shrinking with antialias widens the filter, so that every input element counts.
    const double stretch = settings.antialias ? std::clamp(axis.scale, 1e-6, 1.0) : 1.0;
    const double reach = settings.mode == ResizeMode::Cubic ? 2 : 1;
    const auto first = static_cast<int64_t>(std::floor(-reach / stretch)) + 1;
    ResizeTaps taps;
    taps.perElement = 2 - 2 * first;
    for (int64_t i = 0; i < axis.out; ++i) {
        const double x = sourceCoordinate(axis, settings.coordinates, i);
        taps.outside.push_back(isOutside(axis, settings, x));
        const double base = std::floor(x);
        std::vector<double> weights;
        double sum = 0;
        for (int64_t tap = first; tap < first + taps.perElement; ++tap) {
            const double at = base + static_cast<double>(tap);
            double weight = tapWeight((at - x) * stretch, settings);
            if (settings.excludeOutside && (at < 0 || at >= static_cast<double>(axis.in)))
                weight = 0;
            taps.indexes.push_back(clampedIndex(at, axis.in));
            weights.push_back(weight);
            sum += weight;
        }
        const bool normalize = settings.excludeOutside || settings.antialias;
        for (const double weight : weights)
            taps.weights.push_back(static_cast<float>(normalize && sum != 0 ? weight / sum : weight));
    }
    return taps;
}

} // namespace lapidary

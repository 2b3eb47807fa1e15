// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/resize_rules.h"

#include "engine/ops/axis.h"

#include <cmath>
#include <numeric>

namespace lapidary {

namespace {

constexpr double largestSize = 0x1p40;

Result<std::vector<int64_t>> axesOf(const ResizeRequest& request, int64_t rank)
{
    if (request.axes)
        return normalizeAxes(*request.axes, rank);
    std::vector<int64_t> axes(static_cast<size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
    return axes;
}

// Whether the lists have one entry for each axis, and each entry makes sense.
Status checkRequest(const ResizeRequest& request, size_t axisCount)
{
    const bool bySizes = !request.sizes.empty();
    const size_t given = bySizes ? request.sizes.size() : request.scales.size();
    if (given != axisCount)
        return makeError(ErrorCode::ShapeMismatch, "Resize has " + std::to_string(given) +
                                                       (bySizes ? " sizes for " : " scales for ") +
                                                       std::to_string(axisCount) + " axes");
    if (!request.roi.empty() && request.roi.size() != 2 * axisCount)
        return makeError(ErrorCode::ShapeMismatch, "the region of Resize has " +
                                                       std::to_string(request.roi.size()) +
                                                       " numbers, expected " + std::to_string(2 * axisCount));
    for (const int64_t size : request.sizes) {
        if (size < 0 || static_cast<double>(size) > largestSize)
            return makeError(ErrorCode::InvalidArgument, "Resize has a size of " + std::to_string(size));
    }
    for (const float scale : request.scales) {
        if (!bySizes && !(scale > 0 && scale < 1e9f))
            return makeError(ErrorCode::InvalidArgument, "Resize has a scale of " + std::to_string(scale));
    }
    return {};
}

// Products of sizes and scales are rounded to float32 first, so that 10 × 0.7f is 7.
int64_t scaledLength(int64_t in, float scale, float roiLength)
{
    const float length = static_cast<float>(in) * roiLength * scale;
    return static_cast<int64_t>(std::floor(std::clamp<double>(length, 0, largestSize)));
}

// Sizes that keep the proportions: one scale, the smallest or largest of those asked for.
void keepAspect(std::vector<ResizedAxis>& all, const std::vector<int64_t>& axes, AspectPolicy policy)
{
    std::optional<double> scale;
    for (const int64_t axis : axes) {
        const ResizedAxis& resized = all[static_cast<size_t>(axis)];
        const double own =
            static_cast<double>(resized.out) / static_cast<double>(std::max<int64_t>(1, resized.in));
        if (!scale || (policy == AspectPolicy::NotLarger ? own < *scale : own > *scale))
            scale = own;
    }
    for (const int64_t axis : axes) {
        ResizedAxis& resized = all[static_cast<size_t>(axis)];
        const double length = std::floor(*scale * static_cast<double>(resized.in) + 0.5);
        resized.out = static_cast<int64_t>(std::min(length, largestSize));
        resized.scale = *scale;
    }
}

} // namespace

AspectPolicy aspectPolicyOf(const Node& node)
{
    const std::string name = node.stringAttribute("keep_aspect_ratio_policy", "stretch");
    if (name == "not_larger")
        return AspectPolicy::NotLarger;
    return name == "not_smaller" ? AspectPolicy::NotSmaller : AspectPolicy::Stretch;
}

std::optional<std::vector<float>> scalesAttribute(const Node& node)
{
    if (const Attribute* scales = node.attribute("scales")) {
        if (const auto* list = scales->as<std::vector<float>>())
            return *list;
    }
    if (node.attribute("height_scale") || node.attribute("width_scale"))
        return std::vector<float>{1, 1, node.floatAttribute("height_scale", 1),
                                  node.floatAttribute("width_scale", 1)};
    return std::nullopt;
}

Result<std::vector<ResizedAxis>> resizedAxes(const Dims& input, const ResizeRequest& request)
{
    std::vector<ResizedAxis> all;
    for (const int64_t size : input)
        all.push_back({size, size});
    TRY_ASSIGN(const std::vector<int64_t> axes, axesOf(request, static_cast<int64_t>(input.size())));
    TRY(checkRequest(request, axes.size()));
    for (size_t i = 0; i < axes.size(); ++i) {
        ResizedAxis& resized = all[static_cast<size_t>(axes[i])];
        if (!request.roi.empty()) {
            resized.roiStart = request.roi[i];
            resized.roiEnd = request.roi[i + axes.size()];
        }
        if (!request.sizes.empty()) {
            resized.out = request.sizes[i];
            resized.scale =
                static_cast<double>(resized.out) / static_cast<double>(std::max<int64_t>(1, resized.in));
        } else {
            resized.scale = request.scales[i];
            resized.out = scaledLength(resized.in, request.scales[i], resized.roiEnd - resized.roiStart);
        }
    }
    if (!request.sizes.empty() && request.policy != AspectPolicy::Stretch)
        keepAspect(all, axes, request.policy);
    for (const ResizedAxis& resized : all) {
        if (resized.in == 0 && resized.out > 0)
            return makeError(ErrorCode::ShapeMismatch, "Resize cannot enlarge an axis without elements");
    }
    return all;
}

Result<Shape> resizedShape(const Shape& input, const ResizeRequest& request)
{
    if (const auto dims = concreteDims(input)) {
        TRY_ASSIGN(const std::vector<ResizedAxis> all, resizedAxes(*dims, request));
        Shape shape;
        for (const ResizedAxis& axis : all)
            shape.emplace_back(axis.out);
        return shape;
    }
    TRY_ASSIGN(const std::vector<int64_t> axes, axesOf(request, static_cast<int64_t>(input.size())));
    TRY(checkRequest(request, axes.size()));
    Shape shape = input;
    for (size_t i = 0; i < axes.size(); ++i) {
        Dim& dim = shape[static_cast<size_t>(axes[i])];
        if (!request.sizes.empty())
            dim = request.policy == AspectPolicy::Stretch ? Dim(request.sizes[i]) : Dim();
        else if (dim.known() && request.roi.empty())
            dim = Dim(scaledLength(dim.value, request.scales[i], 1));
        else if (request.scales[i] != 1)
            dim = Dim();
    }
    return shape;
}

} // namespace lapidary

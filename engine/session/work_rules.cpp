// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/work_rules.h"

#include <cmath>

namespace lapidary {

namespace {

// How many numbers are mixed for one element of an output, in each dimension that is interpolated.
double tapsOfMode(const std::string& mode)
{
    if (mode == "nearest")
        return 1;
    return mode == "cubic" || mode == "bicubic" ? 4 : 2;
}

// A sum of weighted neighbours; one neighbour alone is a copy.
double mixing(double taps) { return taps > 1 ? 2 * taps : 0; }

} // namespace

double product(const Dims& dims)
{
    double count = 1;
    for (const int64_t dim : dims)
        count *= static_cast<double>(dim);
    return count;
}

const Shape* WorkContext::shape(const std::vector<ValueId>& ids, size_t index) const
{
    if (index >= ids.size() || ids[index] == noValue)
        return nullptr;
    const TypeInfo& type = types.type(ids[index]);
    return type.shape ? &*type.shape : nullptr;
}

std::optional<Dims> WorkContext::dims(const std::vector<ValueId>& ids, size_t index) const
{
    const Shape* found = shape(ids, index);
    return found ? concreteDims(*found) : std::nullopt;
}

std::optional<double> WorkContext::inputCount(size_t index) const
{
    const auto found = input(index);
    return found ? std::optional(product(*found)) : std::nullopt;
}

std::optional<double> WorkContext::outputCount(size_t index) const
{
    const auto found = output(index);
    return found ? std::optional(product(*found)) : std::nullopt;
}

std::optional<double> perOutput(const WorkContext& context, double factor)
{
    if (factor == 0)
        return 0; // known, whatever the shapes are
    const auto count = context.outputCount(0);
    return count ? std::optional(factor * *count) : std::nullopt;
}

std::optional<double> perInput(const WorkContext& context, double factor)
{
    const auto count = context.inputCount(0);
    return count ? std::optional(factor * *count) : std::nullopt;
}

std::optional<double> perInputAndOutput(const WorkContext& context, double factor)
{
    const auto inputs = context.inputCount(0);
    const auto outputs = context.outputCount(0);
    return inputs && outputs ? std::optional(factor * *inputs + *outputs) : std::nullopt;
}

std::optional<double> perFurtherInput(const WorkContext& context, double factor)
{
    return perOutput(context, factor + static_cast<double>(context.node.inputs.size()) - 1);
}

std::optional<double> withOptionalInput(const WorkContext& context, double factor)
{
    // The inputs that such operators may leave out are added: LayerNormalization's bias, the bias of
    // SkipLayerNormalization, of FastGelu.
    const bool isSkip = context.node.opType.starts_with("Skip");
    const bool isSimple = context.node.opType == "SkipSimplifiedLayerNormalization";
    const size_t position = isSkip ? (isSimple ? 3 : 4) : context.node.opType == "FastGelu" ? 1 : 2;
    return perOutput(context, factor + (context.has(position) ? 1 : 0));
}

std::optional<double> window(const WorkContext& context, double factor)
{
    const std::vector<int64_t> kernel = context.node.intsAttribute("kernel_shape");
    return kernel.empty() ? std::nullopt : perOutput(context, factor * product(kernel));
}

std::optional<double> resampled(const WorkContext& context, double)
{
    const double taps = tapsOfMode(context.node.stringAttribute("mode", "nearest"));
    if (taps == 1)
        return 0;
    const auto from = context.input(0);
    const auto to = context.output(0);
    if (!from || !to || from->size() != to->size())
        return std::nullopt;
    double neighbours = 1;
    for (size_t axis = 0; axis < from->size(); ++axis)
        neighbours *= (*from)[axis] == (*to)[axis] ? 1 : taps;
    return mixing(neighbours) * product(*to);
}

std::optional<double> gridSampled(const WorkContext& context, double)
{
    const double taps = tapsOfMode(context.node.stringAttribute("mode", "linear"));
    const auto to = context.output(0);
    if (!to || to->size() < 3)
        return std::nullopt;
    return mixing(std::pow(taps, static_cast<double>(to->size()) - 2)) * product(*to);
}

std::optional<double> roiAligned(const WorkContext& context, double factor)
{
    // Ratio 0 chooses the number of samples by the sizes of the regions.
    const auto ratio = static_cast<double>(context.node.intAttribute("sampling_ratio", 0));
    return ratio > 0 ? perOutput(context, factor * ratio * ratio) : std::nullopt;
}

std::optional<double> localResponse(const WorkContext& context, double factor)
{
    return perOutput(context, 2 * static_cast<double>(context.node.intAttribute("size", 1)) + factor);
}

std::optional<double> batchNormalized(const WorkContext& context, double factor)
{
    const bool isTraining = context.node.intAttribute("training_mode", 0) != 0;
    return perInput(context, isTraining ? 7 : factor);
}

std::optional<double> transformedFrames(const WorkContext& context, double factor)
{
    const auto to = context.output(0); // [batch, frames, bins, 2]
    if (!to || to->size() < 3)
        return std::nullopt;
    const bool isOneSided = context.node.intAttribute("onesided", 1) != 0;
    const auto bins = static_cast<double>((*to)[2]);
    const double length = isOneSided ? 2 * (bins - 1) : bins;
    const double frames = static_cast<double>((*to)[0]) * static_cast<double>((*to)[1]);
    return length < 1 ? 0 : frames * (factor * length * std::log2(length) + length);
}

std::optional<double> cubed(const WorkContext& context, double factor)
{
    const auto from = context.input(0);
    return from && !from->empty() ? std::optional(factor * product(*from) * static_cast<double>(from->back()))
                                  : std::nullopt;
}

} // namespace lapidary

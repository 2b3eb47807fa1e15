// SPDX-License-Identifier: GPL-3.0-or-later
// NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss, which is the first of a logarithmic softmax.
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

enum class LossReduction { None, Sum, Mean };

struct LossAttributes {
    LossReduction reduction = LossReduction::Mean;
    std::optional<int64_t> ignored; // targets of this class count nothing
};

Result<LossAttributes> lossAttributes(const Node& node)
{
    LossAttributes attributes;
    const std::string reduction = node.stringAttribute("reduction", "mean");
    if (reduction != "none" && reduction != "sum" && reduction != "mean")
        return makeError(ErrorCode::InvalidArgument,
                         "attribute reduction: expected none, sum or mean, found '" + reduction + "'");
    attributes.reduction = reduction == "none"  ? LossReduction::None
                           : reduction == "sum" ? LossReduction::Sum
                                                : LossReduction::Mean;
    const Attribute* ignored = node.attribute("ignore_index");
    if (const int64_t* index = ignored ? ignored->as<int64_t>() : nullptr)
        attributes.ignored = *index;
    return attributes;
}

// scores: [N, C, d1...], target: [N, d1...], weight: [C] or absent.
Status checkLossInputs(const KernelContext& context)
{
    TRY(requireInputs(context, 2));
    const Tensor& scores = context.tensor(0);
    if (scores.rank() < 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0: expected [N, C, ...], found " + toString(scores.dims()));
    Dims expected = scores.dims();
    expected.erase(expected.begin() + 1);
    if (context.tensor(1).dims() != expected)
        return makeError(ErrorCode::ShapeMismatch, "target: expected " + toString(expected) + ", found " +
                                                       toString(context.tensor(1).dims()));
    if (!context.hasInput(2))
        return {};
    TRY(requireTensors(context, {2}, scores.type()));
    if (context.tensor(2).dims() != Dims{scores.dims()[1]})
        return makeError(ErrorCode::ShapeMismatch, "weight: expected " + std::to_string(scores.dims()[1]) +
                                                       ", found " + toString(context.tensor(2).dims()));
    return {};
}

// The class of each target; ignored ones are -1. Errors: InvalidArgument (no such class).
Result<std::vector<int64_t>> readTargets(const Tensor& target, int64_t classes,
                                         const LossAttributes& attributes)
{
    if (!isInteger(target.type()))
        return makeError(ErrorCode::ShapeMismatch,
                         "target: expected integers, found " + std::string(dataTypeName(target.type())));
    TRY_ASSIGN(std::vector<int64_t> targets, toInt64s(target));
    for (int64_t& index : targets) {
        if (attributes.ignored && index == *attributes.ignored)
            index = -1;
        else if (index < 0 || index >= classes)
            return makeError(ErrorCode::InvalidArgument, "target: expected classes from 0 to " +
                                                             std::to_string(classes - 1) + ", found " +
                                                             std::to_string(index));
    }
    return targets;
}

// Sums run in one order whatever the number of threads.
template <typename T>
Status reduceLoss(KernelContext& context, const Tensor& logProbabilities, const LossAttributes& attributes)
{
    const AxisBlocks blocks(logProbabilities.dims(), 1);
    TRY_ASSIGN(const std::vector<int64_t> targets, readTargets(context.tensor(1), blocks.size, attributes));
    const T* values = logProbabilities.data<T>();
    const T* weights = context.hasInput(2) ? context.tensor(2).data<T>() : nullptr;
    const bool each = attributes.reduction == LossReduction::None;
    TRY_ASSIGN(Tensor * loss, context.allocate(0, typeOf<T>(), each ? context.tensor(1).dims() : Dims()));
    T* out = loss->mutableData<T>();
    double sum = 0;
    double weightSum = 0;
    for (size_t i = 0; i < targets.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        double value = 0;
        if (targets[i] >= 0) {
            const double weight = weights ? static_cast<double>(weights[targets[i]]) : 1.0;
            const int64_t row = at / blocks.inner * blocks.size + targets[i];
            value = -weight * static_cast<double>(values[row * blocks.inner + at % blocks.inner]);
            weightSum += weight;
        }
        sum += value;
        if (each)
            out[i] = static_cast<T>(value);
    }
    if (!each)
        *out = static_cast<T>(attributes.reduction == LossReduction::Mean ? sum / weightSum : sum);
    return {};
}

// log(softmax) along the classes, for one place of one sample; step: from class to class.
template <typename T>
void logSoftmax(const T* x, T* y, int64_t classes, int64_t step)
{
    T largest = x[0];
    for (int64_t c = 1; c < classes; ++c)
        largest = std::max(largest, x[c * step]);
    double sum = 0;
    for (int64_t c = 0; c < classes; ++c)
        sum += std::exp(static_cast<double>(x[c * step]) - static_cast<double>(largest));
    const double logarithm = std::log(sum);
    for (int64_t c = 0; c < classes; ++c)
        y[c * step] =
            static_cast<T>(static_cast<double>(x[c * step]) - static_cast<double>(largest) - logarithm);
}

template <typename T>
Result<Tensor> logProbabilitiesOf(const KernelContext& context)
{
    const Tensor& scores = context.tensor(0);
    TRY_ASSIGN(Tensor result, Tensor::allocate(scores.type(), scores.dims()));
    const AxisBlocks blocks(scores.dims(), 1);
    if (result.count() == 0)
        return result;
    T* out = result.mutableData<T>();
    parallelFor(blocks.outer * blocks.inner, 1 + (1 << 11) / blocks.size, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end && !context.stopRequested(); ++i) {
            const int64_t at = i / blocks.inner * blocks.size * blocks.inner + i % blocks.inner;
            logSoftmax(scores.data<T>() + at, out + at, blocks.size, blocks.inner);
        }
    });
    if (context.stopRequested())
        return cancelled();
    return result;
}

Result<std::unique_ptr<Kernel>> createNegativeLogLikelihood(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    TRY_ASSIGN(const LossAttributes attributes, lossAttributes(*request.node));
    return plainKernel([attributes](KernelContext& context) -> Status {
        TRY(checkLossInputs(context));
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return reduceLoss<T>(context, context.tensor(0), attributes); });
    });
}

Result<std::unique_ptr<Kernel>> createCrossEntropy(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    TRY_ASSIGN(const LossAttributes attributes, lossAttributes(*request.node));
    return plainKernel([attributes](KernelContext& context) -> Status {
        TRY(checkLossInputs(context));
        return dispatch(FloatTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor probabilities, logProbabilitiesOf<T>(context));
            TRY(reduceLoss<T>(context, probabilities, attributes));
            if (context.outputCount() > 1)
                context.setOutput(1, std::move(probabilities));
            return {};
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "NegativeLogLikelihoodLoss", 12, newestOpset, "plain", forFloats<createNegativeLogLikelihood>},
    {"", "SoftmaxCrossEntropyLoss", 12, newestOpset, "plain", forFloats<createCrossEntropy>},
};

} // namespace

std::span<const KernelRow> lossKernels() { return rows; }

} // namespace lapidary

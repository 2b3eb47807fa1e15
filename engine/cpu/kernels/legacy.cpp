// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that ONNX dropped long ago: see engine/ops/legacy.cpp.
#include "engine/cpu/axis_parts.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/legacy_rules.h"
#include "engine/ops/slice_bounds.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
// Without overflow where x is large.
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

// y = function(x), element by element, computed in double.
KernelResult elementKernel(const KernelRequest& request, std::function<double(double)> function)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([function = std::move(function)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            parallelFor(x.count(), 1 << 12, [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i)
                    y->mutableData<T>()[i] = static_cast<T>(function(static_cast<double>(x.data<T>()[i])));
            });
            return {};
        });
    });
}

KernelResult createAffine(const KernelRequest& request)
{
    const double alpha = request.node->floatAttribute("alpha", 1);
    const double beta = request.node->floatAttribute("beta", 0);
    return elementKernel(request, [alpha, beta](double x) { return alpha * x + beta; });
}

KernelResult createScale(const KernelRequest& request)
{
    const double scale = request.node->floatAttribute("scale", 1);
    return elementKernel(request, [scale](double x) { return scale * x; });
}

KernelResult createScaledTanh(const KernelRequest& request)
{
    const double alpha = request.node->floatAttribute("alpha", 1);
    const double beta = request.node->floatAttribute("beta", 1);
    return elementKernel(request, [alpha, beta](double x) { return alpha * std::tanh(beta * x); });
}

KernelResult createParametricSoftplus(const KernelRequest& request)
{
    const double alpha = request.node->floatAttribute("alpha", 1);
    const double beta = request.node->floatAttribute("beta", 1);
    return elementKernel(request, [alpha, beta](double x) { return alpha * softplus(beta * x); });
}

// y = scale * x + bias of the channel.
KernelResult createImageScaler(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    const Attribute* attribute = request.node->attribute("bias");
    const auto* list = attribute ? attribute->as<std::vector<float>>() : nullptr;
    const std::vector<float> bias = list ? *list : std::vector<float>();
    const double scale = request.node->floatAttribute("scale", 1);
    return plainKernel([bias, scale](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 2 || (!bias.empty() && x.dims()[1] != static_cast<int64_t>(bias.size())))
            return makeError(ErrorCode::ShapeMismatch, "expected an image [N, C, ...] with one bias of " +
                                                           std::to_string(bias.size()) +
                                                           " for each channel, found " + toString(x.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
        if (y->count() == 0)
            return {};
        const int64_t channels = x.dims()[1];
        const int64_t plane = x.count() / (x.dims()[0] * channels);
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            for (int64_t i = 0; i < x.count(); ++i) {
                const double shift = bias.empty() ? 0 : bias[static_cast<size_t>(i / plane % channels)];
                y->mutableData<T>()[i] = static_cast<T>(scale * static_cast<double>(x.data<T>()[i]) + shift);
            }
            return {};
        });
    });
}

KernelResult createCrop(const KernelRequest& request)
{
    TRY_ASSIGN(const CropRules rules, cropRules(*request.node));
    return plainKernel([rules](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        Tensor part = context.tensor(0);
        if (part.rank() != 4)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an image [N, C, H, W], found " + toString(part.dims()));
        for (size_t axis = 0; axis < 2; ++axis) {
            TRY_ASSIGN(const CropRange range, cropRange(rules, axis, part.dims()[axis + 2]));
            TRY_ASSIGN(part, cutAlong(part, static_cast<int64_t>(axis) + 2, range.begin, range.size));
        }
        context.setOutput(0, std::move(part));
        return {};
    });
}

// Slice-10 without steps.
KernelResult createDynamicSlice(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        SliceRequest wanted;
        TRY_ASSIGN(wanted.starts, listInput(context, 1));
        TRY_ASSIGN(wanted.ends, listInput(context, 2));
        TRY_ASSIGN(auto axes, optionalListInput(context, 3));
        wanted.axes = std::move(axes).value_or(Ints());
        Tensor part = context.tensor(0);
        TRY_ASSIGN(const std::vector<SliceBounds> bounds, sliceAll(part.dims(), wanted));
        for (size_t i = 0; i < bounds.size(); ++i) {
            if (bounds[i].count == part.dims()[i])
                continue;
            const int64_t begin = bounds[i].count == 0 ? 0 : bounds[i].start;
            TRY_ASSIGN(part, cutAlong(part, static_cast<int64_t>(i), begin, bounds[i].count));
        }
        context.setOutput(0, std::move(part));
        return {};
    });
}

KernelResult createGivenTensorFill(const KernelRequest& request)
{
    const Node& node = *request.node;
    const Attribute* attribute = node.attribute("values");
    const auto* list = attribute ? attribute->as<std::vector<float>>() : nullptr;
    const std::vector<float> values = list ? *list : std::vector<float>();
    const Ints shape = node.intsAttribute("shape");
    const Ints extra = node.intsAttribute("extra_shape");
    const bool inputIsShape = node.intAttribute("input_as_shape", 0) != 0;
    return plainKernel([values, shape, extra, inputIsShape](KernelContext& context) -> Status {
        Ints dims = shape;
        if (context.hasInput(0)) {
            TRY(requireTensor(context, 0));
            dims = context.tensor(0).dims();
            if (inputIsShape) {
                TRY_ASSIGN(dims, listInput(context, 0));
            }
            dims.insert(dims.end(), extra.begin(), extra.end());
        }
        if (elementCount(dims) != static_cast<int64_t>(values.size()))
            return makeError(ErrorCode::ShapeMismatch, std::to_string(values.size()) +
                                                           " values do not fill the shape " + toString(dims));
        context.setOutput(0, Tensor::of<float>(std::move(dims), values));
        return {};
    });
}

// hidden: [..., N, D], gates: [..., N, 3 D] (reset, update, output), lengths: int32 [N], t: int32.
// A row whose sequence has ended keeps its state, or drops it to 0.
Status runGruUnit(KernelContext& context, bool dropStates)
{
    TRY(requireInputs(context, 4));
    TRY(requireTensors(context, {1}, context.tensor(0).type()));
    const Tensor& hidden = context.tensor(0);
    const Tensor& gates = context.tensor(1);
    TRY_ASSIGN(const Ints lengths, listInput(context, 2));
    TRY_ASSIGN(const int64_t t, integerInput(context, 3));
    const int64_t size = hidden.rank() == 0 ? 0 : hidden.dims().back();
    const auto rows = static_cast<int64_t>(lengths.size());
    const bool fits = size > 0 && hidden.count() / size == rows && gates.rank() > 0 &&
                      gates.dims().back() % 3 == 0 && gates.dims().back() / 3 == size &&
                      gates.count() / 3 == hidden.count();
    if (!fits)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected states [N, D], gates [N, 3 D] and lengths [N], found " +
                             toString(hidden.dims()) + ", " + toString(gates.dims()) + " and " +
                             std::to_string(rows) + " lengths");
    TRY_ASSIGN(Tensor * y, context.allocate(0, hidden.type(), hidden.dims()));
    return dispatch(FloatTypes(), hidden.type(), [&]<typename T>() -> Status {
        for (int64_t i = 0; i < hidden.count(); ++i) {
            const int64_t row = i / size;
            const T before = hidden.data<T>()[i];
            T& after = y->mutableData<T>()[i];
            if (t >= lengths[static_cast<size_t>(row)]) {
                after = dropStates ? T{0} : before;
                continue;
            }
            const T* gate = gates.data<T>() + row * 3 * size + i % size;
            const double update = sigmoid(static_cast<double>(gate[size]));
            after = static_cast<T>(update * static_cast<double>(before) +
                                   (1 - update) * std::tanh(static_cast<double>(gate[2 * size])));
        }
        return {};
    });
}

KernelResult createGruUnit(const KernelRequest& request)
{
    const bool dropStates = request.node->intAttribute("drop_states", 0) != 0;
    return plainKernel([dropStates](KernelContext& context) { return runGruUnit(context, dropStates); });
}

constexpr KernelRow rows[] = {
    {"", "Affine", 1, newestOpset, "plain", forFloats<createAffine>},
    {"", "Crop", 1, newestOpset, "plain", createCrop},
    {"", "DynamicSlice", 1, newestOpset, "plain", createDynamicSlice},
    {"", "GivenTensorFill", 1, newestOpset, "plain", createGivenTensorFill},
    {"", "GRUUnit", 1, newestOpset, "plain", forFloats<createGruUnit>},
    {"", "ImageScaler", 1, newestOpset, "plain", forFloats<createImageScaler>},
    {"", "ParametricSoftplus", 1, newestOpset, "plain", forFloats<createParametricSoftplus>},
    {"", "Scale", 1, newestOpset, "plain", forFloats<createScale>},
    {"", "ScaledTanh", 1, newestOpset, "plain", forFloats<createScaledTanh>},
};

} // namespace

std::span<const KernelRow> legacyKernels() { return rows; }

} // namespace lapidary

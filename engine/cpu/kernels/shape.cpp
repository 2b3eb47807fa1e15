// SPDX-License-Identifier: GPL-3.0-or-later
// Elements change place, not value. Reshape and its kin share the input's memory.
#include "engine/backend/functors/binary.h"
#include "engine/cpu/axis_parts.h"
#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/pad_elements.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/whole_bytes.h"
#include "engine/ops/axis.h"
#include "engine/ops/broadcast.h"
#include "engine/ops/constant.h"
#include "engine/ops/infer.h"
#include "engine/ops/shape_rules.h"
#include "engine/ops/slice_bounds.h"

#include <cmath>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// The input's memory under the shape that a rule of engine/ops gave; kernels know every dimension.
Status shareAs(KernelContext& context, const Shape& shape)
{
    const auto dims = concreteDims(shape);
    if (!dims || elementCount(*dims) != context.tensor(0).count())
        return makeError(ErrorCode::ShapeMismatch,
                         toString(context.tensor(0).dims()) + " does not fit " + toString(shape));
    context.setOutput(0, context.tensor(0).reshaped(*dims));
    return {};
}

// Allocates output 0 and copies input 0 into it along axes; from: offset of the first element.
Status copyOut(KernelContext& context, Dims dims, std::vector<CopyAxis> axes, int64_t from = 0)
{
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), std::move(dims)));
    const CopyPlan plan = planCopy(std::move(axes));
    return dispatchElement(
        x.type(), [&]<typename T>() { copyStrided(elements<T>(x) + from, mutableElements<T>(*y), plan); });
}

KernelResult createShape(const KernelRequest& request)
{
    const int64_t start = request.node->intAttribute("start", 0);
    const int64_t end = request.node->intAttribute("end", std::numeric_limits<int64_t>::max());
    return plainKernel([start, end](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Dims& dims = context.tensor(0).dims();
        const auto rank = static_cast<int64_t>(dims.size());
        const auto bound = [rank](int64_t index) {
            return std::clamp<int64_t>(index < 0 ? index + rank : index, 0, rank);
        };
        const int64_t first = bound(start);
        const int64_t count = std::max<int64_t>(0, bound(end) - first);
        context.setOutput(0,
                          Tensor::of<int64_t>({count}, std::span(dims).subspan(static_cast<size_t>(first),
                                                                               static_cast<size_t>(count))));
        return {};
    });
}

KernelResult createSize(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        context.setOutput(0, Tensor::scalar(context.tensor(0).count()));
        return {};
    });
}

KernelResult createReshape(const KernelRequest& request)
{
    const bool allowZero = request.node->intAttribute("allowzero", 0) != 0;
    return plainKernel(
        [allowZero, target = ListSource(request, "shape", 1, 5)](KernelContext& context) -> Status {
            TRY(requireInputs(context, 1));
            TRY_ASSIGN(const auto sizes, target.read(context));
            if (!sizes)
                return makeError(ErrorCode::InvalidModel, "Reshape has no shape");
            TRY_ASSIGN(Dims dims, reshapedDims(context.tensor(0).dims(), *sizes, allowZero));
            context.setOutput(0, context.tensor(0).reshaped(std::move(dims)));
            return {};
        });
}

KernelResult createFlatten(const KernelRequest& request)
{
    return plainKernel([axis = request.node->intAttribute("axis", 1)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const Shape shape, flattenedShape(toShape(context.tensor(0).dims()), axis));
        return shareAs(context, shape);
    });
}

KernelResult createSqueeze(const KernelRequest& request)
{
    return plainKernel([source = ListSource(request, "axes", 1, 13)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const auto axes, source.read(context));
        TRY_ASSIGN(const auto shape, squeezedShape(toShape(context.tensor(0).dims()), axes));
        return shareAs(context, *shape); // known, since the input's dimensions are
    });
}

KernelResult createUnsqueeze(const KernelRequest& request)
{
    return plainKernel([source = ListSource(request, "axes", 1, 13)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const auto axes, source.read(context));
        if (!axes)
            return makeError(ErrorCode::InvalidModel, "Unsqueeze has no axes");
        TRY_ASSIGN(const Shape shape, unsqueezedShape(toShape(context.tensor(0).dims()), *axes));
        return shareAs(context, shape);
    });
}

// Copy axes for output axis i = input axis permutation[i], and the output's dims.
std::vector<CopyAxis> permutedAxes(const Dims& dims, const Ints& permutation, Dims& outDims)
{
    for (const int64_t axis : permutation)
        outDims.push_back(dims[static_cast<size_t>(axis)]);
    const std::vector<int64_t> from = denseStrides(dims);
    const std::vector<int64_t> to = denseStrides(outDims);
    std::vector<CopyAxis> axes;
    for (size_t i = 0; i < permutation.size(); ++i)
        axes.push_back({outDims[i], from[static_cast<size_t>(permutation[i])], to[i]});
    return axes;
}

KernelResult createTranspose(const KernelRequest& request)
{
    return plainKernel([given = request.node->intsAttribute("perm")](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const Ints permutation, checkedPermutation(given, x.rank()));
        Dims dims;
        std::vector<CopyAxis> axes = permutedAxes(x.dims(), permutation, dims);
        return copyOut(context, std::move(dims), std::move(axes));
    });
}

KernelResult createExpand(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Dims& in = context.tensor(0).dims();
        TRY_ASSIGN(const Ints target, listInput(context, 1));
        if (!elementCount(target))
            return makeError(ErrorCode::ShapeMismatch, "Expand has a negative or too large shape");
        TRY_ASSIGN(const Dims dims, broadcastDims(in, target));
        if (!elementCount(dims))
            return makeError(ErrorCode::ShapeMismatch, "the result of Expand would be too large");
        const std::vector<int64_t> from = denseStrides(in);
        const std::vector<int64_t> to = denseStrides(dims);
        std::vector<CopyAxis> axes;
        for (size_t i = 0; i < dims.size(); ++i) {
            const size_t offset = dims.size() - in.size();
            const bool repeats = i < offset || in[i - offset] == 1;
            axes.push_back({dims[i], repeats ? 0 : from[i - offset], to[i]});
        }
        return copyOut(context, dims, std::move(axes));
    });
}

// Tile-1 has a count and one axis, later versions one count for each axis.
Result<Ints> tileRepeats(const KernelContext& context, int64_t opset)
{
    if (opset >= 6)
        return listInput(context, 1);
    // Both have the type of the data.
    TRY_ASSIGN(const double times, numberInput(context, 1));
    TRY_ASSIGN(const double named, numberInput(context, 2));
    constexpr double most = 1 << 30;
    if (!(std::fabs(times) <= most && std::fabs(named) <= most))
        return makeError(ErrorCode::ShapeMismatch, "Tile cannot repeat " + std::to_string(times) +
                                                       " times along axis " + std::to_string(named));
    TRY_ASSIGN(const int64_t axis, normalizeAxis(static_cast<int64_t>(named), context.tensor(0).rank()));
    Ints repeats(context.tensor(0).dims().size(), 1);
    repeats[static_cast<size_t>(axis)] = static_cast<int64_t>(times);
    return repeats;
}

KernelResult createTile(const KernelRequest& request)
{
    return plainKernel([opset = request.opsetVersion](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Dims& in = context.tensor(0).dims();
        TRY_ASSIGN(const Ints repeats, tileRepeats(context, opset));
        TRY_ASSIGN(const Shape shape, tiledShape(toShape(in), repeats));
        const Dims dims = *concreteDims(shape);
        if (!elementCount(dims))
            return makeError(ErrorCode::ShapeMismatch, "the result of Tile would be too large");
        const std::vector<int64_t> from = denseStrides(in);
        const std::vector<int64_t> to = denseStrides(dims);
        std::vector<CopyAxis> axes;
        for (size_t i = 0; i < in.size(); ++i) {
            axes.push_back({repeats[i], 0, to[i] * in[i]});
            axes.push_back({in[i], from[i], to[i]});
        }
        return copyOut(context, dims, std::move(axes));
    });
}

KernelResult createConcat(const KernelRequest& request)
{
    const int64_t axis = request.node->intAttribute("axis", request.opsetVersion < 4 ? 1 : 0);
    return plainKernel([axis](KernelContext& context) -> Status {
        TRY(requireInputs(context, std::max<size_t>(1, context.inputCount())));
        std::vector<const Tensor*> parts;
        for (size_t i = 0; i < context.inputCount(); ++i)
            parts.push_back(&context.tensor(i));
        TRY_ASSIGN(const Dims dims, joinedDims(parts, axis));
        TRY_ASSIGN(Tensor * whole, context.allocate(0, parts[0]->type(), dims));
        return joinInto(parts, axis, *whole);
    });
}

// Split-1 may also have its sizes in an input, of the type of the data.
Result<std::optional<Ints>> splitSizesInput(const KernelContext& context, const ListSource& source,
                                            int64_t opset)
{
    if (opset >= 2 || !context.hasInput(1))
        return source.read(context);
    TRY_ASSIGN(const Tensor sizes, convertType(context.tensor(1), DataType::Int64));
    if (sizes.rank() > 1)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 1 must be a list, found shape " + toString(sizes.dims()));
    TRY_ASSIGN(Ints list, toInt64s(sizes));
    return std::optional(std::move(list));
}

KernelResult createSplit(const KernelRequest& request)
{
    const int64_t given = request.node->intAttribute("axis", 0);
    return plainKernel([given, opset = request.opsetVersion,
                        source = ListSource(request, "split", 1, 13)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, x.rank()));
        TRY_ASSIGN(const auto wanted, splitSizesInput(context, source, opset));
        const int64_t size = x.dims()[static_cast<size_t>(axis)];
        const auto parts = static_cast<int64_t>(context.outputCount());
        TRY_ASSIGN(const Ints sizes, splitSizes(size, wanted.value_or(Ints()), parts));
        if (static_cast<int64_t>(sizes.size()) != parts)
            return makeError(ErrorCode::ShapeMismatch, "Split names " + std::to_string(sizes.size()) +
                                                           " parts for " + std::to_string(parts) +
                                                           " outputs");
        int64_t offset = 0;
        for (size_t i = 0; i < sizes.size(); ++i) {
            TRY_ASSIGN(Tensor part, cutAlong(x, axis, offset, sizes[i]));
            context.setOutput(i, std::move(part));
            offset += sizes[i];
        }
        return {};
    });
}

Result<SliceRequest> readSlice(const KernelContext& context)
{
    SliceRequest request;
    TRY_ASSIGN(request.starts, listInput(context, 1));
    TRY_ASSIGN(request.ends, listInput(context, 2));
    TRY_ASSIGN(auto axes, optionalListInput(context, 3));
    TRY_ASSIGN(auto steps, optionalListInput(context, 4));
    request.axes = std::move(axes).value_or(Ints());
    request.steps = std::move(steps).value_or(Ints());
    return request;
}

Status runSlice(KernelContext& context, const SliceRequest& request)
{
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(const std::vector<SliceBounds> bounds, sliceAll(x.dims(), request));
    Dims dims;
    for (const SliceBounds& bound : bounds)
        dims.push_back(bound.count);
    const std::vector<int64_t> from = denseStrides(x.dims());
    const std::vector<int64_t> to = denseStrides(dims);
    int64_t offset = 0;
    std::vector<CopyAxis> axes;
    for (size_t i = 0; i < bounds.size(); ++i) {
        offset += bounds[i].count == 0 ? 0 : bounds[i].start * from[i];
        // With one element the step is not used, and may be too long to multiply.
        axes.push_back({bounds[i].count, bounds[i].count > 1 ? from[i] * bounds[i].step : 0, to[i]});
    }
    return copyOut(context, std::move(dims), std::move(axes), offset);
}

KernelResult createSlice(const KernelRequest& request)
{
    if (request.opsetVersion < 10) {
        const Node& node = *request.node;
        SliceRequest fixed{
            node.intsAttribute("starts"), node.intsAttribute("ends"), node.intsAttribute("axes"), {}};
        return plainKernel([fixed](KernelContext& context) -> Status {
            TRY(requireInputs(context, 1));
            return runSlice(context, fixed);
        });
    }
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        TRY_ASSIGN(const SliceRequest wanted, readSlice(context));
        return runSlice(context, wanted);
    });
}

// The fill of Pad: input 2 (since opset 11) or the attribute "value", as one element of type.
Result<Tensor> padFill(const KernelContext& context, float attribute, DataType type)
{
    if (context.hasInput(2) && context.input(2).isTensor()) {
        const Tensor& fill = context.tensor(2);
        if (fill.count() != 1 || fill.type() != type)
            return makeError(ErrorCode::ShapeMismatch, "the fill of Pad must be one " +
                                                           std::string(dataTypeName(type)) + ", found " +
                                                           describe(context.input(2)));
        return fill;
    }
    if (attribute == 0.0f)
        return Tensor();
    return convertType(Tensor::scalar(attribute), type);
}

KernelResult createPad(const KernelRequest& request)
{
    const auto mode = padModeFromName(request.node->stringAttribute("mode", "constant"));
    if (!mode)
        return makeError(ErrorCode::UnsupportedOp,
                         "Pad has no mode '" + request.node->stringAttribute("mode", "") + "'");
    const float value = request.opsetVersion < 11 ? request.node->floatAttribute("value", 0.0f) : 0.0f;
    const ListSource source(request, request.opsetVersion < 2 ? "paddings" : "pads", 1, 11);
    return plainKernel([mode = *mode, value, source](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const auto pads, source.read(context));
        TRY_ASSIGN(const auto axes, optionalListInput(context, 3));
        TRY_ASSIGN(const std::vector<PadWidth> widths, padWidths(x.rank(), pads.value_or(Ints()), axes));
        TRY_ASSIGN(const Shape shape, paddedShape(toShape(x.dims()), widths));
        TRY_ASSIGN(const Tensor fill, padFill(context, value, x.type()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), *concreteDims(shape)));
        return padElements(x, *y, widths, mode, fill);
    });
}

KernelResult createConstant(const KernelRequest& request)
{
    TRY_ASSIGN(const Tensor stored, constantTensor(*request.node));
    TRY_ASSIGN(Tensor value, stored.aligned());
    return plainKernel([value = std::move(value)](KernelContext& context) -> Status {
        context.setOutput(0, value);
        return {};
    });
}

KernelResult createConstantOfShape(const KernelRequest& request)
{
    Tensor fill = Tensor::scalar(0.0f);
    const Attribute* attribute = request.node->attribute("value");
    if (const TensorRef* ref = attribute ? attribute->as<TensorRef>() : nullptr) {
        TRY_ASSIGN(const Tensor stored, ref->load());
        TRY_ASSIGN(fill, stored.aligned());
        if (fill.count() != 1 || isSubByte(fill.type()))
            return makeError(ErrorCode::UnsupportedOp,
                             "the value of ConstantOfShape must be one element, found " +
                                 describe(Value(fill)));
    }
    return plainKernel([fill](KernelContext& context) -> Status {
        TRY_ASSIGN(Ints dims, listInput(context, 0));
        TRY_ASSIGN(Tensor * y, context.allocate(0, fill.type(), std::move(dims)));
        return dispatchElement(fill.type(), [&]<typename T>() {
            std::fill_n(mutableElements<T>(*y), y->count(), elements<T>(fill)[0]);
        });
    });
}

template <typename T>
Status runRange(KernelContext& context)
{
    const T start = context.tensor(0).data<T>()[0];
    const T limit = context.tensor(1).data<T>()[0];
    const T delta = context.tensor(2).data<T>()[0];
    TRY_ASSIGN(const int64_t count, rangeCount(static_cast<double>(start), static_cast<double>(limit),
                                               static_cast<double>(delta)));
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), {count}));
    for (int64_t i = 0; i < count; ++i)
        y->mutableData<T>()[i] = functors::Add()(start, functors::Mul()(static_cast<T>(i), delta));
    return {};
}

KernelResult createRange(const KernelRequest& request)
{
    using Types = TypeList<float, double, int16_t, int32_t, int64_t>;
    TRY(acceptTypes(Types(), request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        for (size_t i = 0; i < 3; ++i) {
            if (context.tensor(i).count() != 1 || context.tensor(i).type() != context.tensor(0).type())
                return makeError(ErrorCode::ShapeMismatch, "Range needs three scalars of one type, found " +
                                                               describe(context.input(i)));
        }
        return dispatch(Types(), context.tensor(0).type(),
                        [&]<typename T>() -> Status { return runRange<T>(context); });
    });
}

KernelResult createEyeLike(const KernelRequest& request)
{
    const DataType dtype = typeAttribute(*request.node, "dtype");
    return plainKernel([dtype, k = request.node->intAttribute("k", 0)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (x.rank() != 2)
            return makeError(ErrorCode::ShapeMismatch, "EyeLike needs a matrix, found " + toString(x.dims()));
        const DataType type = dtype == DataType::Undefined ? x.type() : dtype;
        TRY_ASSIGN(const Tensor one, convertType(Tensor::scalar(1.0f), type));
        TRY_ASSIGN(Tensor * y, context.allocate(0, type, x.dims()));
        return dispatchElement(type, [&]<typename T>() {
            T* values = mutableElements<T>(*y);
            std::fill_n(values, y->count(), T{});
            const int64_t columns = x.dims()[1];
            const int64_t diagonal = std::clamp(k, -x.dims()[0], columns);
            for (int64_t row = 0; row < x.dims()[0]; ++row) {
                const int64_t column = row + diagonal;
                if (column >= 0 && column < columns)
                    values[row * columns + column] = elements<T>(one)[0];
            }
        });
    });
}

// Output 0: input 0 seen as `split`, its axes permuted, then seen as shape.
Status permuteBlocks(KernelContext& context, const Dims& split, const Ints& permutation, const Shape& shape)
{
    Dims permuted;
    std::vector<CopyAxis> axes = permutedAxes(split, permutation, permuted);
    return copyOut(context, *concreteDims(shape), std::move(axes));
}

KernelResult createDepthToSpace(const KernelRequest& request)
{
    const int64_t block = request.node->intAttribute("blocksize", 0);
    const bool columnFirst = request.node->stringAttribute("mode", "DCR") == "CRD";
    return plainKernel([block, columnFirst](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Dims& in = context.tensor(0).dims();
        TRY_ASSIGN(const Shape shape, depthToSpaceShape(toShape(in), block));
        const int64_t channels = in[1] / (block * block);
        if (columnFirst)
            return permuteBlocks(context, {in[0], channels, block, block, in[2], in[3]}, {0, 1, 4, 2, 5, 3},
                                 shape);
        return permuteBlocks(context, {in[0], block, block, channels, in[2], in[3]}, {0, 3, 4, 1, 5, 2},
                             shape);
    });
}

KernelResult createSpaceToDepth(const KernelRequest& request)
{
    return plainKernel(
        [block = request.node->intAttribute("blocksize", 0)](KernelContext& context) -> Status {
            TRY(requireInputs(context, 1));
            const Dims& in = context.tensor(0).dims();
            TRY_ASSIGN(const Shape shape, spaceToDepthShape(toShape(in), block));
            return permuteBlocks(context, {in[0], in[1], in[2] / block, block, in[3] / block, block},
                                 {0, 3, 5, 1, 2, 4}, shape);
        });
}

KernelResult createTrilu(const KernelRequest& request)
{
    const bool upper = request.node->intAttribute("upper", 1) != 0;
    return plainKernel([upper](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 2)
            return makeError(ErrorCode::ShapeMismatch, "Trilu needs matrices, found " + toString(x.dims()));
        const int64_t rows = x.dims()[x.dims().size() - 2];
        const int64_t columns = x.dims().back();
        int64_t k = 0;
        if (context.hasInput(1)) {
            TRY_ASSIGN(k, integerInput(context, 1));
            k = std::clamp(k, -rows - 1, columns + 1);
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
        return dispatchElement(x.type(), [&]<typename T>() {
            const T* from = elements<T>(x);
            T* to = mutableElements<T>(*y);
            for (int64_t i = 0; i < x.count(); ++i) {
                const int64_t distance = i % columns - i / columns % rows; // from the main diagonal
                to[i] = (upper ? distance >= k : distance <= k) ? from[i] : T{};
            }
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "Shape", 1, newestOpset, "plain", createShape},
    {"", "Size", 1, newestOpset, "plain", createSize},
    {"", "Reshape", 1, newestOpset, "plain", createReshape},
    {"", "Flatten", 1, newestOpset, "plain", createFlatten},
    {"", "Squeeze", 1, newestOpset, "plain", createSqueeze},
    {"", "Unsqueeze", 1, newestOpset, "plain", createUnsqueeze},
    {"", "Transpose", 1, newestOpset, "plain", forWholeBytes<createTranspose>},
    {"", "Expand", 8, newestOpset, "plain", forWholeBytes<createExpand>},
    {"", "Tile", 1, newestOpset, "plain", forWholeBytes<createTile>},
    {"", "Concat", 1, newestOpset, "plain", forWholeBytes<createConcat>},
    {"", "Split", 1, newestOpset, "plain", forWholeBytes<createSplit>},
    {"", "Slice", 1, newestOpset, "plain", forWholeBytes<createSlice>},
    {"", "Pad", 1, newestOpset, "plain", forWholeBytes<createPad>},
    {"", "Constant", 1, newestOpset, "plain", createConstant},
    {"", "ConstantOfShape", 9, newestOpset, "plain", createConstantOfShape},
    {"", "Range", 11, newestOpset, "plain", forFloats<createRange>},
    {"", "EyeLike", 9, newestOpset, "plain", createEyeLike},
    {"", "DepthToSpace", 1, newestOpset, "plain", createDepthToSpace},
    {"", "SpaceToDepth", 1, newestOpset, "plain", createSpaceToDepth},
    {"", "Trilu", 14, newestOpset, "plain", createTrilu},
};

} // namespace

std::span<const KernelRow> shapeKernels() { return rows; }

} // namespace lapidary

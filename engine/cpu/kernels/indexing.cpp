// SPDX-License-Identifier: GPL-3.0-or-later
// Elements picked or placed by index. Every index is checked before memory is touched.
#include "engine/cpu/kernels/indexing.h"
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/index_places.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/whole_bytes.h"
#include "engine/ops/axis.h"
#include "engine/ops/index_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

Result<Dims> knownDims(const Shape& shape)
{
    auto dims = concreteDims(shape);
    if (!dims || !elementCount(*dims))
        return makeError(ErrorCode::ShapeMismatch, "the result would be too large: " + toString(shape));
    return std::move(*dims);
}

template <typename T>
void gatherBlocks(const T* from, T* to, const AxisBlocks& blocks, const Ints& indices)
{
    const auto count = static_cast<int64_t>(indices.size());
    const int64_t grain = std::max<int64_t>(1, (int64_t{1} << 15) / std::max<int64_t>(1, blocks.inner));
    parallelFor(blocks.outer * count, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t source = i / count * blocks.size + indices[static_cast<size_t>(i % count)];
            std::copy_n(from + source * blocks.inner, blocks.inner, to + i * blocks.inner);
        }
    });
}

KernelResult createGather(const KernelRequest& request)
{
    return plainKernel([given = request.node->intAttribute("axis", 0)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& data = context.tensor(0);
        const Tensor& indices = context.tensor(1);
        TRY_ASSIGN(const Shape shape, gatheredShape(toShape(data.dims()), toShape(indices.dims()), given));
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, data.rank()));
        const AxisBlocks blocks(data.dims(), axis);
        TRY_ASSIGN(const Ints checked, checkedIndices(indices, blocks.size));
        TRY_ASSIGN(Dims dims, knownDims(shape));
        TRY_ASSIGN(Tensor * y, context.allocate(0, data.type(), std::move(dims)));
        return dispatchElement(data.type(), [&]<typename T>() {
            gatherBlocks(elements<T>(data), mutableElements<T>(*y), blocks, checked);
        });
    });
}

KernelResult createGatherElements(const KernelRequest& request)
{
    return plainKernel([given = request.node->intAttribute("axis", 0)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& data = context.tensor(0);
        const Tensor& indices = context.tensor(1);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, data.rank()));
        TRY(requireInside(indices.dims(), data.dims(), axis));
        TRY_ASSIGN(const Ints checked, checkedIndices(indices, data.dims()[static_cast<size_t>(axis)]));
        const Ints places = elementPlaces(indices.dims(), data.dims(), axis, checked);
        TRY_ASSIGN(Tensor * y, context.allocate(0, data.type(), indices.dims()));
        return dispatchElement(data.type(), [&]<typename T>() {
            for (size_t i = 0; i < places.size(); ++i)
                mutableElements<T>(*y)[i] = elements<T>(data)[places[i]];
        });
    });
}

KernelResult createGatherNd(const KernelRequest& request)
{
    return plainKernel(
        [batchDims = request.node->intAttribute("batch_dims", 0)](KernelContext& context) -> Status {
            TRY(requireInputs(context, 2));
            const Tensor& data = context.tensor(0);
            const Tensor& indices = context.tensor(1);
            TRY_ASSIGN(const Shape shape,
                       gatheredNdShape(toShape(data.dims()), toShape(indices.dims()), batchDims));
            TRY_ASSIGN(const TupleOffsets tuples, tupleOffsets(data.dims(), indices, batchDims));
            TRY_ASSIGN(Dims dims, knownDims(shape));
            TRY_ASSIGN(Tensor * y, context.allocate(0, data.type(), std::move(dims)));
            return dispatchElement(data.type(), [&]<typename T>() {
                T* to = mutableElements<T>(*y);
                for (const int64_t offset : tuples.offsets)
                    to = std::copy_n(elements<T>(data) + offset, tuples.blockSize, to);
            });
        });
}

KernelResult createOneHot(const KernelRequest& request)
{
    return plainKernel([given = request.node->intAttribute("axis", -1)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        const Tensor& indices = context.tensor(0);
        const Tensor& values = context.tensor(2);
        TRY_ASSIGN(const double depthNumber, numberInput(context, 1));
        if (!(depthNumber >= 0 && depthNumber < 0x1p40) || values.count() != 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "OneHot needs a depth that is not negative and two values");
        const auto depth = static_cast<int64_t>(depthNumber);
        TRY_ASSIGN(const Shape shape, oneHotShape(toShape(indices.dims()), given, Dim(depth)));
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, indices.rank() + 1));
        TRY_ASSIGN(const Tensor hot, convertType(indices, DataType::Int64));
        TRY_ASSIGN(Dims dims, knownDims(shape));
        const AxisBlocks blocks(dims, axis);
        TRY_ASSIGN(Tensor * y, context.allocate(0, values.type(), std::move(dims)));
        return dispatchElement(values.type(), [&]<typename T>() {
            T* to = mutableElements<T>(*y);
            std::fill_n(to, y->count(), elements<T>(values)[0]);
            for (int64_t i = 0; i < hot.count(); ++i) {
                const int64_t index = hot.data<int64_t>()[i];
                const int64_t at = index < 0 ? index + depth : index;
                if (at >= 0 && at < depth) // others stay all off
                    to[(i / blocks.inner * depth + at) * blocks.inner + i % blocks.inner] =
                        elements<T>(values)[1];
            }
        });
    });
}

template <typename T>
Ints nonZeroPlaces(const T* values, int64_t count)
{
    Ints places;
    for (int64_t i = 0; i < count; ++i) {
        if (values[i] != T{0})
            places.push_back(i);
    }
    return places;
}

KernelResult createNonZero(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const Tensor isSet, convertType(context.tensor(0), DataType::Bool));
        const Dims& dims = isSet.dims();
        const Ints places = nonZeroPlaces(isSet.data<uint8_t>(), isSet.count());
        const auto count = static_cast<int64_t>(places.size());
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Int64, {isSet.rank(), count}));
        const std::vector<int64_t> strides = denseStrides(dims);
        for (size_t axis = 0; axis < dims.size(); ++axis) {
            int64_t* row = y->mutableData<int64_t>() + static_cast<int64_t>(axis) * count;
            for (int64_t i = 0; i < count; ++i)
                row[i] = places[static_cast<size_t>(i)] / strides[axis] % dims[axis];
        }
        return {};
    });
}

Result<Ints> compressedPlaces(const Tensor& condition, int64_t size)
{
    if (condition.type() != DataType::Bool || condition.rank() != 1 || condition.count() > size)
        return makeError(ErrorCode::ShapeMismatch, "Compress needs a list of at most " +
                                                       std::to_string(size) + " bools, found " +
                                                       describe(Value(condition)));
    return nonZeroPlaces(condition.data<uint8_t>(), condition.count());
}

KernelResult createCompress(const KernelRequest& request)
{
    const bool flat = !request.node->attribute("axis");
    return plainKernel(
        [flat, given = request.node->intAttribute("axis", 0)](KernelContext& context) -> Status {
            TRY(requireInputs(context, 2));
            const Tensor& x = context.tensor(0);
            Dims dims = flat ? Dims{x.count()} : x.dims();
            TRY_ASSIGN(const int64_t axis, normalizeAxis(given, static_cast<int64_t>(dims.size())));
            const AxisBlocks blocks(dims, axis);
            TRY_ASSIGN(const Ints places, compressedPlaces(context.tensor(1), blocks.size));
            dims[static_cast<size_t>(axis)] = static_cast<int64_t>(places.size());
            TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), std::move(dims)));
            return dispatchElement(x.type(), [&]<typename T>() {
                gatherBlocks(elements<T>(x), mutableElements<T>(*y), blocks, places);
            });
        });
}

KernelResult createReverseSequence(const KernelRequest& request)
{
    const int64_t batchAxis = request.node->intAttribute("batch_axis", 1);
    const int64_t timeAxis = request.node->intAttribute("time_axis", 0);
    if (batchAxis + timeAxis != 1 || batchAxis < 0 || timeAxis < 0)
        return makeError(ErrorCode::UnsupportedOp,
                         "ReverseSequence needs batch_axis and time_axis to be 0 and 1");
    return plainKernel([batchAxis](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const Ints lengths, listInput(context, 1));
        if (x.rank() < 2 || static_cast<int64_t>(lengths.size()) != x.dims()[static_cast<size_t>(batchAxis)])
            return makeError(ErrorCode::ShapeMismatch,
                             "ReverseSequence has " + std::to_string(lengths.size()) +
                                 " lengths for data of shape " + toString(x.dims()));
        const int64_t times = x.dims()[static_cast<size_t>(1 - batchAxis)];
        for (const int64_t length : lengths) {
            if (length < 0 || length > times)
                return makeError(ErrorCode::InvalidArgument, "sequence length " + std::to_string(length) +
                                                                 " is outside 0 to " + std::to_string(times));
        }
        const AxisBlocks rows(x.dims(), 1); // [d0, d1, inner]
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
        return dispatchElement(x.type(), [&]<typename T>() {
            for (int64_t i = 0; i < rows.outer * rows.size; ++i) {
                int64_t at[2] = {i / rows.size, i % rows.size};
                const int64_t length = lengths[static_cast<size_t>(at[batchAxis])];
                int64_t& time = at[1 - batchAxis];
                time = time < length ? length - 1 - time : time;
                std::copy_n(elements<T>(x) + (at[0] * rows.size + at[1]) * rows.inner, rows.inner,
                            mutableElements<T>(*y) + i * rows.inner);
            }
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "Gather", 1, newestOpset, "plain", forWholeBytes<createGather>},
    {"", "GatherElements", 11, newestOpset, "plain", createGatherElements},
    {"", "GatherND", 11, newestOpset, "plain", createGatherNd},
    {"", "Scatter", 9, newestOpset, "plain", createScatterElements},
    {"", "ScatterElements", 11, newestOpset, "plain", createScatterElements},
    {"", "ScatterND", 11, newestOpset, "plain", createScatterNd},
    {"", "OneHot", 9, newestOpset, "plain", createOneHot},
    {"", "NonZero", 9, newestOpset, "plain", createNonZero},
    {"", "TopK", 1, newestOpset, "plain", createTopK},
    {"", "Unique", 11, newestOpset, "plain", createUnique},
    {"", "Compress", 9, newestOpset, "plain", createCompress},
    {"", "ReverseSequence", 10, newestOpset, "plain", createReverseSequence},
};

} // namespace

std::span<const KernelRow> indexingKernels() { return rows; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// ScatterElements (Scatter before opset 11) and ScatterND. Updates are applied in order, so with
// indices that repeat the last one stays, or all are reduced.
#include "engine/backend/functors/binary.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/index_places.h"
#include "engine/cpu/kernels/indexing.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/axis.h"
#include "engine/ops/index_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

enum class Reduction { None, Add, Mul, Max, Min };

Result<Reduction> reductionOf(const Node& node)
{
    const std::string name = node.stringAttribute("reduction", "none");
    if (name == "none")
        return Reduction::None;
    if (name == "add")
        return Reduction::Add;
    if (name == "mul")
        return Reduction::Mul;
    if (name == "max")
        return Reduction::Max;
    if (name == "min")
        return Reduction::Min;
    return makeError(ErrorCode::UnsupportedOp, "no reduction is called '" + name + "'");
}

template <typename T, typename Functor>
void combineAt(T* data, const T* updates, const TupleOffsets& places, const Functor& functor)
{
    for (const int64_t offset : places.offsets) {
        for (int64_t i = 0; i < places.blockSize; ++i)
            data[offset + i] = functor(data[offset + i], updates[i]);
        updates += places.blockSize;
    }
}

Status reduceAt(Tensor& y, const Tensor& updates, const TupleOffsets& places, Reduction reduction)
{
    return dispatch(NumericTypes(), y.type(), [&]<typename T>() -> Status {
        T* data = y.mutableData<T>();
        const T* values = updates.data<T>();
        switch (reduction) {
        case Reduction::Add: combineAt(data, values, places, functors::Add()); break;
        case Reduction::Mul: combineAt(data, values, places, functors::Mul()); break;
        case Reduction::Max: combineAt(data, values, places, functors::Max()); break;
        case Reduction::Min: combineAt(data, values, places, functors::Min()); break;
        case Reduction::None: break;
        }
        return {};
    });
}

// Output 0: input 0 with blocks of input 2 put at places.
Status scatter(KernelContext& context, const TupleOffsets& places, Reduction reduction)
{
    const Tensor& data = context.tensor(0);
    const Tensor& updates = context.tensor(2);
    const auto wanted = static_cast<int64_t>(places.offsets.size()) * places.blockSize;
    if (updates.type() != data.type() || updates.count() != wanted)
        return makeError(ErrorCode::ShapeMismatch, "expected " + std::to_string(wanted) +
                                                       " updates of type " +
                                                       std::string(dataTypeName(data.type())) + ", found " +
                                                       describe(context.input(2)));
    TRY_ASSIGN(Tensor * y, context.allocate(0, data.type(), data.dims()));
    return dispatchElement(data.type(), [&]<typename T>() -> Status {
        std::copy_n(elements<T>(data), data.count(), mutableElements<T>(*y));
        if (reduction != Reduction::None)
            return reduceAt(*y, updates, places, reduction);
        const T* from = elements<T>(updates);
        for (const int64_t offset : places.offsets) {
            std::copy_n(from, places.blockSize, mutableElements<T>(*y) + offset);
            from += places.blockSize;
        }
        return {};
    });
}

// A reduction computes, so 16-bit floats are widened; otherwise elements only move.
KernelResult scatterKernel(const KernelRequest& request, KernelFactory create)
{
    TRY_ASSIGN(const Reduction reduction, reductionOf(*request.node));
    return reduction == Reduction::None ? create(request) : createForFloats(request, create);
}

KernelResult createElements(const KernelRequest& request)
{
    TRY_ASSIGN(const Reduction reduction, reductionOf(*request.node));
    return plainKernel(
        [reduction, given = request.node->intAttribute("axis", 0)](KernelContext& context) -> Status {
            TRY(requireInputs(context, 3));
            const Dims& dims = context.tensor(0).dims();
            const Tensor& indices = context.tensor(1);
            TRY_ASSIGN(const int64_t axis, normalizeAxis(given, static_cast<int64_t>(dims.size())));
            TRY(requireInside(indices.dims(), dims, axis));
            TRY_ASSIGN(const Ints checked, checkedIndices(indices, dims[static_cast<size_t>(axis)]));
            return scatter(context, {elementPlaces(indices.dims(), dims, axis, checked), 1}, reduction);
        });
}

KernelResult createNd(const KernelRequest& request)
{
    TRY_ASSIGN(const Reduction reduction, reductionOf(*request.node));
    return plainKernel([reduction](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        const Dims& dims = context.tensor(0).dims();
        const Tensor& indices = context.tensor(1);
        TRY(gatheredNdShape(toShape(dims), toShape(indices.dims()), 0));
        TRY_ASSIGN(const TupleOffsets places, tupleOffsets(dims, indices, 0));
        return scatter(context, places, reduction);
    });
}

} // namespace

KernelResult createScatterElements(const KernelRequest& request)
{
    return scatterKernel(request, createElements);
}

KernelResult createScatterNd(const KernelRequest& request) { return scatterKernel(request, createNd); }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// MaxUnpool, Col2Im and CenterCropPad; ImageDecoder is in image_decoder.cpp.
#include "engine/cpu/kernels/image.h"

#include "engine/backend/functors/binary.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/whole_bytes.h"
#include "engine/ops/image_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// Where element index of a tensor `from` stands in one of the dims `to`, which is no smaller anywhere.
int64_t indexIn(const Dims& to, const Dims& from, int64_t index)
{
    int64_t result = 0;
    int64_t step = 1;
    for (size_t i = from.size(); i-- > 0;) {
        result += index % from[i] * step;
        index /= from[i];
        step *= to[i];
    }
    return result;
}

// Indices count in the image that the window gives; an output_shape that is larger adds zeros at its ends
// (what ONNX's test of it expects).
Status runMaxUnpool(KernelContext& context, const Node& node)
{
    TRY(requireInputs(context, 2));
    const Tensor& x = context.tensor(0);
    TRY(requireTensors(context, {1}, DataType::Int64));
    if (context.tensor(1).dims() != x.dims())
        return makeError(ErrorCode::ShapeMismatch, "expected indices of shape " + toString(x.dims()) +
                                                       ", found " + toString(context.tensor(1).dims()));
    TRY_ASSIGN(const Dims inner, unpooledDims(node, x.dims()));
    const auto innerCount = elementCount(inner);
    TRY_ASSIGN(const auto given, optionalListInput(context, 2));
    const Dims outer = given.value_or(inner);
    bool fits = innerCount && outer.size() == inner.size();
    for (size_t i = 0; fits && i < inner.size(); ++i)
        fits = outer[i] >= inner[i];
    if (!fits)
        return makeError(ErrorCode::ShapeMismatch, "output_shape " + toString(outer) +
                                                       " is smaller than the unpooled image " +
                                                       toString(inner));
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), outer));
    const int64_t* indices = context.tensor(1).data<int64_t>();
    return dispatchElement(x.type(), [&]<typename T>() -> Status {
        T* to = mutableElements<T>(*y);
        std::fill_n(to, y->count(), T{});
        for (int64_t i = 0; i < x.count(); ++i) {
            if (indices[i] < 0 || indices[i] >= *innerCount)
                return makeError(ErrorCode::InvalidArgument, "index " + std::to_string(indices[i]) +
                                                                 " is outside the unpooled image " +
                                                                 toString(inner));
            to[outer == inner ? indices[i] : indexIn(outer, inner, indices[i])] = elements<T>(x)[i];
        }
        return {};
    });
}

KernelResult createMaxUnpool(const KernelRequest& request)
{
    return plainKernel(
        [node = *request.node](KernelContext& context) { return runMaxUnpool(context, node); });
}

struct AddElements {
    template <typename T>
    T operator()(const T& a, const T& b) const
    {
        if constexpr (std::is_arithmetic_v<T>)
            return functors::Add()(a, b);
        else
            return a + b; // complex
    }
};

// Adds the columns of one channel into its plane: one row of column for each tap of the window.
template <typename T>
void addColumns(const T* columns, T* plane, const ColumnShape& shape)
{
    const size_t axes = shape.placements.size();
    int64_t blocks = 1;
    for (const AxisPlacement& placement : shape.placements)
        blocks *= placement.output;
    for (int64_t tap = 0; tap < shape.taps; ++tap) {
        for (int64_t block = 0; block < blocks; ++block) {
            int64_t restTap = tap;
            int64_t restBlock = block;
            int64_t offset = 0;
            int64_t step = 1;
            bool inside = true;
            for (size_t axis = axes; axis-- > 0 && inside;) {
                const AxisWindow& window = shape.window.axes[axis];
                const AxisPlacement& placement = shape.placements[axis];
                const int64_t size = shape.output[axis + 2];
                const int64_t place = restBlock % placement.output * window.stride - placement.padBegin +
                                      restTap % window.kernel * window.dilation;
                inside = place >= 0 && place < size;
                offset += place * step;
                step *= size;
                restBlock /= placement.output;
                restTap /= window.kernel;
            }
            if (inside)
                plane[offset] = AddElements()(plane[offset], columns[tap * blocks + block]);
        }
    }
}

KernelResult createCol2Im(const KernelRequest& request)
{
    using Types = decltype(NumericTypes() + TypeList<std::complex<float>, std::complex<double>>());
    TRY(acceptTypes(Types(), request));
    return plainKernel([node = *request.node](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        const Tensor& columns = context.tensor(0);
        TRY_ASSIGN(const Ints image, listInput(context, 1));
        TRY_ASSIGN(const Ints block, listInput(context, 2));
        TRY_ASSIGN(const ColumnShape shape, columnShape(node, columns.dims(), image, block));
        TRY_ASSIGN(Tensor * y, context.allocate(0, columns.type(), shape.output));
        if (y->count() == 0)
            return {};
        return dispatch(Types(), columns.type(), [&]<typename T>() -> Status {
            const int64_t planes = shape.output[0] * shape.output[1];
            const int64_t pixels = y->count() / planes;
            const int64_t perPlane = columns.count() / planes;
            std::fill_n(y->mutableData<T>(), y->count(), T{});
            parallelFor(planes, 1, [&](int64_t begin, int64_t end) {
                for (int64_t plane = begin; plane < end && !context.stopRequested(); ++plane)
                    addColumns(columns.data<T>() + plane * perPlane, y->mutableData<T>() + plane * pixels,
                               shape);
            });
            return context.stopRequested() ? Status(cancelled()) : Status();
        });
    });
}

KernelResult createCenterCropPad(const KernelRequest& request)
{
    std::optional<Ints> axes;
    if (request.node->attribute("axes"))
        axes = request.node->intsAttribute("axes");
    return plainKernel([axes](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const Ints sizes, listInput(context, 1));
        TRY_ASSIGN(const std::vector<CenteredAxis> centered, centeredAxes(x.dims(), sizes, axes));
        Dims dims;
        for (const CenteredAxis& axis : centered)
            dims.push_back(axis.out);
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), dims));
        const std::vector<int64_t> from = denseStrides(x.dims());
        const std::vector<int64_t> to = denseStrides(dims);
        int64_t first = 0;
        int64_t target = 0;
        std::vector<CopyAxis> copied;
        for (size_t i = 0; i < centered.size(); ++i) {
            copied.push_back({centered[i].count(), from[i], to[i]});
            first += centered[i].from() * from[i];
            target += centered[i].to() * to[i];
        }
        const CopyPlan plan = planCopy(std::move(copied));
        return dispatchElement(x.type(), [&]<typename T>() {
            std::fill_n(mutableElements<T>(*y), y->count(), T{});
            if (x.count() > 0 && y->count() > 0)
                copyStrided(elements<T>(x) + first, mutableElements<T>(*y) + target, plan);
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "MaxUnpool", 9, newestOpset, "plain", createMaxUnpool},
    {"", "Col2Im", 18, newestOpset, "plain", forFloats<createCol2Im>},
    {"", "CenterCropPad", 18, newestOpset, "plain", forWholeBytes<createCenterCropPad>},
    {"", "ImageDecoder", 20, newestOpset, "plain", createImageDecoder},
};

} // namespace

std::span<const KernelRow> imageKernels() { return rows; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Reductions see their input as [outer, size, inner] and combine along size. Axes that lie apart are
// first brought together by a transposition.
#include "engine/backend/functors/reduce.h"

#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/ops/axis.h"
#include "engine/ops/reduce_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

using SumTypes = TypeList<float, double, int32_t, int64_t, uint32_t, uint64_t>;
using ExtremeTypes = decltype(SumTypes() + TypeList<int8_t, uint8_t>());

// The input as outer × size × inner, in data (which may be a transposed copy).
struct ReductionInput {
    Tensor data;
    AxisBlocks blocks{{}, 0};
};

// True when the reduced axes lie side by side (axes of size 1 do not count).
std::optional<AxisBlocks> adjacentBlocks(const Dims& dims, const std::vector<bool>& reduced)
{
    AxisBlocks blocks({}, 0);
    int phase = 0; // before, in and after the reduced axes
    for (size_t i = 0; i < dims.size(); ++i) {
        if (dims[i] == 1)
            continue;
        if (reduced[i] && phase == 2)
            return std::nullopt;
        phase = reduced[i] ? 1 : phase == 1 ? 2 : phase;
        (phase == 0 ? blocks.outer : phase == 1 ? blocks.size : blocks.inner) *= dims[i];
    }
    return blocks;
}

// reduced axes last, the others before them in order.
Result<ReductionInput> reducedLast(const Tensor& x, const std::vector<bool>& reduced)
{
    ReductionInput input{Tensor(), AxisBlocks({}, 0)};
    const std::vector<int64_t> strides = denseStrides(x.dims());
    std::vector<CopyAxis> axes;
    Dims dims;
    for (const bool wanted : {false, true}) {
        for (size_t i = 0; i < reduced.size(); ++i) {
            if (reduced[i] != wanted)
                continue;
            axes.push_back({x.dims()[i], strides[i], 0});
            dims.push_back(x.dims()[i]);
            (wanted ? input.blocks.size : input.blocks.outer) *= x.dims()[i];
        }
    }
    const std::vector<int64_t> to = denseStrides(dims);
    for (size_t i = 0; i < axes.size(); ++i)
        axes[i].to = to[i];
    TRY_ASSIGN(input.data, Tensor::allocate(x.type(), std::move(dims)));
    TRY(dispatchElement(x.type(), [&]<typename T>() {
        copyStrided(elements<T>(x), mutableElements<T>(input.data), planCopy(std::move(axes)));
    }));
    return input;
}

Result<ReductionInput> arrange(const Tensor& x, const std::vector<bool>& reduced)
{
    if (const auto blocks = adjacentBlocks(x.dims(), reduced))
        return ReductionInput{x, *blocks};
    return reducedLast(x, reduced);
}

// A contiguous run, in lanes that the compiler keeps in vector registers.
template <typename Functor, typename T>
typename Functor::Partial reduceRun(const T* x, int64_t count)
{
    constexpr int64_t lanes = 8;
    typename Functor::Partial partial[lanes];
    std::fill_n(partial, lanes, Functor::start());
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (int64_t lane = 0; lane < lanes; ++lane)
            partial[lane] = Functor::add(partial[lane], x[i + lane]);
    }
    for (; i < count; ++i)
        partial[0] = Functor::add(partial[0], x[i]);
    for (int64_t lane = 1; lane < lanes; ++lane)
        partial[0] = Functor::join(partial[0], partial[lane]);
    return partial[0];
}

// Outputs [begin, end) of one outer block: rows of the input are added up side by side.
template <typename Functor, typename T>
void reduceColumns(const T* x, T* y, const AxisBlocks& blocks, int64_t begin, int64_t end)
{
    std::vector<typename Functor::Partial> partial(static_cast<size_t>(end - begin), Functor::start());
    for (int64_t row = 0; row < blocks.size; ++row) {
        const T* values = x + row * blocks.inner + begin;
        for (size_t i = 0; i < partial.size(); ++i)
            partial[i] = Functor::add(partial[i], values[i]);
    }
    for (size_t i = 0; i < partial.size(); ++i)
        y[begin + static_cast<int64_t>(i)] = Functor::finish(partial[i], blocks.size);
}

template <typename Functor, typename T>
void reduceBlocks(const T* x, T* y, const AxisBlocks& blocks)
{
    const int64_t grain = std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(1, blocks.size));
    if (blocks.inner == 1) {
        parallelFor(blocks.outer, grain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                y[i] = Functor::finish(reduceRun<Functor>(x + i * blocks.size, blocks.size), blocks.size);
        });
        return;
    }
    constexpr int64_t piece = 1024; // columns whose partial results stay in the cache
    const int64_t pieces = (blocks.inner + piece - 1) / piece;
    parallelFor(blocks.outer * pieces, std::max<int64_t>(1, grain / piece), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t outer = i / pieces;
            const int64_t column = i % pieces * piece;
            reduceColumns<Functor>(x + outer * blocks.size * blocks.inner, y + outer * blocks.inner, blocks,
                                   column, std::min(blocks.inner, column + piece));
        }
    });
}

// log(sum(exp(x))) along a run, with the largest element taken out so that nothing overflows.
template <typename T>
T logSumExp(const T* x, int64_t count, int64_t stride)
{
    double largest = -std::numeric_limits<double>::infinity();
    for (int64_t i = 0; i < count; ++i)
        largest = functors::Max()(largest, static_cast<double>(x[i * stride]));
    if (!std::isfinite(largest))
        return static_cast<T>(largest);
    double sum = 0;
    for (int64_t i = 0; i < count; ++i)
        sum += std::exp(static_cast<double>(x[i * stride]) - largest);
    return static_cast<T>(largest + std::log(sum));
}

template <typename T>
void logSumExpBlocks(const T* x, T* y, const AxisBlocks& blocks)
{
    const int64_t grain = std::max<int64_t>(1, (1 << 11) / std::max<int64_t>(1, blocks.size));
    parallelFor(blocks.outer * blocks.inner, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t first = i / blocks.inner * blocks.size * blocks.inner + i % blocks.inner;
            y[i] = logSumExp(x + first, blocks.size, blocks.inner);
        }
    });
}

// What all Reduce* share: where the axes come from, and the shape of the result.
struct ReduceSettings {
    ListSource axes;
    bool keepDims;
    bool noopWithEmptyAxes;

    explicit ReduceSettings(const KernelRequest& request, int64_t axesInputSince)
        : axes(request, "axes", 1, axesInputSince),
          keepDims(request.node->intAttribute("keepdims", 1) != 0),
          noopWithEmptyAxes(request.node->intAttribute("noop_with_empty_axes", 0) != 0)
    {
    }
};

// loop: (const T* x, T* y, const AxisBlocks&).
template <typename Types, typename Loop>
Status runReduce(KernelContext& context, const ReduceSettings& settings, const Loop& loop)
{
    TRY(requireInputs(context, 1));
    const Tensor& x = context.tensor(0);
    TRY_ASSIGN(const auto axes, settings.axes.read(context));
    if (settings.noopWithEmptyAxes && (!axes || axes->empty())) {
        context.setOutput(0, context.input(0));
        return {};
    }
    TRY_ASSIGN(const std::vector<bool> reduced, reducedAxes(x.rank(), axes.value_or(Ints()), false));
    TRY_ASSIGN(const ReductionInput input, arrange(x, reduced));
    const Shape shape = reducedShape(toShape(x.dims()), reduced, settings.keepDims);
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), *concreteDims(shape)));
    return dispatch(Types(), x.type(), [&]<typename T>() -> Status {
        if (y->count() > 0)
            loop(input.data.data<T>(), y->mutableData<T>(), input.blocks);
        return {};
    });
}

template <typename Types, template <typename> typename Functor, int64_t axesInputSince = 18>
KernelResult createReduce(const KernelRequest& request)
{
    TRY(acceptTypes(Types(), request));
    return plainKernel(
        [settings = ReduceSettings(request, axesInputSince)](KernelContext& context) -> Status {
            return runReduce<Types>(context, settings,
                                    []<typename T>(const T* x, T* y, const AxisBlocks& blocks) {
                                        reduceBlocks<Functor<T>>(x, y, blocks);
                                    });
        });
}

KernelResult createLogSumExp(const KernelRequest& request)
{
    TRY(acceptTypes(SumTypes(), request));
    return plainKernel([settings = ReduceSettings(request, 18)](KernelContext& context) -> Status {
        return runReduce<SumTypes>(
            context, settings,
            []<typename T>(const T* x, T* y, const AxisBlocks& blocks) { logSumExpBlocks(x, y, blocks); });
    });
}

// Bools since opset 20: any and all, computed on bytes.
template <template <typename> typename Functor>
KernelResult createExtreme(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Bool)
        return createReduce<ExtremeTypes, Functor>(request);
    return plainKernel([settings = ReduceSettings(request, 18)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const Tensor bytes, convertType(context.tensor(0), DataType::UInt8));
        const Value asBytes(bytes);
        std::vector<const Value*> inputs(context.inputCount());
        for (size_t i = 0; i < inputs.size(); ++i)
            inputs[i] = i == 0 ? &asBytes : &context.input(i);
        std::vector<Value> outputs(context.outputCount());
        KernelContext inner(inputs, outputs, context.job());
        TRY(runReduce<TypeList<uint8_t>>(inner, settings,
                                         []<typename T>(const T* x, T* y, const AxisBlocks& blocks) {
                                             reduceBlocks<Functor<T>>(x, y, blocks);
                                         }));
        TRY_ASSIGN(Tensor result, convertType(*outputs[0].tensor(), DataType::Bool));
        context.setOutput(0, std::move(result));
        return {};
    });
}

template <bool largest, typename T>
int64_t extremeIndex(const T* x, int64_t count, int64_t stride, bool last)
{
    int64_t best = 0;
    for (int64_t i = 1; i < count; ++i) {
        const T value = x[i * stride];
        const T champion = x[best * stride];
        const bool better = largest ? value > champion : value < champion;
        if (better || (last && value == champion) || (value != value && champion == champion)) // NaN wins
            best = i;
    }
    return best;
}

template <bool largest>
KernelResult createArg(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    const Node& node = *request.node;
    const bool last = node.intAttribute("select_last_index", 0) != 0;
    const bool keepDims = node.intAttribute("keepdims", 1) != 0;
    return plainKernel([last, keepDims,
                        given = node.intAttribute("axis", 0)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, x.rank()));
        TRY_ASSIGN(const std::vector<bool> reduced, axisMask({axis}, x.rank()));
        const AxisBlocks blocks(x.dims(), axis);
        if (blocks.size == 0)
            return makeError(ErrorCode::ShapeMismatch, "there is no extreme element along an axis of size 0");
        const Shape shape = reducedShape(toShape(x.dims()), reduced, keepDims);
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Int64, *concreteDims(shape)));
        return dispatch(NumericTypes(), x.type(), [&]<typename T>() -> Status {
            const int64_t grain = std::max<int64_t>(1, (1 << 14) / blocks.size);
            parallelFor(y->count(), grain, [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                    const int64_t first = i / blocks.inner * blocks.size * blocks.inner + i % blocks.inner;
                    y->mutableData<int64_t>()[i] =
                        extremeIndex<largest>(x.data<T>() + first, blocks.size, blocks.inner, last);
                }
            });
            return {};
        });
    });
}

// CumSum and CumProd: running totals, perhaps without the element itself, perhaps from the end.
template <typename Functor, typename T>
void accumulate(const T* x, T* y, const AxisBlocks& blocks, bool exclusive, bool reverse)
{
    const int64_t step = reverse ? -blocks.inner : blocks.inner;
    parallelFor(blocks.outer * blocks.inner,
                std::max<int64_t>(1, (1 << 14) / std::max<int64_t>(1, blocks.size)),
                [&](int64_t begin, int64_t end) {
                    for (int64_t line = begin; line < end; ++line) {
                        int64_t at = line / blocks.inner * blocks.size * blocks.inner + line % blocks.inner;
                        at += reverse ? (blocks.size - 1) * blocks.inner : 0;
                        auto total = Functor::start();
                        for (int64_t i = 0; i < blocks.size; ++i, at += step) {
                            const auto next = Functor::add(total, x[at]);
                            y[at] = Functor::finish(exclusive ? total : next, 1);
                            total = next;
                        }
                    }
                });
}

template <template <typename> typename Functor>
KernelResult createCumulative(const KernelRequest& request)
{
    TRY(acceptTypes(SumTypes(), request));
    const bool exclusive = request.node->intAttribute("exclusive", 0) != 0;
    const bool reverse = request.node->intAttribute("reverse", 0) != 0;
    return plainKernel([exclusive, reverse](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const int64_t given, integerInput(context, 1));
        TRY_ASSIGN(const int64_t axis, normalizeAxis(given, x.rank()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
        return dispatch(SumTypes(), x.type(), [&]<typename T>() -> Status {
            if (y->count() > 0)
                accumulate<Functor<T>>(x.data<T>(), y->mutableData<T>(), AxisBlocks(x.dims(), axis),
                                       exclusive, reverse);
            return {};
        });
    });
}

using functors::ReduceMax;
using functors::ReduceMin;

constexpr KernelRow rows[] = {
    {"", "ReduceSum", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceSum, 13>>},
    {"", "ReduceMean", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceMean>>},
    {"", "ReduceMax", 1, newestOpset, "plain", forFloats<createExtreme<ReduceMax>>},
    {"", "ReduceMin", 1, newestOpset, "plain", forFloats<createExtreme<ReduceMin>>},
    {"", "ReduceProd", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceProd>>},
    {"", "ReduceL1", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceL1>>},
    {"", "ReduceL2", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceL2>>},
    {"", "ReduceSumSquare", 1, newestOpset, "plain",
     forFloats<createReduce<SumTypes, functors::ReduceSumSquare>>},
    {"", "ReduceLogSum", 1, newestOpset, "plain", forFloats<createReduce<SumTypes, functors::ReduceLogSum>>},
    {"", "ReduceLogSumExp", 1, newestOpset, "plain", forFloats<createLogSumExp>},
    {"", "ArgMax", 1, newestOpset, "plain", forFloats<createArg<true>>},
    {"", "ArgMin", 1, newestOpset, "plain", forFloats<createArg<false>>},
    {"", "CumSum", 11, newestOpset, "plain", forFloats<createCumulative<functors::ReduceSum>>},
    {"", "CumProd", 26, newestOpset, "plain", forFloats<createCumulative<functors::ReduceProd>>},
};

} // namespace

std::span<const KernelRow> reductionKernels() { return rows; }

} // namespace lapidary

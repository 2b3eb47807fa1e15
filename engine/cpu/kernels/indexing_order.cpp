// SPDX-License-Identifier: GPL-3.0-or-later
// TopK and Unique: operators that compare elements to find indices.
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/indexing.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/axis.h"
#include "engine/ops/index_rules.h"

#include <numeric>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// A total order: NaN is larger than every number, as in numpy.
template <typename T>
bool isLess(const T& a, const T& b)
{
    if constexpr (std::is_floating_point_v<T>) {
        if (a != a || b != b)
            return a == a && b != b;
    }
    return a < b;
}

template <typename T>
struct TopKLoop {
    const T* x;
    T* values;
    int64_t* indices;
    AxisBlocks blocks; // of x
    int64_t k;
    bool largest;

    // The k first of one line, in order; equal elements by index.
    void line(int64_t number, Ints& order) const
    {
        const int64_t first = number / blocks.inner * blocks.size * blocks.inner + number % blocks.inner;
        const auto at = [&](int64_t i) -> const T& { return x[first + i * blocks.inner]; };
        std::iota(order.begin(), order.end(), 0);
        std::partial_sort(order.begin(), order.begin() + k, order.end(), [&](int64_t i, int64_t j) {
            if (isLess(at(i), at(j)))
                return !largest;
            return isLess(at(j), at(i)) ? largest : i < j;
        });
        const int64_t out = number / blocks.inner * k * blocks.inner + number % blocks.inner;
        for (int64_t i = 0; i < k; ++i) {
            values[out + i * blocks.inner] = at(order[static_cast<size_t>(i)]);
            indices[out + i * blocks.inner] = order[static_cast<size_t>(i)];
        }
    }

    void run() const
    {
        const int64_t grain = std::max<int64_t>(1, 4096 / std::max<int64_t>(1, blocks.size));
        parallelFor(blocks.outer * blocks.inner, grain, [&](int64_t begin, int64_t end) {
            Ints order(static_cast<size_t>(blocks.size));
            for (int64_t i = begin; i < end; ++i)
                line(i, order);
        });
    }
};

KernelResult createTopKPlain(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    const Node& node = *request.node;
    const std::optional<int64_t> fixed =
        request.opsetVersion < 10 ? std::optional(node.intAttribute("k", 0)) : std::nullopt;
    const bool largest = node.intAttribute("largest", 1) != 0;
    return plainKernel(
        [fixed, largest, given = node.intAttribute("axis", -1)](KernelContext& context) -> Status {
            TRY(requireInputs(context, fixed ? 1 : 2));
            const Tensor& x = context.tensor(0);
            int64_t k = fixed.value_or(0);
            if (!fixed) {
                TRY_ASSIGN(k, integerInput(context, 1));
            }
            if (k < 0)
                return makeError(ErrorCode::InvalidArgument, "TopK wants " + std::to_string(k) + " elements");
            TRY_ASSIGN(const Shape shape, topKShape(toShape(x.dims()), given, Dim(k)));
            TRY_ASSIGN(const int64_t axis, normalizeAxis(given, x.rank()));
            const Dims dims = *concreteDims(shape);
            return dispatch(NumericTypes(), x.type(), [&]<typename T>() -> Status {
                TRY_ASSIGN(Tensor values, Tensor::allocate(x.type(), dims));
                TRY_ASSIGN(Tensor indices, Tensor::allocate(DataType::Int64, dims));
                TopKLoop<T>{x.data<T>(),
                            values.mutableData<T>(),
                            indices.mutableData<int64_t>(),
                            AxisBlocks(x.dims(), axis),
                            k,
                            largest}
                    .run();
                const std::array<Tensor*, 2> made = {&values, &indices};
                for (size_t i = 0; i < std::min(context.outputCount(), made.size()); ++i)
                    context.setOutput(i, std::move(*made[i]));
                return {};
            });
        });
}

// What Unique found, in terms of slices of the input along the axis.
struct UniqueSlices {
    Ints first;   // of each group of equal slices: its first slice
    Ints inverse; // of each slice: its group
    Ints counts;  // of each group
};

template <typename T>
class UniqueFinder {
public:
    UniqueFinder(const T* values, const AxisBlocks& blocks) : m_values(values), m_blocks(blocks) {}

    UniqueSlices find(bool sorted) const
    {
        Ints order(static_cast<size_t>(m_blocks.size));
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) { return compare(i, j) < 0; });
        Ints groupOf(order.size());
        Ints first;
        for (size_t i = 0; i < order.size(); ++i) {
            if (i == 0 || compare(order[i - 1], order[i]) != 0)
                first.push_back(order[i]); // the sort is stable: the first of equal slices
            groupOf[static_cast<size_t>(order[i])] = static_cast<int64_t>(first.size()) - 1;
        }
        return numbered(first, groupOf, sorted);
    }

private:
    // Groups in order of value, or of first appearance.
    static UniqueSlices numbered(const Ints& first, const Ints& groupOf, bool sorted)
    {
        Ints groups(first.size());
        std::iota(groups.begin(), groups.end(), 0);
        if (!sorted)
            std::sort(groups.begin(), groups.end(), [&](int64_t a, int64_t b) {
                return first[static_cast<size_t>(a)] < first[static_cast<size_t>(b)];
            });
        Ints number(first.size());
        UniqueSlices result;
        for (size_t i = 0; i < groups.size(); ++i) {
            number[static_cast<size_t>(groups[i])] = static_cast<int64_t>(i);
            result.first.push_back(first[static_cast<size_t>(groups[i])]);
        }
        result.counts.resize(first.size());
        for (const int64_t group : groupOf) {
            result.inverse.push_back(number[static_cast<size_t>(group)]);
            ++result.counts[static_cast<size_t>(result.inverse.back())];
        }
        return result;
    }

    int compare(int64_t i, int64_t j) const
    {
        for (int64_t outer = 0; outer < m_blocks.outer; ++outer) {
            const T* a = m_values + (outer * m_blocks.size + i) * m_blocks.inner;
            const T* b = m_values + (outer * m_blocks.size + j) * m_blocks.inner;
            for (int64_t k = 0; k < m_blocks.inner; ++k) {
                if (isLess(a[k], b[k]))
                    return -1;
                if (isLess(b[k], a[k]))
                    return 1;
            }
        }
        return 0;
    }

    const T* m_values;
    AxisBlocks m_blocks;
};

template <typename T>
Status runUnique(KernelContext& context, std::optional<int64_t> axis, bool sorted)
{
    const Tensor& x = context.tensor(0);
    Dims dims = axis ? x.dims() : Dims{x.count()};
    TRY_ASSIGN(const int64_t along, normalizeAxis(axis.value_or(0), static_cast<int64_t>(dims.size())));
    const AxisBlocks blocks(dims, along);
    const UniqueSlices found = UniqueFinder<T>(elements<T>(x), blocks).find(sorted);
    dims[static_cast<size_t>(along)] = static_cast<int64_t>(found.first.size());
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), std::move(dims)));
    T* to = mutableElements<T>(*y);
    for (int64_t outer = 0; outer < blocks.outer; ++outer) {
        for (const int64_t slice : found.first)
            to = std::copy_n(elements<T>(x) + (outer * blocks.size + slice) * blocks.inner, blocks.inner, to);
    }
    const std::array<const Ints*, 3> lists = {&found.first, &found.inverse, &found.counts};
    for (size_t i = 0; i < lists.size() && i + 1 < context.outputCount(); ++i)
        context.setOutput(i + 1, Tensor::of<int64_t>({static_cast<int64_t>(lists[i]->size())}, *lists[i]));
    return {};
}

KernelResult createUniquePlain(const KernelRequest& request)
{
    using Types = decltype(NumericTypes() + TypeList<bool>());
    std::optional<int64_t> axis;
    if (request.node->attribute("axis"))
        axis = request.node->intAttribute("axis", 0);
    const bool sorted = request.node->intAttribute("sorted", 1) != 0;
    return plainKernel([axis, sorted](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const DataType type = context.tensor(0).type();
        if (type == DataType::String)
            return runUnique<std::string>(context, axis, sorted);
        return dispatch(Types(), type, [&]<typename T>() -> Status {
            using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
            return runUnique<Stored>(context, axis, sorted);
        });
    });
}

} // namespace

KernelResult createTopK(const KernelRequest& request) { return createForFloats(request, createTopKPlain); }

KernelResult createUnique(const KernelRequest& request)
{
    return createForFloats(request, createUniquePlain);
}

} // namespace lapidary

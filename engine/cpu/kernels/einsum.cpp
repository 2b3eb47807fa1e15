// SPDX-License-Identifier: GPL-3.0-or-later
// Einsum: operands are contracted two at a time. A pair becomes a matrix product, or an elementwise one
// where nothing is summed; both are kernels of their families.
#include "engine/cpu/kernels/einsum.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/einsum_rules.h"

namespace lapidary {

namespace {

// What MatMul multiplies; smaller integers are widened, which keeps their low bits right.
using ProductTypes = TypeList<float, double, int32_t, int64_t, uint32_t, uint64_t>;

struct Term {
    Tensor tensor;
    AxisLabels labels; // one for each axis, each once
};

bool contains(const AxisLabels& labels, int label)
{
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

template <typename Keep>
AxisLabels filtered(const AxisLabels& labels, const Keep& keep)
{
    AxisLabels kept;
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(kept), keep);
    return kept;
}

AxisLabels joined(AxisLabels first, const AxisLabels& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

// The axes of from that have each label of the wanted ones, added up: a label that stands twice walks
// the diagonal.
Result<Term> rearranged(const Tensor& tensor, const AxisLabels& from, const AxisLabels& wanted)
{
    if (from == wanted)
        return Term{tensor, from};
    const std::vector<int64_t> strides = denseStrides(tensor.dims());
    std::vector<CopyAxis> axes;
    Dims dims;
    for (const int label : wanted) {
        CopyAxis axis;
        for (size_t i = 0; i < from.size(); ++i) {
            if (from[i] == label) {
                axis.size = tensor.dims()[i];
                axis.from += strides[i];
            }
        }
        axes.push_back(axis);
        dims.push_back(axis.size);
    }
    const std::vector<int64_t> outStrides = denseStrides(dims);
    for (size_t i = 0; i < axes.size(); ++i)
        axes[i].to = outStrides[i];
    TRY_ASSIGN(Tensor result, Tensor::allocate(tensor.type(), std::move(dims)));
    TRY(dispatch(ProductTypes(), tensor.type(), [&]<typename T>() -> Status {
        if (result.count() > 0)
            copyStrided(tensor.data<T>(), result.mutableData<T>(), planCopy(axes));
        return {};
    }));
    return Term{std::move(result), wanted};
}

Dims dimsOf(const Term& term, const AxisLabels& labels)
{
    Dims dims;
    for (const int label : labels) {
        const auto found = std::find(term.labels.begin(), term.labels.end(), label);
        dims.push_back(term.tensor.dims()[static_cast<size_t>(found - term.labels.begin())]);
    }
    return dims;
}

// Product of the sizes of some labels. Errors: ShapeMismatch when it is too large.
Result<int64_t> sizeOf(const Term& term, const AxisLabels& labels)
{
    if (const auto count = elementCount(dimsOf(term, labels)))
        return *count;
    return makeError(ErrorCode::ShapeMismatch, "an intermediate result of Einsum would be too large");
}

// Sums over the labels that are not wanted. Floats are added in double, integers wrap around.
Result<Term> summed(const Term& term, const AxisLabels& wanted)
{
    const AxisLabels kept = filtered(term.labels, [&](int label) { return contains(wanted, label); });
    const AxisLabels gone = filtered(term.labels, [&](int label) { return !contains(wanted, label); });
    if (gone.empty())
        return term;
    TRY_ASSIGN(const Term moved, rearranged(term.tensor, term.labels, joined(kept, gone)));
    TRY_ASSIGN(const int64_t length, sizeOf(moved, gone));
    const Dims& dims = moved.tensor.dims();
    TRY_ASSIGN(Tensor result,
               Tensor::allocate(moved.tensor.type(),
                                Dims(dims.begin(), dims.begin() + static_cast<ptrdiff_t>(kept.size()))));
    TRY(dispatch(ProductTypes(), result.type(), [&]<typename T>() -> Status {
        using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;
        const T* from = moved.tensor.data<T>();
        T* to = result.mutableData<T>();
        parallelFor(result.count(), 1 + (1 << 14) / std::max<int64_t>(1, length),
                    [&](int64_t begin, int64_t end) {
                        for (int64_t row = begin; row < end; ++row) {
                            Sum sum = 0;
                            for (int64_t i = 0; i < length; ++i)
                                sum += static_cast<Sum>(from[row * length + i]);
                            to[row] = static_cast<T>(sum);
                        }
                    });
        return {};
    }));
    return Term{std::move(result), kept};
}

// An operand as a term: diagonals taken, and axes of size 1 that another operand stretches left out.
Result<Term> termOf(const Tensor& tensor, const AxisLabels& labels, const std::map<int, Dim>& sizes)
{
    Term term{tensor, labels};
    Dims dims;
    AxisLabels kept;
    std::map<int, int64_t> own;
    for (size_t i = 0; i < labels.size(); ++i) {
        const int64_t size = tensor.dims()[i];
        if (own.try_emplace(labels[i], size).first->second != size)
            return makeError(ErrorCode::ShapeMismatch,
                             "a diagonal needs equal dimensions, found " + toString(tensor.dims()));
        if (size != sizes.at(labels[i]).value)
            continue;
        dims.push_back(size);
        kept.push_back(labels[i]);
    }
    AxisLabels once;
    for (const int label : kept) {
        if (!contains(once, label))
            once.push_back(label);
    }
    return rearranged(tensor.reshaped(std::move(dims)), kept, once);
}

// The labels that are wanted after terms i and j became one: those of the output and of all other terms.
AxisLabels wantedAfter(const std::vector<Term>& terms, size_t i, size_t j, const AxisLabels& output)
{
    AxisLabels wanted = output;
    for (size_t k = 0; k < terms.size(); ++k) {
        if (k != i && k != j)
            wanted = joined(std::move(wanted), terms[k].labels);
    }
    return wanted;
}

// Elements of the product of terms i and j.
double productSize(const std::vector<Term>& terms, size_t i, size_t j, const AxisLabels& output)
{
    const AxisLabels wanted = wantedAfter(terms, i, j, output);
    std::map<int, int64_t> sizes;
    for (const size_t index : {i, j}) {
        for (size_t axis = 0; axis < terms[index].labels.size(); ++axis)
            sizes[terms[index].labels[axis]] = terms[index].tensor.dims()[axis];
    }
    double size = 1;
    for (const auto& [label, count] : sizes)
        size *= contains(wanted, label) ? static_cast<double>(count) : 1.0;
    return size;
}

// The pair of terms with the smallest product.
std::pair<size_t, size_t> bestPair(const std::vector<Term>& terms, const AxisLabels& output)
{
    constexpr size_t tooManyToCompare = 16;
    std::pair<size_t, size_t> best{0, 1};
    if (terms.size() == 2 || terms.size() > tooManyToCompare)
        return best;
    double smallest = HUGE_VAL;
    for (size_t i = 0; i < terms.size(); ++i) {
        for (size_t j = i + 1; j < terms.size(); ++j) {
            const double size = productSize(terms, i, j, output);
            if (size < smallest)
                best = {i, j};
            smallest = std::min(size, smallest);
        }
    }
    return best;
}

// How the axes of two terms take part in their product.
struct PairLabels {
    AxisLabels batch;   // in both, and wanted
    AxisLabels inner;   // in both, summed
    AxisLabels rows;    // in the first only
    AxisLabels columns; // in the second only

    PairLabels(const AxisLabels& a, const AxisLabels& b, const AxisLabels& wanted)
    {
        const AxisLabels common = filtered(a, [&](int label) { return contains(b, label); });
        batch = filtered(common, [&](int label) { return contains(wanted, label); });
        inner = filtered(common, [&](int label) { return !contains(wanted, label); });
        rows = filtered(a, [&](int label) { return !contains(common, label); });
        columns = filtered(b, [&](int label) { return !contains(common, label); });
    }
    // Products of single elements are no work for MatMul.
    bool isElementwise() const { return inner.empty() || (rows.empty() && columns.empty()); }
};

class Einsum final : public Kernel {
public:
    explicit Einsum(const Node& node) : m_equation(node.stringAttribute("equation", "")) {}
    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, std::max<size_t>(1, context.inputCount())));
        std::vector<Shape> shapes;
        std::vector<size_t> ranks;
        for (size_t i = 0; i < context.inputCount(); ++i) {
            shapes.push_back(toShape(context.tensor(i).dims()));
            ranks.push_back(shapes.back().size());
        }
        TRY_ASSIGN(const EinsumLabels labels, einsumLabels(m_equation, ranks));
        TRY_ASSIGN(const auto sizes, einsumSizes(labels, shapes));
        const DataType type = context.tensor(0).type();
        const DataType computed = holds(ProductTypes(), type) ? type : DataType::Int32;
        std::vector<Term> terms;
        for (size_t i = 0; i < context.inputCount(); ++i) {
            TRY(requireTensors(context, {i}, type));
            TRY_ASSIGN(const Tensor wide, convertType(context.tensor(i), computed));
            TRY_ASSIGN(Term term, termOf(wide, labels.operands[i], sizes));
            terms.push_back(std::move(term));
        }
        TRY_ASSIGN(const Tensor result, contractAll(std::move(terms), labels.output, context.job()));
        TRY_ASSIGN(Tensor narrow, convertType(result, type));
        context.setOutput(0, std::move(narrow));
        return {};
    }

private:
    Result<Tensor> contractAll(std::vector<Term> terms, const AxisLabels& output, const JobContext& job)
    {
        for (size_t step = 0; terms.size() > 1; ++step) {
            if (job.stopRequested())
                return cancelled();
            const auto [i, j] = bestPair(terms, output);
            TRY_ASSIGN(Term product,
                       contract(terms[i], terms[j], wantedAfter(terms, i, j, output), step, job));
            terms.erase(terms.begin() + static_cast<ptrdiff_t>(j));
            terms[i] = std::move(product);
        }
        TRY_ASSIGN(const Term rest, summed(terms[0], output));
        TRY_ASSIGN(const Term ordered, rearranged(rest.tensor, rest.labels, output));
        return ordered.tensor;
    }

    Result<Term> contract(const Term& left, const Term& right, const AxisLabels& wanted, size_t step,
                          const JobContext& job)
    {
        // First what only one of the two has and nobody wants.
        TRY_ASSIGN(const Term a, summed(left, joined(wanted, right.labels)));
        TRY_ASSIGN(const Term b, summed(right, joined(wanted, left.labels)));
        const PairLabels pair(a.labels, b.labels, wanted);
        const bool elementwise = pair.isElementwise();
        const AxisLabels second =
            elementwise ? joined(pair.columns, pair.inner) : joined(pair.inner, pair.columns);
        TRY_ASSIGN(const Term x,
                   rearranged(a.tensor, a.labels, joined(joined(pair.batch, pair.rows), pair.inner)));
        TRY_ASSIGN(const Term y, rearranged(b.tensor, b.labels, joined(pair.batch, second)));
        TRY_ASSIGN(const int64_t batch, sizeOf(x, pair.batch));
        TRY_ASSIGN(const int64_t rows, sizeOf(x, pair.rows));
        TRY_ASSIGN(const int64_t inner, sizeOf(x, pair.inner));
        TRY_ASSIGN(const int64_t columns, sizeOf(y, pair.columns));
        TRY_ASSIGN(Kernel * kernel, product(step, elementwise ? "Mul" : "MatMul", x.tensor.type()));
        const Tensor xs =
            x.tensor.reshaped(elementwise ? Dims{batch, rows, 1, inner} : Dims{batch, rows, inner});
        const Tensor ys =
            y.tensor.reshaped(elementwise ? Dims{batch, 1, columns, inner} : Dims{batch, inner, columns});
        TRY_ASSIGN(const Tensor made, runInnerKernelOnce(*kernel, {xs, ys}, job));
        m_implementation = kernel->implementation();
        Term result{made, joined(joined(pair.batch, pair.rows), pair.columns)};
        if (elementwise)
            result.labels = joined(std::move(result.labels), pair.inner);
        Dims dims = dimsOf(x, joined(pair.batch, pair.rows));
        for (const int64_t size : dimsOf(y, elementwise ? second : pair.columns))
            dims.push_back(size);
        result.tensor = made.reshaped(std::move(dims));
        return summed(result, wanted);
    }

    // Each step of the contraction has a kernel, which keeps what it prepared for its shapes.
    Result<Kernel*> product(size_t step, std::string_view opType, DataType type)
    {
        auto& kernel = m_products[{step, std::string(opType), type}];
        if (!kernel) {
            const Model model;
            const Node node;
            KernelRequest outer;
            outer.model = &model;
            outer.graph = &model.graph;
            outer.node = &node;
            TRY_ASSIGN(kernel, createInnerKernel(outer, {std::string(opType), {type, type}}));
        }
        return kernel.get();
    }

    const std::string m_equation;
    std::map<std::tuple<size_t, std::string, DataType>, std::unique_ptr<Kernel>> m_products;
    std::string m_implementation = "plain";
};

Result<std::unique_ptr<Kernel>> createEinsum(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    return {std::make_unique<Einsum>(*request.node)};
}

constexpr KernelRow rows[] = {
    {"", "Einsum", 12, newestOpset, "contraction", forFloats<createEinsum>},
    {"", "Det", 11, newestOpset, "plain", forFloats<createDeterminant>},
};

} // namespace

std::span<const KernelRow> einsumKernels() { return rows; }

} // namespace lapidary

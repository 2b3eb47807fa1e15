// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that compute, on seeded random shapes and attributes, against the specification read one
// output element at a time, in double; on 1, 2 and 4 threads.
#include "tests/engine_tests.h"
#include "tests/support/elementwise_reference.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace lapidary;
using namespace lapidary::elementwise_reference;

namespace {

// Whole numbers as float32: sums and products of a few are exact, so most results must be too.
Tensor wholeNumbers(Dice& dice, const Dims& dims, int64_t low = -9, int64_t high = 9)
{
    const Tensor integers = dice.values(dims, low, high);
    return tensorOf(dims, valuesOf(integers), DataType::Float);
}

void checkFloats(const NodeCase& nodeCase, const Dims& dims, const std::vector<double>& expected,
                 Tolerance tolerance = {1e-5, 1e-6}, DataType type = DataType::Float)
{
    for (const int threads : {1, 2, 4}) {
        cpuBackend().setThreads(threads);
        checkRowsOutput(nodeCase, 0, type, dims, expected, tolerance, 1);
    }
    cpuBackend().setThreads(0);
}

// A shape that broadcasts to dims: some leading axes missing, some sizes 1.
Dims stretched(Dice& dice, const Dims& dims)
{
    Dims result(dims.begin() + dice.between(0, static_cast<int64_t>(dims.size())), dims.end());
    for (int64_t& size : result)
        size = dice.between(0, 2) == 0 ? 1 : size;
    return result;
}

Dims joint(const Dims& a, const Dims& b)
{
    Dims result = a.size() > b.size() ? a : b;
    const Dims& other = a.size() > b.size() ? b : a;
    for (size_t i = 0; i < other.size(); ++i) {
        int64_t& size = result[result.size() - other.size() + i];
        size = size == 1 ? other[i] : size;
    }
    return result;
}

double broadcastElement(const Tensor& x, const Dims& index)
{
    Dims own(index.end() - x.rank(), index.end());
    for (size_t i = 0; i < own.size(); ++i)
        own[i] = x.dims()[i] == 1 ? 0 : own[i];
    return element(x, own);
}

using Binary = double (*)(double, double);
using Unary = double (*)(double);

struct Reduction {
    const char* opType;
    double start;
    double (*add)(double, double);
    double (*finish)(double, double); // with the number of elements
};

constexpr Reduction reductions[] = {
    {"ReduceSum", 0, [](double t, double x) { return t + x; }, [](double t, double) { return t; }},
    {"ReduceMean", 0, [](double t, double x) { return t + x; }, [](double t, double n) { return t / n; }},
    {"ReduceL1", 0, [](double t, double x) { return t + std::abs(x); }, [](double t, double) { return t; }},
    {"ReduceL2", 0, [](double t, double x) { return t + x * x; },
     [](double t, double) { return std::sqrt(t); }},
    {"ReduceSumSquare", 0, [](double t, double x) { return t + x * x; }, [](double t, double) { return t; }},
    {"ReduceProd", 1, [](double t, double x) { return t * x; }, [](double t, double) { return t; }},
    {"ReduceMax", -HUGE_VAL, [](double t, double x) { return std::max(t, x); },
     [](double t, double) { return t; }},
    {"ReduceMin", HUGE_VAL, [](double t, double x) { return std::min(t, x); },
     [](double t, double) { return t; }},
    {"ReduceLogSumExp", 0, [](double t, double x) { return t + std::exp(x); },
     [](double t, double) { return std::log(t); }},
};

// One convolution axis.
struct Window {
    int64_t in = 1;
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t dilation = 1;
    int64_t before = 0;
    int64_t after = 0;

    int64_t out() const { return (in + before + after - dilation * (kernel - 1) - 1) / stride + 1; }
};

std::vector<Window> windows(Dice& dice, int64_t count)
{
    std::vector<Window> result;
    for (int64_t i = 0; i < count; ++i) {
        Window w{1, dice.between(1, 3), dice.between(1, 3), dice.between(1, 2), 0, 0};
        w.before = dice.between(0, w.kernel - 1);
        w.after = dice.between(0, w.kernel - 1);
        w.in = dice.between(std::max<int64_t>(1, w.dilation * (w.kernel - 1) + 1 - w.before - w.after), 9);
        result.push_back(w);
    }
    return result;
}

std::vector<Attribute> windowAttributes(const std::vector<Window>& ws)
{
    std::vector<int64_t> kernel, strides, dilations, before, after;
    for (const Window& w : ws) {
        kernel.push_back(w.kernel);
        strides.push_back(w.stride);
        dilations.push_back(w.dilation);
        before.push_back(w.before);
        after.push_back(w.after);
    }
    before.insert(before.end(), after.begin(), after.end());
    return {intsAttribute("kernel_shape", kernel), intsAttribute("strides", strides),
            intsAttribute("dilations", dilations), intsAttribute("pads", before)};
}

// Calls visit(place in the kernel, place in the input) for what lies inside the input.
template <typename Visit>
void forEachTap(const std::vector<Window>& ws, const Dims& out, const Visit& visit)
{
    Dims kernel;
    for (const Window& w : ws)
        kernel.push_back(w.kernel);
    forEachIndex(kernel, [&](const Dims& tap) {
        Dims in(ws.size());
        for (size_t i = 0; i < ws.size(); ++i) {
            in[i] = out[i] * ws[i].stride - ws[i].before + tap[i] * ws[i].dilation;
            if (in[i] < 0 || in[i] >= ws[i].in)
                return;
        }
        visit(tap, in);
    });
}

Dims joined(Dims a, const Dims& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

class ArithmeticTest : public QObject {
    Q_OBJECT
private slots:
    void broadcasts()
    {
        const std::pair<const char*, Binary> operators[] = {
            {"Add", [](double a, double b) { return a + b; }},
            {"Sub", [](double a, double b) { return a - b; }},
            {"Mul", [](double a, double b) { return a * b; }},
            {"Div", [](double a, double b) { return a / b; }},
            {"Max", [](double a, double b) { return std::max(a, b); }},
            {"Min", [](double a, double b) { return std::min(a, b); }},
        };
        Dice dice(31);
        for (const auto& [opType, function] : operators) {
            for (int round = 0; round < rounds; ++round) {
                const Dims whole = dice.dims();
                const Tensor a = wholeNumbers(dice, stretched(dice, whole));
                const Tensor b = wholeNumbers(dice, stretched(dice, whole), 1);
                const Dims out = joint(a.dims(), b.dims());
                checkFloats({.opType = opType, .inputs = {a, b}}, out, build(out, [&](const Dims& index) {
                                return function(broadcastElement(a, index), broadcastElement(b, index));
                            }));
            }
        }
    }

    void comparisons()
    {
        const std::pair<const char*, bool (*)(double, double)> operators[] = {
            {"Less", [](double a, double b) { return a < b; }},
            {"GreaterOrEqual", [](double a, double b) { return a >= b; }},
            {"Equal", [](double a, double b) { return a == b; }},
        };
        Dice dice(32);
        for (const auto& [opType, function] : operators) {
            for (int round = 0; round < rounds; ++round) {
                const Dims whole = dice.dims();
                const Tensor a = wholeNumbers(dice, stretched(dice, whole), -2, 2);
                const Tensor b = wholeNumbers(dice, stretched(dice, whole), -2, 2);
                const Dims out = joint(a.dims(), b.dims());
                const auto expected = build(out, [&](const Dims& index) {
                    return function(broadcastElement(a, index), broadcastElement(b, index)) ? 1.0 : 0.0;
                });
                checkFloats({.opType = opType, .inputs = {a, b}}, out, expected, {}, DataType::Bool);
            }
        }
    }

    void elementByElement()
    {
        const std::pair<const char*, Unary> operators[] = {
            {"Abs", [](double x) { return std::abs(x); }},
            {"Neg", [](double x) { return -x; }},
            {"Relu", [](double x) { return std::max(x, 0.0); }},
            {"Exp", [](double x) { return std::exp(x); }},
            {"Tanh", [](double x) { return std::tanh(x); }},
            {"Sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
            {"Erf", [](double x) { return std::erf(x); }},
            {"Sign", [](double x) { return x > 0   ? 1.0
                                           : x < 0 ? -1.0
                                                   : 0.0; }},
        };
        Dice dice(33);
        for (const auto& [opType, function] : operators) {
            for (int round = 0; round < rounds / 2; ++round) {
                const Dims dims = dice.dims();
                const Tensor x = wholeNumbers(dice, dims);
                checkFloats({.opType = opType, .inputs = {x}}, dims,
                            build(dims, [&](const Dims& index) { return function(element(x, index)); }));
            }
        }
    }

    void reduce()
    {
        Dice dice(34);
        for (const Reduction& reduction : reductions) {
            for (int round = 0; round < rounds; ++round) {
                const Dims dims = dice.dims();
                if (elementCount(dims) == 0)
                    continue; // extremes of nothing are not defined for all types; ops.reduction has them
                const Tensor x = wholeNumbers(dice, dims, -3, 3);
                std::vector<int64_t> axes;
                std::vector<bool> reduced(dims.size());
                for (size_t i = 0; i < dims.size(); ++i) {
                    reduced[i] = dice.coin();
                    if (reduced[i])
                        axes.push_back(static_cast<int64_t>(i) - (dice.coin() ? x.rank() : 0));
                }
                if (axes.empty())
                    std::fill(reduced.begin(), reduced.end(), true); // all, when none is named
                checkReduction(reduction, x, axes, reduced, dice.coin());
            }
        }
    }

    void matrices()
    {
        Dice dice(35);
        for (int round = 0; round < 3 * rounds; ++round) {
            const Dims batch = dice.dims(0, 3);
            const int64_t m = dice.between(0, 9), k = dice.between(0, 20), n = dice.between(1, 40);
            const Tensor a = wholeNumbers(dice, joined(stretched(dice, batch), {m, k}));
            const Tensor b = wholeNumbers(dice, joined(stretched(dice, batch), {k, n}));
            const Dims out =
                joined(joint({a.dims().begin(), a.dims().end() - 2}, {b.dims().begin(), b.dims().end() - 2}),
                       {m, n});
            checkFloats({.opType = "MatMul", .inputs = {a, b}}, out, build(out, [&](Dims index) {
                            double sum = 0;
                            const int64_t row = index[index.size() - 2], column = index.back();
                            for (int64_t i = 0; i < k; ++i) {
                                index[index.size() - 2] = row;
                                index.back() = i;
                                const double left = broadcastMatrix(a, index);
                                index[index.size() - 2] = i;
                                index.back() = column;
                                sum += left * broadcastMatrix(b, index);
                            }
                            return sum;
                        }));
        }
    }

    void convolutions()
    {
        Dice dice(36);
        for (int round = 0; round < 3 * rounds; ++round) {
            const auto ws = windows(dice, dice.between(1, 3));
            const int64_t groups = dice.between(1, 3), perGroup = dice.between(1, 4);
            const int64_t outPerGroup = dice.between(1, 4), batch = dice.between(0, 2);
            Dims in, kernel, out;
            for (const Window& w : ws) {
                in.push_back(w.in);
                kernel.push_back(w.kernel);
                out.push_back(w.out());
            }
            const Tensor x = wholeNumbers(dice, joined({batch, groups * perGroup}, in));
            const Tensor w = wholeNumbers(dice, joined({groups * outPerGroup, perGroup}, kernel));
            const Tensor bias = wholeNumbers(dice, {groups * outPerGroup});
            NodeCase nodeCase{.opType = "Conv", .inputs = {x, w, bias}, .attributes = windowAttributes(ws)};
            nodeCase.attributes.push_back(intAttribute("group", groups));
            const Dims dims = joined({batch, groups * outPerGroup}, out);
            checkFloats(nodeCase, dims, build(dims, [&](const Dims& index) {
                            double sum = element(bias, {index[1]});
                            const Dims place(index.begin() + 2, index.end());
                            for (int64_t c = 0; c < perGroup; ++c) {
                                forEachTap(ws, place, [&](const Dims& tap, const Dims& from) {
                                    const int64_t channel = index[1] / outPerGroup * perGroup + c;
                                    sum += element(x, joined({index[0], channel}, from)) *
                                           element(w, joined({index[1], c}, tap));
                                });
                            }
                            return sum;
                        }));
        }
    }

    void pools()
    {
        Dice dice(37);
        for (int round = 0; round < 3 * rounds; ++round) {
            const auto ws = windows(dice, dice.between(1, 3));
            Dims in, out;
            for (const Window& w : ws) {
                in.push_back(w.in);
                out.push_back(w.out());
            }
            const Dims outer{dice.between(1, 3), dice.between(1, 3)};
            const Tensor x = wholeNumbers(dice, joined(outer, in));
            const Dims dims = joined(outer, out);
            const auto pool = [&](bool average) {
                return build(dims, [&](const Dims& index) {
                    double result = average ? 0 : -HUGE_VAL;
                    int count = 0;
                    forEachTap(ws, {index.begin() + 2, index.end()}, [&](const Dims&, const Dims& from) {
                        const double value = element(x, joined({index[0], index[1]}, from));
                        result = average ? result + value : std::max(result, value);
                        ++count;
                    });
                    return average ? result / count : result;
                });
            };
            if (!everyWindowSeesInput(ws))
                continue; // the specification does not say what an empty window gives
            checkFloats({.opType = "MaxPool", .inputs = {x}, .attributes = windowAttributes(ws)}, dims,
                        pool(false));
            checkFloats(
                {.opType = "AveragePool", .opset = 19, .inputs = {x}, .attributes = windowAttributes(ws)},
                dims, pool(true));
        }
    }

    void softmax()
    {
        Dice dice(38);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 6);
            const Tensor x = wholeNumbers(dice, dims);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            checkFloats({.opType = "Softmax", .inputs = {x}, .attributes = {intAttribute("axis", axis)}},
                        dims, build(dims, [&](Dims index) {
                            const double own = element(x, index);
                            double sum = 0;
                            for (index[along] = 0; index[along] < dims[along]; ++index[along])
                                sum += std::exp(element(x, index) - own);
                            return 1 / sum;
                        }));
        }
    }

    void layerNormalization()
    {
        Dice dice(39);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 5);
            if (elementCount(dims) == 0)
                continue;
            const int64_t axis = dice.axis(dims);
            const auto split = dims.begin() + static_cast<ptrdiff_t>(at(axis, dims));
            const Dims normalized(split, dims.end());
            const Tensor x = wholeNumbers(dice, dims);
            const Tensor scale = wholeNumbers(dice, normalized);
            const auto expected = build(dims, [&](const Dims& index) {
                double sum = 0, squares = 0;
                Dims place(index.begin(), index.begin() + (split - dims.begin()));
                const Dims inner(index.begin() + (split - dims.begin()), index.end());
                forEachIndex(normalized, [&](const Dims& other) {
                    const double value = element(x, joined(place, other));
                    sum += value;
                    squares += value * value;
                });
                const auto count = static_cast<double>(*elementCount(normalized));
                const double variance = squares / count - sum / count * (sum / count);
                return (element(x, index) - sum / count) / std::sqrt(variance + 1e-5) * element(scale, inner);
            });
            // The variance of equal numbers is 0 only up to rounding, and is divided by.
            checkFloats({.opType = "LayerNormalization",
                         .inputs = {x, scale},
                         .attributes = {intAttribute("axis", axis)}},
                        dims, expected, {1e-4, 1e-4});
        }
    }

private:
    static void checkReduction(const Reduction& reduction, const Tensor& x, const std::vector<int64_t>& axes,
                               const std::vector<bool>& reduced, bool keep)
    {
        Dims outer, inner, out;
        for (size_t i = 0; i < reduced.size(); ++i) {
            outer.push_back(reduced[i] ? 1 : x.dims()[i]);
            inner.push_back(reduced[i] ? x.dims()[i] : 1);
            if (keep || !reduced[i])
                out.push_back(outer[i]);
        }
        const auto expected = build(outer, [&](const Dims& begin) {
            double total = reduction.start;
            forEachIndex(inner, [&](Dims index) {
                for (size_t i = 0; i < index.size(); ++i)
                    index[i] += begin[i];
                total = reduction.add(total, element(x, index));
            });
            return reduction.finish(total, static_cast<double>(*elementCount(inner)));
        });
        NodeCase nodeCase{.opType = reduction.opType, .opset = 18, .inputs = {x}};
        if (!axes.empty())
            nodeCase.inputs.emplace_back(list(axes));
        nodeCase.attributes = {intAttribute("keepdims", keep ? 1 : 0)};
        checkFloats(nodeCase, out, expected, {1e-5, 1e-5});
    }

    // The element of a matrix whose batch axes broadcast.
    static double broadcastMatrix(const Tensor& x, const Dims& index)
    {
        Dims own(index.end() - x.rank(), index.end());
        for (size_t i = 0; i + 2 < own.size(); ++i)
            own[i] = x.dims()[i] == 1 ? 0 : own[i];
        return element(x, own);
    }

    static bool everyWindowSeesInput(const std::vector<Window>& ws)
    {
        return std::all_of(ws.begin(), ws.end(), [](const Window& w) {
            for (int64_t out = 0; out < w.out(); ++out) {
                bool sees = false;
                for (int64_t tap = 0; tap < w.kernel; ++tap) {
                    const int64_t in = out * w.stride - w.before + tap * w.dilation;
                    sees = sees || (in >= 0 && in < w.in);
                }
                if (!sees)
                    return false;
            }
            return true;
        });
    }
};

std::unique_ptr<QObject> lapidary::createArithmeticTest() { return std::make_unique<ArithmeticTest>(); }

#include "arithmetic_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <complex>
#include <numbers>

using namespace lapidary;

namespace {

using Complex = std::complex<double>;
using Line = std::vector<Complex>;
constexpr double pi = std::numbers::pi;

// The definition: O(n^2), with long double sums.
Line transform(const Line& x, bool inverse)
{
    const size_t n = x.size();
    Line y(n);
    for (size_t k = 0; k < n; ++k) {
        std::complex<long double> sum = 0;
        for (size_t i = 0; i < n; ++i) {
            const long double angle = 2 * std::numbers::pi_v<long double> *
                                      static_cast<long double>(i * k % n) / static_cast<long double>(n);
            sum += std::complex<long double>(x[i]) * std::polar(1.0L, inverse ? angle : -angle);
        }
        y[k] = Complex(inverse ? sum / static_cast<long double>(n) : sum);
    }
    return y;
}

struct DftCase {
    Dims dims = {}; // with 1 or 2 components last
    int64_t axis = 1;
    std::optional<int64_t> length = {};
    bool inverse = false;
    bool onesided = false;
    DataType type = DataType::Float;
    int64_t opset = 20;
};

NodeCase makeNode(const DftCase& dft, const Tensor& x)
{
    NodeCase node{.opType = "DFT", .opset = dft.opset, .inputs = {x}};
    if (dft.length)
        node.inputs.push_back(Tensor::scalar<int64_t>(*dft.length));
    if (dft.opset >= 20) {
        node.inputs.resize(2);
        node.inputs.push_back(Tensor::scalar<int64_t>(dft.axis));
    } else {
        node.attributes.push_back(intAttribute("axis", dft.axis));
    }
    if (dft.inverse)
        node.attributes.push_back(intAttribute("inverse", 1));
    if (dft.onesided)
        node.attributes.push_back(intAttribute("onesided", 1));
    return node;
}

// The lines along the axis of x[..., components], transformed one by one.
std::vector<double> reference(const DftCase& dft, const Tensor& tensor, Dims& dims)
{
    const std::vector<double> x = valuesOf(tensor);
    const auto rank = static_cast<int64_t>(dft.dims.size());
    const auto axis = static_cast<size_t>(dft.axis < 0 ? dft.axis + rank : dft.axis);
    const auto size = static_cast<size_t>(dft.dims[axis]);
    const auto components = static_cast<size_t>(dft.dims.back());
    const bool toReal = dft.inverse && dft.onesided;
    const auto n =
        static_cast<size_t>(dft.length.value_or(toReal ? 2 * (dft.dims[axis] - 1) : dft.dims[axis]));
    const size_t outputs = dft.onesided && !dft.inverse ? n / 2 + 1 : n;
    size_t inner = 1;
    size_t outer = 1;
    for (size_t i = 0; i + 1 < dft.dims.size(); ++i) {
        if (i != axis)
            (i < axis ? outer : inner) *= static_cast<size_t>(dft.dims[i]);
    }
    const size_t outComponents = toReal ? 1 : 2;
    dims = dft.dims;
    dims[axis] = static_cast<int64_t>(outputs);
    dims.back() = static_cast<int64_t>(outComponents);
    std::vector<double> y(outer * outputs * inner * outComponents);
    for (size_t o = 0; o < outer; ++o) {
        for (size_t in = 0; in < inner; ++in) {
            Line line(n);
            for (size_t i = 0; i < std::min(n, toReal ? std::min(size, n / 2 + 1) : size); ++i) {
                const size_t at = ((o * size + i) * inner + in) * components;
                line[i] = {x[at], components == 2 ? x[at + 1] : 0};
            }
            if (toReal) {
                for (size_t k = n / 2 + 1; k < n; ++k)
                    line[k] = std::conj(line[n - k]);
                line[0] = line[0].real();
                if (n % 2 == 0)
                    line[n / 2] = line[n / 2].real();
            }
            const Line result = transform(line, dft.inverse);
            for (size_t k = 0; k < outputs; ++k) {
                const size_t at = ((o * outputs + k) * inner + in) * outComponents;
                y[at] = result[k].real();
                if (outComponents == 2)
                    y[at + 1] = result[k].imag();
            }
        }
    }
    return y;
}

void checkDft(const DftCase& dft, uint32_t seed = 1)
{
    const Tensor x = randomTensor(dft.dims, seed, dft.type);
    Dims dims;
    const std::vector<double> expected = reference(dft, x, dims);
    // Sums of up to a thousand numbers in double.
    const double rounding = roundingOf(dft.type) * 2 + 1e-13;
    checkRows(makeNode(dft, x), dft.type, dims, expected, {rounding, rounding}, 1);
}

NodeCase window(const std::string& op, int64_t size, bool periodic, std::optional<DataType> type = {})
{
    NodeCase node{.opType = op, .opset = 17, .inputs = {Tensor::scalar<int64_t>(size)}};
    if (!periodic)
        node.attributes.push_back(intAttribute("periodic", 0));
    if (type)
        node.attributes.push_back(intAttribute("output_datatype", static_cast<int64_t>(*type)));
    return node;
}

NodeCase mel(int64_t bins, int64_t length, int64_t rate, float lower, float upper)
{
    return {.opType = "MelWeightMatrix",
            .opset = 17,
            .inputs = {Tensor::scalar<int64_t>(bins), Tensor::scalar<int64_t>(length),
                       Tensor::scalar<int64_t>(rate), Tensor::scalar(lower), Tensor::scalar(upper)}};
}

} // namespace

class SignalTest : public QObject {
    Q_OBJECT

    static void checkFrames(DataType type, int64_t components, int64_t step, int64_t length, bool onesided,
                            bool hasWindow, bool hasLength)
    {
        const int64_t samples = 19;
        const int64_t batch = 2;
        const Tensor x =
            randomTensor(components ? Dims{batch, samples, components} : Dims{batch, samples}, 1, type);
        const Tensor weights = randomTensor({length}, 2, type, 0, 1);
        NodeCase node{.opType = "STFT",
                      .opset = 17,
                      .inputs = {x, Tensor::scalar<int64_t>(step), hasWindow ? Value(weights) : Value(),
                                 hasLength ? Value(Tensor::scalar<int64_t>(length)) : Value()}};
        if (!onesided)
            node.attributes = {intAttribute("onesided", 0)};
        const std::vector<double> values = valuesOf(x);
        const std::vector<double> w = valuesOf(weights);
        const int64_t count = (samples - length) / step + 1;
        const int64_t bins = onesided ? length / 2 + 1 : length;
        std::vector<double> expected;
        const int64_t c = std::max<int64_t>(1, components);
        for (int64_t b = 0; b < batch; ++b) {
            for (int64_t frame = 0; frame < count; ++frame) {
                Line line(static_cast<size_t>(length));
                for (int64_t i = 0; i < length; ++i) {
                    const auto at = static_cast<size_t>((b * samples + frame * step + i) * c);
                    line[size_t(i)] =
                        Complex(values[at], c == 2 ? values[at + 1] : 0) * (hasWindow ? w[size_t(i)] : 1.0);
                }
                const Line spectrum = transform(line, false);
                for (int64_t k = 0; k < bins; ++k) {
                    expected.push_back(spectrum[size_t(k)].real());
                    expected.push_back(spectrum[size_t(k)].imag());
                }
            }
        }
        const double rounding = 2 * roundingOf(type) + 1e-14;
        checkRows(node, type, {batch, count, bins, 2}, expected, {rounding, rounding}, 1);
    }

private slots:
    void lengths()
    {
        // Powers, products, primes (Rader and Bluestein), and a large prime power.
        for (const int64_t n :
             {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 30, 31, 64, 97, 100, 101, 121, 128, 360, 1009}) {
            checkDft({.dims = {1, n, 1}, .type = DataType::Double});
            checkDft({.dims = {1, n, 2}, .inverse = true, .type = DataType::Double});
            checkDft({.dims = {2, n, 1}, .onesided = true});
        }
    }

    void axesAndTypes()
    {
        for (const int64_t axis : {0, 1, 2, -2, -3, -4})
            checkDft({.dims = {3, 4, 5, 2}, .axis = axis});
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16})
            checkDft({.dims = {2, 6, 3, 1}, .axis = 1, .type = type});
        checkDft({.dims = {6, 1}, .axis = 0});
        checkDft({.dims = {2, 10, 3, 2}, .axis = 1, .opset = 17});
        checkDft({.dims = {2, 10, 3, 1}, .axis = 2, .opset = 17});
        checkDft({.dims = {0, 5, 2}});
        checkDft({.dims = {5, 0, 2}, .axis = 0});
    }

    void lengthsGiven()
    {
        for (const int64_t length : {1, 4, 5, 9, 16}) {
            for (const bool inverse : {false, true}) {
                for (const bool onesided : {false, true}) {
                    checkDft({.dims = {2, 5, 2}, .length = length, .inverse = inverse, .onesided = onesided});
                    checkDft({.dims = {2, 5, 1},
                              .length = length,
                              .inverse = inverse,
                              .onesided = onesided,
                              .type = DataType::Double,
                              .opset = 17});
                }
            }
        }
        checkDft({.dims = {2, 5, 2}, .inverse = true, .onesided = true}); // 8 points
    }

    void defaultAxes()
    {
        const Tensor x = randomTensor({2, 3, 4, 1}, 1);
        Dims dims;
        const std::vector<double> second = reference({.dims = x.dims(), .axis = 1}, x, dims);
        checkRows({.opType = "DFT", .opset = 17, .inputs = {x}}, DataType::Float, dims, second, {1e-6, 1e-6},
                  1);
        const std::vector<double> last = reference({.dims = x.dims(), .axis = 2}, x, dims);
        checkRows({.opType = "DFT", .opset = 20, .inputs = {x}}, DataType::Float, dims, last, {1e-6, 1e-6},
                  1);
    }

    void wrongTransforms()
    {
        const Tensor x = randomTensor({2, 5, 1}, 1);
        checkAllFail(makeNode({.axis = 2}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.axis = -1}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.axis = -4}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.length = 0}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.length = -3}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.length = INT64_MAX}, x), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({}, randomTensor({2, 5, 3}, 1)), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({}, randomTensor({2, 0, 1}, 1)), ErrorCode::ShapeMismatch, 1);
        checkAllFail(makeNode({.axis = 0}, randomTensor({2}, 1)), ErrorCode::ShapeMismatch, 1);
    }

    void frames()
    {
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16}) {
            for (const int64_t components : {0, 1, 2}) { // 0: there is no such axis
                for (const bool onesided : {false, true})
                    checkFrames(type, components, 3, 5, onesided, true, false);
                checkFrames(type, components, 4, 7, true, true, true);
                checkFrames(type, components, 1, 12, true, false, true);
                checkFrames(type, components, 2, 19, false, false, false); // all of the signal
            }
        }
    }

    void wrongFrames()
    {
        const auto stft = [](int64_t step, int64_t window, std::optional<int64_t> length) {
            return NodeCase{.opType = "STFT",
                            .opset = 17,
                            .inputs = {randomTensor({1, 10, 1}, 1), Tensor::scalar<int64_t>(step),
                                       randomTensor({window}, 1),
                                       length ? Value(Tensor::scalar<int64_t>(*length)) : Value()}};
        };
        checkAllFail(stft(0, 4, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(stft(-1, 4, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(stft(2, 4, 5), ErrorCode::ShapeMismatch, 1);
        checkAllFail(stft(2, 11, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(stft(2, 0, {}), ErrorCode::ShapeMismatch, 1);
    }

    void windows()
    {
        const struct {
            const char* op;
            std::function<double(double)> value; // of 2 pi n / N
        } ops[] = {
            {"HannWindow", [](double x) { return 0.5 - 0.5 * std::cos(x); }},
            {"HammingWindow", [](double x) { return 25.0 / 46 - 21.0 / 46 * std::cos(x); }},
            {"BlackmanWindow", [](double x) { return 0.42 - 0.5 * std::cos(x) + 0.08 * std::cos(2 * x); }},
        };
        for (const auto& op : ops) {
            for (const bool periodic : {true, false}) {
                for (const int64_t size : {0, 2, 3, 10, 511}) {
                    std::vector<double> expected;
                    for (int64_t n = 0; n < size; ++n)
                        expected.push_back(op.value(2 * pi * static_cast<double>(n) /
                                                    static_cast<double>(periodic ? size : size - 1)));
                    checkRows(window(op.op, size, periodic), DataType::Float, {size}, expected, {1e-6, 1e-7},
                              1);
                    checkRows(window(op.op, size, periodic, DataType::Double), DataType::Double, {size},
                              expected, {1e-14, 1e-15}, 1);
                    checkRows(window(op.op, size, periodic, DataType::Float16), DataType::Float16, {size},
                              expected, {1e-3, 1e-6}, 1);
                }
            }
            checkRows(window(op.op, 1, false), DataType::Float, {1}, {1}, {1e-6, 0}, 1);
            checkAllFail(window(op.op, -1, true), ErrorCode::InvalidArgument, 1);
        }
        // Small numbers keep their digits: sin^2(pi / 1e6).
        const auto result = runOnAllRows(window("HannWindow", 1000000, true, DataType::Double));
        const double second = elementAsDouble(*(*result[0].outputs)[0].tensor(), 1);
        const double sine = std::sin(pi / 1e6);
        QVERIFY(std::abs(second - sine * sine) < 1e-12 * sine * sine);
        checkRows(window("HannWindow", 4, true, DataType::Int32), DataType::Int32, {4}, {0, 0, 1, 0}, {}, 1);
    }

    void melWeights()
    {
        // 2 triangles over the 9 bins of a transform of 16 points: edges by hand from the formula.
        const double top = 2595 * std::log10(1 + 4000.0 / 700);
        std::vector<int64_t> edges;
        for (int i = 0; i < 4; ++i)
            edges.push_back(static_cast<int64_t>(17 * 700 * (std::pow(10, i * top / 4 / 2595) - 1) / 8000));
        std::vector<double> expected(9 * 2);
        for (size_t i = 0; i < 2; ++i) {
            for (int64_t bin = 0; bin < 9; ++bin) {
                const auto low = edges[i], peak = edges[i + 1], high = edges[i + 2];
                if (bin >= low && bin < peak)
                    expected[size_t(bin) * 2 + i] = double(bin - low) / double(peak - low);
                if (bin >= peak && bin < high)
                    expected[size_t(bin) * 2 + i] = double(high - bin) / double(high - peak);
            }
        }
        checkRows(mel(2, 16, 8000, 0, 4000), DataType::Float, {9, 2}, expected, {}, 1);
        checkRows(mel(0, 16, 8000, 0, 4000), DataType::Float, {9, 0}, {}, {}, 1);
        checkAllFail(mel(4, 16, 8000, 0, 40000), ErrorCode::InvalidArgument, 1);
        checkAllFail(mel(4, 16, 8000, -100, 4000), ErrorCode::InvalidArgument, 1);
        checkAllFail(mel(4, 16, 8000, 0, NAN), ErrorCode::InvalidArgument, 1);
        checkAllFail(mel(4, 16, 0, 0, 4000), ErrorCode::InvalidArgument, 1);
        checkAllFail(mel(4, 0, 8000, 0, 4000), ErrorCode::InvalidArgument, 1);
        checkAllFail(mel(-1, 16, 8000, 0, 4000), ErrorCode::InvalidArgument, 1);
    }
};

std::unique_ptr<QObject> lapidary::createSignalTest() { return std::make_unique<SignalTest>(); }

#include "signal_test.moc"

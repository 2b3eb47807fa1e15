// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products and convolutions of quantized tensors against sums over every index, in whole numbers.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

constexpr Tolerance exact{0, 0};
constexpr DataType byteTypes[] = {DataType::UInt8, DataType::Int8};

class Numbers {
public:
    explicit Numbers(uint32_t seed) : m_random(seed) {}

    // Whole numbers that the type holds.
    std::vector<double> codes(const Dims& dims, DataType type)
    {
        const int low = type == DataType::Int8 ? -128 : 0;
        std::uniform_int_distribution<int> distribution(low, low + 255);
        std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
        for (double& value : values)
            value = distribution(m_random);
        return values;
    }

    std::vector<double> scales(const Dims& dims)
    {
        std::uniform_real_distribution<double> distribution(0.002, 0.02);
        std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
        for (double& value : values)
            value = static_cast<double>(static_cast<float>(distribution(m_random)));
        return values;
    }

private:
    std::mt19937 m_random;
};

// Bytes with a zero point and a scale: one, or one for each line (row of a, column of b, channel of w).
struct Operand {
    Dims dims;
    DataType type = DataType::UInt8;
    std::vector<double> values;
    Dims lines;
    std::vector<double> zeros;
    std::vector<double> scales;

    Tensor tensor() const { return tensorOf(dims, values, type); }
    Tensor zero() const { return tensorOf(lines, zeros, type); }
    Tensor scale() const { return tensorOf(lines, scales); }
    double centred(int64_t at, int64_t line) const
    {
        return values[static_cast<size_t>(at)] - zeros[zeros.size() == 1 ? 0 : static_cast<size_t>(line)];
    }
    double scaleOf(int64_t line) const { return scales[scales.size() == 1 ? 0 : static_cast<size_t>(line)]; }
};

Operand makeOperand(Numbers& numbers, Dims dims, DataType type, Dims lines)
{
    Operand operand;
    operand.dims = std::move(dims);
    operand.type = type;
    operand.values = numbers.codes(operand.dims, type);
    operand.lines = std::move(lines);
    operand.zeros = numbers.codes(operand.lines, type);
    operand.scales = numbers.scales(operand.lines);
    return operand;
}

// [batch, m, k] x [batch, k, n]; a batch of 1 stretches. Lines are counted through all matrices, or through
// one when shared.
struct MatMulCase {
    int64_t aBatch = 1;
    int64_t bBatch = 1;
    int64_t m = 1;
    int64_t k = 1;
    int64_t n = 1;
};

std::vector<double> integerSums(const MatMulCase& sizes, const Operand& a, const Operand& b)
{
    std::vector<double> sums;
    for (int64_t batch = 0; batch < std::max(sizes.aBatch, sizes.bBatch); ++batch) {
        const int64_t am = sizes.aBatch == 1 ? 0 : batch;
        const int64_t bm = sizes.bBatch == 1 ? 0 : batch;
        const bool aShared = static_cast<int64_t>(a.zeros.size()) == sizes.m;
        const bool bShared = static_cast<int64_t>(b.zeros.size()) == sizes.n;
        for (int64_t i = 0; i < sizes.m; ++i) {
            for (int64_t j = 0; j < sizes.n; ++j) {
                double sum = 0;
                for (int64_t k = 0; k < sizes.k; ++k)
                    sum += a.centred((am * sizes.m + i) * sizes.k + k, aShared ? i : am * sizes.m + i) *
                           b.centred((bm * sizes.k + k) * sizes.n + j, bShared ? j : bm * sizes.n + j);
                sums.push_back(sum);
            }
        }
    }
    return sums;
}

// The code nearest to a real number, and how far it may be off: one, next to the middle of two codes.
void checkCodes(const NodeCase& node, DataType type, const Dims& dims, const std::vector<double>& real,
                double zero, size_t rowCount)
{
    const double low = type == DataType::Int8 ? -128 : 0;
    const auto results = runOnAllRows(node);
    QVERIFY2(results.size() >= rowCount, "a row refused the node");
    for (const RowResult& result : results) {
        QVERIFY2(result.outputs.ok(), result.outputs.ok() ? "" : result.outputs.error().toString().c_str());
        const Tensor& y = *(*result.outputs)[0].tensor();
        QCOMPARE(y.type(), type);
        QCOMPARE(y.dims(), dims);
        for (size_t i = 0; i < real.size(); ++i) {
            const double middle = std::abs(real[i] - std::floor(real[i]) - 0.5);
            const double expected = std::clamp(std::nearbyint(real[i]) + zero, low, low + 255);
            const double found = elementAsDouble(y, static_cast<int64_t>(i));
            QVERIFY2(found == expected || (middle < 1e-4 && std::abs(found - expected) == 1),
                     (result.row + ": element " + std::to_string(i) + " expected " +
                      std::to_string(expected) + " found " + std::to_string(found))
                         .c_str());
        }
    }
}

struct ConvCase {
    Dims x;
    Dims w;
    int64_t group = 1;
    int64_t stride = 1;
    int64_t dilation = 1;
    int64_t padBegin = 0;
    int64_t padEnd = 0;
};

std::vector<Attribute> attributesOf(const ConvCase& sizes)
{
    const size_t axes = sizes.x.size() - 2;
    std::vector<int64_t> pads(axes, sizes.padBegin);
    pads.insert(pads.end(), axes, sizes.padEnd);
    return {intAttribute("group", sizes.group), intsAttribute("pads", pads),
            intsAttribute("strides", std::vector<int64_t>(axes, sizes.stride)),
            intsAttribute("dilations", std::vector<int64_t>(axes, sizes.dilation))};
}

Dims outputDims(const ConvCase& sizes)
{
    Dims y{sizes.x[0], sizes.w[0]};
    for (size_t i = 2; i < sizes.x.size(); ++i)
        y.push_back((sizes.x[i] + sizes.padBegin + sizes.padEnd - (sizes.w[i] - 1) * sizes.dilation - 1) /
                        sizes.stride +
                    1);
    return y;
}

Dims placeOf(int64_t index, const Dims& dims)
{
    Dims place(dims.size());
    for (size_t i = dims.size(); i-- > 0;) {
        place[i] = index % dims[i];
        index /= dims[i];
    }
    return place;
}

// Every output element, every tap.
std::vector<double> convolutionSums(const ConvCase& sizes, const Operand& x, const Operand& w)
{
    const Dims y = outputDims(sizes);
    std::vector<double> sums;
    for (int64_t index = 0; index < *elementCount(y); ++index) {
        const Dims place = placeOf(index, y);
        const int64_t groupOutputs = sizes.w[0] / sizes.group;
        double sum = 0;
        const Dims tapDims(sizes.w.begin() + 1, sizes.w.end());
        for (int64_t t = 0; t < *elementCount(tapDims); ++t) {
            const Dims tap = placeOf(t, tapDims);
            int64_t at = place[0] * sizes.x[1] + place[1] / groupOutputs * sizes.w[1] + tap[0];
            bool inside = true;
            for (size_t i = 2; i < sizes.x.size(); ++i) {
                const int64_t position =
                    place[i] * sizes.stride + tap[i - 1] * sizes.dilation - sizes.padBegin;
                inside = inside && position >= 0 && position < sizes.x[i];
                at = at * sizes.x[i] + position;
            }
            if (inside)
                sum += x.centred(at, 0) * w.centred(place[1] * *elementCount(tapDims) + t, place[1]);
        }
        sums.push_back(sum);
    }
    return sums;
}

const ConvCase convCases[] = {
    {{1, 3, 8, 7}, {4, 3, 3, 3}, 1, 1, 1, 1, 1},
    {{2, 4, 9}, {6, 2, 3}, 2, 2, 1, 0, 2},
    {{1, 6, 5, 5}, {6, 1, 3, 3}, 6, 1, 2, 2, 2},
    {{1, 2, 4, 4, 4}, {3, 2, 2, 2, 2}, 1, 2, 1, 1, 0},
    {{1, 8, 1, 1}, {5, 8, 1, 1}},
    {{0, 3, 4, 4}, {2, 3, 1, 1}},
    {{1, 2, 3, 3, 3, 3}, {2, 2, 2, 2, 2, 2}, 1, 1, 1},
    {{2, 1, 12}, {1, 1, 5}, 1, 3, 2, 1, 1},
};

} // namespace

class QuantizedProductTest : public QObject {
    Q_OBJECT
private slots:
    void matMulInteger()
    {
        Numbers numbers(3);
        for (const DataType aType : byteTypes) {
            for (const DataType bType : byteTypes) {
                for (const auto& [m, k, n] : {std::tuple<int64_t, int64_t, int64_t>{3, 5, 4},
                                              {1, 1, 1},
                                              {17, 300, 33},
                                              {1, 64, 50},
                                              {2, 0, 3},
                                              {0, 4, 3}}) {
                    const MatMulCase sizes{1, 1, m, k, n};
                    const Operand a = makeOperand(numbers, {m, k}, aType, {m});
                    const Operand b = makeOperand(numbers, {k, n}, bType, {n});
                    const std::vector<double> expected = integerSums(sizes, a, b);
                    NodeCase node{.opType = "MatMulInteger",
                                  .opset = 10,
                                  .inputs = {a.tensor(), b.tensor(), a.zero(), b.zero()}};
                    checkRows(node, DataType::Int32, {m, n}, expected, exact, 1);
                    node.constants = {1, 3};
                    checkRows(node, DataType::Int32, {m, n}, expected, exact, 1);
                }
            }
        }
    }

    void matMulIntegerShapes()
    {
        Numbers numbers(4);
        const Operand a = makeOperand(numbers, {2, 3, 4}, DataType::UInt8, {2, 3, 1});
        const Operand b = makeOperand(numbers, {2, 4, 5}, DataType::Int8, {2, 1, 5});
        checkRows(
            {.opType = "MatMulInteger", .opset = 10, .inputs = {a.tensor(), b.tensor(), a.zero(), b.zero()}},
            DataType::Int32, {2, 3, 5}, integerSums({2, 2, 3, 4, 5}, a, b), exact, 1);
        const Operand one = makeOperand(numbers, {1, 4, 5}, DataType::Int8, {5});
        checkRows({.opType = "MatMulInteger",
                   .opset = 10,
                   .inputs = {a.tensor(), one.tensor(), a.zero(), one.zero()},
                   .constants = {1}},
                  DataType::Int32, {2, 3, 5}, integerSums({2, 1, 3, 4, 5}, a, one), exact, 1);
        const Operand shared = makeOperand(numbers, {1, 3, 4}, DataType::Int8, {3});
        checkRows({.opType = "MatMulInteger",
                   .opset = 10,
                   .inputs = {shared.tensor(), b.tensor(), shared.zero(), b.zero()}},
                  DataType::Int32, {2, 3, 5}, integerSums({1, 2, 3, 4, 5}, shared, b), exact, 1);
        // Vectors, and zero points of one element or none.
        Operand row = makeOperand(numbers, {4}, DataType::UInt8, {});
        Operand column = makeOperand(numbers, {4}, DataType::UInt8, {1});
        checkRows({.opType = "MatMulInteger",
                   .opset = 10,
                   .inputs = {row.tensor(), column.tensor(), row.zero(), column.zero()}},
                  DataType::Int32, {}, integerSums({1, 1, 1, 4, 1}, row, column), exact, 1);
        row.zeros = {0};
        column.zeros = {0};
        checkRows({.opType = "MatMulInteger", .opset = 10, .inputs = {row.tensor(), column.tensor()}},
                  DataType::Int32, {}, integerSums({1, 1, 1, 4, 1}, row, column), exact, 1);
        checkRows({.opType = "MatMulInteger",
                   .opset = 10,
                   .inputs = {row.tensor(), one.tensor(), Value(), one.zero()}},
                  DataType::Int32, {1, 5}, integerSums({1, 1, 1, 4, 5}, row, one), exact, 1);
    }

    // The largest products of 8 bits, whose sums need all 32 bits: no instruction may saturate.
    void largestSums()
    {
        const int64_t k = 60000;
        const Tensor a = tensorOf({1, k}, std::vector<double>(static_cast<size_t>(k), 255), DataType::UInt8);
        const Tensor b = tensorOf({k, 1}, std::vector<double>(static_cast<size_t>(k), -128), DataType::Int8);
        checkRows({.opType = "MatMulInteger", .opset = 10, .inputs = {a, b}}, DataType::Int32, {1, 1},
                  {-255.0 * 128 * k}, exact, 1);
        const Tensor c = tensorOf({k, 1}, std::vector<double>(static_cast<size_t>(k), 255), DataType::UInt8);
        // 60000 * 255 * 255 = 3901500000 wraps around.
        checkRows({.opType = "MatMulInteger", .opset = 10, .inputs = {a, c}}, DataType::Int32, {1, 1},
                  {3901500000.0 - 4294967296.0}, exact, 1);
        // A convolution whose sums float32 does not hold.
        const Tensor x = tensorOf({1, 1001, 1}, std::vector<double>(1001, 255), DataType::UInt8);
        const Tensor w = tensorOf({1, 1001, 1}, std::vector<double>(1001, 255), DataType::UInt8);
        checkRows({.opType = "ConvInteger", .opset = 10, .inputs = {x, w}, .constants = {1}}, DataType::Int32,
                  {1, 1, 1}, {1001.0 * 255 * 255}, exact, 1);
    }

    void matMulInteger16()
    {
        checkRows({.opType = "MatMulInteger16",
                   .opset = 1,
                   .inputs = {tensorOf({2, 2}, {-32768, 1, 2, 3}, DataType::Int16),
                              tensorOf({2, 1}, {32767, -5}, DataType::Int16)},
                   .domain = "com.microsoft"},
                  DataType::Int32, {2, 1}, {-32768.0 * 32767 - 5, 65534 - 15}, exact, 1);
    }

    void convInteger()
    {
        Numbers numbers(5);
        for (const ConvCase& sizes : convCases) {
            for (const DataType xType : byteTypes) {
                for (const DataType wType : byteTypes) {
                    const Operand x = makeOperand(numbers, sizes.x, xType, {});
                    const Operand w = makeOperand(numbers, sizes.w, wType, {sizes.w[0]});
                    NodeCase node{.opType = "ConvInteger",
                                  .opset = 10,
                                  .inputs = {x.tensor(), w.tensor(), x.zero(), w.zero()},
                                  .attributes = attributesOf(sizes)};
                    const std::vector<double> expected = convolutionSums(sizes, x, w);
                    checkRows(node, DataType::Int32, outputDims(sizes), expected, exact, 1);
                    node.constants = {1, 3};
                    checkRows(node, DataType::Int32, outputDims(sizes), expected, exact, 2);
                    // Weights around 0, which have a row of their own.
                    Operand even = w;
                    even.zeros.assign(w.zeros.size(), wType == DataType::UInt8 ? 128 : 0);
                    node.inputs[3] = even.zero();
                    checkRows(node, DataType::Int32, outputDims(sizes), convolutionSums(sizes, x, even),
                              exact, 2);
                }
            }
        }
    }

    void qLinearMatMul()
    {
        Numbers numbers(6);
        for (const DataType type : byteTypes) {
            for (const DataType scaleType : {DataType::Float, DataType::Float16, DataType::BFloat16}) {
                for (const bool perLine : {false, true}) {
                    const MatMulCase sizes{2, 2, 5, 40, 7};
                    Operand a = makeOperand(numbers, {2, 5, 40}, type, perLine ? Dims{2, 5, 1} : Dims{});
                    Operand b = makeOperand(numbers, {2, 40, 7}, DataType::Int8, perLine ? Dims{7} : Dims{1});
                    a.scales = valuesOf(tensorOf(a.lines, a.scales, scaleType));
                    b.scales = valuesOf(tensorOf(b.lines, b.scales, scaleType));
                    std::vector<double> real = integerSums(sizes, a, b);
                    for (size_t i = 0; i < real.size(); ++i) {
                        const auto row = static_cast<int64_t>(i) / 7;
                        real[i] *= a.scaleOf(row) * b.scaleOf(static_cast<int64_t>(i) % 7) / 0.0625;
                    }
                    const auto scaled = [&](const Operand& operand) {
                        return tensorOf(operand.lines, operand.scales, scaleType);
                    };
                    checkCodes({.opType = "QLinearMatMul",
                                .opset = scaleType == DataType::Float ? 10 : 21,
                                .inputs = {a.tensor(), scaled(a), a.zero(), b.tensor(), scaled(b), b.zero(),
                                           tensorOf({}, {0.0625}, scaleType), tensorOf({}, {100}, type)},
                                .constants = {3, 5}},
                               type, {2, 5, 7}, real, 100, 1);
                }
            }
        }
    }

    void qLinearMatMulOfVectors()
    {
        Numbers numbers(9);
        const Operand a = makeOperand(numbers, {20}, DataType::Int8, {1});
        const Operand b = makeOperand(numbers, {20, 3}, DataType::Int8, {3});
        std::vector<double> real = integerSums({1, 1, 1, 20, 3}, a, b);
        for (size_t i = 0; i < real.size(); ++i)
            real[i] *= a.scaleOf(0) * b.scaleOf(static_cast<int64_t>(i)) / 0.5;
        checkCodes({.opType = "QLinearMatMul",
                    .opset = 21,
                    .inputs = {a.tensor(), a.scale(), a.zero(), b.tensor(), b.scale(), b.zero(),
                               tensorOf({}, {0.5}), tensorOf({}, {-3}, DataType::Int8)}},
                   DataType::Int8, {3}, real, -3, 1);
    }

    void qLinearMatMulOfSmallFloats()
    {
        const auto eight = [](Dims dims, std::vector<uint8_t> bytes) {
            const Tensor tensor = Tensor::of<uint8_t>(std::move(dims), bytes);
            return Tensor::view(DataType::Float8E4M3FN, tensor.dims(), tensor.bytes(),
                                std::make_shared<const Tensor>(tensor));
        };
        // 0x38 is 1, 0x40 is 2, 0xc0 is -2, 0x44 is 3.
        const Tensor zero = eight({}, {0});
        const Tensor scale = tensorOf({}, {0.5});
        checkRows({.opType = "QLinearMatMul",
                   .opset = 21,
                   .inputs = {eight({1, 2}, {0x38, 0x40}), scale, zero,
                              eight({2, 2}, {0xc0, 0x38, 0x44, 0x38}), scale, zero, scale, zero}},
                  DataType::Float8E4M3FN, {1, 2}, {2, 1.5}, exact, 1);
    }

    void qLinearConv()
    {
        Numbers numbers(7);
        for (const ConvCase& sizes : convCases) {
            for (const DataType type : byteTypes) {
                const Operand x = makeOperand(numbers, sizes.x, type, {});
                Operand w = makeOperand(numbers, sizes.w, DataType::Int8, {sizes.w[0]});
                if (type == DataType::UInt8)
                    w.zeros.assign(w.zeros.size(), 0.0);
                std::vector<double> bias = numbers.codes({sizes.w[0]}, DataType::Int8);
                std::vector<double> real = convolutionSums(sizes, x, w);
                const Dims y = outputDims(sizes);
                for (size_t i = 0; i < real.size(); ++i) {
                    const int64_t channel = placeOf(static_cast<int64_t>(i), y)[1];
                    real[i] = (real[i] + bias[static_cast<size_t>(channel)]) * x.scaleOf(0) *
                              w.scaleOf(channel) / 0.03125;
                }
                NodeCase node{.opType = "QLinearConv",
                              .opset = 10,
                              .inputs = {x.tensor(), x.scale(), x.zero(), w.tensor(), w.scale(), w.zero(),
                                         tensorOf({}, {0.03125}), tensorOf({}, {77}, type),
                                         tensorOf({sizes.w[0]}, bias, DataType::Int32)},
                              .attributes = attributesOf(sizes)};
                checkCodes(node, type, y, real, 77, 1);
                node.constants = {3, 4, 5, 8};
                checkCodes(node, type, y, real, 77, 2);
            }
        }
    }

    void channelsLast()
    {
        Numbers numbers(8);
        const ConvCase sizes{{2, 3, 4, 5}, {6, 3, 3, 3}, 1, 1, 1, 1, 1};
        const Operand x = makeOperand(numbers, sizes.x, DataType::UInt8, {});
        const Operand w = makeOperand(numbers, sizes.w, DataType::Int8, {6});
        const auto moved = [](const std::vector<double>& values, const Dims& dims) {
            std::vector<double> result;
            for (int64_t n = 0; n < dims[0]; ++n)
                for (int64_t p = 0; p < dims[2] * dims[3]; ++p)
                    for (int64_t c = 0; c < dims[1]; ++c)
                        result.push_back(
                            values[static_cast<size_t>((n * dims[1] + c) * dims[2] * dims[3] + p)]);
            return result;
        };
        std::vector<double> real = convolutionSums(sizes, x, w);
        const Dims y = outputDims(sizes);
        for (size_t i = 0; i < real.size(); ++i)
            real[i] *= x.scaleOf(0) * w.scaleOf(placeOf(static_cast<int64_t>(i), y)[1]) / 0.0625;
        std::vector<Attribute> attributes = attributesOf(sizes);
        attributes.push_back(intAttribute("channels_last", 1));
        checkCodes({.opType = "QLinearConv",
                    .opset = 1,
                    .inputs = {tensorOf({2, 4, 5, 3}, moved(x.values, sizes.x), DataType::UInt8), x.scale(),
                               x.zero(), w.tensor(), w.scale(), w.zero(), tensorOf({}, {0.0625}),
                               tensorOf({}, {128}, DataType::UInt8)},
                    .attributes = attributes,
                    .domain = "com.microsoft",
                    .constants = {3, 4, 5}},
                   DataType::UInt8, {2, 4, 5, 6}, moved(real, y), 128, 2);
    }

    void toFloat()
    {
        Numbers numbers(10);
        const Operand a = makeOperand(numbers, {3, 8}, DataType::UInt8, {});
        const Operand b = makeOperand(numbers, {8, 4}, DataType::Int8, {4});
        const std::vector<double> bias{1, -2, 3, 0.5};
        std::vector<double> expected = integerSums({1, 1, 3, 8, 4}, a, b);
        for (size_t i = 0; i < expected.size(); ++i)
            expected[i] = expected[i] * a.scaleOf(0) * b.scaleOf(static_cast<int64_t>(i) % 4) + bias[i % 4];
        NodeCase node{
            .opType = "MatMulIntegerToFloat",
            .opset = 1,
            .inputs = {a.tensor(), b.tensor(), a.scale(), b.scale(), a.zero(), b.zero(), tensorOf({4}, bias)},
            .domain = "com.microsoft",
            .constants = {1, 5}};
        checkRows(node, DataType::Float, {3, 4}, expected, {1e-6, 1e-5}, 1);
    }

    void dynamicQuantizeMatMul()
    {
        Numbers numbers(11);
        // -1..3 in 255 steps: the scale is 4 / 255 and the zero point round(63.75) = 64.
        const std::vector<double> real{-1, 3, 0.5, 0, 2, 1};
        const double scale = static_cast<double>(4.0f / 255);
        Operand a{{2, 3}, DataType::UInt8, {}, {}, {64}, {scale}};
        for (const double value : real)
            a.values.push_back(std::clamp(std::nearbyint(value / scale) + 64, 0.0, 255.0));
        const Operand b = makeOperand(numbers, {3, 2}, DataType::Int8, {2});
        std::vector<double> expected = integerSums({1, 1, 2, 3, 2}, a, b);
        for (size_t i = 0; i < expected.size(); ++i)
            expected[i] = expected[i] * scale * b.scaleOf(static_cast<int64_t>(i) % 2) + 10;
        checkRows(
            {.opType = "DynamicQuantizeMatMul",
             .opset = 1,
             .inputs = {tensorOf({2, 3}, real), b.tensor(), b.scale(), b.zero(), tensorOf({2}, {10, 10})},
             .domain = "com.microsoft"},
            DataType::Float, {2, 2}, expected, {1e-6, 1e-5}, 1);
    }

    void qGemm()
    {
        Numbers numbers(12);
        const Operand a = makeOperand(numbers, {3, 8}, DataType::UInt8, {});
        const Operand b = makeOperand(numbers, {8, 4}, DataType::Int8, {4});
        const std::vector<double> c{100, -200, 300, 50};
        std::vector<double> expected = integerSums({1, 1, 3, 8, 4}, a, b);
        for (size_t i = 0; i < expected.size(); ++i)
            expected[i] =
                (expected[i] + c[i % 4]) * 0.5 * a.scaleOf(0) * b.scaleOf(static_cast<int64_t>(i) % 4);
        const auto transposed = [](const Operand& operand) {
            std::vector<double> values;
            for (int64_t j = 0; j < operand.dims[1]; ++j)
                for (int64_t i = 0; i < operand.dims[0]; ++i)
                    values.push_back(operand.values[static_cast<size_t>(i * operand.dims[1] + j)]);
            return tensorOf({operand.dims[1], operand.dims[0]}, values, operand.type);
        };
        NodeCase node{.opType = "QGemm",
                      .opset = 1,
                      .inputs = {a.tensor(), a.scale(), a.zero(), b.tensor(), b.scale(), b.zero(),
                                 tensorOf({1, 4}, c, DataType::Int32)},
                      .attributes = {floatAttribute("alpha", 0.5)},
                      .domain = "com.microsoft"};
        checkRows(node, DataType::Float, {3, 4}, expected, {1e-6, 1e-6}, 1);
        node.inputs[0] = transposed(a);
        node.inputs[3] = transposed(b);
        node.attributes.push_back(intAttribute("transA", 1));
        node.attributes.push_back(intAttribute("transB", 1));
        checkRows(node, DataType::Float, {3, 4}, expected, {1e-6, 1e-6}, 1);
        node.constants = {3, 5};
        checkRows(node, DataType::Float, {3, 4}, expected, {1e-6, 1e-6}, 1);
        for (double& value : expected)
            value /= 0.015625;
        node.inputs.push_back(tensorOf({}, {0.015625}));
        node.inputs.push_back(tensorOf({}, {30}, DataType::UInt8));
        checkCodes(node, DataType::UInt8, {3, 4}, expected, 30, 1);
    }

    void refuses()
    {
        const Tensor a = tensorOf({2, 3}, {1, 2, 3, 4, 5, 6}, DataType::UInt8);
        const Tensor b = tensorOf({3, 2}, {1, 2, 3, 4, 5, 6}, DataType::Int8);
        const auto fails = [](std::string opType, std::vector<Value> inputs,
                              ErrorCode code = ErrorCode::ShapeMismatch) {
            checkAllFail({.opType = std::move(opType), .opset = 21, .inputs = std::move(inputs)}, code, 1);
        };
        fails("MatMulInteger", {a, a});
        fails("MatMulInteger", {a, b, tensorOf({3}, {1, 2, 3}, DataType::UInt8)}); // two rows
        fails("MatMulInteger", {a, b, tensorOf({}, {1}, DataType::Int8)});
        fails("MatMulInteger", {a, b, Value(), tensorOf({3}, {1, 2, 3}, DataType::Int8)});
        fails("MatMulInteger", {a}, ErrorCode::InvalidModel);
        const Tensor x = tensorOf({1, 1, 3}, {1, 2, 3}, DataType::UInt8);
        const Tensor w = tensorOf({2, 1, 2}, {1, 2, 3, 4}, DataType::UInt8);
        fails("ConvInteger", {x, a});
        fails("ConvInteger", {x, w, tensorOf({2}, {1, 2}, DataType::UInt8)});
        fails("ConvInteger", {x, w, Value(), tensorOf({3}, {1, 2, 3}, DataType::UInt8)});
        const Tensor one = tensorOf({}, {1});
        const Tensor zero = tensorOf({}, {0}, DataType::UInt8);
        fails("QLinearConv",
              {x, one, zero, w, one, zero, one, zero, tensorOf({3}, {1, 2, 3}, DataType::Int32)});
        fails("QLinearConv", {x, one, zero, w, tensorOf({3}, {1, 1, 1}), zero, one, zero});
        const Tensor small = tensorOf({}, {0}, DataType::Int8);
        fails("QLinearMatMul", {a, one, zero, b, tensorOf({3}, {1, 1, 1}), small, one, zero});
        fails("QLinearMatMul", {a, one, zero, b, one, small, tensorOf({2}, {1, 1}), zero});
    }
};

std::unique_ptr<QObject> lapidary::createQuantizedProductTest()
{
    return std::make_unique<QuantizedProductTest>();
}

#include "quantized_product_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// QLinear operators against the float operator between dequantized inputs and a quantized output, in double.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <random>

using namespace lapidary;

namespace {

constexpr DataType byteTypes[] = {DataType::UInt8, DataType::Int8};

// A quantized tensor, as the three inputs that it is.
struct Quantized {
    Dims dims;
    DataType type = DataType::UInt8;
    std::vector<double> codes;
    double scale = 1;
    double zero = 0;

    std::vector<Value> inputs() const
    {
        return {tensorOf(dims, codes, type), tensorOf({}, {scale}), tensorOf({}, {zero}, type)};
    }
    double real(int64_t at) const { return (codes[static_cast<size_t>(at)] - zero) * scale; }
};

class Random {
public:
    explicit Random(uint32_t seed) : m_random(seed) {}

    Quantized tensor(Dims dims, DataType type)
    {
        Quantized made{std::move(dims), type, {}, 1, 0};
        const int low = type == DataType::Int8 ? -128 : 0;
        std::uniform_int_distribution<int> code(low, low + 255);
        for (int64_t i = 0; i < *elementCount(made.dims); ++i)
            made.codes.push_back(code(m_random));
        made.scale = static_cast<float>(std::uniform_real_distribution<double>(0.01, 0.05)(m_random));
        made.zero = code(m_random);
        return made;
    }

private:
    std::mt19937 m_random;
};

NodeCase nodeOf(std::string opType, std::vector<Value> inputs, const Quantized& output,
                std::vector<Attribute> attributes = {})
{
    inputs.push_back(tensorOf({}, {output.scale}));
    inputs.push_back(tensorOf({}, {output.zero}, output.type));
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .domain = "com.microsoft"};
}

// real, quantized as output is; next to the middle of two codes either is right.
void checkQuantized(const NodeCase& node, const Quantized& output, const std::vector<double>& real)
{
    const double low = output.type == DataType::Int8 ? -128 : 0;
    for (const RowResult& result : runOnAllRows(node)) {
        QVERIFY2(result.outputs.ok(), result.outputs.ok() ? "" : result.outputs.error().toString().c_str());
        const Tensor& y = *(*result.outputs)[0].tensor();
        QCOMPARE(y.type(), output.type);
        QCOMPARE(y.dims(), output.dims);
        QCOMPARE(static_cast<size_t>(y.count()), real.size());
        for (size_t i = 0; i < real.size(); ++i) {
            const double quotient = real[i] / output.scale;
            const double expected = std::clamp(std::nearbyint(quotient) + output.zero, low, low + 255);
            const double middle = std::abs(quotient - std::floor(quotient) - 0.5);
            const double found = elementAsDouble(y, static_cast<int64_t>(i));
            QVERIFY2(found == expected || (middle < 1e-4 && std::abs(found - expected) == 1),
                     (node.opType + ": element " + std::to_string(i) + " expected " +
                      std::to_string(expected) + " found " + std::to_string(found))
                         .c_str());
        }
    }
    QVERIFY(!runOnAllRows(node).empty());
}

std::vector<Value> joined(std::vector<Value> first, const std::vector<Value>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

class QLinearTest : public QObject {
    Q_OBJECT
private slots:
    void addAndMul()
    {
        Random random(1);
        for (const DataType type : byteTypes) {
            const Quantized a = random.tensor({2, 3, 4}, type);
            const Quantized b = random.tensor({3, 1}, type);
            const Quantized output{{2, 3, 4}, type, {}, 0.05, type == DataType::Int8 ? -3.0 : 120.0};
            std::vector<double> sums;
            std::vector<double> products;
            for (int64_t i = 0; i < 24; ++i) {
                sums.push_back(a.real(i) + b.real(i / 4 % 3));
                products.push_back(a.real(i) * b.real(i / 4 % 3));
            }
            const std::vector<Value> inputs = joined(a.inputs(), b.inputs());
            checkQuantized(nodeOf("QLinearAdd", inputs, output), output, sums);
            checkQuantized(nodeOf("QLinearMul", inputs, output), output, products);
        }
    }

    void activations()
    {
        Random random(2);
        for (const DataType type : byteTypes) {
            for (const int64_t count : {0, 5, 1000}) { // the largest goes through a table
                const Quantized x = random.tensor({count}, type);
                const Quantized output{{count}, type, {}, 1.0 / 256, type == DataType::Int8 ? -128.0 : 0.0};
                std::vector<double> sigmoid;
                std::vector<double> leaky;
                for (int64_t i = 0; i < count; ++i) {
                    sigmoid.push_back(1 / (1 + std::exp(-x.real(i))));
                    leaky.push_back(x.real(i) < 0 ? 0.125 * x.real(i) : x.real(i));
                }
                checkQuantized(nodeOf("QLinearSigmoid", x.inputs(), output), output, sigmoid);
                const Quantized wide{{count}, type, {}, 0.04, 10};
                checkQuantized(nodeOf("QLinearLeakyRelu", x.inputs(), wide, {floatAttribute("alpha", 0.125)}),
                               wide, leaky);
            }
        }
    }

    // Along one axis since opset 13, over all axes from one on before.
    void softmax()
    {
        Random random(3);
        for (const DataType type : byteTypes) {
            const Quantized x = random.tensor({2, 3, 4}, type);
            const Quantized output{{2, 3, 4}, type, {}, 1.0 / 256, type == DataType::Int8 ? -128.0 : 0.0};
            for (const int64_t opset : {12, 13}) {
                const int64_t step = opset == 13 ? 4 : 1;
                const int64_t length = opset == 13 ? 3 : 12;
                std::vector<double> expected(24);
                for (int64_t outer = 0; outer < 24; outer += 12) {
                    for (int64_t inner = 0; inner < step; ++inner) {
                        double sum = 0;
                        for (int64_t i = 0; i < length; ++i)
                            sum += std::exp(x.real(outer + i * step + inner));
                        for (int64_t i = 0; i < length; ++i)
                            expected[static_cast<size_t>(outer + i * step + inner)] =
                                std::exp(x.real(outer + i * step + inner)) / sum;
                    }
                }
                checkQuantized(nodeOf("QLinearSoftmax", x.inputs(), output,
                                      {intAttribute("axis", 1), intAttribute("opset", opset)}),
                               output, expected);
            }
        }
    }

    void where()
    {
        Random random(4);
        const Quantized x = random.tensor({2, 3}, DataType::Int8);
        const Quantized y = random.tensor({}, DataType::Int8);
        const Quantized output{{2, 3}, DataType::Int8, {}, 0.06, 4};
        const std::vector<double> condition{1, 0, 1};
        std::vector<Value> inputs{tensorOf({3}, condition, DataType::Bool)};
        std::vector<double> expected;
        for (int64_t i = 0; i < 6; ++i)
            expected.push_back(condition[static_cast<size_t>(i % 3)] != 0 ? x.real(i) : y.real(0));
        checkQuantized(nodeOf("QLinearWhere", joined(inputs, joined(x.inputs(), y.inputs())), output), output,
                       expected);
    }

    void concat()
    {
        Random random(5);
        const Quantized a = random.tensor({2, 1, 2}, DataType::UInt8);
        const Quantized b = random.tensor({2, 3, 2}, DataType::UInt8);
        const Quantized output{{2, 4, 2}, DataType::UInt8, {}, 0.04, 128};
        std::vector<double> expected;
        for (int64_t n = 0; n < 2; ++n) {
            for (int64_t i = 0; i < 2; ++i)
                expected.push_back(a.real(n * 2 + i));
            for (int64_t i = 0; i < 6; ++i)
                expected.push_back(b.real(n * 6 + i));
        }
        NodeCase node = nodeOf("QLinearConcat", {}, output, {intAttribute("axis", -2)});
        node.inputs = joined(node.inputs, joined(a.inputs(), b.inputs()));
        checkQuantized(node, output, expected);
    }

    void reduceMean()
    {
        Random random(6);
        const Quantized x = random.tensor({2, 3, 4}, DataType::UInt8);
        std::vector<double> expected(8, 0.0);
        for (int64_t i = 0; i < 24; ++i)
            expected[static_cast<size_t>(i / 12 * 4 + i % 4)] += x.real(i) / 3;
        const Quantized kept{{2, 1, 4}, DataType::UInt8, {}, 0.03, 100};
        checkQuantized(nodeOf("QLinearReduceMean", x.inputs(), kept, {intsAttribute("axes", {-2})}), kept,
                       expected);
        Quantized dropped = kept;
        dropped.dims = {2, 4};
        checkQuantized(nodeOf("QLinearReduceMean", x.inputs(), dropped,
                              {intsAttribute("axes", {1}), intAttribute("keepdims", 0)}),
                       dropped, expected);
    }

    void pools()
    {
        Random random(7);
        const Quantized x = random.tensor({1, 2, 4, 4}, DataType::UInt8);
        const Quantized output{{1, 2, 2, 2}, DataType::UInt8, {}, 0.03, 90};
        const Quantized global{{1, 2, 1, 1}, DataType::UInt8, {}, 0.03, 90};
        // A window of 3 in steps of 3, one row of padding before: rows -1..1 and 2..4, of which 4 is outside.
        std::vector<double> windows;
        std::vector<double> means;
        for (int64_t c = 0; c < 2; ++c) {
            double all = 0;
            for (int64_t i = 0; i < 16; ++i)
                all += x.real(c * 16 + i);
            means.push_back(all / 16);
            for (const int64_t row : {0, 2}) {
                for (const int64_t column : {0, 2}) {
                    double sum = 0;
                    for (int64_t i = 0; i < 4; ++i)
                        sum += x.real(c * 16 + (row + i / 2) * 4 + column + i % 2);
                    windows.push_back(sum / 4);
                }
            }
        }
        const std::vector<Attribute> window{intsAttribute("kernel_shape", {3, 3}),
                                            intsAttribute("strides", {3, 3}),
                                            intsAttribute("pads", {1, 1, 1, 1})};
        checkQuantized(nodeOf("QLinearAveragePool", x.inputs(), output, window), output, windows);
        checkQuantized(nodeOf("QLinearGlobalAveragePool", x.inputs(), global), global, means);

        // The same with the channels last.
        Quantized last = x;
        last.dims = {1, 4, 4, 2};
        for (size_t i = 0; i < 32; ++i)
            last.codes[i] = x.codes[i % 2 * 16 + i / 2];
        Quantized lastOutput = output;
        std::vector<double> lastWindows;
        for (size_t i = 0; i < 8; ++i)
            lastWindows.push_back(windows[i % 2 * 4 + i / 2]);
        std::vector<Attribute> lastWindow = window;
        lastWindow.push_back(intAttribute("channels_last", 1));
        checkQuantized(nodeOf("QLinearAveragePool", last.inputs(), lastOutput, lastWindow), lastOutput,
                       lastWindows);
        Quantized lastGlobal = global;
        lastGlobal.dims = {1, 1, 1, 2};
        checkQuantized(
            nodeOf("QLinearGlobalAveragePool", last.inputs(), lastGlobal, {intAttribute("channels_last", 1)}),
            lastGlobal, means);
    }

    void zeroPointsMayBeLeftOut()
    {
        const Quantized output{{3}, DataType::UInt8, {}, 2, 0};
        NodeCase node{.opType = "QLinearAdd",
                      .opset = 1,
                      .inputs = {tensorOf({3}, {1, 2, 255}, DataType::UInt8), tensorOf({}, {2}), Value(),
                                 tensorOf({1}, {4}, DataType::UInt8), tensorOf({1}, {2}), Value(),
                                 tensorOf({}, {2})},
                      .domain = "com.microsoft"};
        checkQuantized(node, output, {10, 12, 518});
    }

    void refuses()
    {
        Random random(8);
        const Quantized a = random.tensor({2, 3}, DataType::UInt8);
        const Quantized b = random.tensor({2, 2}, DataType::UInt8);
        const Quantized output{{2, 3}, DataType::UInt8, {}, 1, 0};
        checkAllFail(nodeOf("QLinearAdd", joined(a.inputs(), b.inputs()), output), ErrorCode::ShapeMismatch,
                     1);
        checkAllFail(nodeOf("QLinearAdd", a.inputs(), output), ErrorCode::InvalidModel, 1);
        std::vector<Value> wrongZero = a.inputs();
        wrongZero[2] = tensorOf({}, {1}, DataType::Int8);
        checkAllFail(nodeOf("QLinearSigmoid", wrongZero, output), ErrorCode::ShapeMismatch, 1);
        std::vector<Value> reals = a.inputs();
        reals[0] = tensorOf({2}, {1, 2});
        checkAllFail(nodeOf("QLinearSigmoid", reals, output), ErrorCode::ShapeMismatch, 1);
        checkAllFail(
            nodeOf("QLinearGlobalAveragePool", a.inputs(), output, {intAttribute("channels_last", 1)}),
            ErrorCode::ShapeMismatch, 1);
        checkAllFail(nodeOf("QLinearConcat", {}, output), ErrorCode::InvalidModel, 1);
    }
};

std::unique_ptr<QObject> lapidary::createQLinearTest() { return std::make_unique<QLinearTest>(); }

#include "qlinear_test.moc"

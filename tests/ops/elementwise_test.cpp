// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

using UnaryFormula = double (*)(double);

struct UnaryCase {
    const char* op;
    UnaryFormula formula;
    double low = -4;
    double high = 4;
    int opset = 24;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The operators' definitions, in double.
const UnaryCase unaryCases[] = {
    {"Abs", [](double x) { return std::fabs(x); }},
    {"Neg", [](double x) { return -x; }},
    {"Sign", [](double x) { return double((x > 0) - (x < 0)); }},
    {"Floor", [](double x) { return std::floor(x); }},
    {"Ceil", [](double x) { return std::ceil(x); }},
    {"Round", [](double x) { return std::nearbyint(x); }},
    {"Exp", [](double x) { return std::exp(x); }},
    {"Log", [](double x) { return std::log(x); }, 0.1, 9},
    {"Sqrt", [](double x) { return std::sqrt(x); }, 0, 9},
    {"Reciprocal", [](double x) { return 1 / x; }, 0.5, 9},
    {"Erf", [](double x) { return std::erf(x); }},
    {"Sin", [](double x) { return std::sin(x); }},
    {"Cos", [](double x) { return std::cos(x); }},
    {"Tan", [](double x) { return std::tan(x); }, -1, 1},
    {"Asin", [](double x) { return std::asin(x); }, -0.9, 0.9},
    {"Acos", [](double x) { return std::acos(x); }, -0.9, 0.9},
    {"Atan", [](double x) { return std::atan(x); }},
    {"Sinh", [](double x) { return std::sinh(x); }},
    {"Cosh", [](double x) { return std::cosh(x); }},
    {"Tanh", [](double x) { return std::tanh(x); }},
    {"Asinh", [](double x) { return std::asinh(x); }},
    {"Acosh", [](double x) { return std::acosh(x); }, 1.1, 9},
    {"Atanh", [](double x) { return std::atanh(x); }, -0.9, 0.9},
    {"Relu", [](double x) { return x > 0 ? x : 0; }},
    {"LeakyRelu", [](double x) { return x < 0 ? 0.01 * x : x; }},
    {"ThresholdedRelu", [](double x) { return x > 1 ? x : 0; }},
    {"Elu", [](double x) { return x < 0 ? std::exp(x) - 1 : x; }},
    {"Selu",
     [](double x) {
         return 1.05070102214813232421875 * (x > 0 ? x : 1.67326319217681884765625 * (std::exp(x) - 1));
     }},
    {"Celu", [](double x) { return x < 0 ? std::exp(x) - 1 : x; }},
    {"Sigmoid", sigmoid},
    {"HardSigmoid", [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }},
    {"HardSwish", [](double x) { return x * std::clamp(x / 6 + 0.5, 0.0, 1.0); }},
    {"Swish", [](double x) { return x * sigmoid(x); }},
    {"Mish", [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
    {"Gelu", [](double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }},
    {"Softplus", [](double x) { return std::log1p(std::exp(x)); }},
    {"Softsign", [](double x) { return x / (1 + std::fabs(x)); }},
    {"Shrink", [](double x) { return std::fabs(x) > 0.5 ? x : 0; }},
};

Tensor tensorOfBools(Dims dims, const std::vector<double>& values)
{
    return tensorOf(std::move(dims), values, DataType::Bool);
}

} // namespace

class ElementwiseTest : public QObject {
    Q_OBJECT
private slots:
    void unary_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("type");
        for (int i = 0; i < static_cast<int>(std::size(unaryCases)); ++i) {
            for (const DataType type :
                 {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16})
                QTest::addRow("%s %s", unaryCases[i].op, dataTypeName(type).data())
                    << i << static_cast<int>(type);
        }
    }

    void unary()
    {
        QFETCH(int, number);
        QFETCH(int, type);
        const UnaryCase& unaryCase = unaryCases[number];
        const auto dataType = static_cast<DataType>(type);
        for (const Dims& dims : {Dims{}, Dims{0}, Dims{1}, Dims{3, 37}, Dims{2, 5, 1031}}) {
            const Tensor x = randomTensor(dims, 7, dataType, unaryCase.low, unaryCase.high);
            std::vector<double> expected;
            for (const double value : valuesOf(x))
                expected.push_back(unaryCase.formula(value));
            const double rounding = roundingOf(dataType);
            checkRows(
                {.opType = unaryCase.op, .opset = unaryCase.opset, .inputs = {x}}, dataType, dims, expected,
                {std::max(4 * rounding, dataType == DataType::Float ? 2e-6 : 0.0), std::max(rounding, 1e-7)},
                1);
        }
    }

    void specialFloats()
    {
        const std::vector<double> edges{notANumber, infinity, -infinity, 0, 200, -200, 1e-20, 88.9};
        const Tensor extreme = tensorOf({8}, edges);
        for (const UnaryCase& unaryCase : unaryCases) {
            if (unaryCase.low != -4 || std::string_view(unaryCase.op) == "Sin" ||
                std::string_view(unaryCase.op) == "Cos")
                continue;
            for (size_t i = 0; i < edges.size(); ++i) {
                const double single = elementAsDouble(extreme, static_cast<int64_t>(i));
                const double formula = std::isnan(single) ? notANumber : unaryCase.formula(single);
                const auto expected = static_cast<double>(static_cast<float>(formula));
                // Limits that the formula misses for lack of range: 0 times infinity and the like.
                if (std::isnan(expected) && !std::isnan(single))
                    continue;
                checkRows(
                    {.opType = unaryCase.op, .opset = unaryCase.opset, .inputs = {tensorOf({1}, {single})}},
                    DataType::Float, {1}, {expected}, {1e-4, 1e-30}, 1);
            }
        }
        const Tensor x = tensorOf({4}, {notANumber, infinity, -infinity, -0.0});
        checkRows({.opType = "Relu", .inputs = {x}}, DataType::Float, {4}, {notANumber, infinity, 0, 0}, {},
                  1);
        checkRows({.opType = "Sigmoid", .inputs = {x}}, DataType::Float, {4}, {notANumber, 1, 0, 0.5}, {}, 1);
        checkRows({.opType = "Softplus", .inputs = {tensorOf({2}, {1000, -1000})}}, DataType::Float, {2},
                  {1000, 0}, {}, 1);
        checkRows({.opType = "IsNaN", .inputs = {x}}, DataType::Bool, {4}, {1, 0, 0, 0}, {}, 1);
        checkRows({.opType = "IsInf", .inputs = {x}, .attributes = {intAttribute("detect_negative", 0)}},
                  DataType::Bool, {4}, {0, 1, 0, 0}, {}, 1);
        checkRows({.opType = "Round", .inputs = {tensorOf({4}, {0.5, 1.5, 2.5, -2.5})}}, DataType::Float, {4},
                  {0, 2, 2, -2}, {}, 1);
    }

    void clip()
    {
        const Tensor x = tensorOf({4}, {-3, -1, 1, notANumber});
        checkRows({.opType = "Clip",
                   .opset = 6,
                   .inputs = {x},
                   .attributes = {floatAttribute("min", -2), floatAttribute("max", 0)}},
                  DataType::Float, {4}, {-2, -1, 0, notANumber}, {}, 1);
        checkRows({.opType = "Clip", .opset = 13, .inputs = {x, Value(), Tensor::scalar(0.5f)}},
                  DataType::Float, {4}, {-3, -1, 0.5, notANumber}, {}, 1);
        // A limit that is not given does not limit: infinities pass, in every version and type.
        const std::vector<double> ends{-infinity, infinity, notANumber};
        for (const DataType type :
             {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16}) {
            const Tensor wide = tensorOf({3}, ends, type);
            const Tensor zero = tensorOf({}, {0}, type);
            for (const int64_t opset : {1, 6, 11, 12, 13})
                checkRows({.opType = "Clip", .opset = opset, .inputs = {wide}}, type, {3}, ends, {}, 1);
            for (const int64_t opset : {1, 6}) {
                const NodeCase node{.opType = "Clip", .opset = opset, .inputs = {wide}};
                NodeCase low = node, high = node;
                low.attributes = {floatAttribute("min", 0)};
                high.attributes = {floatAttribute("max", 0)};
                checkRows(low, type, {3}, {0, infinity, notANumber}, {}, 1);
                checkRows(high, type, {3}, {-infinity, 0, notANumber}, {}, 1);
            }
            for (const int64_t opset : {11, 12, 13}) {
                checkRows({.opType = "Clip", .opset = opset, .inputs = {wide, zero}}, type, {3},
                          {0, infinity, notANumber}, {}, 1);
                checkRows({.opType = "Clip", .opset = opset, .inputs = {wide, Value(), zero}}, type, {3},
                          {-infinity, 0, notANumber}, {}, 1);
            }
        }
        const Tensor bytes = tensorOf({3}, {0, 100, 255}, DataType::UInt8);
        checkRows({.opType = "Clip", .opset = 13, .inputs = {bytes, Tensor::scalar(uint8_t{10})}},
                  DataType::UInt8, {3}, {10, 100, 255}, {}, 1);
        checkAllFail({.opType = "Clip", .opset = 13, .inputs = {bytes, Tensor::scalar(1.0f)}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void erfOfIntegers()
    {
        checkRows(
            {.opType = "Erf", .opset = 13, .inputs = {tensorOf({4}, {-100, 0, 1, 100}, DataType::Int8)}},
            DataType::Int8, {4}, {-1, 0, 0, 1}, {0, 0}, 1);
        checkRows({.opType = "Erf", .opset = 9, .inputs = {tensorOf({2}, {1, 200}, DataType::UInt8)}},
                  DataType::UInt8, {2}, {0, 1}, {0, 0}, 1);
    }

    void dropoutKeepsEverything()
    {
        const Tensor x = tensorOf({2}, {1, 2});
        checkRows({.opType = "Dropout", .opset = 13, .inputs = {x}, .outputCount = 2}, DataType::Float, {2},
                  {1, 2}, {}, 1);
        checkRowsOutput({.opType = "Dropout", .opset = 13, .inputs = {x}, .outputCount = 2}, 1,
                        DataType::Bool, {2}, {1, 1}, {}, 1);
        checkRowsOutput({.opType = "Dropout", .opset = 7, .inputs = {x}, .outputCount = 2}, 1,
                        DataType::Float, {2}, {1, 1}, {}, 1);
        checkRows({.opType = "Dropout",
                   .opset = 6,
                   .inputs = {x},
                   .attributes = {intAttribute("is_test", 1)},
                   .outputCount = 2},
                  DataType::Float, {2}, {1, 2}, {}, 1);
    }

    // Versions 1 and 6 train unless is_test is set: what stays grows by 1 / (1 - ratio).
    void oldDropoutTrains()
    {
        const Tensor x = tensorOf({1000}, std::vector<double>(1000, 3));
        const NodeCase node{.opType = "Dropout",
                            .opset = 6,
                            .inputs = {x},
                            .attributes = {floatAttribute("ratio", 0.25f)},
                            .outputCount = 2};
        const auto results = runOnAllRows(node);
        QVERIFY(results.size() == 1 && results[0].outputs.ok());
        const std::vector<double> y = valuesOf(*(*results[0].outputs)[0].tensor());
        const std::vector<double> mask = valuesOf(*(*results[0].outputs)[1].tensor());
        double kept = 0;
        for (size_t i = 0; i < y.size(); ++i) {
            QCOMPARE(y[i], mask[i] * 4);
            kept += mask[i];
        }
        QVERIFY2(kept > 680 && kept < 820, std::to_string(kept).c_str());
    }

    void broadcast_data()
    {
        QTest::addColumn<Dims>("a");
        QTest::addColumn<Dims>("b");
        QTest::newRow("same") << Dims{2, 3} << Dims{2, 3};
        QTest::newRow("scalar") << Dims{2, 3} << Dims{};
        QTest::newRow("left scalar") << Dims{} << Dims{5};
        QTest::newRow("trailing") << Dims{4, 3, 5} << Dims{5};
        QTest::newRow("channels") << Dims{2, 3, 4, 5} << Dims{3, 1, 1};
        QTest::newRow("both") << Dims{4, 1, 3, 1} << Dims{2, 1, 7};
        QTest::newRow("empty") << Dims{2, 0} << Dims{1};
        QTest::newRow("long") << Dims{3, 70001} << Dims{3, 1};
    }

    void broadcast()
    {
        QFETCH(Dims, a);
        QFETCH(Dims, b);
        for (const DataType type : {DataType::Float, DataType::Float16, DataType::Double}) {
            const Tensor x = randomTensor(a, 1, type);
            const Tensor y = randomTensor(b, 2, type, 1, 2);
            Dims dims = a.size() >= b.size() ? a : b;
            const Dims& other = a.size() >= b.size() ? b : a;
            for (size_t i = 0; i < other.size(); ++i) {
                int64_t& dim = dims[dims.size() - other.size() + i];
                dim = dim == 1 ? other[i] : dim;
            }
            // Walks the result and finds each operand's element by its coordinates.
            const auto at = [&](const Tensor& tensor, int64_t position) {
                int64_t index = 0;
                int64_t stride = 1;
                for (size_t back = 1; back <= dims.size(); ++back) {
                    const int64_t coordinate = position % dims[dims.size() - back];
                    position /= dims[dims.size() - back];
                    if (back > tensor.dims().size())
                        continue;
                    const int64_t size = tensor.dims()[tensor.dims().size() - back];
                    index += (size == 1 ? 0 : coordinate) * stride;
                    stride *= size;
                }
                return elementAsDouble(tensor, index);
            };
            std::vector<double> difference;
            std::vector<double> less;
            for (int64_t i = 0; i < *elementCount(dims); ++i) {
                difference.push_back(at(x, i) - at(y, i));
                less.push_back(at(x, i) < at(y, i));
            }
            const Tolerance tolerance{2 * roundingOf(type), 2 * roundingOf(type)};
            checkRows({.opType = "Sub", .inputs = {x, y}}, type, dims, difference, tolerance, 1);
            checkRows({.opType = "Less", .inputs = {x, y}}, DataType::Bool, dims, less, {}, 1);
        }
    }

    void legacyBroadcast()
    {
        const Tensor x = tensorOf({1, 2, 2}, {1, 2, 3, 4});
        const Tensor b = tensorOf({2}, {10, 20});
        checkRows({.opType = "Add",
                   .opset = 6,
                   .inputs = {x, b},
                   .attributes = {intAttribute("broadcast", 1), intAttribute("axis", 1)}},
                  DataType::Float, {1, 2, 2}, {11, 12, 23, 24}, {}, 1);
        checkRows(
            {.opType = "Add", .opset = 6, .inputs = {x, b}, .attributes = {intAttribute("broadcast", 1)}},
            DataType::Float, {1, 2, 2}, {11, 22, 13, 24}, {}, 1);
        checkRows({.opType = "PRelu", .opset = 6, .inputs = {tensorOf({1, 2, 2}, {-1, -2, -3, -4}), b}},
                  DataType::Float, {1, 2, 2}, {-10, -20, -60, -80}, {}, 1);
    }

    void shapesThatDoNotFit()
    {
        const Tensor a = tensorOf({2, 3}, {1, 2, 3, 4, 5, 6});
        const Tensor b = tensorOf({2}, {1, 2});
        checkAllFail({.opType = "Add", .inputs = {a, b}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "Add", .inputs = {a, tensorOf({3}, {1, 2, 3}, DataType::Double)}},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "Add", .inputs = {a}}, ErrorCode::InvalidModel, 1);
    }

    void integers()
    {
        const DataType type = DataType::Int32;
        const Tensor a = tensorOf({6}, {7, -7, 7, -7, 5, -2147483648.0}, type);
        const Tensor b = tensorOf({6}, {3, 3, -3, -3, 0, -1}, type);
        checkRows({.opType = "Div", .inputs = {a, b}}, type, {6}, {2, -2, -2, 2, 0, -2147483648.0}, {}, 1);
        checkRows({.opType = "Mod", .inputs = {a, b}}, type, {6}, {1, 2, -2, -1, 0, 0}, {}, 1);
        checkRows({.opType = "Mod", .inputs = {a, b}, .attributes = {intAttribute("fmod", 1)}}, type, {6},
                  {1, -1, 1, -1, 0, 0}, {}, 1);
        checkRows({.opType = "Pow", .inputs = {tensorOf({3}, {2, -3, 2}, type), tensorOf({3}, {10, 3, -1})}},
                  type, {3}, {1024, -27, 0}, {}, 1);
        checkRows({.opType = "Add",
                   .inputs = {tensorOf({1}, {250}, DataType::UInt8), tensorOf({1}, {10}, DataType::UInt8)}},
                  DataType::UInt8, {1}, {4}, {}, 1);
        const Tensor bits = tensorOf({2}, {0x81, 0x0f}, DataType::UInt8);
        checkRows({.opType = "BitShift",
                   .inputs = {bits, tensorOf({2}, {1, 9}, DataType::UInt8)},
                   .attributes = {stringAttribute("direction", "LEFT")}},
                  DataType::UInt8, {2}, {2, 0}, {}, 1);
        checkRows({.opType = "BitwiseXor", .opset = 18, .inputs = {bits, bits}}, DataType::UInt8, {2}, {0, 0},
                  {}, 1);
    }

    void logic()
    {
        const Tensor a = tensorOfBools({4}, {0, 0, 1, 1});
        const Tensor b = tensorOfBools({4}, {0, 1, 0, 1});
        checkRows({.opType = "And", .inputs = {a, b}}, DataType::Bool, {4}, {0, 0, 0, 1}, {}, 1);
        checkRows({.opType = "Or", .inputs = {a, b}}, DataType::Bool, {4}, {0, 1, 1, 1}, {}, 1);
        checkRows({.opType = "Xor", .inputs = {a, b}}, DataType::Bool, {4}, {0, 1, 1, 0}, {}, 1);
        checkRows({.opType = "Not", .inputs = {a}}, DataType::Bool, {4}, {1, 1, 0, 0}, {}, 1);
        checkRows({.opType = "Equal", .inputs = {a, b}}, DataType::Bool, {4}, {1, 0, 0, 1}, {}, 1);
        const Value words = Tensor::ofStrings({2}, {"a", "b"});
        checkRows({.opType = "Equal", .opset = 19, .inputs = {words, Tensor::ofStrings({}, {"b"})}},
                  DataType::Bool, {2}, {0, 1}, {}, 1);
        checkRows({.opType = "Where", .inputs = {a, tensorOf({2, 1}, {1, 2}), tensorOf({4}, {5, 6, 7, 8})}},
                  DataType::Float, {2, 4}, {5, 6, 1, 1, 5, 6, 2, 2}, {}, 1);
    }

    void variadic()
    {
        const Tensor a = tensorOf({3}, {1, 5, notANumber});
        const Tensor b = tensorOf({3}, {4, 2, 0});
        const Tensor c = tensorOf({1}, {3});
        checkRows({.opType = "Sum", .inputs = {a, b, c}}, DataType::Float, {3}, {8, 10, notANumber}, {}, 1);
        checkRows({.opType = "Mean", .inputs = {a, b, c}}, DataType::Float, {3},
                  {8.0 / 3, 10.0 / 3, notANumber}, {}, 1);
        checkRows({.opType = "Max", .inputs = {a, b, c}}, DataType::Float, {3}, {4, 5, notANumber}, {}, 1);
        checkRows({.opType = "Min", .inputs = {b, a, c}}, DataType::Float, {3}, {1, 2, notANumber}, {}, 1);
        checkRows({.opType = "Max", .inputs = {b}}, DataType::Float, {3}, {4, 2, 0}, {}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createElementwiseTest() { return std::make_unique<ElementwiseTest>(); }

#include "elementwise_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

struct Statistics {
    double mean = 0;
    double variance = 0;
};

Statistics statisticsOf(const std::vector<double>& values)
{
    Statistics result;
    for (const double value : values)
        result.mean += value / static_cast<double>(values.size());
    for (const double value : values)
        result.variance += (value - result.mean) * (value - result.mean) / static_cast<double>(values.size());
    return result;
}

std::vector<double> slice(const std::vector<double>& values, size_t begin, size_t count)
{
    return {values.begin() + static_cast<ptrdiff_t>(begin),
            values.begin() + static_cast<ptrdiff_t>(begin + count)};
}

// Elements are divided by a deviation of about 0.6: a few roundings of numbers near 2.
Tolerance toleranceOf(DataType type) { return {2e-6 + 2 * roundingOf(type), 2e-6 + roundingOf(type)}; }

} // namespace

class NormalizationTest : public QObject {
    Q_OBJECT

    // Groups of count neighbours; scale and bias of element i are those of number parameter(i).
    template <typename Parameter>
    static std::vector<double> grouped(const std::vector<double>& x, size_t count,
                                       const std::vector<double>& scale, const std::vector<double>& bias,
                                       double epsilon, const Parameter& parameter)
    {
        std::vector<double> y(x.size());
        for (size_t begin = 0; begin < x.size(); begin += count) {
            const Statistics statistics = statisticsOf(slice(x, begin, count));
            for (size_t i = begin; i < begin + count; ++i) {
                y[i] = (x[i] - statistics.mean) / std::sqrt(statistics.variance + epsilon);
                y[i] = y[i] * scale[parameter(i)] + (bias.empty() ? 0 : bias[parameter(i)]);
            }
        }
        return y;
    }

private slots:
    void batchNormalization()
    {
        for (const DataType type :
             {DataType::Float, DataType::Float16, DataType::BFloat16, DataType::Double}) {
            for (const Dims& dims : {Dims{2, 3, 4, 5}, Dims{4, 3}, Dims{1, 3, 7}}) {
                const Tensor x = randomTensor(dims, 1, type);
                const Tensor scale = randomTensor({3}, 2, type), bias = randomTensor({3}, 3, type);
                const Tensor mean = randomTensor({3}, 4, type), variance = randomTensor({3}, 5, type, 0.5, 2);
                const size_t inner = static_cast<size_t>(x.count() / dims[0] / 3);
                std::vector<double> expected = valuesOf(x);
                for (size_t i = 0; i < expected.size(); ++i) {
                    const auto c = static_cast<int64_t>(i / inner % 3);
                    expected[i] = (expected[i] - elementAsDouble(mean, c)) /
                                      std::sqrt(elementAsDouble(variance, c) + 1e-5) *
                                      elementAsDouble(scale, c) +
                                  elementAsDouble(bias, c);
                }
                for (const int64_t opset : {1, 7, 9, 14, 15})
                    checkRows({.opType = "BatchNormalization",
                               .opset = opset,
                               .inputs = {x, scale, bias, mean, variance}},
                              type, dims, expected, toleranceOf(type), 1);
            }
        }
    }

    void batchNormalizationTraining()
    {
        // One channel with values 1, 3: mean 2, variance 1. momentum 0.9 keeps nine tenths of the old.
        const Tensor one = tensorOf({1}, {1});
        NodeCase nodeCase{
            .opType = "BatchNormalization",
            .opset = 15,
            .inputs = {tensorOf({2, 1}, {1, 3}), one, one, tensorOf({1}, {10}), tensorOf({1}, {20})},
            .attributes = {intAttribute("training_mode", 1), floatAttribute("epsilon", 0)},
            .outputCount = 3};
        checkRowsOutput(nodeCase, 0, DataType::Float, {2, 1}, {0, 2}, {}, 1);
        checkRowsOutput(nodeCase, 1, DataType::Float, {1}, {9.2}, {}, 1);
        checkRowsOutput(nodeCase, 2, DataType::Float, {1}, {18.1}, {}, 1);
    }

    void batchNormalizationPerPosition()
    {
        const Tensor ones = tensorOf({1, 2}, {1, 1});
        const NodeCase nodeCase{.opType = "BatchNormalization",
                                .opset = 7,
                                .inputs = {tensorOf({1, 1, 2}, {3, 8}), tensorOf({1, 2}, {2, 3}), ones,
                                           tensorOf({1, 2}, {1, 2}), tensorOf({1, 2}, {4, 9})},
                                .attributes = {intAttribute("spatial", 0), floatAttribute("epsilon", 0)}};
        checkRows(nodeCase, DataType::Float, {1, 1, 2}, {3, 7}, {}, 1);
    }

    void instanceNormalization()
    {
        for (const DataType type : {DataType::Float, DataType::Float16}) {
            const Tensor x = randomTensor({2, 3, 4, 5}, 1, type);
            const Tensor scale = randomTensor({3}, 2, type), bias = randomTensor({3}, 3, type);
            checkRows({.opType = "InstanceNormalization", .inputs = {x, scale, bias}}, type, x.dims(),
                      grouped(valuesOf(x), 20, valuesOf(scale), valuesOf(bias), 1e-5,
                              [](size_t i) { return i / 20 % 3; }),
                      toleranceOf(type), 1);
        }
    }

    void groupNormalization()
    {
        const Tensor x = randomTensor({2, 4, 3, 3}, 1);
        const Tensor perGroup = randomTensor({2}, 2), perChannel = randomTensor({4}, 3);
        const std::vector<Attribute> attributes{intAttribute("num_groups", 2)};
        checkRows({.opType = "GroupNormalization",
                   .opset = 18,
                   .inputs = {x, perGroup, perGroup},
                   .attributes = attributes},
                  DataType::Float, x.dims(),
                  grouped(valuesOf(x), 18, valuesOf(perGroup), valuesOf(perGroup), 1e-5,
                          [](size_t i) { return i / 18 % 2; }),
                  toleranceOf(DataType::Float), 1);
        checkRows({.opType = "GroupNormalization",
                   .opset = 21,
                   .inputs = {x, perChannel, perChannel},
                   .attributes = attributes},
                  DataType::Float, x.dims(),
                  grouped(valuesOf(x), 18, valuesOf(perChannel), valuesOf(perChannel), 1e-5,
                          [](size_t i) { return i / 9 % 4; }),
                  toleranceOf(DataType::Float), 1);
    }

    void layerNormalization()
    {
        for (const DataType type : {DataType::Float, DataType::BFloat16}) {
            const Tensor x = randomTensor({2, 3, 20}, 1, type);
            const Tensor scale = randomTensor({20}, 2, type), bias = randomTensor({20}, 3, type);
            const NodeCase nodeCase{
                .opType = "LayerNormalization", .inputs = {x, scale, bias}, .outputCount = 3};
            checkRows(nodeCase, type, x.dims(),
                      grouped(valuesOf(x), 20, valuesOf(scale), valuesOf(bias), 1e-5,
                              [](size_t i) { return i % 20; }),
                      toleranceOf(type), 1);
            std::vector<double> means;
            std::vector<double> factors;
            for (size_t row = 0; row < 6; ++row) {
                const Statistics statistics = statisticsOf(slice(valuesOf(x), row * 20, 20));
                means.push_back(statistics.mean);
                factors.push_back(1 / std::sqrt(statistics.variance + 1e-5));
            }
            checkRowsOutput(nodeCase, 1, DataType::Float, {2, 3, 1}, means, {}, 1);
            checkRowsOutput(nodeCase, 2, DataType::Float, {2, 3, 1}, factors, {}, 1);
        }
    }

    void layerNormalizationStretchesScale()
    {
        const Tensor x = randomTensor({2, 3, 4}, 1);
        const Tensor scale = tensorOf({1}, {3});
        checkRows(
            {.opType = "LayerNormalization", .inputs = {x, scale}, .attributes = {intAttribute("axis", 1)}},
            DataType::Float, x.dims(),
            grouped(valuesOf(x), 12, {3}, {}, 1e-5, [](size_t) { return size_t{0}; }),
            toleranceOf(DataType::Float), 1);
        const Tensor perRow = tensorOf({2, 1, 1}, {2, 5});
        checkRows(
            {.opType = "LayerNormalization", .inputs = {x, perRow}, .attributes = {intAttribute("axis", 1)}},
            DataType::Float, x.dims(),
            grouped(valuesOf(x), 12, {2, 5}, {}, 1e-5, [](size_t i) { return i / 12; }),
            toleranceOf(DataType::Float), 1);
    }

    void rmsNormalization()
    {
        // mean of squares of 3, 4, 0, 0: 6.25; root 2.5.
        checkRows({.opType = "RMSNormalization",
                   .opset = 23,
                   .inputs = {tensorOf({1, 4}, {3, 4, 0, 0}), tensorOf({4}, {1, 2, 1, 1})},
                   .attributes = {floatAttribute("epsilon", 0)}},
                  DataType::Float, {1, 4}, {1.2, 3.2, 0, 0}, {}, 1);
    }

    void lrn()
    {
        for (const float beta : {0.75f, 0.6f}) {
            const Tensor x = randomTensor({2, 7, 3, 30}, 1, DataType::Float, -5, 5);
            const std::vector<double> values = valuesOf(x);
            std::vector<double> expected(values.size());
            for (int64_t i = 0; i < x.count(); ++i) {
                const int64_t c = i / 90 % 7;
                double sum = 0;
                for (int64_t other = std::max<int64_t>(0, c - 1); other <= std::min<int64_t>(6, c + 2);
                     ++other)
                    sum += std::pow(values[static_cast<size_t>(i + (other - c) * 90)], 2);
                expected[static_cast<size_t>(i)] =
                    values[static_cast<size_t>(i)] / std::pow(2 + 0.5 / 4 * sum, static_cast<double>(beta));
            }
            checkRows({.opType = "LRN",
                       .inputs = {x},
                       .attributes = {intAttribute("size", 4), floatAttribute("alpha", 0.5f),
                                      floatAttribute("bias", 2), floatAttribute("beta", beta)}},
                      DataType::Float, x.dims(), expected, toleranceOf(DataType::Float), 1);
        }
    }

    void meanVarianceNormalization()
    {
        checkRows({.opType = "MeanVarianceNormalization",
                   .opset = 13,
                   .inputs = {tensorOf({2, 2}, {1, 10, 3, 30})},
                   .attributes = {intsAttribute("axes", {0})}},
                  DataType::Float, {2, 2}, {-1, -1, 1, 1}, {}, 1);
    }

    void lpNormalization()
    {
        const Tensor x = tensorOf({2, 2}, {3, 4, 0, 0});
        checkRows({.opType = "LpNormalization", .inputs = {x}}, DataType::Float, {2, 2}, {0.6, 0.8, 0, 0}, {},
                  1);
        checkRows({.opType = "LpNormalization",
                   .inputs = {x},
                   .attributes = {intAttribute("p", 1), intAttribute("axis", 0)}},
                  DataType::Float, {2, 2}, {1, 1, 0, 0}, {}, 1);
    }

    void wrongShapes()
    {
        const auto fails = [](NodeCase nodeCase, std::vector<Dims> inputs) {
            for (const Dims& dims : inputs)
                nodeCase.inputs.emplace_back(randomTensor(dims, 1));
            checkAllFail(nodeCase, ErrorCode::ShapeMismatch, 1);
        };
        fails({.opType = "BatchNormalization", .inputs = {}}, {{1, 3, 2}, {3}, {3}, {3}, {2}});
        fails({.opType = "BatchNormalization", .inputs = {}}, {{3}, {3}, {3}, {3}, {3}});
        fails({.opType = "BatchNormalization", .inputs = {}}, {{1, 3, 2}, {3}, {3}});
        fails({.opType = "InstanceNormalization", .inputs = {}}, {{1, 3, 2}, {2}, {3}});
        fails({.opType = "LayerNormalization", .inputs = {}}, {{1, 3, 2}, {3}});
        fails({.opType = "LayerNormalization", .inputs = {}, .attributes = {intAttribute("axis", 3)}},
              {{1, 3, 2}, {2}});
        fails({.opType = "GroupNormalization",
               .opset = 21,
               .inputs = {},
               .attributes = {intAttribute("num_groups", 2)}},
              {{1, 3, 2}, {3}, {3}});
        fails({.opType = "GroupNormalization", .opset = 21, .inputs = {}}, {{1, 3, 2}, {3}, {3}});
        fails({.opType = "LRN", .inputs = {}, .attributes = {intAttribute("size", 3)}}, {{3}});
        fails({.opType = "MeanVarianceNormalization", .inputs = {}}, {{3, 2}});
        fails({.opType = "LpNormalization", .inputs = {}, .attributes = {intAttribute("axis", -3)}},
              {{3, 2}});
    }
};

std::unique_ptr<QObject> lapidary::createNormalizationTest() { return std::make_unique<NormalizationTest>(); }

#include "normalization_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

// The definition along an axis of [outer, length, inner], in double.
std::vector<double> softmax(const std::vector<double>& x, int64_t outer, int64_t length, int64_t inner,
                            bool log)
{
    std::vector<double> y(x.size());
    for (int64_t o = 0; o < outer; ++o) {
        for (int64_t i = 0; i < inner; ++i) {
            const auto at = [&](int64_t j) { return static_cast<size_t>((o * length + j) * inner + i); };
            double largest = -HUGE_VAL;
            double sum = 0;
            for (int64_t j = 0; j < length; ++j)
                largest = std::max(largest, x[at(j)]);
            for (int64_t j = 0; j < length; ++j)
                sum += std::exp(x[at(j)] - largest);
            for (int64_t j = 0; j < length; ++j)
                y[at(j)] = log ? x[at(j)] - largest - std::log(sum) : std::exp(x[at(j)] - largest) / sum;
        }
    }
    return y;
}

} // namespace

class SoftmaxTest : public QObject {
    Q_OBJECT

    static void check(const Dims& dims, std::optional<int64_t> axis, int64_t opset, int64_t outer,
                      int64_t length, int64_t inner, DataType type = DataType::Float)
    {
        const Tensor x = randomTensor(dims, 1, type, -20, 20);
        for (const bool log : {false, true}) {
            NodeCase nodeCase{.opType = log ? "LogSoftmax" : "Softmax", .opset = opset, .inputs = {x}};
            if (axis)
                nodeCase.attributes = {intAttribute("axis", *axis)};
            // Relative error of a vectorised exp of numbers down to -40: 40 roundings of its argument.
            checkRows(nodeCase, type, dims, softmax(valuesOf(x), outer, length, inner, log),
                      {5e-6 + roundingOf(type), 1e-6 + roundingOf(type)},
                      log || type == DataType::Double ? 1 : 2);
        }
    }

private slots:
    void sinceOpset13()
    {
        check({3, 10}, std::nullopt, 13, 3, 10, 1);
        check({2, 3, 4, 5}, std::nullopt, 13, 24, 5, 1);
        check({2, 3, 4, 5}, 1, 13, 2, 3, 20);
        check({2, 3, 4, 5}, -2, 13, 6, 4, 5);
        check({2, 3, 150}, 0, 13, 1, 2, 450);
        check({7}, 0, 13, 1, 7, 1);
        check({1, 1}, 1, 13, 1, 1, 1);
        check({2, 1000}, 1, 13, 2, 1000, 1, DataType::Float16);
        check({2, 1000}, 1, 13, 2, 1000, 1, DataType::BFloat16);
        check({2, 10}, 1, 13, 2, 10, 1, DataType::Double);
        check({0, 10}, 1, 13, 0, 10, 1);
    }

    void beforeOpset13()
    {
        check({2, 3, 4}, std::nullopt, 11, 2, 12, 1);
        check({2, 3, 4}, 2, 11, 6, 4, 1);
        check({2, 3, 4}, 0, 1, 1, 24, 1);
        check({2, 3, 4}, -1, 11, 6, 4, 1);
        check({5}, std::nullopt, 7, 5, 1, 1);
    }

    void largeNumbersStayFinite()
    {
        checkRows({.opType = "Softmax", .opset = 13, .inputs = {tensorOf({1, 3}, {1e4, 1e4, -1e30})}},
                  DataType::Float, {1, 3}, {0.5, 0.5, 0}, {}, 2);
    }

    void hardmax()
    {
        const Tensor x = tensorOf({2, 3}, {1, 3, 3, 2, 1, 0}); // the first of equals wins
        checkRows({.opType = "Hardmax", .opset = 13, .inputs = {x}}, DataType::Float, {2, 3},
                  {0, 1, 0, 1, 0, 0}, {0, 0}, 1);
        checkRows({.opType = "Hardmax", .opset = 13, .inputs = {x}, .attributes = {intAttribute("axis", 0)}},
                  DataType::Float, {2, 3}, {0, 1, 1, 1, 0, 0}, {0, 0}, 1);
    }

    void wrongAxis()
    {
        checkAllFail({.opType = "Softmax",
                      .opset = 13,
                      .inputs = {randomTensor({2, 3}, 1)},
                      .attributes = {intAttribute("axis", 2)}},
                     ErrorCode::ShapeMismatch, 2);
        checkAllFail({.opType = "Softmax",
                      .opset = 11,
                      .inputs = {randomTensor({2, 3}, 1)},
                      .attributes = {intAttribute("axis", 3)}},
                     ErrorCode::ShapeMismatch, 2);
    }
};

std::unique_ptr<QObject> lapidary::createSoftmaxTest() { return std::make_unique<SoftmaxTest>(); }

#include "softmax_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

// Every Reduce* by its definition, over a list in double.
double reference(const std::string& op, const std::vector<double>& list)
{
    double sum = 0, product = 1, absolute = 0, squares = 0, exponentials = 0;
    double largest = -INFINITY, smallest = INFINITY;
    for (const double x : list) {
        sum += x;
        product *= x;
        absolute += std::fabs(x);
        squares += x * x;
        exponentials += std::exp(x);
        largest = std::max(largest, x);
        smallest = std::min(smallest, x);
    }
    if (op == "ReduceSum")
        return sum;
    if (op == "ReduceMean")
        return sum / static_cast<double>(list.size());
    if (op == "ReduceProd")
        return product;
    if (op == "ReduceL1")
        return absolute;
    if (op == "ReduceL2")
        return std::sqrt(squares);
    if (op == "ReduceSumSquare")
        return squares;
    if (op == "ReduceLogSum")
        return std::log(sum);
    if (op == "ReduceLogSumExp")
        return std::log(exponentials);
    return op == "ReduceMax" ? largest : smallest;
}

} // namespace

class ReductionTest : public QObject {
    Q_OBJECT
private slots:
    void reduce_data()
    {
        QTest::addColumn<QString>("op");
        QTest::addColumn<Dims>("dims");
        QTest::addColumn<Dims>("axes");
        for (const char* op :
             {"ReduceSum", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare",
              "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMin"}) {
            QTest::addRow("%s last", op) << op << Dims{3, 19} << Dims{-1};
            QTest::addRow("%s first", op) << op << Dims{5, 1100} << Dims{0};
            QTest::addRow("%s middle", op) << op << Dims{2, 3, 7} << Dims{1};
            QTest::addRow("%s spatial", op) << op << Dims{2, 3, 5, 5} << Dims{2, 3};
            QTest::addRow("%s apart", op) << op << Dims{2, 3, 4, 5} << Dims{0, 2};
            QTest::addRow("%s all", op) << op << Dims{2, 3, 2} << Dims{};
        }
    }

    void reduce()
    {
        QFETCH(QString, op);
        QFETCH(Dims, dims);
        QFETCH(Dims, axes);
        const std::string name = op.toStdString();
        std::vector<bool> reduced(dims.size(), axes.empty());
        for (const int64_t axis : axes)
            reduced[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(dims.size()) : axis)] = true;
        Dims result;
        for (size_t i = 0; i < dims.size(); ++i)
            result.push_back(reduced[i] ? 1 : dims[i]);
        for (const DataType type : {f32, DataType::Double, DataType::Float16}) {
            const Tensor x = randomTensor(dims, 5, type, 0.5, 1.5);
            std::vector<std::vector<double>> lists(static_cast<size_t>(*elementCount(result)));
            for (int64_t i = 0; i < x.count(); ++i) {
                int64_t rest = i;
                int64_t index = 0;
                int64_t stride = 1;
                for (size_t axis = dims.size(); axis-- > 0;) {
                    index += (reduced[axis] ? 0 : rest % dims[axis]) * stride;
                    rest /= dims[axis];
                    stride *= result[axis];
                }
                lists[static_cast<size_t>(index)].push_back(elementAsDouble(x, i));
            }
            std::vector<double> expected;
            for (const auto& list : lists)
                expected.push_back(reference(name, list));
            const double rounding = roundingOf(type);
            NodeCase nodeCase{.opType = name, .opset = 12, .inputs = {x}};
            if (!axes.empty())
                nodeCase.attributes = {intsAttribute("axes", axes)};
            checkRows(nodeCase, type, result, expected, {8 * rounding, 8 * rounding}, 1);
            if (axes.empty())
                continue;
            const Value list = Tensor::of<int64_t>({static_cast<int64_t>(axes.size())}, axes);
            checkRows({.opType = name, .opset = 18, .inputs = {x, list}}, type, result, expected,
                      {8 * rounding, 8 * rounding}, 1);
        }
    }

    void edges()
    {
        const Tensor x = tensorOf({2, 2}, {1, 2, 3, NAN});
        checkRows({.opType = "ReduceMax",
                   .opset = 13,
                   .inputs = {x},
                   .attributes = {intsAttribute("axes", {1}), intAttribute("keepdims", 0)}},
                  f32, {2}, {2, NAN}, {}, 1);
        const Tensor none = tensorOf({2, 0}, {});
        checkRows({.opType = "ReduceSum",
                   .opset = 11,
                   .inputs = {none},
                   .attributes = {intsAttribute("axes", {1})}},
                  f32, {2, 1}, {0, 0}, {}, 1);
        checkRows({.opType = "ReduceMin",
                   .opset = 13,
                   .inputs = {none},
                   .attributes = {intsAttribute("axes", {1})}},
                  f32, {2, 1}, {INFINITY, INFINITY}, {}, 1);
        checkRows({.opType = "ReduceSum",
                   .opset = 13,
                   .inputs = {x},
                   .attributes = {intAttribute("noop_with_empty_axes", 1)}},
                  f32, {2, 2}, {1, 2, 3, NAN}, {}, 1);
        checkRows({.opType = "ReduceMax",
                   .opset = 20,
                   .inputs = {tensorOf({2, 2}, {0, 1, 0, 0}, DataType::Bool),
                              Tensor::of<int64_t>({1}, std::vector<int64_t>{1})}},
                  DataType::Bool, {2, 1}, {1, 0}, {}, 1);
        checkRows({.opType = "ReduceLogSumExp", .opset = 13, .inputs = {tensorOf({2}, {1000, 1000})}}, f32,
                  {1}, {1000 + std::log(2.0)}, {}, 1);
        checkAllFail(
            {.opType = "ReduceSum", .opset = 11, .inputs = {x}, .attributes = {intsAttribute("axes", {2})}},
            ErrorCode::ShapeMismatch, 1);
    }

    void extremes()
    {
        const Tensor x = tensorOf({2, 3}, {1, 3, 3, 5, 4, 4});
        const auto arg = [&](const char* op, int64_t axis, int64_t last) {
            return NodeCase{.opType = op,
                            .opset = 13,
                            .inputs = {x},
                            .attributes = {intAttribute("axis", axis), intAttribute("keepdims", 0),
                                           intAttribute("select_last_index", last)}};
        };
        checkRows(arg("ArgMax", 1, 0), DataType::Int64, {2}, {1, 0}, {}, 1);
        checkRows(arg("ArgMax", -1, 1), DataType::Int64, {2}, {2, 0}, {}, 1);
        checkRows(arg("ArgMin", 0, 0), DataType::Int64, {3}, {0, 0, 0}, {}, 1);
        checkAllFail({.opType = "ArgMax", .inputs = {tensorOf({0}, {})}}, ErrorCode::ShapeMismatch, 1);
    }

    void cumulative()
    {
        const Tensor x = tensorOf({4}, {1, 2, 3, 4});
        const Value axis = Tensor::scalar(int32_t{0});
        checkRows({.opType = "CumSum", .inputs = {x, axis}}, f32, {4}, {1, 3, 6, 10}, {}, 1);
        checkRows({.opType = "CumSum",
                   .inputs = {x, axis},
                   .attributes = {intAttribute("exclusive", 1), intAttribute("reverse", 1)}},
                  f32, {4}, {9, 7, 4, 0}, {}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createReductionTest() { return std::make_unique<ReductionTest>(); }

#include "reduction_test.moc"

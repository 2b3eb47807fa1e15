// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "viewers/tensor/tensor_table_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <numeric>

using namespace lapidary;

namespace {

Tensor counting(const Dims& dims)
{
    std::vector<int32_t> values(static_cast<size_t>(*elementCount(dims)));
    std::iota(values.begin(), values.end(), 0);
    return Tensor::of<int32_t>(dims, values);
}

QString cell(const TensorTableModel& model, int row, int column)
{
    return model.index(row, column).data(Qt::DisplayRole).toString();
}

} // namespace

class TensorTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void lastTwoDimensionsAreTheGrid()
    {
        TensorTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTensor(counting({2, 3, 4, 5}));
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.columnCount(), 5);
        QCOMPARE(model.grid().sliceAxes, (std::vector<int>{0, 1}));
        QCOMPARE(cell(model, 1, 2), QStringLiteral("7"));
        model.setSlice(0, 1);
        model.setSlice(1, 2);
        QCOMPARE(cell(model, 1, 2), QString::number(60 + 40 + 7));
        model.setSlice(1, 3); // out of range: nothing moves
        QCOMPARE(cell(model, 1, 2), QString::number(60 + 40 + 7));
    }

    void oneLongDimensionIsAList()
    {
        TensorTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTensor(counting({1, 7, 1, 1}));
        QCOMPARE(model.rowCount(), 7);
        QCOMPARE(model.columnCount(), 1);
        QCOMPARE(cell(model, 6, 0), QStringLiteral("6"));
        QVERIFY(model.grid().sliceAxes.empty());
    }

    void unitDimensionsBetweenAreSkipped()
    {
        TensorTableModel model;
        model.setTensor(counting({3, 1, 4, 1}));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 4);
        QCOMPARE(cell(model, 2, 1), QStringLiteral("9"));
    }

    void scalarAndEmpty()
    {
        TensorTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTensor(counting({}));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(cell(model, 0, 0), QStringLiteral("0"));
        model.setTensor(counting({0, 5}));
        QCOMPARE(model.rowCount(), 0);
    }

    void longTensorsAreCut()
    {
        TensorTableModel model;
        model.setTensor(counting({TensorTableModel::maxRows + 1}));
        QCOMPARE(model.rowCount(), TensorTableModel::maxRows);
        QVERIFY(model.isCut());
    }

    void textOfElements()
    {
        TensorTableModel model;
        model.setTensor(Tensor::ofStrings({2}, {"a", "b"}));
        QCOMPARE(cell(model, 1, 0), QStringLiteral("b"));
        const std::array<int64_t, 1> big{9'007'199'254'740'993};
        model.setTensor(Tensor::of<int64_t>({1}, big));
        QCOMPARE(cell(model, 0, 0), QStringLiteral("9007199254740993"));
        const std::array<float, 2> floats{0.1F, std::numeric_limits<float>::quiet_NaN()};
        model.setTensor(Tensor::of<float>({2}, floats));
        QCOMPARE(cell(model, 0, 0), QStringLiteral("0.1"));
        QCOMPARE(cell(model, 1, 0), QStringLiteral("NaN"));
    }
};

std::unique_ptr<QObject> lapidary::createTensorTableModelTest()
{
    return std::make_unique<TensorTableModelTest>();
}

#include "tensor_table_model_test.moc"

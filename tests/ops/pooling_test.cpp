// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace lapidary;

namespace {

struct Axis {
    int64_t input, output, kernel, stride, dilation, padBegin, padEnd;
};

// A pooling by its definition: each output looks at every tap of its window. fold gets the values
// inside the input and the number of taps inside input and explicit padding.
using Fold = std::function<double(const std::vector<double>&, int64_t)>;

std::vector<double> pool(const std::vector<double>& x, int64_t planes, const Axis& h, const Axis& w,
                         const Fold& fold)
{
    std::vector<double> result;
    for (int64_t plane = 0; plane < planes; ++plane) {
        for (int64_t oh = 0; oh < h.output; ++oh) {
            for (int64_t ow = 0; ow < w.output; ++ow) {
                std::vector<double> seen;
                int64_t countable = 0;
                for (int64_t kh = 0; kh < h.kernel; ++kh) {
                    for (int64_t kw = 0; kw < w.kernel; ++kw) {
                        const int64_t ih = oh * h.stride + kh * h.dilation - h.padBegin;
                        const int64_t iw = ow * w.stride + kw * w.dilation - w.padBegin;
                        countable += ih < h.input + h.padEnd && iw < w.input + w.padEnd;
                        if (ih >= 0 && ih < h.input && iw >= 0 && iw < w.input)
                            seen.push_back(x[static_cast<size_t>((plane * h.input + ih) * w.input + iw)]);
                    }
                }
                result.push_back(fold(seen, countable));
            }
        }
    }
    return result;
}

double largest(const std::vector<double>& values, int64_t)
{
    return *std::max_element(values.begin(), values.end());
}

double average(const std::vector<double>& values, int64_t)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

double paddedAverage(const std::vector<double>& values, int64_t countable)
{
    return average(values, 0) * static_cast<double>(values.size()) / static_cast<double>(countable);
}

double norm(const std::vector<double>& values, int64_t)
{
    double sum = 0;
    for (const double value : values)
        sum += value * value;
    return std::sqrt(sum);
}

} // namespace

class PoolingTest : public QObject {
    Q_OBJECT

    static void check(const char* opType, const Axis& h, const Axis& w, const Fold& fold, bool ceilMode,
                      bool countPadding, size_t rowCount, DataType type = DataType::Float)
    {
        const Tensor x = randomTensor({2, 3, h.input, w.input}, 1, type);
        NodeCase nodeCase{.opType = opType, .opset = 22, .inputs = {x}};
        nodeCase.attributes = {intsAttribute("kernel_shape", {h.kernel, w.kernel}),
                               intsAttribute("strides", {h.stride, w.stride}),
                               intsAttribute("dilations", {h.dilation, w.dilation}),
                               intsAttribute("pads", {h.padBegin, w.padBegin, h.padEnd, w.padEnd}),
                               intAttribute("ceil_mode", ceilMode),
                               intAttribute("count_include_pad", countPadding)};
        checkRows(nodeCase, type, {2, 3, h.output, w.output}, pool(valuesOf(x), 6, h, w, fold),
                  {1e-6 + roundingOf(type), 1e-6 + roundingOf(type)}, rowCount);
    }

    static void checkAll(const Axis& h, const Axis& w, bool ceilMode = false)
    {
        check("MaxPool", h, w, largest, ceilMode, false, 2);
        check("AveragePool", h, w, average, ceilMode, false, 2);
        check("AveragePool", h, w, paddedAverage, ceilMode, true, 2);
        check("LpPool", h, w, norm, ceilMode, false, 1);
    }

private slots:
    void plain2d() { checkAll({8, 4, 2, 2, 1, 0, 0}, {7, 3, 3, 2, 1, 0, 0}); }
    void padded() { checkAll({8, 4, 3, 2, 1, 1, 1}, {7, 8, 2, 1, 1, 1, 1}); }
    void asymmetric() { checkAll({8, 4, 3, 2, 1, 0, 1}, {7, 4, 3, 2, 1, 2, 0}); }
    void dilated() { checkAll({9, 5, 3, 1, 2, 0, 0}, {9, 4, 2, 2, 3, 1, 1}); }
    void global() { checkAll({5, 1, 5, 1, 1, 0, 0}, {4, 1, 4, 1, 1, 0, 0}); }
    void ceilMode() { checkAll({6, 3, 3, 2, 1, 0, 0}, {8, 4, 3, 2, 1, 0, 0}, true); }
    void ceilModePadded() { checkAll({6, 4, 3, 2, 1, 1, 1}, {7, 4, 3, 2, 1, 1, 1}, true); }
    // 2 wide, kernel 1, stride 2: the second window would start in the padding, so it is left out.
    void ceilModeLeavesOutEmptyWindows() { checkAll({2, 1, 1, 2, 1, 0, 0}, {3, 2, 1, 2, 1, 0, 0}, true); }

    void smallFloats()
    {
        for (const DataType type : {DataType::Float16, DataType::BFloat16}) {
            check("MaxPool", {8, 4, 2, 2, 1, 0, 0}, {7, 3, 3, 2, 1, 0, 0}, largest, false, false, 2, type);
            check("AveragePool", {8, 4, 2, 2, 1, 0, 0}, {7, 3, 3, 2, 1, 0, 0}, average, false, false, 2,
                  type);
        }
    }

    void oneAndThreeAxes()
    {
        NodeCase one{.opType = "MaxPool", .inputs = {tensorOf({1, 1, 5}, {1, 5, 2, 4, 3})}};
        one.attributes = {intsAttribute("kernel_shape", {2})};
        checkRows(one, DataType::Float, {1, 1, 4}, {5, 5, 4, 4}, {0, 0}, 2);
        NodeCase three{.opType = "AveragePool",
                       .inputs = {tensorOf({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})}};
        three.attributes = {intsAttribute("kernel_shape", {2, 1, 2})};
        checkRows(three, DataType::Float, {1, 1, 1, 2, 1}, {3.5, 5.5}, {0, 1e-6}, 2);
    }

    void autoPad()
    {
        NodeCase nodeCase{.opType = "MaxPool", .inputs = {tensorOf({1, 1, 4}, {1, 2, 3, 4})}};
        nodeCase.attributes = {intsAttribute("kernel_shape", {2}), stringAttribute("auto_pad", "SAME_UPPER")};
        checkRows(nodeCase, DataType::Float, {1, 1, 4}, {2, 3, 4, 4}, {0, 0}, 2);
        nodeCase.attributes[1] = stringAttribute("auto_pad", "SAME_LOWER");
        checkRows(nodeCase, DataType::Float, {1, 1, 4}, {1, 2, 3, 4}, {0, 0}, 2);
        nodeCase.attributes[1] = stringAttribute("auto_pad", "VALID");
        checkRows(nodeCase, DataType::Float, {1, 1, 3}, {2, 3, 4}, {0, 0}, 2);
    }

    void indices()
    {
        // Two planes of 2 x 3; windows of 2 x 2. Column-major order counts down the columns first.
        NodeCase nodeCase{.opType = "MaxPool",
                          .inputs = {tensorOf({1, 2, 2, 3}, {1, 9, 2, 8, 3, 4, 1, 2, 3, 4, 5, 6})},
                          .outputCount = 2};
        nodeCase.attributes = {intsAttribute("kernel_shape", {2, 2}), intAttribute("storage_order", 0)};
        checkRowsOutput(nodeCase, 0, DataType::Float, {1, 2, 1, 2}, {9, 9, 5, 6}, {0, 0}, 1);
        checkRowsOutput(nodeCase, 1, DataType::Int64, {1, 2, 1, 2}, {1, 1, 10, 11}, {0, 0}, 1);
        nodeCase.attributes[1] = intAttribute("storage_order", 1);
        checkRowsOutput(nodeCase, 1, DataType::Int64, {1, 2, 1, 2}, {2, 2, 9, 11}, {0, 0}, 1);
    }

    void integers()
    {
        NodeCase nodeCase{.opType = "MaxPool",
                          .inputs = {tensorOf({1, 1, 3}, {-128, -127, -128}, DataType::Int8)}};
        nodeCase.attributes = {intsAttribute("kernel_shape", {1})};
        checkRows(nodeCase, DataType::Int8, {1, 1, 3}, {-128, -127, -128}, {0, 0}, 1);
    }

    void globalPools()
    {
        const Tensor x = tensorOf({1, 2, 1, 3}, {1, -2, 4, 3, 3, -9});
        checkRows({.opType = "GlobalMaxPool", .inputs = {x}}, DataType::Float, {1, 2, 1, 1}, {4, 3}, {0, 0},
                  1);
        checkRows({.opType = "GlobalAveragePool", .inputs = {x}}, DataType::Float, {1, 2, 1, 1}, {1, -1}, {},
                  1);
        checkRows({.opType = "GlobalLpPool", .inputs = {x}, .attributes = {intAttribute("p", 1)}},
                  DataType::Float, {1, 2, 1, 1}, {7, 15}, {}, 1);
        checkAllFail({.opType = "GlobalMaxPool", .inputs = {randomTensor({1, 2, 0}, 1)}},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "GlobalMaxPool", .inputs = {randomTensor({3}, 1)}}, ErrorCode::ShapeMismatch,
                     1);
    }

    void wrongShapes_data()
    {
        QTest::addColumn<Dims>("x");
        QTest::addColumn<Dims>("kernel");
        QTest::addColumn<QString>("attribute");
        QTest::addColumn<Dims>("values");
        QTest::newRow("kernel larger than input") << Dims{1, 1, 3, 3} << Dims{4, 4} << "" << Dims();
        QTest::newRow("no kernel") << Dims{1, 1, 3, 3} << Dims() << "" << Dims();
        QTest::newRow("kernel of zero") << Dims{1, 1, 3, 3} << Dims{0, 1} << "" << Dims();
        QTest::newRow("kernel's rank") << Dims{1, 1, 3, 3} << Dims{2} << "" << Dims();
        QTest::newRow("input's rank") << Dims{3, 3} << Dims{2, 2} << "" << Dims();
        QTest::newRow("negative pads") << Dims{1, 1, 3, 3} << Dims{2, 2} << "pads" << Dims{0, -1, 0, 0};
        QTest::newRow("pads wider than kernel")
            << Dims{1, 1, 3, 3} << Dims{2, 2} << "pads" << Dims{2, 0, 0, 0};
        QTest::newRow("huge pads") << Dims{1, 1, 3, 3} << Dims{2, 2} << "pads" << Dims{INT64_MAX, 0, 0, 0};
        QTest::newRow("zero stride") << Dims{1, 1, 3, 3} << Dims{2, 2} << "strides" << Dims{0, 1};
    }

    void wrongShapes()
    {
        QFETCH(Dims, x);
        QFETCH(Dims, kernel);
        QFETCH(QString, attribute);
        QFETCH(Dims, values);
        NodeCase nodeCase{.opType = "MaxPool", .inputs = {randomTensor(x, 1)}};
        nodeCase.attributes = {intsAttribute("kernel_shape", kernel)};
        if (!attribute.isEmpty())
            nodeCase.attributes.push_back(intsAttribute(attribute.toStdString(), values));
        checkAllFail(nodeCase, ErrorCode::ShapeMismatch, 2);
        nodeCase.opType = "AveragePool";
        checkAllFail(nodeCase, ErrorCode::ShapeMismatch, 2);
    }
};

std::unique_ptr<QObject> lapidary::createPoolingTest() { return std::make_unique<PoolingTest>(); }

#include "pooling_test.moc"

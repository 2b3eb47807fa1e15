// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/cpu_backend.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>

using namespace lapidary;

namespace {

// The definition of ONNX Conv and ConvTranspose, one multiplication after the other, in double. Every
// position is computed from the tap: wide = narrow * stride + tap * dilation - pad.
struct Reference {
    Dims x, w, y;
    int64_t groups = 1;
    Dims strides, dilations, pads;
    bool transposed = false;

    std::vector<double> run(const std::vector<double>& xs, const std::vector<double>& ws,
                            const std::vector<double>& bias) const
    {
        const size_t rank = x.size() - 2;
        const int64_t inputs = x[1] / groups;
        const int64_t outputs = y[1] / groups;
        std::vector<double> result(static_cast<size_t>(*elementCount(y)), 0.0);
        const Dims& narrow = transposed ? x : y;
        const Dims& wide = transposed ? y : x;
        forEach({x[0], groups, inputs, outputs}, [&](const Dims& at) {
            const int64_t in = at[1] * inputs + at[2];
            const int64_t out = at[1] * outputs + at[3];
            forEach(Dims(w.begin() + 2, w.end()), [&](const Dims& tap) {
                const double weight =
                    ws[index(w, transposed ? join({in, at[3]}, tap) : join({out, at[2]}, tap))];
                forEach(Dims(narrow.begin() + 2, narrow.end()), [&](const Dims& position) {
                    Dims other(rank);
                    for (size_t i = 0; i < rank; ++i) {
                        other[i] = position[i] * strides[i] + tap[i] * dilations[i] - pads[i];
                        if (other[i] < 0 || other[i] >= wide[i + 2])
                            return;
                    }
                    const Dims& from = transposed ? position : other;
                    const Dims& to = transposed ? other : position;
                    result[index(y, join({at[0], out}, to))] +=
                        weight * xs[index(x, join({at[0], in}, from))];
                });
            });
        });
        const int64_t plane = *elementCount(Dims(y.begin() + 2, y.end()));
        for (size_t i = 0; i < result.size() && !bias.empty(); ++i)
            result[i] += bias[i / static_cast<size_t>(plane) % bias.size()];
        return result;
    }

    static Dims join(Dims front, const Dims& back)
    {
        front.insert(front.end(), back.begin(), back.end());
        return front;
    }

    static size_t index(const Dims& dims, const Dims& at)
    {
        int64_t result = 0;
        for (size_t i = 0; i < dims.size(); ++i)
            result = result * dims[i] + at[i];
        return static_cast<size_t>(result);
    }

    template <typename Visit>
    static void forEach(const Dims& limits, const Visit& visit)
    {
        Dims at(limits.size(), 0);
        for (int64_t count = *elementCount(limits); count > 0; --count) {
            visit(at);
            for (size_t i = limits.size(); i-- > 0;) {
                if (++at[i] < limits[i])
                    break;
                at[i] = 0;
            }
        }
    }
};

} // namespace

class ConvolutionTest : public QObject {
    Q_OBJECT

    // Runs all rows on seeded tensors and compares. outputDims: what the specification says.
    static void check(const Reference& reference, bool bias, DataType type, std::vector<Attribute> attributes,
                      bool constantWeights = true)
    {
        const Tensor x = randomTensor(reference.x, 1, type);
        const Tensor w = randomTensor(reference.w, 2, type);
        const Tensor b = randomTensor({reference.y[1]}, 3, type);
        NodeCase nodeCase{.opType = reference.transposed ? "ConvTranspose" : "Conv", .inputs = {x, w}};
        if (bias)
            nodeCase.inputs.push_back(b);
        attributes.push_back(intAttribute("group", reference.groups));
        nodeCase.attributes = std::move(attributes);
        if (constantWeights)
            nodeCase.constants = {1, 2};
        const auto expected =
            reference.run(valuesOf(x), valuesOf(w), bias ? valuesOf(b) : std::vector<double>());
        // Sums of up to 200 products of numbers below 1: rounding of float adds up to about 1e-6.
        const Tolerance tolerance{1e-5 + roundingOf(type), 4e-6 + roundingOf(type)};
        checkRows(nodeCase, type, reference.y, expected, tolerance, 2);
    }

private slots:
    void conv_data()
    {
        QTest::addColumn<Dims>("x");
        QTest::addColumn<Dims>("w");
        QTest::addColumn<Dims>("y");
        QTest::addColumn<qlonglong>("groups");
        QTest::addColumn<Dims>("strides");
        QTest::addColumn<Dims>("dilations");
        QTest::addColumn<Dims>("pads");
        const auto row = [](const char* name, Dims x, Dims w, Dims y, qlonglong groups, Dims strides,
                            Dims dilations, Dims pads) {
            QTest::newRow(name) << x << w << y << groups << strides << dilations << pads;
        };
        row("2d", {1, 3, 8, 9}, {4, 3, 3, 3}, {1, 4, 6, 7}, 1, {1, 1}, {1, 1}, {0, 0, 0, 0});
        row("2d padded", {2, 3, 8, 9}, {5, 3, 3, 3}, {2, 5, 8, 9}, 1, {1, 1}, {1, 1}, {1, 1, 1, 1});
        row("2d strided", {1, 16, 9, 9}, {17, 16, 3, 3}, {1, 17, 5, 5}, 1, {2, 2}, {1, 1}, {1, 1, 1, 1});
        row("2d asymmetric pads", {1, 2, 5, 6}, {3, 2, 3, 2}, {1, 3, 5, 8}, 1, {1, 1}, {1, 1}, {2, 0, 0, 3});
        row("2d dilated", {1, 4, 9, 9}, {4, 4, 3, 3}, {1, 4, 5, 7}, 1, {1, 1}, {2, 1}, {0, 0, 0, 0});
        row("2d groups", {1, 6, 5, 5}, {4, 3, 3, 3}, {1, 4, 5, 5}, 2, {1, 1}, {1, 1}, {1, 1, 1, 1});
        row("2d depthwise", {1, 8, 7, 7}, {8, 1, 3, 3}, {1, 8, 4, 4}, 8, {2, 2}, {1, 1}, {1, 1, 1, 1});
        row("2d depthwise multiplier", {1, 3, 6, 6}, {6, 1, 3, 3}, {1, 6, 6, 6}, 3, {1, 1}, {1, 1},
            {1, 1, 1, 1});
        row("2d pointwise", {2, 32, 4, 4}, {24, 32, 1, 1}, {2, 24, 4, 4}, 1, {1, 1}, {1, 1}, {0, 0, 0, 0});
        row("2d one pixel", {1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}, 1, {1, 1}, {1, 1}, {0, 0, 0, 0});
        row("2d pads wider than kernel", {1, 1, 2, 2}, {1, 1, 1, 1}, {1, 1, 6, 6}, 1, {1, 1}, {1, 1},
            {2, 2, 2, 2});
        row("1d", {1, 3, 11}, {2, 3, 4}, {1, 2, 5}, 1, {2}, {1}, {1, 1});
        row("1d dilated", {1, 2, 12}, {3, 2, 3}, {1, 3, 6}, 1, {1}, {3}, {0, 0});
        row("3d", {1, 2, 5, 4, 6}, {3, 2, 2, 3, 3}, {1, 3, 4, 4, 3}, 1, {1, 1, 2}, {1, 1, 1},
            {0, 1, 1, 0, 1, 1});
        row("4d", {1, 1, 3, 3, 3, 3}, {2, 1, 2, 2, 2, 2}, {1, 2, 2, 2, 2, 2}, 1, {1, 1, 1, 1}, {1, 1, 1, 1},
            {0, 0, 0, 0, 0, 0, 0, 0});
        row("no batch", {0, 2, 4, 4}, {3, 2, 3, 3}, {0, 3, 2, 2}, 1, {1, 1}, {1, 1}, {0, 0, 0, 0});
    }

    void conv()
    {
        QFETCH(Dims, x);
        QFETCH(Dims, w);
        QFETCH(Dims, y);
        QFETCH(qlonglong, groups);
        QFETCH(Dims, strides);
        QFETCH(Dims, dilations);
        QFETCH(Dims, pads);
        const Reference reference{x, w, y, groups, strides, dilations, pads, false};
        const std::vector<Attribute> attributes{intsAttribute("strides", strides),
                                                intsAttribute("dilations", dilations),
                                                intsAttribute("pads", pads)};
        for (const DataType type : {DataType::Float, DataType::Float16, DataType::BFloat16})
            check(reference, true, type, attributes);
        check(reference, false, DataType::Float, attributes, false);
    }

    void autoPad()
    {
        // 5 wide, stride 2: 3 outputs need one more column, which goes to the end or the beginning.
        for (const bool upper : {true, false}) {
            const Reference reference{
                {1, 2, 6, 5}, {3, 2, 3, 2}, {1, 3, 3, 3}, 1, {2, 2}, {1, 1}, upper ? Dims{0, 0} : Dims{1, 1},
                false};
            check(reference, true, DataType::Float,
                  {intsAttribute("strides", {2, 2}),
                   stringAttribute("auto_pad", upper ? "SAME_UPPER" : "SAME_LOWER")});
        }
        const Reference valid{{1, 2, 6, 5}, {3, 2, 3, 2}, {1, 3, 4, 4}, 1, {1, 1}, {1, 1}, {0, 0}, false};
        check(valid, false, DataType::Float,
              {stringAttribute("auto_pad", "VALID"), intsAttribute("pads", {1, 1, 1, 1})});
    }

    void doubleRunsPlain()
    {
        NodeCase nodeCase{.opType = "Conv",
                          .inputs = {tensorOf({1, 1, 3}, {1, 2, 3}, DataType::Double),
                                     tensorOf({1, 1, 2}, {10, 1}, DataType::Double)}};
        checkRows(nodeCase, DataType::Double, {1, 1, 2}, {12, 23}, {}, 1);
    }

    void transposed_data()
    {
        QTest::addColumn<Dims>("x");
        QTest::addColumn<Dims>("w");
        QTest::addColumn<Dims>("y");
        QTest::addColumn<qlonglong>("groups");
        QTest::addColumn<Dims>("strides");
        QTest::addColumn<Dims>("dilations");
        QTest::addColumn<Dims>("pads");
        QTest::addColumn<Dims>("outputPadding");
        const auto row = [](const char* name, Dims x, Dims w, Dims y, qlonglong groups, Dims strides,
                            Dims dilations, Dims pads, Dims outputPadding) {
            QTest::newRow(name) << x << w << y << groups << strides << dilations << pads << outputPadding;
        };
        row("2d", {1, 2, 3, 3}, {2, 4, 3, 3}, {1, 4, 5, 5}, 1, {1, 1}, {1, 1}, {0, 0, 0, 0}, {0, 0});
        row("2d strided", {2, 3, 4, 5}, {3, 2, 3, 3}, {2, 2, 7, 9}, 1, {2, 2}, {1, 1}, {1, 1, 1, 1}, {0, 0});
        row("2d output padding", {1, 3, 4, 5}, {3, 2, 3, 3}, {1, 2, 8, 10}, 1, {2, 2}, {1, 1}, {1, 1, 1, 1},
            {1, 1});
        row("2d upsampling", {1, 16, 4, 4}, {16, 16, 2, 2}, {1, 16, 8, 8}, 1, {2, 2}, {1, 1}, {0, 0, 0, 0},
            {0, 0});
        row("2d groups", {1, 4, 3, 3}, {4, 3, 3, 3}, {1, 6, 5, 5}, 2, {1, 1}, {1, 1}, {0, 0, 0, 0}, {0, 0});
        row("2d dilated", {1, 2, 3, 3}, {2, 1, 2, 2}, {1, 1, 5, 5}, 1, {1, 1}, {2, 2}, {0, 0, 0, 0}, {0, 0});
        row("2d asymmetric", {1, 1, 3, 3}, {1, 2, 3, 3}, {1, 2, 6, 3}, 1, {3, 2}, {1, 1}, {1, 2, 2, 2},
            {0, 0});
        row("1d", {1, 2, 4}, {2, 3, 3}, {1, 3, 9}, 1, {2}, {1}, {0, 0}, {0});
        row("3d", {1, 1, 2, 3, 2}, {1, 2, 2, 2, 3}, {1, 2, 4, 4, 4}, 1, {2, 1, 1}, {1, 1, 1},
            {0, 0, 0, 0, 0, 0}, {0, 0, 0});
    }

    void transposed()
    {
        QFETCH(Dims, x);
        QFETCH(Dims, w);
        QFETCH(Dims, y);
        QFETCH(qlonglong, groups);
        QFETCH(Dims, strides);
        QFETCH(Dims, dilations);
        QFETCH(Dims, pads);
        QFETCH(Dims, outputPadding);
        const Reference reference{x, w, y, groups, strides, dilations, pads, true};
        const std::vector<Attribute> attributes{
            intsAttribute("strides", strides), intsAttribute("dilations", dilations),
            intsAttribute("pads", pads), intsAttribute("output_padding", outputPadding)};
        check(reference, true, DataType::Float, attributes);
        check(reference, false, DataType::Float16, attributes, false);
    }

    void transposedOutputShape()
    {
        // Full size 9; 10 asked for leaves the last row empty, 8 cuts one row off the beginning.
        for (const int64_t size : {10, 8}) {
            const Reference reference{{1, 1, 3}, {1, 2, 3}, {1, 2, size},        1,
                                      {3},       {1},       {size == 8 ? 1 : 0}, true};
            check(reference, true, DataType::Float,
                  {intsAttribute("strides", {3}), intsAttribute("output_shape", {size})});
        }
    }

    void wrongShapes_data()
    {
        QTest::addColumn<Dims>("x");
        QTest::addColumn<Dims>("w");
        QTest::addColumn<Dims>("bias");
        QTest::addColumn<QString>("attribute");
        QTest::addColumn<Dims>("values");
        const auto row = [](const char* name, Dims x, Dims w, Dims bias, const char* attribute, Dims values) {
            QTest::newRow(name) << x << w << bias << QString(attribute) << values;
        };
        row("channels", {1, 3, 5, 5}, {2, 4, 3, 3}, {2}, "", {});
        row("rank of weights", {1, 3, 5, 5}, {2, 3, 3}, {2}, "", {});
        row("rank of input", {3, 5}, {2, 3}, {2}, "", {});
        row("scalar weights", {1, 3, 5, 5}, {}, {2}, "", {});
        row("bias", {1, 3, 5, 5}, {2, 3, 3, 3}, {3}, "", {});
        row("bias rank", {1, 3, 5, 5}, {2, 3, 3, 3}, {2, 1}, "", {});
        row("kernel larger than input", {1, 3, 2, 2}, {2, 3, 3, 3}, {2}, "", {});
        row("empty input", {1, 3, 0, 0}, {2, 3, 3, 3}, {2}, "", {});
        row("empty kernel", {1, 3, 5, 5}, {2, 3, 0, 3}, {2}, "", {});
        row("kernel_shape", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "kernel_shape", {5, 5});
        row("negative pads", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "pads", {-1, 0, 0, 0});
        row("few pads", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "pads", {1, 1});
        row("huge pads", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "pads", {INT64_MAX, INT64_MAX, 1, 1});
        row("zero stride", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "strides", {0, 1});
        row("zero dilation", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "dilations", {0, 1});
        row("huge dilation", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "dilations", {INT64_MAX, 1});
        row("groups", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "group", {2});
        row("no groups", {1, 3, 5, 5}, {2, 3, 3, 3}, {2}, "group", {0});
        row("huge groups", {1, 0, 5, 5}, {0, 3, 3, 3}, {0}, "group", {INT64_MAX});
    }

    void wrongShapes()
    {
        QFETCH(Dims, x);
        QFETCH(Dims, w);
        QFETCH(Dims, bias);
        QFETCH(QString, attribute);
        QFETCH(Dims, values);
        NodeCase nodeCase{.opType = "Conv",
                          .inputs = {randomTensor(x, 1), randomTensor(w, 2), randomTensor(bias, 3)}};
        if (attribute == "group")
            nodeCase.attributes = {intAttribute("group", values[0])};
        else if (!attribute.isEmpty())
            nodeCase.attributes = {intsAttribute(attribute.toStdString(), values)};
        checkAllFail(nodeCase, ErrorCode::ShapeMismatch, 2);
    }

    void oneDnnIsUsed()
    {
        const NodeCase nodeCase{.opType = "Conv",
                                .inputs = {randomTensor({1, 16, 8, 8}, 1), randomTensor({16, 16, 3, 3}, 2)}};
        const auto results = runOnAllRows(nodeCase);
        QCOMPARE(results.size(), size_t{2});
        QVERIFY2(results[0].implementation.starts_with("oneDNN "), results[0].implementation.c_str());
        QCOMPARE(results[1].implementation, std::string("plain"));
    }
};

std::unique_ptr<QObject> lapidary::createConvolutionTest() { return std::make_unique<ConvolutionTest>(); }

#include "convolution_test.moc"

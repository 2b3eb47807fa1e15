// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <numeric>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

Tensor counting(Dims dims, DataType type = f32)
{
    std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
    std::iota(values.begin(), values.end(), 0.0);
    return tensorOf(std::move(dims), values, type);
}

Value ints(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

} // namespace

class ShapeTest : public QObject {
    Q_OBJECT
private slots:
    void reshape()
    {
        const Tensor x = counting({2, 3, 4});
        const std::vector<double> same = valuesOf(x);
        checkRows({.opType = "Reshape", .inputs = {x, ints({0, -1})}}, f32, {2, 12}, same, {}, 1);
        checkRows(
            {.opType = "Reshape", .opset = 1, .inputs = {x}, .attributes = {intsAttribute("shape", {4, -1})}},
            f32, {4, 6}, same, {}, 1);
        checkRows({.opType = "Reshape",
                   .opset = 14,
                   .inputs = {counting({0, 3}), ints({3, 0})},
                   .attributes = {intAttribute("allowzero", 1)}},
                  f32, {3, 0}, {}, {}, 1);
        checkAllFail({.opType = "Reshape", .inputs = {x, ints({5, -1})}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "Reshape", .inputs = {x, ints({-1, -1})}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "Reshape", .inputs = {x, ints({int64_t{1} << 40, int64_t{1} << 40})}},
                     ErrorCode::ShapeMismatch, 1);
        checkRows({.opType = "Flatten", .inputs = {x}, .attributes = {intAttribute("axis", -1)}}, f32, {6, 4},
                  same, {}, 1);
        checkRows({.opType = "Flatten", .inputs = {x}, .attributes = {intAttribute("axis", 0)}}, f32, {1, 24},
                  same, {}, 1);
        checkRows({.opType = "Squeeze",
                   .opset = 11,
                   .inputs = {counting({1, 3, 1})},
                   .attributes = {intsAttribute("axes", {-1})}},
                  f32, {1, 3}, {0, 1, 2}, {}, 1);
        checkRows({.opType = "Squeeze", .opset = 13, .inputs = {counting({1, 3, 1})}}, f32, {3}, {0, 1, 2},
                  {}, 1);
        checkRows({.opType = "Unsqueeze", .opset = 13, .inputs = {counting({3}), ints({0, -1})}}, f32,
                  {1, 3, 1}, {0, 1, 2}, {}, 1);
        checkAllFail({.opType = "Squeeze", .opset = 13, .inputs = {x, ints({1})}}, ErrorCode::ShapeMismatch,
                     1);
        checkAllFail({.opType = "Unsqueeze", .opset = 13, .inputs = {x, ints({7})}}, ErrorCode::ShapeMismatch,
                     1);
    }

    void transpose_data()
    {
        QTest::addColumn<Dims>("dims");
        QTest::addColumn<Dims>("permutation");
        QTest::newRow("matrix") << Dims{37, 53} << Dims{1, 0};
        QTest::newRow("to channels last") << Dims{2, 19, 7, 11} << Dims{0, 2, 3, 1};
        QTest::newRow("to channels first") << Dims{2, 7, 11, 19} << Dims{0, 3, 1, 2};
        QTest::newRow("mixed") << Dims{2, 3, 4, 5, 6} << Dims{4, 1, 3, 0, 2};
        QTest::newRow("empty") << Dims{2, 0, 3} << Dims{2, 1, 0};
        QTest::newRow("same") << Dims{2, 3} << Dims{0, 1};
    }

    void transpose()
    {
        QFETCH(Dims, dims);
        QFETCH(Dims, permutation);
        Dims result;
        for (const int64_t axis : permutation)
            result.push_back(dims[static_cast<size_t>(axis)]);
        for (const DataType type : {f32, DataType::Double, DataType::Float16}) {
            const Tensor x = randomTensor(dims, 3, type);
            std::vector<double> expected;
            for (int64_t i = 0; i < x.count(); ++i) {
                int64_t rest = i;
                Dims at(dims.size());
                for (size_t axis = dims.size(); axis-- > 0;) {
                    at[static_cast<size_t>(permutation[axis])] = rest % result[axis];
                    rest /= result[axis];
                }
                int64_t index = 0;
                for (size_t axis = 0; axis < dims.size(); ++axis)
                    index = index * dims[axis] + at[axis];
                expected.push_back(elementAsDouble(x, index));
            }
            checkRows(
                {.opType = "Transpose", .inputs = {x}, .attributes = {intsAttribute("perm", permutation)}},
                type, result, expected, {0, 0}, 1);
        }
        checkAllFail({.opType = "Transpose",
                      .inputs = {counting({2, 2})},
                      .attributes = {intsAttribute("perm", {1, 1})}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void concatAndSplit()
    {
        const Tensor a = counting({2, 1});
        const Tensor b = counting({2, 2});
        checkRows({.opType = "Concat", .inputs = {a, b}, .attributes = {intAttribute("axis", 1)}}, f32,
                  {2, 3}, {0, 0, 1, 1, 2, 3}, {}, 1);
        checkAllFail({.opType = "Concat", .inputs = {a, b}, .attributes = {intAttribute("axis", 0)}},
                     ErrorCode::ShapeMismatch, 1);
        const Tensor x = counting({2, 5});
        const NodeCase split{.opType = "Split",
                             .opset = 13,
                             .inputs = {x, ints({2, 3})},
                             .attributes = {intAttribute("axis", 1)},
                             .outputCount = 2};
        checkRowsOutput(split, 0, f32, {2, 2}, {0, 1, 5, 6}, {}, 1);
        checkRowsOutput(split, 1, f32, {2, 3}, {2, 3, 4, 7, 8, 9}, {}, 1);
        checkRowsOutput({.opType = "Split",
                         .opset = 18,
                         .inputs = {counting({5})},
                         .attributes = {intAttribute("num_outputs", 2)},
                         .outputCount = 2},
                        1, f32, {2}, {3, 4}, {}, 1);
        checkRowsOutput({.opType = "Split",
                         .opset = 1,
                         .inputs = {x, tensorOf({2}, {2, 3})},
                         .attributes = {intAttribute("axis", 1)},
                         .outputCount = 2},
                        1, f32, {2, 3}, {2, 3, 4, 7, 8, 9}, {}, 1);
        checkAllFail({.opType = "Split",
                      .opset = 13,
                      .inputs = {x, ints({2, 2})},
                      .attributes = {intAttribute("axis", 1)},
                      .outputCount = 2},
                     ErrorCode::ShapeMismatch, 1);
    }

    void slice()
    {
        const Tensor x = counting({10});
        const auto slice = [&](int64_t start, int64_t end, int64_t step) {
            return NodeCase{.opType = "Slice",
                            .opset = 13,
                            .inputs = {x, ints({start}), ints({end}), ints({0}), ints({step})}};
        };
        constexpr int64_t far = std::numeric_limits<int64_t>::max();
        constexpr int64_t low = std::numeric_limits<int64_t>::min();
        checkRows(slice(2, 8, 3), f32, {2}, {2, 5}, {}, 1);
        checkRows(slice(-3, far, 1), f32, {3}, {7, 8, 9}, {}, 1);
        checkRows(slice(far, low, -4), f32, {3}, {9, 5, 1}, {}, 1);
        checkRows(slice(3, low, -1), f32, {4}, {3, 2, 1, 0}, {}, 1);
        checkRows(slice(0, far, far), f32, {1}, {0}, {}, 1);
        checkRows(slice(9, 0, low), f32, {1}, {9}, {}, 1);
        checkRows(slice(5, 2, 1), f32, {0}, {}, {}, 1);
        checkAllFail(slice(0, 1, 0), ErrorCode::InvalidArgument, 1);
        checkRows({.opType = "Slice",
                   .opset = 9,
                   .inputs = {counting({2, 3})},
                   .attributes = {intsAttribute("starts", {1}), intsAttribute("ends", {9}),
                                  intsAttribute("axes", {1})}},
                  f32, {2, 2}, {1, 2, 4, 5}, {}, 1);
    }

    void pad()
    {
        const Tensor x = counting({1, 3});
        const auto pad = [&](const char* mode, const std::vector<int64_t>& pads) {
            return NodeCase{.opType = "Pad",
                            .opset = 19,
                            .inputs = {x, ints(pads)},
                            .attributes = {stringAttribute("mode", mode)}};
        };
        checkRows(pad("constant", {0, 1, 1, 2}), f32, {2, 6}, {0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0}, {}, 1);
        checkRows(pad("reflect", {0, 2, 0, 3}), f32, {1, 8}, {2, 1, 0, 1, 2, 1, 0, 1}, {}, 1);
        checkRows(pad("edge", {0, 2, 0, 1}), f32, {1, 6}, {0, 0, 0, 1, 2, 2}, {}, 1);
        checkRows(pad("wrap", {0, 2, 0, 4}), f32, {1, 9}, {1, 2, 0, 1, 2, 0, 1, 2, 0}, {}, 1);
        checkRows(pad("constant", {0, -1, 0, 1}), f32, {1, 3}, {1, 2, 0}, {}, 1);
        checkAllFail(pad("constant", {0, -4, 0, 0}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(pad("constant", {1}), ErrorCode::ShapeMismatch, 1);
        checkRows({.opType = "Pad",
                   .opset = 2,
                   .inputs = {x},
                   .attributes = {intsAttribute("pads", {0, 1, 0, 0}), floatAttribute("value", 9)}},
                  f32, {1, 4}, {9, 0, 1, 2}, {}, 1);
        checkRows(
            {.opType = "Pad", .opset = 18, .inputs = {x, ints({1, 0}), Tensor::scalar(5.0f), ints({-1})}},
            f32, {1, 4}, {5, 0, 1, 2}, {}, 1);
    }

    void repeat()
    {
        checkRows({.opType = "Expand", .inputs = {counting({2, 1}), ints({3, 1, 2})}}, f32, {3, 2, 2},
                  {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1}, {}, 1);
        checkRows({.opType = "Tile", .inputs = {counting({1, 2}), ints({2, 2})}}, f32, {2, 4},
                  {0, 1, 0, 1, 0, 1, 0, 1}, {}, 1);
        checkAllFail({.opType = "Expand", .inputs = {counting({2}), ints({3})}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "Expand", .inputs = {counting({1}), ints({-1})}}, ErrorCode::ShapeMismatch,
                     1);
        checkAllFail({.opType = "Tile", .inputs = {counting({2}), ints({int64_t{1} << 62})}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void made()
    {
        checkRows({.opType = "Shape",
                   .opset = 15,
                   .inputs = {counting({2, 3, 4})},
                   .attributes = {intAttribute("start", -2)}},
                  DataType::Int64, {2}, {3, 4}, {}, 1);
        checkRows({.opType = "Size", .inputs = {counting({2, 3})}}, DataType::Int64, {}, {6}, {}, 1);
        checkRows(
            {.opType = "ConstantOfShape",
             .inputs = {ints({2})},
             .attributes = {tensorAttribute("value", Tensor::of<int32_t>({1}, std::vector<int32_t>{7}))}},
            DataType::Int32, {2}, {7, 7}, {}, 1);
        checkAllFail({.opType = "ConstantOfShape", .inputs = {ints({-2})}}, ErrorCode::InvalidArgument, 1);
        checkRows({.opType = "Constant", .inputs = {}, .attributes = {intsAttribute("value_ints", {4, 5})}},
                  DataType::Int64, {2}, {4, 5}, {}, 1);
        const auto range = [](double start, double limit, double delta) {
            return NodeCase{.opType = "Range",
                            .inputs = {tensorOf({}, {start}, DataType::Int32),
                                       tensorOf({}, {limit}, DataType::Int32),
                                       tensorOf({}, {delta}, DataType::Int32)}};
        };
        checkRows(range(10, 3, -3), DataType::Int32, {3}, {10, 7, 4}, {}, 1);
        checkRows(range(3, 3, 1), DataType::Int32, {0}, {}, {}, 1);
        checkAllFail(range(0, 3, 0), ErrorCode::InvalidArgument, 1);
        checkRows({.opType = "EyeLike", .inputs = {counting({2, 3})}, .attributes = {intAttribute("k", 1)}},
                  f32, {2, 3}, {0, 1, 0, 0, 0, 1}, {}, 1);
        checkRows({.opType = "Trilu", .inputs = {counting({3, 3})}, .attributes = {intAttribute("upper", 0)}},
                  f32, {3, 3}, {0, 0, 0, 3, 4, 0, 6, 7, 8}, {}, 1);
    }

    void blocks()
    {
        const Tensor x = counting({1, 4, 1, 2});
        checkRows({.opType = "DepthToSpace", .inputs = {x}, .attributes = {intAttribute("blocksize", 2)}},
                  f32, {1, 1, 2, 4}, {0, 2, 1, 3, 4, 6, 5, 7}, {}, 1);
        checkRows({.opType = "SpaceToDepth",
                   .inputs = {counting({1, 1, 2, 4})},
                   .attributes = {intAttribute("blocksize", 2)}},
                  f32, {1, 4, 1, 2}, {0, 2, 1, 3, 4, 6, 5, 7}, {}, 1);
        checkAllFail({.opType = "DepthToSpace", .inputs = {x}, .attributes = {intAttribute("blocksize", 3)}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void halfBytes()
    {
        const Tensor x = [] {
            Tensor packed = Tensor::allocate(DataType::UInt4, {2, 3}).value();
            const uint8_t bytes[] = {0x10, 0x32, 0x54};
            std::copy(std::begin(bytes), std::end(bytes), packed.mutableData<uint8_t>());
            return packed;
        }();
        checkRows({.opType = "Transpose", .opset = 21, .inputs = {x}}, DataType::UInt4, {3, 2},
                  {0, 3, 1, 4, 2, 5}, {}, 1);
        checkRows({.opType = "Gather", .inputs = {x, ints({1})}}, DataType::UInt4, {1, 3}, {3, 4, 5}, {}, 1);
    }

    void gather()
    {
        const Tensor x = counting({3, 2});
        checkRows({.opType = "Gather", .inputs = {x, ints({2, -3})}}, f32, {2, 2}, {4, 5, 0, 1}, {}, 1);
        checkRows({.opType = "Gather",
                   .inputs = {x, Tensor::scalar(int64_t{1})},
                   .attributes = {intAttribute("axis", 1)}},
                  f32, {3}, {1, 3, 5}, {}, 1);
        checkAllFail({.opType = "Gather", .inputs = {x, ints({3})}}, ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "Gather", .inputs = {x, ints({0})}, .attributes = {intAttribute("axis", 2)}},
                     ErrorCode::ShapeMismatch, 1);
        const Value words = Tensor::ofStrings({2}, {"a", "b"});
        const auto picked = runOnAllRows({.opType = "Gather", .inputs = {words, ints({1, 1})}});
        QCOMPARE((*picked.at(0).outputs)[0].tensor()->strings().at(0), std::string("b"));
        const Tensor index = tensorOf({1, 2}, {1, -1}, DataType::Int64);
        checkRows({.opType = "GatherElements", .inputs = {x, index}}, f32, {1, 2}, {2, 5}, {}, 1);
        checkRows({.opType = "GatherND", .inputs = {x, index}}, f32, {1}, {3}, {}, 1);
        checkAllFail({.opType = "GatherND", .inputs = {x, tensorOf({1, 3}, {0, 0, 0}, DataType::Int64)}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void scatter()
    {
        const Tensor x = counting({4});
        const Tensor at = tensorOf({2}, {1, 1}, DataType::Int64);
        const Tensor updates = tensorOf({2}, {10, 20});
        checkRows({.opType = "ScatterElements", .opset = 18, .inputs = {x, at, updates}}, f32, {4},
                  {0, 20, 2, 3}, {}, 1);
        checkRows({.opType = "ScatterElements",
                   .opset = 18,
                   .inputs = {x, at, updates},
                   .attributes = {stringAttribute("reduction", "add")}},
                  f32, {4}, {0, 31, 2, 3}, {}, 1);
        checkRows({.opType = "Scatter", .opset = 9, .inputs = {x, at, updates}}, f32, {4}, {0, 20, 2, 3}, {},
                  1);
        const Tensor tuples = tensorOf({2, 1}, {0, 3}, DataType::Int64);
        checkRows({.opType = "ScatterND",
                   .opset = 18,
                   .inputs = {x, tuples, updates},
                   .attributes = {stringAttribute("reduction", "max")}},
                  f32, {4}, {10, 1, 2, 20}, {}, 1);
        checkAllFail({.opType = "ScatterND", .opset = 18, .inputs = {x, tuples, tensorOf({1}, {1})}},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "ScatterElements", .inputs = {x, ints({9}), tensorOf({1}, {1})}},
                     ErrorCode::InvalidArgument, 1);
    }

    void order()
    {
        const Tensor x = tensorOf({2, 3}, {3, 1, 3, 5, 6, 4});
        const NodeCase top{.opType = "TopK", .opset = 11, .inputs = {x, ints({2})}, .outputCount = 2};
        checkRowsOutput(top, 0, f32, {2, 2}, {3, 3, 6, 5}, {}, 1);
        checkRowsOutput(top, 1, DataType::Int64, {2, 2}, {0, 2, 1, 0}, {}, 1);
        checkRows({.opType = "TopK",
                   .opset = 11,
                   .inputs = {x, ints({1})},
                   .attributes = {intAttribute("largest", 0), intAttribute("axis", 0)},
                   .outputCount = 2},
                  f32, {1, 3}, {3, 1, 3}, {}, 1);
        checkAllFail({.opType = "TopK", .opset = 11, .inputs = {x, ints({4})}, .outputCount = 2},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "TopK", .opset = 11, .inputs = {x, ints({-1})}, .outputCount = 2},
                     ErrorCode::InvalidArgument, 1);
        const NodeCase unique{.opType = "Unique",
                              .inputs = {tensorOf({4}, {2, 1, 2, 3})},
                              .attributes = {intAttribute("sorted", 0)},
                              .outputCount = 4};
        checkRowsOutput(unique, 0, f32, {3}, {2, 1, 3}, {}, 1);
        checkRowsOutput(unique, 1, DataType::Int64, {3}, {0, 1, 3}, {}, 1);
        checkRowsOutput(unique, 2, DataType::Int64, {4}, {0, 1, 0, 2}, {}, 1);
        checkRowsOutput(unique, 3, DataType::Int64, {3}, {2, 1, 1}, {}, 1);
    }

    void selection()
    {
        checkRows({.opType = "NonZero", .inputs = {tensorOf({2, 2}, {1, 0, 1, 1})}}, DataType::Int64, {2, 3},
                  {0, 1, 1, 0, 0, 1}, {}, 1);
        checkRows({.opType = "Compress",
                   .inputs = {counting({2, 3}), tensorOf({2}, {0, 1}, DataType::Bool)},
                   .attributes = {intAttribute("axis", 1)}},
                  f32, {2, 1}, {1, 4}, {}, 1);
        checkRows({.opType = "OneHot",
                   .inputs = {tensorOf({2}, {1, -1}, DataType::Int64), Tensor::scalar(int64_t{3}),
                              tensorOf({2}, {0, 5})}},
                  f32, {2, 3}, {0, 5, 0, 0, 0, 5}, {}, 1);
        checkRows({.opType = "ReverseSequence", .inputs = {counting({3, 2}), ints({1, 3})}}, f32, {3, 2},
                  {0, 5, 2, 3, 4, 1}, {}, 1);
        checkAllFail({.opType = "ReverseSequence", .inputs = {counting({3, 2}), ints({1, 4})}},
                     ErrorCode::InvalidArgument, 1);
    }

    void random()
    {
        const NodeCase uniform{.opType = "RandomUniform",
                               .inputs = {},
                               .attributes = {intsAttribute("shape", {10000}), floatAttribute("seed", 3)}};
        const auto first = runOnAllRows(uniform);
        const auto second = runOnAllRows(uniform);
        const std::vector<double> values = valuesOf(*(*first.at(0).outputs)[0].tensor());
        QCOMPARE(values, valuesOf(*(*second.at(0).outputs)[0].tensor()));
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 10000;
        QVERIFY(std::fabs(mean - 0.5) < 0.02);
        QVERIFY(*std::min_element(values.begin(), values.end()) >= 0 &&
                *std::max_element(values.begin(), values.end()) < 1);
        checkRows({.opType = "Multinomial",
                   .inputs = {tensorOf({1, 3}, {-1e9, 0, -1e9})},
                   .attributes = {intAttribute("sample_size", 4)}},
                  DataType::Int32, {1, 4}, {1, 1, 1, 1}, {}, 1);
        checkRows({.opType = "Bernoulli", .inputs = {tensorOf({3}, {0, 1, 0})}}, f32, {3}, {0, 1, 0}, {}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createShapeTest() { return std::make_unique<ShapeTest>(); }

#include "shape_test.moc"

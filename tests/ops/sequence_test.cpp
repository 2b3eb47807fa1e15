// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences against lists of tensors kept by the test.
#include "engine/ops/inference.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <random>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

// Output 0 of the only row; an error gives an absent value, and is printed.
Value resultOf(const NodeCase& nodeCase)
{
    auto results = runOnAllRows(nodeCase);
    if (results.size() != 1 || !results[0].outputs.ok()) {
        qWarning("%s", results.empty() ? "no row" : results[0].outputs.error().toString().c_str());
        return {};
    }
    return (*results[0].outputs)[0];
}

Value sequenceOf(const std::vector<Tensor>& tensors)
{
    Sequence sequence;
    sequence.items.assign(tensors.begin(), tensors.end());
    return sequence;
}

// Empty when value is a sequence of these tensors.
std::string differenceOf(const Value& value, const std::vector<Tensor>& expected)
{
    const Sequence* sequence = value.sequence();
    if (!sequence || sequence->items.size() != expected.size())
        return "expected a sequence of " + std::to_string(expected.size()) + ", found " + describe(value);
    for (size_t i = 0; i < expected.size(); ++i) {
        const std::string problem =
            difference(sequence->items[i], expected[i].type(), expected[i].dims(), valuesOf(expected[i]), {});
        if (!problem.empty())
            return "item " + std::to_string(i) + ": " + problem;
    }
    return {};
}

Tensor position(int64_t value, bool narrow)
{
    return narrow ? Tensor::scalar(static_cast<int32_t>(value)) : Tensor::scalar(value);
}

Tensor list(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

// Elements [begin, begin + size) along axis, picked one by one.
Tensor partOf(const Tensor& x, size_t axis, int64_t begin, int64_t size, bool dropAxis = false)
{
    Dims dims = x.dims();
    dims[axis] = size;
    std::vector<double> values;
    int64_t inner = 1;
    for (size_t i = axis + 1; i < dims.size(); ++i)
        inner *= dims[i];
    for (int64_t i = 0; i < x.count(); ++i) {
        const int64_t at = i / inner % x.dims()[axis];
        if (at >= begin && at < begin + size)
            values.push_back(elementAsDouble(x, i));
    }
    if (dropAxis)
        dims.erase(dims.begin() + static_cast<ptrdiff_t>(axis));
    return tensorOf(dims, values, x.type());
}

// The type of output 0 as inference sees it; constants as in the case.
std::string inferredType(const NodeCase& nodeCase, const std::vector<TypeInfo>& inputTypes)
{
    Model model = makeModel(nodeCase);
    for (size_t i = 0; i < model.graph.initializers.size(); ++i)
        model.graph.values[static_cast<size_t>(model.graph.initializers[i].value)].initializer =
            static_cast<int32_t>(i);
    for (size_t i = 0; i < inputTypes.size(); ++i)
        model.graph.values[static_cast<size_t>(model.graph.nodes[0].inputs[i])].type = inputTypes[i];
    JobContext job;
    const InferredTypes types = inferTypes(model, {}, job).value();
    if (!types.findings.empty())
        return "contradiction";
    return toString(types.type(model.graph.nodes[0].outputs[0]));
}

class Dice {
public:
    explicit Dice(uint32_t seed) : m_random(seed) {}
    int64_t between(int64_t low, int64_t high)
    {
        return std::uniform_int_distribution<int64_t>(low, high)(m_random);
    }

private:
    std::mt19937 m_random;
};

} // namespace

class SequenceTest : public QObject {
    Q_OBJECT
private slots:
    void emptyAndConstruct()
    {
        const Value plain = resultOf({.opType = "SequenceEmpty", .opset = 11, .inputs = {}});
        QVERIFY(plain.sequence() && plain.sequence()->items.empty());
        QCOMPARE(plain.sequence()->elementType.dataType, f32);
        const Value strings = resultOf(
            {.opType = "SequenceEmpty", .opset = 11, .inputs = {}, .attributes = {intAttribute("dtype", 8)}});
        QCOMPARE(strings.sequence()->elementType.dataType, DataType::String);
        const Tensor a = tensorOf({2}, {1, 2});
        const Tensor b = tensorOf({}, {3});
        const Tensor c = tensorOf({0, 4}, {});
        const Value made = resultOf({.opType = "SequenceConstruct", .opset = 11, .inputs = {a, b, c}});
        QCOMPARE(differenceOf(made, {a, b, c}), std::string());
        checkAllFail({.opType = "SequenceConstruct", .inputs = {a, tensorOf({2}, {1, 2}, DataType::Double)}},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "SequenceConstruct", .inputs = {}}, ErrorCode::InvalidModel, 1);
        checkAllFail({.opType = "SequenceConstruct", .inputs = {a, sequenceOf({b})}},
                     ErrorCode::ShapeMismatch, 1);
    }

    // A long random story of insertions and erasures, told to a vector as well.
    void editsLikeAList()
    {
        Dice dice(7);
        std::vector<Tensor> expected;
        Value sequence = resultOf({.opType = "SequenceEmpty", .inputs = {}});
        for (int step = 0; step < 200; ++step) {
            const auto length = static_cast<int64_t>(expected.size());
            const bool narrow = dice.between(0, 1) == 0;
            const bool atEnd = dice.between(0, 3) == 0;
            if (length == 0 || dice.between(0, 2) > 0) {
                const Tensor x = randomTensor({dice.between(0, 3), 2}, static_cast<uint32_t>(step));
                const int64_t at = atEnd ? length : dice.between(-length, length);
                const Value where = atEnd ? Value() : Value(position(at, narrow));
                sequence = resultOf({.opType = "SequenceInsert", .inputs = {sequence, x, where}});
                expected.insert(expected.begin() + (at < 0 ? at + length : at), x);
            } else {
                const int64_t at = atEnd ? length - 1 : dice.between(-length, length - 1);
                const Value where = atEnd ? Value() : Value(position(at, narrow));
                sequence = resultOf({.opType = "SequenceErase", .inputs = {sequence, where}});
                expected.erase(expected.begin() + (at < 0 ? at + length : at));
            }
            QCOMPARE(differenceOf(sequence, expected), std::string());
            const auto size = static_cast<double>(expected.size());
            checkRows({.opType = "SequenceLength", .inputs = {sequence}}, DataType::Int64, {}, {size}, {}, 1);
        }
        const auto length = static_cast<int64_t>(expected.size());
        for (int64_t i = -length; i < length; ++i) {
            const Tensor& item = expected[static_cast<size_t>(i < 0 ? i + length : i)];
            checkRows({.opType = "SequenceAt", .inputs = {sequence, position(i, i % 2 == 0)}}, f32,
                      item.dims(), valuesOf(item), {}, 1);
        }
    }

    void positionsOutside()
    {
        const Tensor x = tensorOf({1}, {1});
        const Value two = sequenceOf({x, x});
        for (const int64_t at : {int64_t{2}, int64_t{-3}, INT64_MAX, INT64_MIN}) {
            checkAllFail({.opType = "SequenceAt", .inputs = {two, position(at, false)}},
                         ErrorCode::InvalidArgument, 1);
            checkAllFail({.opType = "SequenceErase", .inputs = {two, position(at, false)}},
                         ErrorCode::InvalidArgument, 1);
        }
        for (const int64_t at : {3, -3})
            checkAllFail({.opType = "SequenceInsert", .inputs = {two, x, position(at, true)}},
                         ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "SequenceErase", .inputs = {Sequence()}}, ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "SequenceAt", .inputs = {Sequence(), position(0, false)}},
                     ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "SequenceAt", .inputs = {two}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "SequenceAt", .inputs = {two, x}}, ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "SequenceLength", .inputs = {x}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "SequenceLength", .inputs = {}}, ErrorCode::ShapeMismatch, 1);
    }

    void oneTypeOnly()
    {
        const Tensor x = tensorOf({1}, {1}, DataType::Int8);
        const Value typed = Sequence{TypeInfo::tensor(f32), {}};
        checkAllFail({.opType = "SequenceInsert", .inputs = {typed, x}}, ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "SequenceInsert", .inputs = {sequenceOf({tensorOf({1}, {1})}), x}},
                     ErrorCode::ShapeMismatch, 1);
        QCOMPARE(differenceOf(resultOf({.opType = "SequenceInsert", .inputs = {Sequence(), x}}), {x}),
                 std::string());
    }

    void splits()
    {
        Dice dice(11);
        for (int round = 0; round < 150; ++round) {
            Dims dims(static_cast<size_t>(dice.between(1, 4)));
            for (int64_t& dim : dims)
                dim = dice.between(0, 5);
            const Tensor x = randomTensor(dims, static_cast<uint32_t>(round), DataType::Double);
            const int64_t axis = dice.between(-x.rank(), x.rank() - 1);
            const auto at = static_cast<size_t>(axis < 0 ? axis + x.rank() : axis);
            const int64_t keep = dice.between(0, 1);
            NodeCase split{.opType = "SplitToSequence",
                           .opset = dice.between(0, 1) == 0 ? 11 : 24,
                           .inputs = {x},
                           .attributes = {intAttribute("axis", axis), intAttribute("keepdims", keep)}};
            std::vector<Tensor> expected;
            const int64_t form = dice.between(0, 2);
            std::vector<int64_t> sizes;
            for (int64_t rest = dims[at]; rest > 0; rest -= sizes.back())
                sizes.push_back(form == 2 ? dice.between(0, rest) : 1);
            if (form == 1) { // a scalar
                const int64_t chunk = dice.between(1, 6);
                split.inputs.push_back(position(chunk, round % 2 == 0));
                sizes.clear();
                for (int64_t rest = dims[at]; rest > 0; rest -= chunk)
                    sizes.push_back(std::min(rest, chunk));
            } else if (form == 2) {
                split.inputs.push_back(list(sizes));
            }
            int64_t begin = 0;
            for (const int64_t size : sizes) {
                expected.push_back(partOf(x, at, begin, size, form == 0 && keep == 0));
                begin += size;
            }
            const Value found = resultOf(split);
            QCOMPARE(differenceOf(found, expected), std::string());
            if (form == 0 && keep == 0 && !expected.empty()) // and back
                checkRows({.opType = "ConcatFromSequence",
                           .inputs = {found},
                           .attributes = {intAttribute("axis", axis), intAttribute("new_axis", 1)}},
                          DataType::Double, dims, valuesOf(x), {}, 1);
            else if (!expected.empty())
                checkRows({.opType = "ConcatFromSequence",
                           .inputs = {found},
                           .attributes = {intAttribute("axis", axis)}},
                          DataType::Double, dims, valuesOf(x), {}, 1);
        }
    }

    void splitsThatFail()
    {
        const Tensor x = tensorOf({4}, {1, 2, 3, 4});
        const auto split = [&](Tensor sizes) {
            return NodeCase{.opType = "SplitToSequence", .inputs = {x, std::move(sizes)}};
        };
        checkAllFail(split(list({2, 1})), ErrorCode::ShapeMismatch, 1);
        checkAllFail(split(list({5, -1})), ErrorCode::ShapeMismatch, 1);
        checkAllFail(split(list({})), ErrorCode::ShapeMismatch, 1);
        checkAllFail(split(list({INT64_MAX, INT64_MAX})), ErrorCode::ShapeMismatch, 1);
        checkAllFail(split(position(0, false)), ErrorCode::InvalidArgument, 1);
        checkAllFail(split(position(-2, false)), ErrorCode::InvalidArgument, 1);
        checkAllFail(split(tensorOf({1}, {4})), ErrorCode::InvalidArgument, 1);
        checkAllFail(split(Tensor::of<int64_t>({1, 1}, std::vector<int64_t>{4})), ErrorCode::ShapeMismatch,
                     1);
        checkAllFail({.opType = "SplitToSequence", .inputs = {tensorOf({}, {1})}}, ErrorCode::ShapeMismatch,
                     1);
        checkAllFail({.opType = "SplitToSequence", .inputs = {x}, .attributes = {intAttribute("axis", 1)}},
                     ErrorCode::ShapeMismatch, 1);
        const Tensor wide = Tensor::allocate(f32, {int64_t{1} << 40, 0}).value();
        checkAllFail({.opType = "SplitToSequence", .inputs = {wide}}, ErrorCode::InvalidArgument, 1);
    }

    void concatenates()
    {
        const Tensor a = tensorOf({2, 1}, {1, 2});
        const Tensor b = tensorOf({2, 2}, {3, 4, 5, 6});
        const NodeCase columns{.opType = "ConcatFromSequence",
                               .opset = 11,
                               .inputs = {sequenceOf({a, b})},
                               .attributes = {intAttribute("axis", -1)}};
        checkRows(columns, f32, {2, 3}, {1, 3, 4, 2, 5, 6}, {}, 1);
        NodeCase stack{.opType = "ConcatFromSequence",
                       .inputs = {sequenceOf({tensorOf({}, {7}), tensorOf({}, {8})})},
                       .attributes = {intAttribute("axis", -1), intAttribute("new_axis", 1)}};
        checkRows(stack, f32, {2}, {7, 8}, {}, 1);
        stack.inputs = {sequenceOf({tensorOf({2}, {1, 2}), tensorOf({2}, {3, 4})})};
        checkRows(stack, f32, {2, 2}, {1, 3, 2, 4}, {}, 1);
        stack.attributes = {intAttribute("axis", 2), intAttribute("new_axis", 1)};
        checkAllFail(stack, ErrorCode::ShapeMismatch, 1);
        stack.attributes = {};
        checkAllFail(stack, ErrorCode::InvalidModel, 1);
        const auto concat = [](Value sequence) {
            return NodeCase{.opType = "ConcatFromSequence",
                            .inputs = {std::move(sequence)},
                            .attributes = {intAttribute("axis", 0)}};
        };
        checkAllFail(concat(Sequence()), ErrorCode::ShapeMismatch, 1);
        checkAllFail(concat(sequenceOf({a, b})), ErrorCode::ShapeMismatch, 1);
        checkAllFail(concat(sequenceOf({a, tensorOf({2, 1}, {1, 2}, DataType::Int32)})),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(concat(Sequence{{}, {sequenceOf({a})}}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(concat(a), ErrorCode::ShapeMismatch, 1);
    }

    void allTypes()
    {
        const auto roundTrip = [](const Tensor& x) {
            const Value parts = resultOf({.opType = "SplitToSequence", .inputs = {x}});
            const Value whole = resultOf(
                {.opType = "ConcatFromSequence", .inputs = {parts}, .attributes = {intAttribute("axis", 0)}});
            return whole.tensor() ? *whole.tensor() : Tensor();
        };
        for (int number = 1; number < dataTypeCount; ++number) {
            const auto type = static_cast<DataType>(number);
            if (isSubByte(type) || type == DataType::String)
                continue;
            Tensor x = Tensor::allocate(type, {3, 2}).value();
            for (uint64_t i = 0; i < x.sizeBytes(); ++i)
                x.mutableBytes()[i] = static_cast<std::byte>(type == DataType::Bool ? i % 2 : i * 7 + 1);
            const Tensor y = roundTrip(x);
            QCOMPARE(y.type(), type);
            QCOMPARE(y.dims(), x.dims());
            QVERIFY(std::equal(x.bytes(), x.bytes() + x.sizeBytes(), y.bytes()));
        }
        const Tensor words = Tensor::ofStrings({3}, {"a", "", "ccc"});
        QCOMPARE(roundTrip(words).strings(), words.strings());
    }

    void types()
    {
        const Tensor x = tensorOf({1}, {1});
        const TypeInfo a = TypeInfo::tensor(f32, Shape{Dim("n"), Dim(2), Dim(4)});
        const TypeInfo b = TypeInfo::tensor(f32, Shape{Dim("n"), Dim(3), Dim(4)});
        const TypeInfo ints = TypeInfo::tensor(DataType::Int64, Shape{Dim(1)});
        const TypeInfo ofA = TypeInfo::sequence(a);
        const NodeCase construct{.opType = "SequenceConstruct", .inputs = {x, x}};
        QCOMPARE(inferredType(construct, {a, b}), std::string("sequence(float32[n×?×4])"));
        QCOMPARE(inferredType(construct, {a, TypeInfo::tensor(f32, Shape(2))}),
                 std::string("sequence(float32)"));
        QCOMPARE(inferredType(construct, {a, ints}), std::string("contradiction"));
        QCOMPARE(inferredType(construct, {a, ofA}), std::string("contradiction"));
        QCOMPARE(inferredType({.opType = "SequenceInsert", .inputs = {x, x}}, {ofA, b}),
                 std::string("sequence(float32[n×?×4])"));
        QCOMPARE(inferredType({.opType = "SequenceAt", .inputs = {x, x}}, {ofA}),
                 std::string("float32[n×2×4]"));
        QCOMPARE(inferredType({.opType = "SequenceAt", .inputs = {x, x}}, {a}), std::string("contradiction"));
        QCOMPARE(inferredType({.opType = "SequenceErase", .inputs = {x}}, {ofA}),
                 std::string("sequence(float32[n×2×4])"));
        QCOMPARE(inferredType({.opType = "SequenceLength", .inputs = {x}}, {ofA}),
                 std::string("int64[scalar]"));
        NodeCase split{.opType = "SplitToSequence",
                       .inputs = {x},
                       .attributes = {intAttribute("axis", 2), intAttribute("keepdims", 0)}};
        QCOMPARE(inferredType(split, {a}), std::string("sequence(float32[n×2])"));
        split.inputs.push_back(position(2, false));
        split.constants = {1};
        QCOMPARE(inferredType(split, {a}), std::string("sequence(float32[n×2×2])"));
        split.inputs[1] = list({1, 3});
        QCOMPARE(inferredType(split, {a}), std::string("sequence(float32[n×2×?])"));
        NodeCase concat{
            .opType = "ConcatFromSequence", .inputs = {x}, .attributes = {intAttribute("axis", -1)}};
        QCOMPARE(inferredType(concat, {ofA}), std::string("float32[n×2×?]"));
        concat.attributes.push_back(intAttribute("new_axis", 1));
        QCOMPARE(inferredType(concat, {ofA}), std::string("float32[n×2×4×?]"));
    }
};

std::unique_ptr<QObject> lapidary::createSequenceTest() { return std::make_unique<SequenceTest>(); }

#include "sequence_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/inference.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>

using namespace lapidary;

namespace {

// Output 0 of the only row, which must succeed.
Value resultOf(const NodeCase& nodeCase)
{
    auto results = runOnAllRows(nodeCase);
    if (results.size() != 1 || !results[0].outputs.ok()) {
        qWarning("%s", results.empty() ? "no row" : results[0].outputs.error().toString().c_str());
        return Tensor::scalar(std::numeric_limits<float>::quiet_NaN());
    }
    return (*results[0].outputs)[0];
}

std::string inferredType(const NodeCase& nodeCase, TypeInfo inputType)
{
    Model model = makeModel(nodeCase);
    if (!model.graph.inputs.empty())
        model.graph.values[static_cast<size_t>(model.graph.inputs[0])].type = std::move(inputType);
    JobContext job;
    const InferredTypes types = inferTypes(model, {}, job).value();
    return toString(types.type(model.graph.nodes[0].outputs[0]));
}

} // namespace

class OptionalTest : public QObject {
    Q_OBJECT
private slots:
    void wrapsWhatItIsGiven()
    {
        const Tensor x = tensorOf({2}, {3, 4});
        checkRows({.opType = "Optional", .opset = 15, .inputs = {x}}, DataType::Float, {2}, {3, 4}, {}, 1);
        const Value sequence = resultOf({.opType = "Optional", .inputs = {Sequence{{}, {x, x}}}});
        QVERIFY(sequence.sequence());
        QCOMPARE(sequence.sequence()->items.size(), size_t{2});
        const Value absent =
            resultOf({.opType = "Optional",
                      .inputs = {},
                      .attributes = {makeAttribute("type", TypeInfo::tensor(DataType::Float))}});
        QVERIFY(!absent.present());
    }

    void tellsWhetherThereIsAnElement()
    {
        const Tensor x = tensorOf({0}, {});
        const DataType yes = DataType::Bool;
        for (const int64_t opset : {15, 18, 25}) {
            checkRows({.opType = "OptionalHasElement", .opset = opset, .inputs = {x}}, yes, {}, {1}, {}, 1);
            checkRows({.opType = "OptionalHasElement", .opset = opset, .inputs = {Sequence()}}, yes, {}, {1},
                      {}, 1);
            checkRows({.opType = "OptionalHasElement", .opset = opset, .inputs = {Value()}}, yes, {}, {0}, {},
                      1);
            checkRows({.opType = "OptionalHasElement", .opset = opset, .inputs = {}}, yes, {}, {0}, {}, 1);
        }
    }

    void givesTheElement()
    {
        const Tensor x = tensorOf({2}, {3, 4}, DataType::Int16);
        checkRows({.opType = "OptionalGetElement", .opset = 15, .inputs = {x}}, DataType::Int16, {2}, {3, 4},
                  {}, 1);
        const Value sequence =
            resultOf({.opType = "OptionalGetElement", .opset = 18, .inputs = {Sequence{{}, {x}}}});
        QVERIFY(sequence.sequence());
        QCOMPARE(sequence.sequence()->items.size(), size_t{1});
        checkAllFail({.opType = "OptionalGetElement", .opset = 18, .inputs = {Value()}},
                     ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "OptionalGetElement", .opset = 18, .inputs = {}}, ErrorCode::InvalidArgument,
                     1);
    }

    void nothingToGoBy()
    {
        checkAllFail({.opType = "Optional", .inputs = {}}, ErrorCode::InvalidModel, 1);
        checkAllFail({.opType = "Optional", .inputs = {Value()}}, ErrorCode::InvalidModel, 1);
    }

    void types()
    {
        const Tensor x = tensorOf({2}, {3, 4});
        const TypeInfo tensor = TypeInfo::tensor(DataType::Float, Shape{Dim("n"), Dim(2)});
        const NodeCase wrap{.opType = "Optional", .inputs = {x}};
        QCOMPARE(inferredType(wrap, tensor), std::string("optional(float32[n×2])"));
        QCOMPARE(inferredType(wrap, TypeInfo::sequence(tensor)),
                 std::string("optional(sequence(float32[n×2]))"));
        const NodeCase absent{
            .opType = "Optional",
            .inputs = {},
            .attributes = {makeAttribute("type", TypeInfo::sequence(TypeInfo::tensor(DataType::Int64)))}};
        QCOMPARE(inferredType(absent, {}), std::string("optional(sequence(int64))"));
        const NodeCase get{.opType = "OptionalGetElement", .opset = 18, .inputs = {x}};
        QCOMPARE(inferredType(get, TypeInfo::optional(tensor)), std::string("float32[n×2]"));
        QCOMPARE(inferredType(get, TypeInfo::optional(TypeInfo::sequence(tensor))),
                 std::string("sequence(float32[n×2])"));
        QCOMPARE(inferredType(get, tensor), std::string("float32[n×2]"));
        const NodeCase has{.opType = "OptionalHasElement", .opset = 18, .inputs = {x}};
        QCOMPARE(inferredType(has, TypeInfo::optional(tensor)), std::string("bool[scalar]"));
    }
};

std::unique_ptr<QObject> lapidary::createOptionalTest() { return std::make_unique<OptionalTest>(); }

#include "optional_test.moc"

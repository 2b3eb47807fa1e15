// SPDX-License-Identifier: GPL-3.0-or-later
// Operators as the first operator sets had them: attributes that later became inputs, broadcasting by
// attribute, types by name. Values are worked out by hand from docs/Changelog.md.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

Tensor counting(Dims dims, DataType type = f32)
{
    std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i);
    return tensorOf(std::move(dims), values, type);
}

NodeCase node(const std::string& op, int64_t opset, std::vector<Value> inputs,
              std::vector<Attribute> attributes = {})
{
    return {.opType = op, .opset = opset, .inputs = std::move(inputs), .attributes = std::move(attributes)};
}

} // namespace

class OldOpsetsTest : public QObject {
    Q_OBJECT
private slots:
    // Up to opset 6 the second operand is stretched from an axis on, when the node says so.
    void broadcastByAttribute()
    {
        const Tensor a = counting({2, 3, 2}); // 0..11
        const Tensor b = tensorOf({3}, {1, 2, 4});
        const auto stretched = [&](const std::string& op, const Tensor& x, const Tensor& y, int64_t opset) {
            return node(op, opset, {x, y}, {intAttribute("broadcast", 1), intAttribute("axis", 1)});
        };
        for (const int64_t opset : {1, 6}) {
            checkRows(stretched("Add", a, b, opset), f32, {2, 3, 2}, {1, 2, 4, 5, 8, 9, 7, 8, 10, 11, 14, 15},
                      {0, 0}, 1);
            checkRows(stretched("Sub", a, b, opset), f32, {2, 3, 2}, {-1, 0, 0, 1, 0, 1, 5, 6, 6, 7, 6, 7},
                      {0, 0}, 1);
            checkRows(stretched("Mul", a, b, opset), f32, {2, 3, 2},
                      {0, 1, 4, 6, 16, 20, 6, 7, 16, 18, 40, 44}, {0, 0}, 1);
            checkRows(stretched("Div", a, b, opset), f32, {2, 3, 2},
                      {0, 1, 1, 1.5, 1, 1.25, 6, 7, 4, 4.5, 2.5, 2.75}, {0, 0}, 1);
        }
        checkRows(stretched("Pow", a, tensorOf({3}, {1, 2, 0}), 1), f32, {2, 3, 2},
                  {0, 1, 4, 9, 1, 1, 6, 7, 64, 81, 1, 1}, {}, 1);
        checkRows(stretched("Greater", a, b, 1), DataType::Bool, {2, 3, 2},
                  {0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1}, {0, 0}, 1);
        checkRows(stretched("Less", a, b, 1), DataType::Bool, {2, 3, 2}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                  {0, 0}, 1);
        checkRows(stretched("Equal", counting({2, 3, 2}, DataType::Int32),
                            tensorOf({3}, {1, 2, 4}, DataType::Int32), 1),
                  DataType::Bool, {2, 3, 2}, {0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0}, {0, 0}, 1);
        const Tensor bits = tensorOf({2, 2}, {0, 1, 0, 1}, DataType::Bool);
        const Tensor column = tensorOf({2}, {0, 1}, DataType::Bool);
        const auto logic = [&](const std::string& op) {
            return node(op, 1, {bits, column}, {intAttribute("broadcast", 1), intAttribute("axis", 0)});
        };
        checkRows(logic("And"), DataType::Bool, {2, 2}, {0, 0, 0, 1}, {0, 0}, 1);
        checkRows(logic("Or"), DataType::Bool, {2, 2}, {0, 1, 1, 1}, {0, 0}, 1);
        checkRows(logic("Xor"), DataType::Bool, {2, 2}, {0, 1, 1, 0}, {0, 0}, 1);
        // Without axis the last dimensions meet.
        checkRows(node("Add", 6, {counting({2, 2}), tensorOf({2}, {10, 20})}, {intAttribute("broadcast", 1)}),
                  f32, {2, 2}, {10, 21, 12, 23}, {0, 0}, 1);
        checkAllFail(stretched("Add", a, tensorOf({2}, {1, 2}), 6), ErrorCode::ShapeMismatch, 1);
    }

    void elementwise()
    {
        const Tensor x = tensorOf({4}, {-2, -0.5, 0.5, 2});
        const Attribute consumed = intsAttribute("consumed_inputs", {0});
        checkRows(node("Relu", 1, {x}, {consumed}), f32, {4}, {0, 0, 0.5, 2}, {0, 0}, 1);
        checkRows(node("LeakyRelu", 1, {x}, {consumed}), f32, {4}, {-0.02, -0.005, 0.5, 2}, {}, 1);
        checkRows(node("Elu", 1, {x}, {consumed}), f32, {4}, {std::exp(-2) - 1, std::exp(-0.5) - 1, 0.5, 2},
                  {}, 1);
        checkRows(node("Selu", 1, {x}), f32, {4},
                  {1.0507 * 1.6732 * (std::exp(-2) - 1), 1.0507 * 1.6732 * (std::exp(-0.5) - 1), 1.0507 * 0.5,
                   1.0507 * 2},
                  {}, 1);
        checkRows(node("HardSigmoid", 1, {x}), f32, {4}, {0.1, 0.4, 0.6, 0.9}, {}, 1);
        for (const int64_t opset : {1, 6}) {
            checkRows(node("Clip", opset, {x}, {floatAttribute("min", -1), floatAttribute("max", 1)}), f32,
                      {4}, {-1, -0.5, 0.5, 1}, {0, 0}, 1);
            checkRows(node("Clip", opset, {x}, {floatAttribute("max", 0)}), f32, {4}, {-2, -0.5, 0, 0},
                      {0, 0}, 1);
            checkRows(node("Sum", opset, {x, x, x}, {consumed}), f32, {4}, {-6, -1.5, 1.5, 6}, {0, 0}, 1);
            checkRows(node("Mean", opset, {x, x}), f32, {4}, {-2, -0.5, 0.5, 2}, {0, 0}, 1);
            checkRows(node("Max", opset, {x, tensorOf({4}, {0, 0, 0, 0})}), f32, {4}, {0, 0, 0.5, 2}, {0, 0},
                      1);
            checkRows(node("Min", opset, {x, tensorOf({4}, {0, 0, 0, 0})}), f32, {4}, {-2, -0.5, 0, 0},
                      {0, 0}, 1);
        }
        // A slope of one axis belongs to the channels.
        checkRows(node("PRelu", 1, {tensorOf({1, 2, 2}, {-1, -2, -3, 4}), tensorOf({2}, {0.5, 2})}), f32,
                  {1, 2, 2}, {-0.5, -1, -6, 4}, {0, 0}, 1);
        checkRows(node("Cast", 1, {x}, {stringAttribute("to", "INT32")}), DataType::Int32, {4}, {-2, 0, 0, 2},
                  {0, 0}, 1);
        checkRows(node("Cast", 1, {x}, {stringAttribute("to", "DOUBLE")}), DataType::Double, {4},
                  {-2, -0.5, 0.5, 2}, {0, 0}, 1);
        checkRows(node("Cast", 1, {x}, {stringAttribute("to", "BOOL")}), DataType::Bool, {4}, {1, 1, 1, 1},
                  {0, 0}, 1);
        checkRows(node("Cast", 1, {x}, {stringAttribute("to", "FLOAT16")}), DataType::Float16, {4},
                  {-2, -0.5, 0.5, 2}, {0, 0}, 1);
        checkRows(node("Cast", 6, {x}, {intAttribute("to", 7)}), DataType::Int64, {4}, {-2, 0, 0, 2}, {0, 0},
                  1);
    }

    void shapes()
    {
        const Tensor x = counting({2, 3});
        checkRows(node("Concat", 1, {x, counting({2, 1})}), f32, {2, 4}, {0, 1, 2, 0, 3, 4, 5, 1}, {0, 0}, 1);
        checkRows(node("Reshape", 1, {x}, {intsAttribute("shape", {0, 1, -1})}), f32, {2, 1, 3},
                  {0, 1, 2, 3, 4, 5}, {0, 0}, 1);
        checkRows(node("Tile", 1, {x, Tensor::scalar(2.0f), Tensor::scalar(1.0f)}), f32, {2, 6},
                  {0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5}, {0, 0}, 1);
        checkRows(node("Slice", 1, {x}, {intsAttribute("starts", {1, -2}), intsAttribute("ends", {2, 1000})}),
                  f32, {1, 2}, {4, 5}, {0, 0}, 1);
        checkRows(
            node("Slice", 1, {x},
                 {intsAttribute("axes", {1}), intsAttribute("starts", {0}), intsAttribute("ends", {-1})}),
            f32, {2, 2}, {0, 1, 3, 4}, {0, 0}, 1);
        checkRows(node("Pad", 1, {x}, {intsAttribute("paddings", {0, 1, 1, 0}), floatAttribute("value", 9)}),
                  f32, {3, 4}, {9, 0, 1, 2, 9, 3, 4, 5, 9, 9, 9, 9}, {0, 0}, 1);
        checkRows(
            node("Pad", 2, {x}, {intsAttribute("pads", {0, 2, 0, 0}), stringAttribute("mode", "reflect")}),
            f32, {2, 5}, {2, 1, 0, 1, 2, 5, 4, 3, 4, 5}, {0, 0}, 1);
        checkRows(node("Pad", 2, {x}, {intsAttribute("pads", {0, 1, 0, 1}), stringAttribute("mode", "edge")}),
                  f32, {2, 5}, {0, 0, 1, 2, 2, 3, 3, 4, 5, 5}, {0, 0}, 1);
        checkRows(node("Squeeze", 1, {counting({1, 3, 1})}, {intsAttribute("axes", {0})}), f32, {3, 1},
                  {0, 1, 2}, {0, 0}, 1);
        checkRows(node("Unsqueeze", 1, {counting({3})}, {intsAttribute("axes", {0, 2})}), f32, {1, 3, 1},
                  {0, 1, 2}, {0, 0}, 1);
        checkRows(node("Flatten", 1, {counting({2, 1, 3})}), f32, {2, 3}, {0, 1, 2, 3, 4, 5}, {0, 0}, 1);
        checkRows(node("Transpose", 1, {x}), f32, {3, 2}, {0, 3, 1, 4, 2, 5}, {0, 0}, 1);
        NodeCase split = node("Split", 1, {x}, {intAttribute("axis", 1), intsAttribute("split", {1, 2})});
        split.outputCount = 2;
        checkRowsOutput(split, 1, f32, {2, 2}, {1, 2, 4, 5}, {0, 0}, 1);
        split = node("Split", 2, {x}, {intAttribute("axis", 1)});
        split.outputCount = 3;
        checkRowsOutput(split, 2, f32, {2, 1}, {2, 5}, {0, 0}, 1);
        checkRows(node("Gather", 1, {x, Tensor::of<int32_t>({2}, std::vector<int32_t>{1, 0})}), f32, {2, 3},
                  {3, 4, 5, 0, 1, 2}, {0, 0}, 1);
        checkRows(node("Upsample", 7, {counting({1, 1, 1, 2})},
                       {floatsAttribute("scales", {1, 1, 2, 2}), stringAttribute("mode", "nearest")}),
                  f32, {1, 1, 2, 4}, {0, 0, 1, 1, 0, 0, 1, 1}, {0, 0}, 1);
    }

    void reductions()
    {
        const Tensor x = tensorOf({2, 3}, {3, 1, 2, 4, 6, 5});
        checkRows(node("ReduceSum", 1, {x}, {intsAttribute("axes", {1}), intAttribute("keepdims", 0)}), f32,
                  {2}, {6, 15}, {}, 1);
        checkRows(node("ReduceMean", 1, {x}), f32, {1, 1}, {3.5}, {}, 1);
        checkRows(node("ReduceMax", 1, {x}, {intsAttribute("axes", {0})}), f32, {1, 3}, {4, 6, 5}, {}, 1);
        checkRows(node("ArgMax", 1, {x}, {intAttribute("axis", 1)}), DataType::Int64, {2, 1}, {0, 1}, {0, 0},
                  1);
        checkRows(node("ArgMin", 1, {x}, {intAttribute("keepdims", 0)}), DataType::Int64, {3}, {0, 0, 0},
                  {0, 0}, 1);
        NodeCase topK = node("TopK", 1, {x}, {intAttribute("k", 2)});
        topK.outputCount = 2;
        checkRowsOutput(topK, 0, f32, {2, 2}, {3, 2, 6, 5}, {0, 0}, 1);
        checkRowsOutput(topK, 1, DataType::Int64, {2, 2}, {0, 2, 1, 2}, {0, 0}, 1);
        checkRows(node("Hardmax", 1, {tensorOf({1, 2, 2}, {1, 3, 2, 0})}), f32, {1, 2, 2}, {0, 1, 0, 0},
                  {0, 0}, 1);
    }

    void layers()
    {
        const Tensor a = tensorOf({2, 2}, {1, 2, 3, 4});
        const Tensor identity = tensorOf({2, 2}, {1, 0, 0, 1});
        for (const int64_t opset : {1, 6})
            checkRows(
                node("Gemm", opset, {a, identity, tensorOf({2}, {10, 20})}, {intAttribute("broadcast", 1)}),
                f32, {2, 2}, {11, 22, 13, 24}, {}, 1);
        const Tensor image = tensorOf({1, 1, 2, 2}, {1, -2, 3, -4});
        const Attribute window = intsAttribute("kernel_shape", {2, 2});
        checkRows(node("LpPool", 1, {image}, {window, floatAttribute("p", 1)}), f32, {1, 1, 1, 1}, {10}, {},
                  1);
        checkRows(node("LpPool", 1, {image}, {window}), f32, {1, 1, 1, 1}, {std::sqrt(30.0)}, {}, 1);
        checkRows(node("LpPool", 2, {image}, {window, intAttribute("p", 1)}), f32, {1, 1, 1, 1}, {10}, {}, 1);
        checkRows(node("GlobalLpPool", 1, {image}, {floatAttribute("p", 1)}), f32, {1, 1, 1, 1}, {10}, {}, 1);
        checkRows(node("GlobalLpPool", 2, {image}, {intAttribute("p", 1)}), f32, {1, 1, 1, 1}, {10}, {}, 1);
        checkRows(node("MaxPool", 1, {image}, {window}), f32, {1, 1, 1, 1}, {3}, {0, 0}, 1);
        checkRows(node("AveragePool", 1, {image}, {window, intsAttribute("pads", {1, 0, 0, 0})}), f32,
                  {1, 1, 2, 1}, {-0.5, -0.5}, {}, 1);
        const Tensor two = tensorOf({1}, {2});
        for (const int64_t opset : {1, 6})
            checkRows(node("BatchNormalization", opset,
                           {image, two, tensorOf({1}, {1}), tensorOf({1}, {1}), tensorOf({1}, {4})},
                           {intAttribute("is_test", 1), floatAttribute("epsilon", 0),
                            intsAttribute("consumed_inputs", {0, 0, 0, 1, 1})}),
                      f32, {1, 1, 2, 2}, {1, -2, 3, -4}, {}, 1);
        const double deviation = std::sqrt(7.25); // of 1, -2, 3, -4 around their mean of -0.5
        checkRows(node("InstanceNormalization", 1, {image, two, tensorOf({1}, {1})},
                       {floatAttribute("epsilon", 0)}),
                  f32, {1, 1, 2, 2},
                  {1 + 3 / deviation, 1 - 3 / deviation, 1 + 7 / deviation, 1 - 7 / deviation}, {}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createOldOpsetsTest() { return std::make_unique<OldOpsetsTest>(); }

#include "old_opsets_test.moc"

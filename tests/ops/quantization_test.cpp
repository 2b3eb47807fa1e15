// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear against the formulas of the specification, in
// double, element by element.
#include "engine/ir/small_float.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <random>

using namespace lapidary;

namespace {

struct QuantizedType {
    DataType type;
    double low;
    double high;
    bool isFloat = false;
};

constexpr QuantizedType quantizedTypes[] = {
    {DataType::UInt8, 0, 255},
    {DataType::Int8, -128, 127},
    {DataType::UInt16, 0, 65535},
    {DataType::Int16, -32768, 32767},
    {DataType::UInt4, 0, 15},
    {DataType::Int4, -8, 7},
    {DataType::UInt2, 0, 3},
    {DataType::Int2, -2, 1},
    {DataType::Float8E4M3FN, -448, 448, true},
    {DataType::Float8E4M3FNUZ, -240, 240, true},
    {DataType::Float8E5M2, -57344, 57344, true},
    {DataType::Float8E5M2FNUZ, -57344, 57344, true},
    {DataType::Float4E2M1, -6, 6, true},
};

constexpr Tolerance exact{0, 0};

// Values that the type holds exactly, as a tensor of it.
Tensor codes(Dims dims, const std::vector<double>& values, DataType type)
{
    if (!isSubByte(type) && isInteger(type))
        return tensorOf(std::move(dims), values, type);
    Tensor tensor = Tensor::allocate(type, std::move(dims)).value();
    std::fill_n(tensor.mutableBytes(), tensor.sizeBytes(), std::byte{});
    for (size_t i = 0; i < values.size(); ++i) {
        const auto at = static_cast<int64_t>(i);
        for (int code = 0; code < 1 << bitWidth(type); ++code) {
            const auto bits = static_cast<uint8_t>(code);
            if (isSubByte(type) && decodeSubByte(type, bits) == values[i])
                setSubByteBits(type, tensor.mutableBytes(), at, bits);
            else if (!isSubByte(type) && decodeFloat8(type, bits) == values[i])
                tensor.mutableData<uint8_t>()[i] = bits;
        }
    }
    return tensor;
}

// The representable number nearest to value; from the middle, the one with an even code.
double nearest(DataType type, double value)
{
    double best = 0;
    double distance = HUGE_VAL;
    for (int code = 0; code < 1 << bitWidth(type); ++code) {
        const auto bits = static_cast<uint8_t>(code);
        const double number = isSubByte(type) ? decodeSubByte(type, bits) : decodeFloat8(type, bits);
        const double gap = std::abs(number - value);
        if (std::isfinite(number) && (gap < distance || (gap == distance && code % 2 == 0))) {
            best = number;
            distance = gap;
        }
    }
    return best;
}

// Index of the scale of element number index, by the words of the specification.
size_t scaleIndex(size_t index, const Dims& x, const Dims& scale, int64_t axis, int64_t block)
{
    Dims place(x.size());
    for (size_t i = x.size(); i-- > 0;) {
        place[i] = static_cast<int64_t>(index) % x[i];
        index /= static_cast<size_t>(x[i]);
    }
    const auto at = static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(x.size()) : axis);
    if (elementCount(scale) == 1)
        return 0;
    if (block == 0)
        return static_cast<size_t>(place[at]);
    place[at] /= block;
    int64_t result = 0;
    for (size_t i = 0; i < scale.size(); ++i)
        result = result * scale[i] + place[i];
    return static_cast<size_t>(result);
}

// A random tensor with scales, in one of the three granularities.
struct Case {
    Dims x;
    Dims scale;
    int64_t axis = 0;
    int64_t block = 0;
};

class Cases {
public:
    explicit Cases(uint32_t seed) : m_random(seed) {}

    int64_t below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(m_random); }

    Case make()
    {
        Case made;
        const int64_t rank = below(6);
        for (int64_t i = 0; i < rank; ++i)
            made.x.push_back(below(15) == 0 ? 0 : below(6) + 1);
        const int64_t kind = rank == 0 ? 0 : below(4);
        if (kind == 0)
            return made;
        const auto axis = static_cast<size_t>(below(rank));
        made.axis = static_cast<int64_t>(axis) - (below(2) == 0 ? rank : 0);
        if (kind == 1) {
            made.scale = {made.x[axis]};
        } else {
            made.block = below(4) + 1;
            made.scale = made.x;
            made.scale[axis] = (made.x[axis] + made.block - 1) / made.block;
        }
        return made;
    }

    std::vector<double> numbers(const Dims& dims, double low, double high)
    {
        std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
        for (double& value : values)
            value = std::uniform_real_distribution<double>(low, high)(m_random);
        return values;
    }

    // Numbers that the type holds.
    std::vector<double> codeValues(const Dims& dims, const QuantizedType& type)
    {
        std::vector<double> values = numbers(dims, type.low, type.high);
        for (double& value : values)
            value = type.isFloat ? nearest(type.type, value) : std::nearbyint(value);
        return values;
    }

private:
    std::mt19937 m_random;
};

std::vector<Attribute> attributesOf(const Case& made)
{
    std::vector<Attribute> attributes{intAttribute("axis", made.axis)};
    if (made.block > 0)
        attributes.push_back(intAttribute("block_size", made.block));
    return attributes;
}

// Powers of two, so that quotients and products are exact and middles stay middles.
std::vector<double> powers(Cases& cases, const Dims& dims, int lowest)
{
    std::vector<double> values = cases.numbers(dims, lowest, lowest + 4);
    for (double& value : values)
        value = std::exp2(std::floor(value));
    return values;
}

} // namespace

class QuantizationTest : public QObject {
    Q_OBJECT
private slots:
    void quantizesEveryType()
    {
        Cases cases(7);
        for (const QuantizedType& type : quantizedTypes) {
            for (int run = 0; run < 60; ++run) {
                const Case made = cases.make();
                const double reach = type.isFloat ? type.high * 0.9 : type.high * 1.5 + 2;
                std::vector<double> scale = powers(cases, made.scale, -3);
                std::vector<double> x = cases.numbers(made.x, -reach, reach);
                for (double& value : x)
                    value = std::nearbyint(value * 4) / 16; // many are in the middle of two codes
                const bool hasZero = !type.isFloat && run % 2 == 0;
                const std::vector<double> zero =
                    hasZero ? cases.codeValues(made.scale, type) : std::vector<double>(scale.size(), 0.0);
                std::vector<double> expected;
                for (size_t i = 0; i < x.size(); ++i) {
                    const size_t at = scaleIndex(i, made.x, made.scale, made.axis, made.block);
                    const double quotient = x[i] / scale[at];
                    expected.push_back(
                        type.isFloat ? nearest(type.type, quotient)
                                     : std::clamp(std::nearbyint(quotient) + zero[at], type.low, type.high));
                }
                NodeCase node{.opType = "QuantizeLinear", .opset = 25, .inputs = {}};
                node.inputs = {tensorOf(made.x, x), tensorOf(made.scale, scale)};
                node.attributes = attributesOf(made);
                if (hasZero)
                    node.inputs.push_back(codes(made.scale, zero, type.type));
                if (!hasZero || run % 4 == 0)
                    node.attributes.push_back(intAttribute("output_dtype", static_cast<int64_t>(type.type)));
                checkRows(node, type.type, made.x, expected, exact, 1);
            }
        }
    }

    void dequantizesEveryType()
    {
        Cases cases(8);
        std::vector<QuantizedType> types(std::begin(quantizedTypes), std::end(quantizedTypes));
        types.push_back({DataType::Int32, -2147483648.0, 2147483647.0});
        for (const QuantizedType& type : types) {
            for (int run = 0; run < 60; ++run) {
                const Case made = cases.make();
                const std::vector<double> x = cases.codeValues(made.x, type);
                const std::vector<double> scale = cases.numbers(made.scale, 0.01, 2);
                const Tensor scaleTensor = tensorOf(made.scale, scale);
                const bool hasZero = !type.isFloat && run % 2 == 0;
                const std::vector<double> zero =
                    hasZero ? cases.codeValues(made.scale, type) : std::vector<double>(scale.size(), 0.0);
                std::vector<double> expected;
                for (size_t i = 0; i < x.size(); ++i) {
                    const size_t at = scaleIndex(i, made.x, made.scale, made.axis, made.block);
                    expected.push_back((x[i] - zero[at]) * valuesOf(scaleTensor)[at]);
                }
                NodeCase node{.opType = "DequantizeLinear", .opset = 25, .inputs = {}};
                node.inputs = {codes(made.x, x, type.type), scaleTensor};
                node.attributes = attributesOf(made);
                if (hasZero)
                    node.inputs.push_back(codes(made.scale, zero, type.type));
                const DataType to = run % 3 == 0   ? DataType::Float16
                                    : run % 3 == 1 ? DataType::BFloat16
                                                   : DataType::Float;
                if (type.high > 10000 && to == DataType::Float16)
                    continue; // beyond the largest float16
                node.attributes.push_back(intAttribute("output_dtype", static_cast<int64_t>(to)));
                checkRows(node, to, made.x, expected, {1.01 * roundingOf(to), 6e-8}, 1);
            }
        }
    }

    void roundsHalfToEven()
    {
        const Tensor x = tensorOf({8}, {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1000, -1000});
        const Tensor one = tensorOf({}, {1});
        for (const int64_t opset : {10, 13, 19, 21, 23, 24, 25}) {
            checkRows({.opType = "QuantizeLinear",
                       .opset = opset,
                       .inputs = {x, one, tensorOf({}, {1}, DataType::Int8)}},
                      DataType::Int8, {8}, {-1, -1, 1, 1, 3, 3, 127, -128}, exact, 1);
            checkRows({.opType = "QuantizeLinear", .opset = opset, .inputs = {x, one}}, DataType::UInt8, {8},
                      {0, 0, 0, 0, 2, 2, 255, 0}, exact, 1);
            checkRows({.opType = "DequantizeLinear",
                       .opset = opset,
                       .inputs = {tensorOf({2}, {0, 255}, DataType::UInt8), tensorOf({}, {2}),
                                  tensorOf({}, {128}, DataType::UInt8)}},
                      DataType::Float, {2}, {-256, 254}, exact, 1);
        }
    }

    void specialNumbers()
    {
        const double inf = HUGE_VAL;
        const Tensor x = tensorOf({4}, {inf, -inf, std::nan(""), 3e38});
        checkRows({.opType = "QuantizeLinear", .opset = 21, .inputs = {x, tensorOf({}, {0.001})}},
                  DataType::UInt8, {4}, {255, 0, 0, 255}, exact, 1);
        NodeCase eight{.opType = "QuantizeLinear", .opset = 21, .inputs = {x, tensorOf({}, {0.001})}};
        eight.attributes = {intAttribute("output_dtype", static_cast<int64_t>(DataType::Float8E5M2))};
        checkRows(eight, DataType::Float8E5M2, {4}, {57344, -57344, std::nan(""), 57344}, exact, 1);
        eight.attributes.push_back(intAttribute("saturate", 0));
        checkRows(eight, DataType::Float8E5M2, {4}, {inf, -inf, std::nan(""), inf}, exact, 1);
    }

    // The quotient is rounded to the type of the scale, or to the one that precision names.
    void precisionOfTheDivision()
    {
        // 8.5078125 / 1 is 8.5078125 in float32, which rounds to 9, and 8.5 in bfloat16, which rounds to 8.
        const Tensor x = tensorOf({1}, {8.5078125});
        const Tensor one = tensorOf({}, {1});
        NodeCase node{.opType = "QuantizeLinear", .opset = 23, .inputs = {x, one}};
        checkRows(node, DataType::UInt8, {1}, {9}, exact, 1);
        node.attributes = {intAttribute("precision", static_cast<int64_t>(DataType::BFloat16))};
        checkRows(node, DataType::UInt8, {1}, {8}, exact, 1);
        node.attributes = {};
        node.inputs[1] = tensorOf({}, {1}, DataType::BFloat16);
        checkRows(node, DataType::UInt8, {1}, {8}, exact, 1);
        node.attributes = {intAttribute("precision", static_cast<int64_t>(DataType::Float))};
        checkRows(node, DataType::UInt8, {1}, {9}, exact, 1);
    }

    void otherInputTypes()
    {
        for (const DataType type : {DataType::Float16, DataType::BFloat16, DataType::Int32}) {
            checkRows({.opType = "QuantizeLinear",
                       .opset = 21,
                       .inputs = {tensorOf({3}, {-7, 3, 260}, type), tensorOf({}, {2}, type),
                                  tensorOf({}, {10}, DataType::UInt16)}},
                      DataType::UInt16, {3}, {6, 12, 140}, exact, 1);
        }
        // A scale that is a power of two, in 8 bits.
        const Tensor scale = codes({2}, {0.5, 4}, DataType::Float8E8M0);
        checkRows(
            {.opType = "QuantizeLinear", .opset = 24, .inputs = {tensorOf({2, 2}, {1, 1, 8, 8}), scale}},
            DataType::UInt8, {2, 2}, {2, 0, 16, 2}, exact, 1);
        NodeCase back{.opType = "DequantizeLinear",
                      .opset = 24,
                      .inputs = {tensorOf({1, 2}, {3, 3}, DataType::UInt8), scale}};
        checkAllFail(back, ErrorCode::UnsupportedOp, 1); // float8e8m0 holds no results
        back.attributes = {intAttribute("output_dtype", static_cast<int64_t>(DataType::Float))};
        checkRows(back, DataType::Float, {1, 2}, {1.5, 12}, exact, 1);
        checkRows({.opType = "DequantizeLinear",
                   .opset = 19,
                   .inputs = {tensorOf({2}, {3, 4}, DataType::Int8), tensorOf({}, {0.5}, DataType::Float16)}},
                  DataType::Float16, {2}, {1.5, 2}, exact, 1);
    }

    void dynamic()
    {
        const auto check = [](const std::vector<double>& values, float scale, double zero,
                              const std::vector<double>& expected) {
            const Dims dims{static_cast<int64_t>(values.size())};
            NodeCase node{.opType = "DynamicQuantizeLinear", .opset = 11, .inputs = {tensorOf(dims, values)}};
            node.outputCount = 3;
            checkRowsOutput(node, 0, DataType::UInt8, dims, expected, exact, 1);
            checkRowsOutput(node, 1, DataType::Float, {}, {scale}, exact, 1);
            checkRowsOutput(node, 2, DataType::UInt8, {}, {zero}, exact, 1);
        };
        // The example of the specification: 5.5 / 255, zero point round(2.5 / scale).
        check({0, 2, -3, -2.5, 1.34, 0.5}, 5.0f / 255, 153, {153, 255, 0, 26, 221, 179});
        check({1, 2.1, 1.3, 2.5, 3.34, 4}, 4.0f / 255, 0, {64, 134, 83, 159, 213, 255});
        check({-1, -2.1, -1.3, -2.5, -3.34, -4}, 4.0f / 255, 255, {191, 121, 172, 96, 42, 0});
        check({0, 0}, 1, 0, {0, 0});
        check({}, 1, 0, {});
        // Many elements, so that several threads look for the range.
        std::vector<double> many(50000, 0.0);
        std::vector<double> expected(many.size(), 85.0);
        many[20000] = -85;
        many[49999] = 170;
        expected[20000] = 0;
        expected[49999] = 255;
        check(many, 1, 85, expected);
    }

    void microsoftDomain()
    {
        NodeCase node{.opType = "QuantizeLinear", .opset = 1, .inputs = {}, .domain = "com.microsoft"};
        node.inputs = {tensorOf({2, 2}, {-3, 7, 1, -100}), tensorOf({2}, {1, 2}),
                       tensorOf({2}, {5, 0}, DataType::Int16)};
        node.attributes = {intAttribute("axis", -1)};
        checkRows(node, DataType::Int16, {2, 2}, {2, 4, 6, -50}, exact, 1);
        node.opType = "DequantizeLinear";
        node.inputs[0] = codes({2, 2}, {-8, 7, 1, 0}, DataType::Int4);
        node.inputs[2] = codes({2}, {1, -2}, DataType::Int4);
        checkRows(node, DataType::Float, {2, 2}, {-9, 18, 0, 4}, exact, 1);
    }

    void refuses()
    {
        const Tensor x = tensorOf({2, 3}, {1, 2, 3, 4, 5, 6});
        const Tensor one = tensorOf({}, {1});
        const auto fails = [](std::vector<Value> inputs, std::vector<Attribute> attributes, ErrorCode code) {
            checkAllFail({.opType = "QuantizeLinear",
                          .opset = 25,
                          .inputs = std::move(inputs),
                          .attributes = std::move(attributes)},
                         code, 1);
        };
        const Tensor three = tensorOf({3}, {1, 1, 1});
        fails({x, tensorOf({2}, {1, 1})}, {}, ErrorCode::ShapeMismatch); // axis 1 has 3
        fails({x, three}, {intAttribute("axis", 2)}, ErrorCode::ShapeMismatch);
        fails({x, three}, {intAttribute("axis", -3)}, ErrorCode::ShapeMismatch);
        fails({x, three}, {intAttribute("block_size", -1)}, ErrorCode::ShapeMismatch);
        fails({x, three}, {intAttribute("block_size", 2)}, ErrorCode::ShapeMismatch);
        fails({x, tensorOf({2, 3}, {1, 1, 1, 1, 1, 1})}, {intAttribute("block_size", 2)},
              ErrorCode::ShapeMismatch);
        fails({x, three, tensorOf({}, {1}, DataType::UInt8)}, {}, ErrorCode::ShapeMismatch);
        fails({x, one, tensorOf({}, {1}, DataType::UInt8)},
              {intAttribute("output_dtype", static_cast<int64_t>(DataType::Int8))}, ErrorCode::ShapeMismatch);
        fails({x, one, tensorOf({}, {1}, DataType::Float)}, {}, ErrorCode::UnsupportedOp);
        fails({tensorOf({1}, {1}, DataType::Int64), one}, {}, ErrorCode::UnsupportedOp);
        fails({x}, {}, ErrorCode::InvalidModel);
        checkAllFail(
            {.opType = "DequantizeLinear",
             .opset = 21,
             .inputs = {tensorOf({1}, {1}, DataType::UInt8), one, tensorOf({}, {1}, DataType::Int8)}},
            ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "DynamicQuantizeLinear",
                      .opset = 11,
                      .inputs = {tensorOf({1}, {1}, DataType::Double)}},
                     ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createQuantizationTest() { return std::make_unique<QuantizationTest>(); }

#include "quantization_test.moc"

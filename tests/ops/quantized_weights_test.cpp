// SPDX-License-Identifier: GPL-3.0-or-later
// Weights in blocks of 2, 4 and 8 bits against sums over their decoded values, in double.
#include "engine/ir/small_float.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

// Whole numbers below a limit.
std::vector<int> randomCodes(int64_t count, int limit, uint32_t seed)
{
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> distribution(0, limit - 1);
    std::vector<int> codes(static_cast<size_t>(count));
    for (int& code : codes)
        code = distribution(random);
    return codes;
}

// Rows of codes as bytes, low bits first; each row begins a byte.
std::vector<double> packed(const std::vector<int>& codes, int64_t rowLength, int64_t rowBytes, int bits)
{
    const int64_t rows = rowLength == 0 ? 0 : static_cast<int64_t>(codes.size()) / rowLength;
    std::vector<double> bytes(static_cast<size_t>(rows * rowBytes), 0.0);
    const int64_t perByte = 8 / bits;
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t i = 0; i < rowLength; ++i)
            bytes[static_cast<size_t>(row * rowBytes + i / perByte)] +=
                codes[static_cast<size_t>(row * rowLength + i)] << (i % perByte * bits);
    }
    return bytes;
}

struct NBitsCase {
    int64_t m = 1;
    int64_t k = 1;
    int64_t n = 1;
    int64_t block = 16;
    int bits = 4;
    DataType type = DataType::Float;
    enum { NoZeros, PackedZeros, RealZeros } zeros = NoZeros;
    bool hasGroups = false;
    bool hasBias = false;
};

void checkNBits(const NBitsCase& sizes)
{
    const int64_t blocks = (sizes.k + sizes.block - 1) / sizes.block;
    const int64_t padded = blocks * sizes.block;
    const int limit = 1 << sizes.bits;
    const std::vector<int> codes = randomCodes(sizes.n * padded, limit, 1);
    const std::vector<int> zeroCodes = randomCodes(sizes.n * blocks, limit, 2);
    const Tensor a = randomTensor({sizes.m, sizes.k}, 3, sizes.type);
    const Tensor scales = randomTensor({sizes.n, blocks}, 4, sizes.type, 0.01, 0.1);
    const Tensor realZeros = randomTensor({sizes.n, blocks}, 5, sizes.type, 0, limit);
    const Tensor bias = randomTensor({sizes.n}, 6, sizes.type);
    const std::vector<int> groups = randomCodes(sizes.k, static_cast<int>(std::max<int64_t>(1, blocks)), 7);
    std::vector<double> expected;
    for (int64_t m = 0; m < sizes.m; ++m) {
        for (int64_t n = 0; n < sizes.n; ++n) {
            double sum = sizes.hasBias ? elementAsDouble(bias, n) : 0;
            for (int64_t k = 0; k < sizes.k; ++k) {
                const int64_t block = sizes.hasGroups ? groups[static_cast<size_t>(k)] : k / sizes.block;
                const int64_t at = n * blocks + block;
                const double zero = sizes.zeros == NBitsCase::NoZeros ? limit / 2
                                    : sizes.zeros == NBitsCase::PackedZeros
                                        ? zeroCodes[static_cast<size_t>(at)]
                                        : elementAsDouble(realZeros, at);
                sum += elementAsDouble(a, m * sizes.k + k) *
                       (codes[static_cast<size_t>(n * padded + k)] - zero) * elementAsDouble(scales, at);
            }
            expected.push_back(sum);
        }
    }
    const int64_t blob = sizes.block * sizes.bits / 8;
    const int64_t zeroBytes = (blocks * sizes.bits + 7) / 8;
    NodeCase node{.opType = "MatMulNBits",
                  .opset = 1,
                  .inputs = {a,
                             tensorOf({sizes.n, blocks, blob},
                                      packed(codes, padded, blocks * blob, sizes.bits), DataType::UInt8),
                             scales, Value(), Value(), Value()},
                  .attributes = {intAttribute("K", sizes.k), intAttribute("N", sizes.n),
                                 intAttribute("block_size", sizes.block), intAttribute("bits", sizes.bits),
                                 intAttribute("accuracy_level", 4)},
                  .domain = "com.microsoft",
                  .constants = {1, 2}};
    if (sizes.zeros == NBitsCase::PackedZeros)
        node.inputs[3] = tensorOf({sizes.n * zeroBytes}, packed(zeroCodes, blocks, zeroBytes, sizes.bits),
                                  DataType::UInt8);
    else if (sizes.zeros == NBitsCase::RealZeros)
        node.inputs[3] = realZeros;
    if (sizes.hasGroups)
        node.inputs[4] =
            tensorOf({sizes.k}, std::vector<double>(groups.begin(), groups.end()), DataType::Int32);
    if (sizes.hasBias)
        node.inputs[5] = bias;
    const double rounding = sizes.type == DataType::Float ? 2e-6 : 2 * roundingOf(sizes.type);
    checkRows(node, sizes.type, {sizes.m, sizes.n}, expected, {rounding, 20 * rounding}, 1);
}

} // namespace

class QuantizedWeightsTest : public QObject {
    Q_OBJECT
private slots:
    void matMulNBits()
    {
        for (const int bits : {2, 4, 8}) {
            checkNBits({.m = 1, .k = 64, .n = 40, .block = 32, .bits = bits});
            checkNBits({.m = 5,
                        .k = 100,
                        .n = 17,
                        .block = 32,
                        .bits = bits,
                        .zeros = NBitsCase::PackedZeros,
                        .hasBias = true});
            checkNBits({.m = 2, .k = 33, .n = 3, .block = 16, .bits = bits, .zeros = NBitsCase::RealZeros});
            checkNBits({.m = 3,
                        .k = 48,
                        .n = 5,
                        .block = 16,
                        .bits = bits,
                        .zeros = NBitsCase::PackedZeros,
                        .hasGroups = true});
            checkNBits({.m = 2,
                        .k = 64,
                        .n = 8,
                        .block = 32,
                        .bits = bits,
                        .type = DataType::Float16,
                        .zeros = NBitsCase::PackedZeros,
                        .hasBias = true});
            checkNBits({.m = 2, .k = 64, .n = 8, .block = 32, .bits = bits, .type = DataType::BFloat16});
        }
        checkNBits({.m = 0, .k = 16, .n = 3});
        checkNBits({.m = 2, .k = 16, .n = 0});
        checkNBits({.m = 2, .k = 0, .n = 3, .hasBias = true});
    }

    void gatherBytes()
    {
        for (const int bits : {2, 4, 8}) {
            for (const bool hasZeros : {false, true}) {
                // 5 rows of 48 codes in blocks of 16: 3 scales a row, whose zero points fill a byte or more.
                const std::vector<int> codes = randomCodes(5 * 48, 1 << bits, 1);
                const std::vector<int> zeros = randomCodes(5 * 3, 1 << bits, 2);
                const Tensor scales = randomTensor({5, 3}, 3, DataType::Float, 0.5, 2);
                const std::vector<double> indices{4, -5, 2, 4};
                std::vector<double> expected;
                for (const double index : indices) {
                    const auto row = static_cast<int64_t>(index < 0 ? index + 5 : index);
                    for (int64_t i = 0; i < 48; ++i) {
                        const int64_t at = row * 3 + i / 16;
                        const double zero = hasZeros ? zeros[static_cast<size_t>(at)] : 1 << (bits - 1);
                        expected.push_back((codes[static_cast<size_t>(row * 48 + i)] - zero) *
                                           elementAsDouble(scales, at));
                    }
                }
                NodeCase node{
                    .opType = "GatherBlockQuantized",
                    .opset = 1,
                    .inputs = {tensorOf({5, 6 * bits}, packed(codes, 48, 6 * bits, bits), DataType::UInt8),
                               tensorOf({2, 2}, indices, DataType::Int64), scales},
                    .attributes = {intAttribute("bits", bits), intAttribute("block_size", 16)},
                    .domain = "com.microsoft"};
                const int64_t zeroBytes = (3 * bits + 7) / 8;
                if (hasZeros)
                    node.inputs.push_back(
                        tensorOf({5, zeroBytes}, packed(zeros, 3, zeroBytes, bits), DataType::UInt8));
                checkRows(node, DataType::Float, {2, 2, 48}, expected, {1e-6, 1e-6}, 1);
            }
        }
    }

    // int4 along any axis: data [3, 32, 2] quantized along axis 1 and gathered along 0, 1 or 2.
    void gatherNibbles()
    {
        const std::vector<int> codes = randomCodes(3 * 32 * 2, 16, 4);
        const std::vector<int> zeros = randomCodes(3 * 2 * 2, 16, 5);
        const auto nibbles = [](const std::vector<int>& values, Dims dims) {
            Tensor tensor = Tensor::allocate(DataType::Int4, std::move(dims)).value();
            for (size_t i = 0; i < values.size(); ++i)
                setSubByteBits(DataType::Int4, tensor.mutableBytes(), static_cast<int64_t>(i),
                               static_cast<uint8_t>(values[i]));
            return tensor;
        };
        const auto number = [](int code) { return code < 8 ? code : code - 16; };
        const Tensor scales = randomTensor({3, 2, 2}, 6, DataType::Float16, 0.5, 2);
        const Dims data{3, 32, 2};
        for (const int64_t axis : {0, 1, -1}) {
            const int64_t gathered = axis < 0 ? 2 : axis;
            Dims output = data;
            output[static_cast<size_t>(gathered)] = 1;
            std::vector<double> expected;
            for (int64_t i = 0; i < *elementCount(output); ++i) {
                int64_t place[3] = {i / (output[1] * output[2]), i / output[2] % output[1], i % output[2]};
                place[gathered] = 1; // the index
                const auto at = static_cast<size_t>((place[0] * 32 + place[1]) * 2 + place[2]);
                const auto scale = static_cast<size_t>((place[0] * 2 + place[1] / 16) * 2 + place[2]);
                expected.push_back((number(codes[at]) - number(zeros[scale])) *
                                   elementAsDouble(scales, static_cast<int64_t>(scale)));
            }
            checkRows({.opType = "GatherBlockQuantized",
                       .opset = 1,
                       .inputs = {nibbles(codes, data), tensorOf({1}, {1}, DataType::Int32), scales,
                                  nibbles(zeros, {3, 2, 2})},
                       .attributes = {intAttribute("gather_axis", axis), intAttribute("quantize_axis", 1),
                                      intAttribute("block_size", 16)},
                       .domain = "com.microsoft"},
                      DataType::Float16, output, expected, {roundingOf(DataType::Float16), 1e-6}, 1);
        }
    }

    void refuses()
    {
        const Tensor a = randomTensor({1, 32}, 1);
        const Tensor b = tensorOf({2, 1, 16}, std::vector<double>(32, 0.0), DataType::UInt8);
        const Tensor scales = randomTensor({2, 1}, 2);
        const auto fails = [](std::vector<Value> inputs, int64_t k, int64_t bits, ErrorCode code) {
            checkAllFail({.opType = "MatMulNBits",
                          .opset = 1,
                          .inputs = std::move(inputs),
                          .attributes = {intAttribute("K", k), intAttribute("N", 2),
                                         intAttribute("block_size", 32), intAttribute("bits", bits)},
                          .domain = "com.microsoft"},
                         code, 1);
        };
        fails({a, b, scales}, 31, 4, ErrorCode::ShapeMismatch);
        fails({a, b, scales}, 32, 8, ErrorCode::ShapeMismatch);
        fails({a, b, scales}, 32, 3, ErrorCode::InvalidModel);
        fails({a, b, scales}, -1, 4, ErrorCode::InvalidModel);
        fails({a, b, randomTensor({1, 1}, 2)}, 32, 4, ErrorCode::ShapeMismatch);
        fails({a, b, scales, Value(), tensorOf({32}, std::vector<double>(32, 1.0), DataType::Int32)}, 32, 4,
              ErrorCode::InvalidArgument);
        const auto gatherFails = [&](double index, Tensor factors, ErrorCode code) {
            checkAllFail({.opType = "GatherBlockQuantized",
                          .opset = 1,
                          .inputs = {tensorOf({2, 16}, std::vector<double>(32, 0.0), DataType::UInt8),
                                     tensorOf({1}, {index}, DataType::Int64), std::move(factors)},
                          .attributes = {intAttribute("block_size", 16)},
                          .domain = "com.microsoft"},
                         code, 1);
        };
        gatherFails(2, randomTensor({2, 2}, 1), ErrorCode::InvalidArgument);
        gatherFails(-3, randomTensor({2, 2}, 1), ErrorCode::InvalidArgument);
        gatherFails(0, randomTensor({2, 1}, 1), ErrorCode::ShapeMismatch);
    }
};

std::unique_ptr<QObject> lapidary::createQuantizedWeightsTest()
{
    return std::make_unique<QuantizedWeightsTest>();
}

#include "quantized_weights_test.moc"

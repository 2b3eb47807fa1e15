// SPDX-License-Identifier: GPL-3.0-or-later
// QAttention and QEmbedLayerNormalization against their definitions, in double, on dequantized numbers.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

// Codes with a scale and zero point, one or one for each column.
struct Quantized {
    Dims dims;
    DataType type = DataType::UInt8;
    std::vector<double> codes;
    std::vector<double> scales;
    std::vector<double> zeros;

    Tensor tensor() const { return tensorOf(dims, codes, type); }
    Tensor scale() const { return tensorOf(lines(), scales); }
    Tensor zero() const { return tensorOf(lines(), zeros, type); }
    double real(int64_t at) const
    {
        const auto line = static_cast<size_t>(scales.size() == 1 ? 0 : at % dims.back());
        return (codes[static_cast<size_t>(at)] - zeros[line]) * scales[line];
    }

private:
    Dims lines() const { return scales.size() == 1 ? Dims{} : Dims{static_cast<int64_t>(scales.size())}; }
};

Quantized randomQuantized(Dims dims, DataType type, size_t lines, uint32_t seed)
{
    std::mt19937 random(seed);
    const int low = type == DataType::Int8 ? -128 : 0;
    std::uniform_int_distribution<int> code(low, low + 255);
    std::uniform_real_distribution<double> scale(0.005, 0.01);
    Quantized made{std::move(dims), type, {}, {}, {}};
    for (int64_t i = 0; i < *elementCount(made.dims); ++i)
        made.codes.push_back(code(random));
    for (size_t i = 0; i < lines; ++i) {
        made.scales.push_back(static_cast<float>(scale(random)));
        made.zeros.push_back(code(random));
    }
    return made;
}

struct AttentionCase {
    int64_t batch = 1;
    int64_t sequence = 1;
    int64_t inputSize = 1;
    int64_t heads = 1;
    int64_t headSize = 1;
    bool unidirectional = false;
    std::vector<double> lengths = {}; // of the sequences, which are padded at their ends

    int64_t hidden() const { return heads * headSize; }
};

std::vector<double> attentionOf(const AttentionCase& sizes, const Quantized& x, const Quantized& w,
                                const Tensor& bias)
{
    const int64_t columns = 3 * sizes.hidden();
    // Element column of the projected row (batch, i).
    const auto projected = [&](int64_t batch, int64_t i, int64_t column) {
        double sum = elementAsDouble(bias, column);
        for (int64_t k = 0; k < sizes.inputSize; ++k)
            sum += x.real((batch * sizes.sequence + i) * sizes.inputSize + k) * w.real(k * columns + column);
        return sum;
    };
    std::vector<double> y(static_cast<size_t>(sizes.batch * sizes.sequence * sizes.hidden()));
    for (int64_t batch = 0; batch < sizes.batch; ++batch) {
        for (int64_t head = 0; head < sizes.heads; ++head) {
            for (int64_t i = 0; i < sizes.sequence; ++i) {
                const int64_t first = head * sizes.headSize;
                std::vector<double> weights;
                double total = 0;
                for (int64_t j = 0; j < sizes.sequence; ++j) {
                    double score = 0;
                    for (int64_t d = 0; d < sizes.headSize; ++d)
                        score +=
                            projected(batch, i, first + d) * projected(batch, j, sizes.hidden() + first + d);
                    const bool hidden =
                        (sizes.unidirectional && j > i) ||
                        (!sizes.lengths.empty() && j >= sizes.lengths[static_cast<size_t>(batch)]);
                    weights.push_back(
                        hidden ? 0 : std::exp(score / std::sqrt(static_cast<double>(sizes.headSize))));
                    total += weights.back();
                }
                for (int64_t d = 0; d < sizes.headSize; ++d) {
                    double sum = 0;
                    for (int64_t j = 0; j < sizes.sequence; ++j)
                        sum += weights[static_cast<size_t>(j)] / total *
                               projected(batch, j, 2 * sizes.hidden() + first + d);
                    y[static_cast<size_t>((batch * sizes.sequence + i) * sizes.hidden() + first + d)] = sum;
                }
            }
        }
    }
    return y;
}

void checkAttention(const AttentionCase& sizes, bool perColumn)
{
    const auto columns = static_cast<size_t>(3 * sizes.hidden());
    const Quantized x =
        randomQuantized({sizes.batch, sizes.sequence, sizes.inputSize}, DataType::UInt8, 1, 1);
    const Quantized w =
        randomQuantized({sizes.inputSize, 3 * sizes.hidden()}, DataType::Int8, perColumn ? columns : 1, 2);
    const Tensor bias = randomTensor({3 * sizes.hidden()}, 3);
    NodeCase node{.opType = "QAttention",
                  .opset = 1,
                  .inputs = {x.tensor(), w.tensor(), bias, x.scale(), w.scale(), Value(), x.zero(), w.zero()},
                  .attributes = {intAttribute("num_heads", sizes.heads),
                                 intAttribute("unidirectional", sizes.unidirectional ? 1 : 0)},
                  .domain = "com.microsoft"};
    if (!sizes.lengths.empty())
        node.inputs[5] = tensorOf({sizes.batch}, sizes.lengths, DataType::Int32);
    const Dims output{sizes.batch, sizes.sequence, sizes.hidden()};
    const std::vector<double> expected = attentionOf(sizes, x, w, bias);
    checkRows(node, DataType::Float, output, expected, {1e-5, 1e-5}, 1);
    node.constants = {1, 2, 4, 7};
    checkRows(node, DataType::Float, output, expected, {1e-5, 1e-5}, 1);
}

} // namespace

class QuantizedTransformerTest : public QObject {
    Q_OBJECT
private slots:
    void attention()
    {
        checkAttention({.batch = 1, .sequence = 4, .inputSize = 6, .heads = 2, .headSize = 3}, false);
        checkAttention(
            {.batch = 2, .sequence = 3, .inputSize = 5, .heads = 2, .headSize = 4, .lengths = {2, 3}}, true);
        checkAttention(
            {.batch = 1, .sequence = 5, .inputSize = 4, .heads = 1, .headSize = 8, .unidirectional = true},
            true);
    }

    void embedding()
    {
        constexpr int64_t hidden = 4;
        const Quantized words = randomQuantized({6, hidden}, DataType::UInt8, 1, 4);
        const Quantized positions = randomQuantized({3, hidden}, DataType::UInt8, 1, 5);
        const Quantized segments = randomQuantized({2, hidden}, DataType::UInt8, 1, 6);
        const Quantized gamma = randomQuantized({hidden}, DataType::UInt8, 1, 7);
        const Quantized beta = randomQuantized({hidden}, DataType::UInt8, 1, 8);
        const std::vector<double> ids{5, 0, 2, 3, 3, 1};
        const std::vector<double> segmentIds{0, 0, 1, 1, 0, 1};
        std::vector<double> expected;
        for (int64_t i = 0; i < 6; ++i) {
            double sums[hidden];
            double mean = 0;
            double variance = 0;
            for (int64_t h = 0; h < hidden; ++h) {
                sums[h] =
                    words.real(static_cast<int64_t>(ids[static_cast<size_t>(i)]) * hidden + h) +
                    positions.real(i % 3 * hidden + h) +
                    segments.real(static_cast<int64_t>(segmentIds[static_cast<size_t>(i)]) * hidden + h);
                mean += sums[h] / hidden;
            }
            for (const double sum : sums)
                variance += (sum - mean) * (sum - mean) / hidden;
            for (int64_t h = 0; h < hidden; ++h)
                expected.push_back((sums[h] - mean) / std::sqrt(variance + 0.001) * gamma.real(h) +
                                   beta.real(h));
        }
        NodeCase node{.opType = "QEmbedLayerNormalization",
                      .opset = 1,
                      .inputs = {tensorOf({2, 3}, ids, DataType::Int32),
                                 tensorOf({2, 3}, segmentIds, DataType::Int32), words.tensor(),
                                 positions.tensor(), segments.tensor(), gamma.tensor(), beta.tensor(),
                                 tensorOf({2, 3}, {1, 1, 0, 1, 1, 1}, DataType::Int32), words.scale(),
                                 positions.scale(), segments.scale(), gamma.scale(), beta.scale(),
                                 words.zero(), positions.zero(), segments.zero(), gamma.zero(), beta.zero()},
                      .attributes = {floatAttribute("epsilon", 0.001f)},
                      .outputCount = 2,
                      .domain = "com.microsoft",
                      .constants = {2, 8, 13, 5, 11, 16}};
        checkRowsOutput(node, 0, DataType::Float, {2, 3, hidden}, expected, {1e-5, 1e-5}, 1);
        checkRowsOutput(node, 1, DataType::Int32, {2}, {2, 3}, {0, 0}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createQuantizedTransformerTest()
{
    return std::make_unique<QuantizedTransformerTest>();
}

#include "quantized_transformer_test.moc"

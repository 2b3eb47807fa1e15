// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

using Numbers = std::vector<double>;

constexpr DataType floatTypes[] = {DataType::Float, DataType::Double, DataType::Float16};

double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }
double fastGelu(double x) { return 0.5 * x * (1 + std::tanh(0.797885 * x + 0.035677 * x * x * x)); }
double silu(double x) { return x / (1 + std::exp(-x)); }

Tolerance toleranceOf(DataType type) { return {4e-6 + 2 * roundingOf(type), 4e-6 + 2 * roundingOf(type)}; }

NodeCase fused(std::string opType, std::vector<Value> inputs, std::vector<Attribute> attributes = {},
               size_t outputCount = 1)
{
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .outputCount = outputCount,
            .domain = "com.microsoft"};
}

Numbers inputNumbers(const NodeCase& node, size_t input)
{
    return input < node.inputs.size() && node.inputs[input].present() ? valuesOf(*node.inputs[input].tensor())
                                                                      : Numbers();
}

// scale * (x - mean) / sqrt(variance + epsilon) + shift along rows; centers: subtracts the mean.
Numbers normalizedRows(const Numbers& x, size_t length, const Numbers& scale, const Numbers& shift,
                       double epsilon, bool centers)
{
    Numbers y(x.size());
    for (size_t row = 0; row < x.size() / length; ++row) {
        double mean = 0;
        double square = 0;
        for (size_t i = 0; centers && i < length; ++i)
            mean += x[row * length + i] / static_cast<double>(length);
        for (size_t i = 0; i < length; ++i)
            square += std::pow(x[row * length + i] - mean, 2) / static_cast<double>(length);
        for (size_t i = 0; i < length; ++i)
            y[row * length + i] = (x[row * length + i] - mean) / std::sqrt(square + epsilon) * scale[i] +
                                  (shift.empty() ? 0 : shift[i]);
    }
    return y;
}

// A 2-D convolution of stride 1 in channels first, with zeros around.
Numbers convolved(const Numbers& x, const Dims& dims, const Numbers& w, const Dims& weight,
                  const Numbers& bias, int64_t pad)
{
    Numbers y;
    for (int64_t n = 0; n < dims[0]; ++n)
        for (int64_t m = 0; m < weight[0]; ++m)
            for (int64_t h = 0; h < dims[2] + 2 * pad - weight[2] + 1; ++h)
                for (int64_t v = 0; v < dims[3] + 2 * pad - weight[3] + 1; ++v) {
                    double sum = bias.empty() ? 0 : bias[static_cast<size_t>(m)];
                    for (int64_t c = 0; c < dims[1]; ++c)
                        for (int64_t i = 0; i < weight[2]; ++i)
                            for (int64_t j = 0; j < weight[3]; ++j) {
                                const int64_t row = h + i - pad;
                                const int64_t column = v + j - pad;
                                if (row >= 0 && row < dims[2] && column >= 0 && column < dims[3])
                                    sum += x[static_cast<size_t>(
                                               ((n * dims[1] + c) * dims[2] + row) * dims[3] + column)] *
                                           w[static_cast<size_t>(
                                               ((m * weight[1] + c) * weight[2] + i) * weight[3] + j)];
                            }
                    y.push_back(sum);
                }
    return y;
}

// [n, c, inner] to [n, inner, c].
Numbers swapped(const Numbers& x, int64_t n, int64_t c, int64_t inner)
{
    Numbers y(x.size());
    for (int64_t b = 0; b < n; ++b)
        for (int64_t i = 0; i < c; ++i)
            for (int64_t j = 0; j < inner; ++j)
                y[static_cast<size_t>((b * inner + j) * c + i)] =
                    x[static_cast<size_t>((b * c + i) * inner + j)];
    return y;
}

} // namespace

class FusedTest : public QObject {
    Q_OBJECT
private slots:
    void gelus()
    {
        for (const DataType type : floatTypes) {
            const Tensor x = randomTensor({3, 50}, 1, type, -4, 4);
            const Tensor bias = randomTensor({50}, 2, type);
            const Numbers values = valuesOf(x);
            const Numbers shift = valuesOf(bias);
            const auto check = [&](const NodeCase& node, const std::function<double(double)>& function,
                                   bool biased) {
                Numbers y;
                for (size_t i = 0; i < values.size(); ++i)
                    y.push_back(function(values[i] + (biased ? shift[i % 50] : 0)));
                checkRows(node, type, {3, 50}, y, toleranceOf(type), 1);
            };
            check(fused("Gelu", {x}), gelu, false);
            check(fused("BiasGelu", {x, bias}), gelu, true);
            check(fused("FastGelu", {x}), fastGelu, false);
            check(fused("FastGelu", {x, bias}), fastGelu, true);
            check(
                fused("QuickGelu", {x}), [](double v) { return v / (1 + std::exp(-1.702 * v)); }, false);
            check(
                fused("QuickGelu", {x}, {floatAttribute("alpha", 0.5f)}),
                [](double v) { return v / (1 + std::exp(-0.5 * v)); }, false);
            NodeCase constantBias = fused("BiasGelu", {x, bias});
            constantBias.constants = {1};
            check(constantBias, gelu, true);
        }
    }

    void biases()
    {
        const Tensor x = randomTensor({2, 3, 8}, 1);
        const Tensor bias = randomTensor({8}, 2);
        const Tensor skip = randomTensor({2, 3, 8}, 3);
        const Numbers values = valuesOf(x), shift = valuesOf(bias), residual = valuesOf(skip);
        Numbers sum(48), gated, total(48);
        for (size_t i = 0; i < 48; ++i) {
            sum[i] = values[i] + shift[i % 8];
            total[i] = sum[i] + residual[i];
        }
        for (size_t row = 0; row < 6; ++row)
            for (size_t i = 0; i < 4; ++i)
                gated.push_back(sum[row * 8 + i] * gelu(sum[row * 8 + 4 + i]));
        checkRows(fused("BiasAdd", {x, bias, skip}), DataType::Float, {2, 3, 8}, total, {1e-6, 1e-6}, 1);
        checkRows(fused("BiasSplitGelu", {x, bias}), DataType::Float, {2, 3, 4}, gated, {4e-6, 4e-6}, 1);
        checkRows(fused("BiasDropout", {x, bias, skip}), DataType::Float, {2, 3, 8}, total, {1e-6, 1e-6}, 1);
        checkRows(fused("BiasDropout", {x, bias}), DataType::Float, {2, 3, 8}, sum, {1e-6, 1e-6}, 1);
        checkRowsOutput(fused("BiasDropout", {x, bias}, {}, 2), 1, DataType::Bool, {2, 3, 8},
                        Numbers(48, 1.0), {0, 0}, 1);
        Numbers probabilities = sum; // axes 1 and 2 are one
        for (size_t b = 0; b < 2; ++b) {
            double all = 0;
            for (size_t i = 0; i < 24; ++i)
                all += std::exp(sum[b * 24 + i]);
            for (size_t i = 0; i < 24; ++i)
                probabilities[b * 24 + i] = std::exp(sum[b * 24 + i]) / all;
        }
        checkRows(
            fused("BiasSoftmax", {x, bias}, {intAttribute("axis", 1), intAttribute("is_inner_broadcast", 0)}),
            DataType::Float, {2, 3, 8}, probabilities, {1e-6, 1e-5}, 1);
    }

    void convolutions()
    {
        const Dims dims{2, 3, 5, 6}, weight{4, 3, 3, 3}, output{2, 4, 5, 6};
        const std::vector<std::pair<std::string, std::function<double(double)>>> activations{
            {"", [](double v) { return v; }},
            {"Relu", [](double v) { return std::max(0.0, v); }},
            {"Tanh", [](double v) { return std::tanh(v); }},
            {"Sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }},
            {"LeakyRelu", [](double v) { return v < 0 ? 0.25 * v : v; }},
            {"Clip", [](double v) { return std::clamp(v, 0.25, 0.5); }},
            {"HardSigmoid", [](double v) { return std::clamp(0.25 * v + 0.5, 0.0, 1.0); }}};
        for (const DataType type : {DataType::Float, DataType::Float16})
            for (const auto& [name, function] : activations)
                for (const bool nhwc : {false, true})
                    for (const bool residual : {false, true}) {
                        const Tensor x = randomTensor(dims, 1, type), w = randomTensor(weight, 2, type),
                                     b = randomTensor({4}, 3, type), z = randomTensor(output, 4, type);
                        Numbers y = convolved(valuesOf(x), dims, valuesOf(w), weight, valuesOf(b), 1);
                        const Numbers added = valuesOf(z);
                        for (size_t i = 0; i < y.size(); ++i)
                            y[i] = function(y[i] + (residual ? added[i] : 0));
                        NodeCase node =
                            fused(nhwc ? "NhwcFusedConv" : "FusedConv", {x, w, b},
                                  {intsAttribute("pads", {1, 1, 1, 1}), stringAttribute("activation", name),
                                   floatsAttribute("activation_params", {0.25f, 0.5f})});
                        if (residual)
                            node.inputs.push_back(z);
                        if (nhwc) {
                            node.inputs[0] = tensorOf({2, 5, 6, 3}, swapped(valuesOf(x), 2, 3, 30), type);
                            if (residual)
                                node.inputs[3] = tensorOf({2, 5, 6, 4}, swapped(added, 2, 4, 30), type);
                            y = swapped(y, 2, 4, 30);
                        }
                        node.constants = {1, 2};
                        checkRows(node, type, nhwc ? Dims{2, 5, 6, 4} : output, y, toleranceOf(type), 1);
                    }
        const double infinity = std::numeric_limits<double>::infinity(); // passes a Clip without limits
        checkRows(fused("FusedConv",
                        {tensorOf({1, 1, 3}, {-infinity, 2, infinity}), tensorOf({1, 1, 1}, {1})},
                        {stringAttribute("activation", "Clip")}),
                  DataType::Float, {1, 1, 3}, {-infinity, 2, infinity}, {}, 1);
        const NodeCase wrong = fused("FusedConv", {randomTensor(dims, 1), randomTensor(weight, 2)},
                                     {stringAttribute("activation", "NoSuch")});
        checkAllFail(wrong, ErrorCode::UnsupportedOp, 1);
        checkAllFail(fused("NhwcConv", {randomTensor({3, 3}, 1), randomTensor(weight, 2)}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void fusedGemm()
    {
        for (const DataType type : floatTypes) {
            const Tensor a = randomTensor({5, 3}, 1, type), b = randomTensor({4, 5}, 2, type),
                         c = randomTensor({4}, 3, type);
            const Numbers left = valuesOf(a), right = valuesOf(b), add = valuesOf(c);
            Numbers y;
            for (size_t m = 0; m < 3; ++m)
                for (size_t n = 0; n < 4; ++n) {
                    double sum = 0;
                    for (size_t k = 0; k < 5; ++k)
                        sum += left[k * 3 + m] * right[n * 5 + k];
                    const double value = 0.5 * sum + 2 * add[n];
                    y.push_back(value < 0 ? 0.1 * value : value);
                }
            checkRows(
                fused("FusedGemm", {a, b, c},
                      {floatAttribute("alpha", 0.5f), floatAttribute("beta", 2), intAttribute("transA", 1),
                       intAttribute("transB", 1), stringAttribute("activation", "LeakyRelu"),
                       floatAttribute("activation_alpha", 0.1f)}),
                type, {3, 4}, y, toleranceOf(type), 1);
        }
    }

    void fusedMatMul_data()
    {
        QTest::addColumn<Dims>("a");
        QTest::addColumn<Dims>("b");
        QTest::newRow("matrices") << Dims{3, 5} << Dims{5, 4};
        QTest::newRow("stack and matrix") << Dims{2, 3, 5} << Dims{5, 4};
        QTest::newRow("stacks") << Dims{2, 3, 5} << Dims{2, 5, 4};
        QTest::newRow("stretched") << Dims{2, 1, 3, 5} << Dims{1, 6, 5, 4};
    }

    // Each operand is stored the way its attributes say; the product stays the same.
    void fusedMatMul()
    {
        QFETCH(Dims, a);
        QFETCH(Dims, b);
        for (const char* opType : {"FusedMatMul", "TransposeMatMul", "FusedMatMulActivation"})
            for (int flags = 0; flags < 16; ++flags) {
                if ((flags & 2 && a.size() < 3) || (flags & 8 && b.size() < 3))
                    continue;
                NodeCase node =
                    fused(opType, {stored(a, 1, flags & 1, flags & 2), stored(b, 2, flags & 4, flags & 8)},
                          {floatAttribute("alpha", 0.5f), intAttribute("transA", flags & 1),
                           intAttribute("transBatchA", (flags & 2) / 2),
                           intAttribute("transB", (flags & 4) / 4), intAttribute("transBatchB", flags / 8)});
                const bool activates = node.opType == "FusedMatMulActivation";
                if (activates)
                    node.attributes.push_back(stringAttribute("activation", "Relu"));
                NodeCase plain{
                    .opType = "MatMul", .opset = 13, .inputs = {randomTensor(a, 1), randomTensor(b, 2)}};
                const auto products = runOnAllRows(plain);
                const Tensor& product = *products.back().outputs.value()[0].tensor();
                Numbers y = valuesOf(product);
                for (double& value : y)
                    value = activates ? std::max(0.0, 0.5 * value) : 0.5 * value;
                node.constants = {1};
                checkRows(node, DataType::Float, product.dims(), y, {2e-6, 2e-6}, 1);
            }
    }

    void gemmFastGelu()
    {
        const Tensor x = randomTensor({2, 3, 5}, 1), w = randomTensor({5, 4}, 2), bias = randomTensor({4}, 3);
        const Numbers left = valuesOf(x), right = valuesOf(w), add = valuesOf(bias);
        Numbers y;
        for (size_t m = 0; m < 6; ++m)
            for (size_t n = 0; n < 4; ++n) {
                double sum = add[n];
                for (size_t k = 0; k < 5; ++k)
                    sum += left[m * 5 + k] * right[k * 4 + n];
                y.push_back(fastGelu(sum));
            }
        checkRows(fused("GemmFastGelu", {x, w, bias}), DataType::Float, {2, 3, 4}, y, {4e-6, 4e-6}, 1);
    }

    void layerNormalizations()
    {
        for (const DataType type : {DataType::Float, DataType::Float16})
            for (const std::string domain : {"", "com.microsoft"}) {
                const Tensor x = randomTensor({2, 3, 10}, 1, type, -3, 5),
                             scale = randomTensor({10}, 2, type), shift = randomTensor({10}, 3, type);
                NodeCase node =
                    fused("LayerNormalization", {x, scale, shift}, {floatAttribute("epsilon", 1e-3f)});
                node.domain = domain;
                node.opset = domain.empty() ? 11 : 1;
                checkRows(node, type, {2, 3, 10},
                          normalizedRows(valuesOf(x), 10, valuesOf(scale), valuesOf(shift), 1e-3, true),
                          toleranceOf(type), 1);
                node.opType = "SimplifiedLayerNormalization";
                node.inputs.pop_back();
                node.outputCount = 2;
                checkRows(node, type, {2, 3, 10},
                          normalizedRows(valuesOf(x), 10, valuesOf(scale), {}, 1e-3, false),
                          toleranceOf(type), 1);
                Numbers factors;
                const Numbers values = valuesOf(x);
                for (size_t row = 0; row < 6; ++row) {
                    double sum = 0;
                    for (size_t i = 0; i < 10; ++i)
                        sum += values[row * 10 + i] * values[row * 10 + i] / 10;
                    factors.push_back(1 / std::sqrt(sum + 1e-3));
                }
                checkRowsOutput(node, 1, DataType::Float, {2, 3, 1}, factors, {1e-6, 1e-6}, 1);
            }
    }

    void skipNormalizations()
    {
        for (const DataType type : {DataType::Float, DataType::Float16})
            for (const bool simplified : {false, true})
                for (const bool biased : {false, true})
                    for (const Dims& skipDims : {Dims{2, 3, 10}, Dims{3, 10}, Dims{1, 3, 10}}) {
                        NodeCase node =
                            fused(simplified ? "SkipSimplifiedLayerNormalization" : "SkipLayerNormalization",
                                  {randomTensor({2, 3, 10}, 1, type), randomTensor(skipDims, 2, type),
                                   randomTensor({10}, 3, type)},
                                  {floatAttribute("epsilon", 1e-2f)}, 4);
                        if (!simplified)
                            node.inputs.push_back(randomTensor({10}, 4, type));
                        if (biased)
                            node.inputs.push_back(randomTensor({10}, 5, type));
                        const Numbers skip = inputNumbers(node, 1),
                                      bias = inputNumbers(node, simplified ? 3 : 4);
                        Numbers sum = inputNumbers(node, 0);
                        for (size_t i = 0; i < sum.size(); ++i)
                            sum[i] += skip[i % skip.size()] + (biased ? bias[i % 10] : 0);
                        checkRows(node, type, {2, 3, 10},
                                  normalizedRows(sum, 10, inputNumbers(node, 2),
                                                 simplified ? Numbers() : inputNumbers(node, 3), 1e-2,
                                                 !simplified),
                                  toleranceOf(type), 1);
                        checkRowsOutput(node, 3, type, {2, 3, 10}, sum, toleranceOf(type), 1);
                        node.outputCount = 1;
                        checkRows(node, type, {2, 3, 10},
                                  normalizedRows(sum, 10, inputNumbers(node, 2),
                                                 simplified ? Numbers() : inputNumbers(node, 3), 1e-2,
                                                 !simplified),
                                  toleranceOf(type), 1);
                    }
    }

    void embedNormalization()
    {
        const auto ids = [](const std::vector<int32_t>& values, Dims dims) {
            return Tensor::of<int32_t>(std::move(dims), values);
        };
        for (const bool segments : {false, true})
            for (const bool positions : {false, true}) {
                NodeCase node = fused("EmbedLayerNormalization",
                                      {ids({0, 4, 2, 3, 3, 1}, {2, 3}),
                                       {},
                                       randomTensor({5, 8}, 1),
                                       randomTensor({4, 8}, 2),
                                       {},
                                       randomTensor({8}, 3),
                                       randomTensor({8}, 4),
                                       ids({1, 1, 0, 1, 1, 1}, {2, 3}),
                                       {}},
                                      {floatAttribute("epsilon", 1e-3f)}, 3);
                if (segments) {
                    node.inputs[1] = ids({0, 0, 1, 1, 0, 1}, {2, 3});
                    node.inputs[4] = randomTensor({2, 8}, 5);
                }
                if (positions)
                    node.inputs[8] = ids({3, 0, 2}, {1, 3});
                const std::vector<size_t> word{0, 4, 2, 3, 3, 1}, segment{0, 0, 1, 1, 0, 1}, own{0, 1, 2},
                    given{3, 0, 2};
                Numbers sum;
                for (size_t token = 0; token < 6; ++token)
                    for (size_t i = 0; i < 8; ++i)
                        sum.push_back(inputNumbers(node, 2)[word[token] * 8 + i] +
                                      inputNumbers(node, 3)[(positions ? given : own)[token % 3] * 8 + i] +
                                      (segments ? inputNumbers(node, 4)[segment[token] * 8 + i] : 0));
                checkRows(node, DataType::Float, {2, 3, 8},
                          normalizedRows(sum, 8, inputNumbers(node, 5), inputNumbers(node, 6), 1e-3, true),
                          {4e-6, 4e-6}, 1);
                checkRowsOutput(node, 1, DataType::Int32, {2}, {2, 3}, {0, 0}, 1);
                checkRowsOutput(node, 2, DataType::Float, {2, 3, 8}, sum, {1e-6, 1e-6}, 1);
                node.inputs[7] = {};
                checkRowsOutput(node, 1, DataType::Int32, {2}, {0, 0}, {0, 0}, 1);
            }
    }

    void groupNorms()
    {
        constexpr size_t channels = 6, groups = 3, inner = 20;
        for (const DataType type : {DataType::Float, DataType::Float16})
            for (const bool last : {false, true})
                for (const bool skips : {false, true})
                    for (const int64_t activation : {0, 1}) {
                        const Dims dims = last ? Dims{2, 4, 5, 6} : Dims{2, 6, 4, 5};
                        NodeCase node =
                            fused(skips ? "SkipGroupNorm" : "GroupNorm",
                                  {randomTensor(dims, 1, type), randomTensor({6}, 2), randomTensor({6}, 3)},
                                  {intAttribute("groups", groups), intAttribute("channels_last", last),
                                   intAttribute("activation", activation), floatAttribute("epsilon", 1e-2f)},
                                  skips ? 2 : 1);
                        Numbers sum = inputNumbers(node, 0);
                        if (skips && last) { // one number for each channel of a sample, and a bias
                            node.inputs.push_back(randomTensor({2, 6}, 4, type));
                            node.inputs.push_back(randomTensor({6}, 5, type));
                            for (size_t i = 0; i < sum.size(); ++i)
                                sum[i] +=
                                    inputNumbers(node, 3)[i / (inner * channels) * channels + i % channels] +
                                    inputNumbers(node, 4)[i % channels];
                        } else if (skips) {
                            node.inputs.push_back(randomTensor(dims, 4, type));
                            for (size_t i = 0; i < sum.size(); ++i)
                                sum[i] += inputNumbers(node, 3)[i];
                        }
                        Numbers first = last ? swapped(sum, 2, inner, channels) : sum;
                        const size_t length = channels / groups * inner;
                        Numbers y = normalizedRows(first, length, Numbers(length, 1.0), {}, 1e-2, true);
                        for (size_t i = 0; i < y.size(); ++i) {
                            const size_t channel = i / inner % channels;
                            y[i] = y[i] * inputNumbers(node, 1)[channel] + inputNumbers(node, 2)[channel];
                            y[i] = activation ? silu(y[i]) : y[i];
                        }
                        if (last)
                            y = swapped(y, 2, channels, inner);
                        checkRows(node, type, dims, y, toleranceOf(type), 1);
                        if (skips)
                            checkRowsOutput(node, 1, type, dims, sum, toleranceOf(type), 1);
                    }
        checkAllFail(fused("GroupNorm",
                           {randomTensor({1, 2, 2, 6}, 1), randomTensor({6}, 2), randomTensor({6}, 3)},
                           {intAttribute("groups", 4)}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void gemmaRotary()
    {
        const Tensor angles = randomTensor({2, 3, 4}, 1, DataType::Float, -3, 3);
        std::vector<Value> inputs{angles};
        for (uint32_t seed = 2; seed < 6; ++seed)
            inputs.push_back(randomTensor({2, 5, 3, 4}, seed, DataType::Float16));
        const NodeCase node = fused("GemmaRotaryEmbedding", inputs, {}, 2);
        for (const size_t output : {0, 1}) {
            Numbers y = inputNumbers(node, 1 + 2 * output);
            for (size_t i = 0; i < y.size(); ++i) {
                const double angle = valuesOf(angles)[i / 60 * 12 + i % 12];
                y[i] = y[i] * std::cos(angle) + inputNumbers(node, 2 + 2 * output)[i] * std::sin(angle);
            }
            checkRowsOutput(node, output, DataType::Float16, {2, 5, 3, 4}, y, {1e-3, 1e-3}, 1);
        }
    }

private:
    // A tensor whose meaning is random numbers of dims, stored with the axes that the attributes undo.
    static Tensor stored(const Dims& dims, uint32_t seed, bool trans, bool transBatch)
    {
        std::vector<int64_t> order(dims.size());
        for (size_t i = 0; i < order.size(); ++i)
            order[i] = static_cast<int64_t>(i);
        if (trans)
            std::swap(order[order.size() - 1], order[order.size() - 2]);
        if (transBatch) // the axis before the last one becomes the first
            std::rotate(order.begin(), order.end() - 2, order.end() - 1);
        const auto results = runOnAllRows({.opType = "Transpose",
                                           .opset = 13,
                                           .inputs = {randomTensor(dims, seed)},
                                           .attributes = {intsAttribute("perm", order)}});
        return *results.front().outputs.value()[0].tensor();
    }
};

std::unique_ptr<QObject> lapidary::createFusedTest() { return std::make_unique<FusedTest>(); }

#include "fused_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

using Numbers = std::vector<double>;

NodeCase microsoft(std::string opType, std::vector<Value> inputs, std::vector<Attribute> attributes = {},
                   size_t outputCount = 1)
{
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .outputCount = outputCount,
            .domain = "com.microsoft"};
}

template <typename T>
Tensor integers(Dims dims, const std::vector<T>& values)
{
    return Tensor::of<T>(std::move(dims), values);
}

} // namespace

class MicrosoftTest : public QObject {
    Q_OBJECT
private slots:
    void expandDims()
    {
        const Tensor x = randomTensor({2, 3}, 1);
        for (const auto& [axis, dims] : {std::pair<int32_t, Dims>{0, {1, 2, 3}},
                                         {1, {2, 1, 3}},
                                         {2, {2, 3, 1}},
                                         {-1, {2, 3, 1}},
                                         {-3, {1, 2, 3}}})
            checkRows(microsoft("ExpandDims", {x, Tensor::scalar(axis)}), DataType::Float, dims, valuesOf(x),
                      {0, 0}, 1);
        checkAllFail(microsoft("ExpandDims", {x, Tensor::scalar<int32_t>(3)}), ErrorCode::ShapeMismatch, 1);
    }

    void likeStandardOnes()
    {
        const Tensor x = tensorOf({2, 2}, {1, 2, 3, 4});
        checkRows(microsoft("Trilu", {x}), DataType::Float, {2, 2}, {1, 2, 0, 4}, {0, 0}, 1);
        checkRows(microsoft("Trilu", {x, Tensor::scalar<int64_t>(-1)}, {intAttribute("upper", 0)}),
                  DataType::Float, {2, 2}, {0, 0, 3, 0}, {0, 0}, 1);
        for (const Dims& dims : {Dims{4}, Dims{1, 4}})
            checkRows(microsoft("Pad", {x, integers<int64_t>(dims, {0, 1, 0, 0}), tensorOf({1}, {7})}),
                      DataType::Float, {2, 3}, {7, 1, 2, 7, 3, 4}, {0, 0}, 1);
        checkRows(
            microsoft("Pad", {x, integers<int64_t>({4}, {0, 1, 0, 0})}, {stringAttribute("mode", "edge")}),
            DataType::Float, {2, 3}, {1, 1, 2, 3, 3, 4}, {0, 0}, 1);
        checkRows(microsoft("GatherND", {x, integers<int32_t>({2, 1}, {1, 0})}), DataType::Float, {2, 2},
                  {3, 4, 1, 2}, {0, 0}, 1);
        checkRows(microsoft("Range", {Tensor::scalar(1.5f), Tensor::scalar(4.0f)}), DataType::Float, {3},
                  {1.5, 2.5, 3.5}, {0, 0}, 1);
        checkRows(microsoft("Range", {Tensor::scalar<int32_t>(9), Tensor::scalar<int32_t>(2),
                                      Tensor::scalar<int32_t>(-3)}),
                  DataType::Int32, {3}, {9, 6, 3}, {0, 0}, 1);
        const NodeCase unique = microsoft("Unique", {tensorOf({6}, {2, 1, 1, 3, 2, 2})}, {}, 3);
        checkRows(unique, DataType::Float, {3}, {2, 1, 3}, {0, 0}, 1);
        checkRowsOutput(unique, 1, DataType::Int64, {6}, {0, 1, 1, 2, 0, 0}, {0, 0}, 1);
        checkRowsOutput(unique, 2, DataType::Int64, {3}, {3, 2, 1}, {0, 0}, 1);
    }

    void fullyConnected()
    {
        const Tensor x = randomTensor({2, 3, 5}, 1), bias = randomTensor({4}, 3);
        for (const int64_t axis : {1, 2}) {
            const Dims weight = axis == 1 ? Dims{4, 3, 5} : Dims{4, 5};
            const Tensor w = randomTensor(weight, 2);
            const size_t length = axis == 1 ? 15 : 5;
            const Numbers left = valuesOf(x), right = valuesOf(w), add = valuesOf(bias);
            Numbers y;
            for (size_t row = 0; row < left.size() / length; ++row)
                for (size_t n = 0; n < 4; ++n) {
                    double sum = add[n];
                    for (size_t k = 0; k < length; ++k)
                        sum += left[row * length + k] * right[n * length + k];
                    y.push_back(sum);
                }
            for (const std::string domain : {"", "com.microsoft"}) {
                NodeCase node = microsoft("FC", {x, w, bias}, {intAttribute("axis", axis)});
                node.domain = domain;
                node.constants = {1, 2};
                checkRows(node, DataType::Float, axis == 1 ? Dims{2, 4} : Dims{2, 3, 4}, y, {2e-6, 2e-6}, 1);
            }
        }
    }

    void convTransposeWithDynamicPads()
    {
        const Tensor x = randomTensor({1, 2, 4, 5}, 1), w = randomTensor({2, 3, 3, 3}, 2);
        const Tensor bias = randomTensor({3}, 3);
        for (const std::vector<int64_t>& pads : {std::vector<int64_t>{0, 0, 0, 0}, {1, 0, 2, 1}}) {
            const auto plain =
                runOnAllRows({.opType = "ConvTranspose",
                              .opset = 11,
                              .inputs = {x, w, bias},
                              .attributes = {intsAttribute("pads", pads), intsAttribute("strides", {2, 1})}});
            QVERIFY(!plain.empty() && plain.back().outputs.ok());
            const Tensor& y = *plain.back().outputs.value()[0].tensor();
            checkRows(microsoft("ConvTransposeWithDynamicPads", {x, w, integers<int64_t>({4}, pads), bias},
                                {intsAttribute("strides", {2, 1})}),
                      DataType::Float, y.dims(), valuesOf(y), {2e-6, 2e-6}, 1);
        }
        checkAllFail(microsoft("ConvTransposeWithDynamicPads", {x, w, integers<int64_t>({3}, {0, 0, 0})}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void inverse()
    {
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16}) {
            checkRows(microsoft("Inverse", {tensorOf({2, 2, 2}, {4, 7, 2, 6, 0, 2, 4, 0}, type)}), type,
                      {2, 2, 2}, {0.6, -0.7, -0.2, 0.4, 0, 0.25, 0.5, 0}, {1e-6, roundingOf(type) * 2 + 1e-6},
                      1);
            checkRows(microsoft("Inverse", {tensorOf({1, 1}, {4}, type)}), type, {1, 1}, {0.25}, {0, 0}, 1);
        }
        // A matrix times its inverse is the identity.
        constexpr size_t n = 12;
        Numbers x = valuesOf(randomTensor({n, n}, 3, DataType::Double));
        const auto results = runOnAllRows(microsoft("Inverse", {tensorOf({n, n}, x, DataType::Double)}));
        QVERIFY(results.size() == 1 && results[0].outputs.ok());
        const Numbers y = valuesOf(*results[0].outputs.value()[0].tensor());
        for (size_t i = 0; i < n; ++i)
            for (size_t j = 0; j < n; ++j) {
                double sum = 0;
                for (size_t k = 0; k < n; ++k)
                    sum += x[i * n + k] * y[k * n + j];
                QVERIFY(std::abs(sum - (i == j ? 1 : 0)) < 1e-9);
            }
        checkRows(microsoft("Inverse", {tensorOf({2, 2}, {1, 2, 2, 4})}), DataType::Float, {2, 2},
                  Numbers(4, NAN), {0, 0}, 1);
        checkAllFail(microsoft("Inverse", {randomTensor({2, 3}, 1)}), ErrorCode::ShapeMismatch, 1);
    }

    void cDist()
    {
        for (const DataType type : {DataType::Float, DataType::Double})
            for (const bool squared : {false, true}) {
                const Tensor a = randomTensor({5, 19}, 1, type), b = randomTensor({3, 19}, 2, type);
                Numbers y;
                for (size_t i = 0; i < 5; ++i)
                    for (size_t j = 0; j < 3; ++j) {
                        double sum = 0;
                        for (size_t k = 0; k < 19; ++k)
                            sum += std::pow(valuesOf(a)[i * 19 + k] - valuesOf(b)[j * 19 + k], 2);
                        y.push_back(squared ? sum : std::sqrt(sum));
                    }
                checkRows(microsoft("CDist", {a, b},
                                    {stringAttribute("metric", squared ? "sqeuclidean" : "euclidean")}),
                          type, {5, 3}, y, {0, 1e-6}, 1);
            }
        checkAllFail(microsoft("CDist", {randomTensor({2, 3}, 1), randomTensor({2, 4}, 1)}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void cropAndResize()
    {
        // A ramp: bilinear sampling gives the place itself.
        Numbers ramp;
        for (int n = 0; n < 2; ++n)
            for (int c = 0; c < 2; ++c)
                for (int h = 0; h < 4; ++h)
                    for (int w = 0; w < 5; ++w)
                        ramp.push_back(n * 1000 + c * 100 + h * 10 + w);
        for (const DataType type : {DataType::Float, DataType::Double})
            for (const bool nearest : {false, true}) {
                const std::vector<std::vector<double>> boxes{
                    {0, 0, 1, 1}, {0.25, 0.125, 0.75, 1}, {0.5, 0.5, 0, 0}, {-0.5, 0, 1, 1.25}};
                Numbers flat, y;
                for (const auto& box : boxes)
                    flat.insert(flat.end(), box.begin(), box.end());
                const std::vector<int32_t> images{0, 1, 1, 0};
                for (size_t b = 0; b < boxes.size(); ++b)
                    for (int c = 0; c < 2; ++c)
                        for (int i = 0; i < 3; ++i)
                            for (int j = 0; j < 2; ++j) {
                                const double row = (boxes[b][0] + i / 2.0 * (boxes[b][2] - boxes[b][0])) * 3;
                                const double column = (boxes[b][1] + j * (boxes[b][3] - boxes[b][1])) * 4;
                                const bool inside = row >= 0 && row <= 3 && column >= 0 && column <= 4;
                                y.push_back(!inside ? -5
                                                    : images[b] * 1000 + c * 100 +
                                                          (nearest ? std::round(row) * 10 + std::round(column)
                                                                   : row * 10 + column));
                            }
                checkRows(microsoft("CropAndResize",
                                    {tensorOf({2, 2, 4, 5}, ramp, type), tensorOf({4, 4}, flat, type),
                                     integers<int32_t>({4}, images), integers<int32_t>({2}, {3, 2})},
                                    {stringAttribute("mode", nearest ? "nearest" : "bilinear"),
                                     floatAttribute("extrapolation_value", -5)}),
                          type, {4, 2, 3, 2}, y, {1e-4, 1e-6}, 1);
            }
        const auto fails = [](int32_t image, int32_t height) {
            checkAllFail(microsoft("CropAndResize",
                                   {randomTensor({1, 1, 2, 2}, 1), randomTensor({1, 4}, 1),
                                    integers<int32_t>({1}, {image}), integers<int32_t>({2}, {height, 2})}),
                         ErrorCode::ShapeMismatch, 1);
        };
        fails(1, 2);
        fails(-1, 2);
        fails(0, 0);
        checkRows(
            microsoft("CropAndResize", {tensorOf({1, 1, 2, 2}, {0, 1, 2, 3}), tensorOf({1, 4}, {0, 0, 1, 1}),
                                        integers<int32_t>({1}, {0}), integers<int32_t>({2}, {1, 1})}),
            DataType::Float, {1, 1, 1, 1}, {1.5}, {0, 0}, 1); // the middle
    }

    void murmurHash()
    {
        // Values of the reference implementation, as scikit-learn's tests state them.
        const Tensor three = integers<int32_t>({1}, {3});
        checkRows(microsoft("MurmurHash3", {three}), DataType::UInt32, {1}, {847579505}, {0, 0}, 1);
        checkRows(microsoft("MurmurHash3", {three}, {intAttribute("seed", 42), intAttribute("positive", 0)}),
                  DataType::Int32, {1}, {-1823081949}, {0, 0}, 1);
        checkRows(microsoft("MurmurHash3", {three}, {intAttribute("seed", 42)}), DataType::UInt32, {1},
                  {2471885347.0}, {0, 0}, 1);
        const Tensor text = Tensor::ofStrings({3}, {"foo", "", "foobar"});
        const auto results = runOnAllRows(microsoft("MurmurHash3", {text}, {intAttribute("positive", 0)}));
        QVERIFY(results.size() == 1 && results[0].outputs.ok());
        const Tensor& hashes = *results[0].outputs.value()[0].tensor();
        QCOMPARE(hashes.data<int32_t>()[0], -156908512);
        QCOMPARE(hashes.data<int32_t>()[1], 0);
    }

    void nGramRepeatBlock()
    {
        const double off = -HUGE_VAL;
        const Tensor ids = integers<int64_t>({2, 5}, {1, 2, 3, 1, 2, 0, 0, 0, 0, 0});
        checkRows(microsoft("NGramRepeatBlock", {ids, tensorOf({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})},
                            {intAttribute("ngram_size", 3)}),
                  DataType::Float, {2, 4}, {1, 2, 3, off, off, 6, 7, 8}, {0, 0}, 1);
        checkRows(microsoft("NGramRepeatBlock", {ids, tensorOf({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})},
                            {intAttribute("ngram_size", 6)}),
                  DataType::Float, {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}, {0, 0}, 1);
        checkRows(microsoft("NGramRepeatBlock", {ids, tensorOf({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})},
                            {intAttribute("ngram_size", 1)}),
                  DataType::Float, {2, 4}, {1, off, off, off, off, 6, 7, 8}, {0, 0}, 1);
        checkAllFail(
            microsoft("NGramRepeatBlock", {ids, randomTensor({2, 3}, 1)}, {intAttribute("ngram_size", 2)}),
            ErrorCode::ShapeMismatch, 1);
        checkAllFail(microsoft("NGramRepeatBlock", {ids, randomTensor({2, 4}, 1)}), ErrorCode::InvalidModel,
                     1);
    }

    void rotaryEmbedding()
    {
        const Tensor x = randomTensor({2, 3, 8}, 1), cos = randomTensor({9, 2}, 2),
                     sin = randomTensor({9, 2}, 3);
        const auto check = [&](const Tensor& positions, const std::vector<int64_t>& rows) {
            Numbers y = valuesOf(x);
            const Numbers given = y;
            for (size_t token = 0; token < 6; ++token)
                for (size_t h = 0; h < 2; ++h)
                    for (size_t i = 0; i < 2; ++i) {
                        const double c = valuesOf(cos)[static_cast<size_t>(rows[token]) * 2 + i],
                                     s = valuesOf(sin)[static_cast<size_t>(rows[token]) * 2 + i];
                        const size_t at = token * 8 + h * 4 + i;
                        y[at] = c * given[at] - s * given[at + 2];
                        y[at + 2] = s * given[at] + c * given[at + 2];
                    }
            checkRows(microsoft("RotaryEmbedding", {x, positions, cos, sin}), DataType::Float, {2, 3, 8}, y,
                      {1e-6, 1e-6}, 1);
        };
        check(Tensor::of<int64_t>({1}, std::vector<int64_t>{4}), {4, 5, 6, 4, 5, 6});
        check(Tensor::of<int64_t>({2, 3}, std::vector<int64_t>{0, 8, 3, 1, 1, 2}), {0, 8, 3, 1, 1, 2});
        checkAllFail(
            microsoft("RotaryEmbedding", {x, Tensor::of<int64_t>({1}, std::vector<int64_t>{7}), cos, sin}),
            ErrorCode::ShapeMismatch, 1);
    }

    void relativePositionBias()
    {
        constexpr int64_t buckets = 32, heads = 2, queries = 40, keys = 200;
        for (const bool bidirectional : {false, true}) {
            const Tensor table = randomTensor({buckets, heads}, 1);
            Numbers y(static_cast<size_t>(heads * queries * keys));
            for (int64_t i = 0; i < queries; ++i)
                for (int64_t j = 0; j < keys; ++j) {
                    int64_t number = buckets, bucket = 0, distance = j - i;
                    if (bidirectional) {
                        number /= 2;
                        bucket = distance > 0 ? number : 0;
                        distance = std::abs(distance);
                    } else {
                        distance = -std::min<int64_t>(distance, 0);
                    }
                    const int64_t exact = number / 2;
                    bucket +=
                        distance < exact
                            ? distance
                            : std::min(number - 1, exact + static_cast<int64_t>(
                                                               std::log(static_cast<double>(distance) /
                                                                        static_cast<double>(exact)) /
                                                               std::log(128.0 / static_cast<double>(exact)) *
                                                               static_cast<double>(number - exact)));
                    for (int64_t h = 0; h < heads; ++h)
                        y[static_cast<size_t>((h * queries + i) * keys + j)] =
                            elementAsDouble(table, bucket * heads + h);
                }
            checkRows(microsoft("RelativePositionBias",
                                {table, Tensor::scalar<int64_t>(queries), Tensor::scalar<int64_t>(keys)},
                                {intAttribute("max_distance", 128),
                                 intAttribute("is_bidirectional", bidirectional)}),
                      DataType::Float, {1, heads, queries, keys}, y, {0, 0}, 1);
        }
        checkAllFail(
            microsoft("RelativePositionBias",
                      {randomTensor({1, 2}, 1), Tensor::scalar<int64_t>(2), Tensor::scalar<int64_t>(2)},
                      {intAttribute("max_distance", 128)}),
            ErrorCode::ShapeMismatch, 1);
    }

    void gatedRelativePositionBias()
    {
        constexpr size_t batch = 2, length = 3, heads = 2, size = 4, width = 6;
        const NodeCase node =
            microsoft("GatedRelativePositionBias",
                      {randomTensor({batch, length, heads * size}, 1), randomTensor({heads * size}, 2),
                       randomTensor({1, heads, length, length}, 3), randomTensor({size, width}, 4),
                       randomTensor({width}, 5), randomTensor({1, heads, 1, 1}, 6)},
                      {intAttribute("num_heads", heads)});
        std::vector<Numbers> in;
        for (const Value& value : node.inputs)
            in.push_back(valuesOf(*value.tensor()));
        Numbers y;
        for (size_t b = 0; b < batch; ++b)
            for (size_t h = 0; h < heads; ++h)
                for (size_t i = 0; i < length; ++i) {
                    double sums[2] = {0, 0};
                    for (size_t c = 0; c < width; ++c) {
                        sums[c / 3] += in[4][c];
                        for (size_t e = 0; e < size; ++e)
                            sums[c / 3] +=
                                (in[0][(b * length + i) * 8 + h * size + e] + in[1][h * size + e]) *
                                in[3][e * width + c];
                    }
                    const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
                    const double gate = sigmoid(sums[0]) * (sigmoid(sums[1]) * in[5][h] - 1) + 2;
                    for (size_t j = 0; j < length; ++j)
                        y.push_back(gate * in[2][(h * length + i) * length + j]);
                }
        checkRows(node, DataType::Float, {batch, heads, length, length}, y, {1e-6, 1e-6}, 1);
    }
};

std::unique_ptr<QObject> lapidary::createMicrosoftTest() { return std::make_unique<MicrosoftTest>(); }

#include "microsoft_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

using Numbers = std::vector<double>;

// [batch, heads, length, size]
struct Heads {
    Numbers values;
    int64_t batch = 0, heads = 0, length = 0, size = 0;

    Heads(int64_t b, int64_t h, int64_t l, int64_t s)
        : values(static_cast<size_t>(b * h * l * s)), batch(b), heads(h), length(l), size(s)
    {
    }
    double& at(int64_t b, int64_t h, int64_t l, int64_t i)
    {
        return values[static_cast<size_t>(((b * heads + h) * length + l) * size + i)];
    }
    double at(int64_t b, int64_t h, int64_t l, int64_t i) const
    {
        return const_cast<Heads*>(this)->at(b, h, l, i);
    }
    Dims dims() const { return {batch, heads, length, size}; }
};

Heads randomHeads(int64_t b, int64_t h, int64_t l, int64_t s, uint32_t seed, DataType type = DataType::Float)
{
    Heads result(b, h, l, s);
    result.values = valuesOf(randomTensor(result.dims(), seed, type));
    return result;
}

// The same numbers as [batch, length, heads * size].
Tensor packed(const Heads& x, DataType type = DataType::Float)
{
    Numbers values;
    for (int64_t b = 0; b < x.batch; ++b)
        for (int64_t l = 0; l < x.length; ++l)
            for (int64_t h = 0; h < x.heads; ++h)
                for (int64_t i = 0; i < x.size; ++i)
                    values.push_back(x.at(b, h, l, i));
    return tensorOf({x.batch, x.length, x.heads * x.size}, values, type);
}

Heads joined(const Heads& past, const Heads& fresh)
{
    Heads all(fresh.batch, fresh.heads, past.length + fresh.length, fresh.size);
    for (int64_t b = 0; b < all.batch; ++b)
        for (int64_t h = 0; h < all.heads; ++h)
            for (int64_t l = 0; l < all.length; ++l)
                for (int64_t i = 0; i < all.size; ++i)
                    all.at(b, h, l, i) =
                        l < past.length ? past.at(b, h, l, i) : fresh.at(b, h, l - past.length, i);
    return all;
}

// -infinity: the key is not seen.
using Bias = std::function<double(int64_t b, int64_t h, int64_t i, int64_t j)>;

struct Attended {
    Numbers y; // [batch, queries, heads * size]
    Numbers scores;
};

Attended attended(const Heads& q, const Heads& k, const Heads& v, double scale, const Bias& bias,
                  double softcap = 0, const Numbers& sinks = {})
{
    Attended result;
    Heads y(q.batch, q.heads, q.length, v.size);
    for (int64_t b = 0; b < q.batch; ++b)
        for (int64_t h = 0; h < q.heads; ++h)
            for (int64_t i = 0; i < q.length; ++i) {
                const int64_t kv = h / (q.heads / k.heads);
                Numbers row;
                double largest = sinks.empty() ? -HUGE_VAL : sinks[static_cast<size_t>(h)];
                for (int64_t j = 0; j < k.length; ++j) {
                    double score = 0;
                    for (int64_t e = 0; e < q.size; ++e)
                        score += q.at(b, h, i, e) * k.at(b, kv, j, e) * scale;
                    if (softcap > 0)
                        score = softcap * std::tanh(score / softcap);
                    row.push_back(score + bias(b, h, i, j));
                    largest = std::max(largest, row.back());
                }
                result.scores.insert(result.scores.end(), row.begin(), row.end());
                double sum = sinks.empty() ? 0 : std::exp(sinks[static_cast<size_t>(h)] - largest);
                for (const double score : row)
                    sum += std::exp(score - largest);
                for (int64_t j = 0; j < k.length; ++j)
                    for (int64_t e = 0; e < v.size; ++e)
                        y.at(b, h, i, e) +=
                            std::exp(row[static_cast<size_t>(j)] - largest) / sum * v.at(b, kv, j, e);
            }
    result.y = valuesOf(packed(y, DataType::Double));
    return result;
}

NodeCase node(std::string opType, std::vector<Value> inputs, std::vector<Attribute> attributes,
              size_t outputCount)
{
    while (!inputs.back().present())
        inputs.pop_back();
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .outputCount = outputCount,
            .domain = "com.microsoft"};
}

double noBias(int64_t, int64_t, int64_t, int64_t) { return 0; }

Tensor ints(Dims dims, const std::vector<int32_t>& values)
{
    return Tensor::of<int32_t>(std::move(dims), values);
}

void addRow(Heads& x, const Numbers& bias, size_t offset)
{
    for (int64_t b = 0; b < x.batch; ++b)
        for (int64_t h = 0; h < x.heads; ++h)
            for (int64_t l = 0; l < x.length; ++l)
                for (int64_t i = 0; i < x.size; ++i)
                    x.at(b, h, l, i) += bias[offset + static_cast<size_t>(h * x.size + i)];
}

} // namespace

class MicrosoftAttentionTest : public QObject {
    Q_OBJECT

    static constexpr Tolerance close{5e-6, 5e-6};

private slots:
    void multiHeadLayouts()
    {
        for (const DataType type : {DataType::Float, DataType::Float16, DataType::BFloat16}) {
            const Heads q = randomHeads(2, 3, 4, 8, 1, type), k = randomHeads(2, 3, 6, 8, 2, type),
                        v = randomHeads(2, 3, 6, 5, 3, type);
            const Tolerance tolerance{5e-6 + roundingOf(type), 5e-6 + 2 * roundingOf(type)};
            const Attended expected = attended(q, k, v, 1 / std::sqrt(8.0), noBias);
            checkRows(node("MultiHeadAttention", {packed(q, type), packed(k, type), packed(v, type)},
                           {intAttribute("num_heads", 3)}, 1),
                      type, {2, 4, 15}, expected.y, tolerance, 1);
            // Keys and values of a cache are [batch, heads, length, size].
            checkRows(node("MultiHeadAttention",
                           {packed(q, type), tensorOf(k.dims(), k.values, type),
                            tensorOf(v.dims(), v.values, type)},
                           {intAttribute("num_heads", 3)}, 1),
                      type, {2, 4, 15}, expected.y, tolerance, 1);
        }
        // Packed: [batch, length, heads, parts, size].
        const Heads q = randomHeads(2, 3, 4, 8, 1), k = randomHeads(2, 3, 4, 8, 2),
                    v = randomHeads(2, 3, 4, 8, 3);
        Numbers all, pair;
        for (int64_t b = 0; b < 2; ++b)
            for (int64_t l = 0; l < 4; ++l)
                for (int64_t h = 0; h < 3; ++h)
                    for (const Heads* part : {&q, &k, &v})
                        for (int64_t i = 0; i < 8; ++i) {
                            all.push_back(part->at(b, h, l, i));
                            if (part != &q)
                                pair.push_back(part->at(b, h, l, i));
                        }
        const Attended expected = attended(q, k, v, 0.3, noBias);
        const std::vector<Attribute> attributes{intAttribute("num_heads", 3), floatAttribute("scale", 0.3f)};
        checkRows(node("MultiHeadAttention", {tensorOf({2, 4, 3, 3, 8}, all)}, attributes, 1),
                  DataType::Float, {2, 4, 24}, expected.y, close, 1);
        checkRows(node("MultiHeadAttention", {packed(q), tensorOf({2, 4, 3, 2, 8}, pair)}, attributes, 1),
                  DataType::Float, {2, 4, 24}, expected.y, close, 1);
    }

    void multiHeadBiasesAndPast()
    {
        for (const bool decoder : {false, true})
            for (const bool causal : {false, true}) {
                Heads q = randomHeads(2, 2, decoder ? 1 : 3, 4, 1),
                      k = randomHeads(2, 2, decoder ? 1 : 3, 4, 2),
                      v = randomHeads(2, 2, decoder ? 1 : 3, 6, 3);
                const Heads pastKey = randomHeads(2, 2, 4, 4, 4), pastValue = randomHeads(2, 2, 4, 6, 5);
                const int64_t keys = 4 + k.length;
                const Tensor bias = randomTensor({8 + 8 + 12}, 6),
                             attentionBias = randomTensor({1, 2, q.length, keys}, 7);
                std::vector<int32_t> mask(static_cast<size_t>(2 * keys), 1);
                mask[1] = mask[2] = mask[static_cast<size_t>(keys)] = 0;
                std::vector<Value> inputs(11);
                const std::vector<size_t> places =
                    decoder ? std::vector<size_t>{10, 3, 4, 5, 6} : std::vector<size_t>{3, 4, 5, 6, 7};
                inputs[0] = packed(q);
                inputs[1] = packed(k);
                inputs[2] = packed(v);
                inputs[places[0]] = bias;
                inputs[places[1]] = ints({2, keys}, mask);
                inputs[places[2]] = attentionBias;
                inputs[places[3]] = tensorOf(pastKey.dims(), pastKey.values);
                inputs[places[4]] = tensorOf(pastValue.dims(), pastValue.values);
                const Numbers add = valuesOf(bias), extra = valuesOf(attentionBias);
                addRow(q, add, 0);
                addRow(k, add, 8);
                addRow(v, add, 16);
                const Heads allKeys = joined(pastKey, k), allValues = joined(pastValue, v);
                const Attended expected =
                    attended(q, allKeys, allValues, 0.5, [&](int64_t b, int64_t h, int64_t i, int64_t j) {
                        if (causal && j > i + 4)
                            return -HUGE_VAL;
                        return extra[static_cast<size_t>((h * q.length + i) * keys + j)] +
                               (mask[static_cast<size_t>(b * keys + j)] ? 0 : -100.0);
                    });
                const NodeCase nodeCase =
                    node(decoder ? "DecoderMaskedMultiHeadAttention" : "MultiHeadAttention", inputs,
                         {intAttribute("num_heads", 2), intAttribute("unidirectional", causal),
                          floatAttribute("mask_filter_value", -100)},
                         decoder ? 3 : 4);
                checkRows(nodeCase, DataType::Float, {2, q.length, 12}, expected.y, close, 1);
                checkRowsOutput(nodeCase, 1, DataType::Float, allKeys.dims(), allKeys.values, {1e-6, 1e-6},
                                1);
                checkRowsOutput(nodeCase, 2, DataType::Float, allValues.dims(), allValues.values,
                                {1e-6, 1e-6}, 1);
                if (!decoder)
                    checkRowsOutput(nodeCase, 3, DataType::Float, {2, 2, q.length, keys}, expected.scores,
                                    {2e-5, 5e-6}, 1);
            }
    }

    void multiHeadMasks()
    {
        const Heads q = randomHeads(2, 2, 3, 4, 1), k = randomHeads(2, 2, 5, 4, 2),
                    v = randomHeads(2, 2, 5, 4, 3);
        const auto check = [&](const Tensor& mask,
                               const std::function<bool(int64_t b, int64_t i, int64_t j)>& seen) {
            const Attended expected = attended(q, k, v, 0.5, [&](int64_t b, int64_t, int64_t i, int64_t j) {
                return seen(b, i, j) ? 0 : -10000.0;
            });
            checkRows(node("MultiHeadAttention", {packed(q), packed(k), packed(v), {}, mask},
                           {intAttribute("num_heads", 2)}, 1),
                      DataType::Float, {2, 3, 8}, expected.y, close, 1);
        };
        check(ints({2}, {3, 5}), [](int64_t b, int64_t, int64_t j) { return j < (b ? 5 : 3); });
        check(ints({4}, {4, 5, 1, 2}),
              [](int64_t b, int64_t, int64_t j) { return b ? j >= 2 : j >= 1 && j < 4; });
        check(ints({8}, {3, 5, 0, 1, 2, 3, 4, 5}),
              [](int64_t b, int64_t, int64_t j) { return j < (b ? 5 : 3); });
        check(ints({2, 5}, {1, 0, 1, 1, 0, 0, 0, 1, 0, 0}),
              [](int64_t b, int64_t, int64_t j) { return b ? j == 2 : j != 1 && j != 4; });
        std::vector<int32_t> perQuery(30);
        for (size_t i = 0; i < 30; ++i)
            perQuery[i] = i % 3 != 0;
        check(ints({2, 3, 5}, perQuery),
              [](int64_t b, int64_t i, int64_t j) { return ((b * 3 + i) * 5 + j) % 3 != 0; });
        std::vector<int32_t> most(72); // of 6 positions; the last query is row 4
        for (size_t i = 0; i < 72; ++i)
            most[i] = i % 5 != 0;
        check(ints({2, 1, 6, 6}, most),
              [](int64_t b, int64_t i, int64_t j) { return ((b * 6 + i + 2) * 6 + j) % 5 != 0; });
    }

    void attentionOfProjections()
    {
        constexpr int64_t batch = 2, length = 3, width = 7, heads = 2;
        for (const DataType type : {DataType::Float, DataType::Float16})
            for (const bool causal : {false, true})
                for (const bool hasPast : {false, true})
                    for (const int64_t valueSize : {4, 6}) {
                        if (hasPast && valueSize != 4)
                            continue;
                        const int64_t hidden = 16 + heads * valueSize;
                        const Tensor x = randomTensor({batch, length, width}, 1, type),
                                     w = randomTensor({width, hidden}, 2, type),
                                     bias = randomTensor({hidden}, 3, type);
                        const Numbers input = valuesOf(x), weight = valuesOf(w), add = valuesOf(bias);
                        Heads q(batch, heads, length, 4), k = q, v(batch, heads, length, valueSize);
                        for (Heads* part : {&q, &k, &v})
                            for (int64_t b = 0; b < batch; ++b)
                                for (int64_t h = 0; h < heads; ++h)
                                    for (int64_t l = 0; l < length; ++l)
                                        for (int64_t i = 0; i < part->size; ++i) {
                                            const int64_t column = (part == &q   ? 0
                                                                    : part == &k ? 8
                                                                                 : 16) +
                                                                   h * part->size + i;
                                            double sum = add[static_cast<size_t>(column)];
                                            for (int64_t e = 0; e < width; ++e)
                                                sum +=
                                                    input[static_cast<size_t>((b * length + l) * width + e)] *
                                                    weight[static_cast<size_t>(e * hidden + column)];
                                            part->at(b, h, l, i) = sum;
                                        }
                        std::vector<Value> inputs{x, w, bias, {}, {}};
                        Heads pastKey(batch, heads, 0, 4), pastValue(batch, heads, 0, 4);
                        if (hasPast) {
                            pastKey = randomHeads(batch, heads, 2, 4, 4, type);
                            pastValue = randomHeads(batch, heads, 2, 4, 5, type);
                            Numbers past = pastKey.values;
                            past.insert(past.end(), pastValue.values.begin(), pastValue.values.end());
                            inputs[4] = tensorOf({2, batch, heads, 2, 4}, past, type);
                        } else {
                            inputs[3] = ints({2}, {2, 3});
                        }
                        const Heads keys = hasPast ? joined(pastKey, k) : k,
                                    values = hasPast ? joined(pastValue, v) : v;
                        const Attended expected =
                            attended(q, keys, values, 0.5, [&](int64_t b, int64_t, int64_t i, int64_t j) {
                                if (causal && j > i + pastKey.length)
                                    return -HUGE_VAL;
                                return !hasPast && j >= (b ? 3 : 2) ? -10000.0 : 0.0;
                            });
                        NodeCase nodeCase =
                            node("Attention", inputs,
                                 {intAttribute("num_heads", heads), intAttribute("unidirectional", causal),
                                  intsAttribute("qkv_hidden_sizes", {8, 8, heads * valueSize})},
                                 hasPast ? 2 : 1);
                        nodeCase.constants = {1, 2};
                        const Tolerance tolerance{1e-5 + roundingOf(type), 1e-5 + 2 * roundingOf(type)};
                        checkRows(nodeCase, type, {batch, length, heads * valueSize}, expected.y, tolerance,
                                  1);
                        if (!hasPast)
                            continue;
                        Numbers present = keys.values;
                        present.insert(present.end(), values.values.begin(), values.values.end());
                        checkRowsOutput(nodeCase, 1, type, {2, batch, heads, 5, 4}, present, tolerance, 1);
                    }
    }

    void groupQuery_data()
    {
        QTest::addColumn<bool>("packedQkv");
        QTest::addColumn<bool>("rotary");
        QTest::addColumn<bool>("first");
        QTest::addColumn<bool>("extras");
        for (int flags = 0; flags < 16; ++flags)
            QTest::addRow("%d", flags)
                << bool(flags & 1) << bool(flags & 2) << bool(flags & 4) << bool(flags & 8);
    }

    // extras: window, softcap, sinks, bias.
    void groupQuery()
    {
        QFETCH(bool, packedQkv);
        QFETCH(bool, rotary);
        QFETCH(bool, first);
        QFETCH(bool, extras);
        constexpr int64_t batch = 2, heads = 4, kvHeads = 2, size = 8;
        const int64_t length = first ? 5 : 1;
        const int64_t capacity = first ? 0 : 6;
        const std::vector<int64_t> totals = first ? std::vector<int64_t>{5, 3} : std::vector<int64_t>{6, 4};
        const int64_t total = totals[0];
        Heads q = randomHeads(batch, heads, length, size, 1),
              k = randomHeads(batch, kvHeads, length, size, 2);
        const Heads v = randomHeads(batch, kvHeads, length, size, 3);
        Heads keys = randomHeads(batch, kvHeads, first ? total : capacity, size, 4),
              values = randomHeads(batch, kvHeads, first ? total : capacity, size, 5);
        std::vector<Value> inputs(12);
        if (packedQkv) {
            const Numbers qs = valuesOf(packed(q)), ks = valuesOf(packed(k)), vs = valuesOf(packed(v));
            Numbers all;
            for (int64_t token = 0; token < batch * length; ++token)
                for (const auto& [numbers, width] :
                     {std::pair{&qs, heads * size}, std::pair{&ks, kvHeads * size},
                      std::pair{&vs, kvHeads * size}})
                    all.insert(all.end(), numbers->begin() + token * width,
                               numbers->begin() + (token + 1) * width);
            inputs[0] = tensorOf({batch, length, (heads + 2 * kvHeads) * size}, all);
        } else {
            inputs[0] = packed(q);
            inputs[1] = packed(k);
            inputs[2] = packed(v);
        }
        if (!first) {
            inputs[3] = tensorOf(keys.dims(), keys.values);
            inputs[4] = tensorOf(values.dims(), values.values);
        }
        inputs[5] = ints({batch}, {static_cast<int32_t>(totals[0] - 1), static_cast<int32_t>(totals[1] - 1)});
        inputs[6] = ints({}, {static_cast<int32_t>(total)});
        const auto pastOf = [&](int64_t b) { return first ? 0 : totals[static_cast<size_t>(b)] - length; };
        if (rotary) {
            const Tensor cos = randomTensor({8, size / 2}, 6), sin = randomTensor({8, size / 2}, 7);
            inputs[7] = cos;
            inputs[8] = sin;
            for (Heads* part : {&q, &k})
                for (int64_t b = 0; b < batch; ++b)
                    for (int64_t h = 0; h < part->heads; ++h)
                        for (int64_t l = 0; l < length; ++l)
                            for (int64_t i = 0; i < size / 2; ++i) {
                                const double c = elementAsDouble(cos, (pastOf(b) + l) * size / 2 + i),
                                             s = elementAsDouble(sin, (pastOf(b) + l) * size / 2 + i);
                                const double real = part->at(b, h, l, i),
                                             imaginary = part->at(b, h, l, i + size / 2);
                                part->at(b, h, l, i) = c * real - s * imaginary;
                                part->at(b, h, l, i + size / 2) = s * real + c * imaginary;
                            }
        }
        for (int64_t b = 0; b < batch; ++b)
            for (int64_t h = 0; h < kvHeads; ++h)
                for (int64_t l = 0; l < length; ++l)
                    for (int64_t i = 0; i < size; ++i) {
                        keys.at(b, h, pastOf(b) + l, i) = k.at(b, h, l, i);
                        values.at(b, h, pastOf(b) + l, i) = v.at(b, h, l, i);
                    }
        std::vector<Attribute> attributes{intAttribute("num_heads", heads),
                                          intAttribute("kv_num_heads", kvHeads),
                                          intAttribute("do_rotary", rotary)};
        Numbers sinks, bias(static_cast<size_t>(heads * length * total));
        if (extras) {
            inputs[10] = randomTensor({1, heads, length, total}, 8);
            inputs[11] = randomTensor({heads}, 9);
            bias = valuesOf(*inputs[10].tensor());
            sinks = valuesOf(*inputs[11].tensor());
            attributes.push_back(intAttribute("local_window_size", 3));
            attributes.push_back(floatAttribute("softcap", 0.5f));
        }
        const Attended expected = attended(
            q, keys, values, 1 / std::sqrt(8.0),
            [&](int64_t b, int64_t h, int64_t i, int64_t j) {
                const int64_t position = pastOf(b) + i;
                if (j > position || j >= totals[static_cast<size_t>(b)] || (extras && j <= position - 3))
                    return -HUGE_VAL;
                return bias[static_cast<size_t>((h * length + i) * total + j)];
            },
            extras ? 0.5 : 0, sinks);
        const NodeCase nodeCase = node("GroupQueryAttention", inputs, attributes, 3);
        checkRows(nodeCase, DataType::Float, {batch, length, heads * size}, expected.y, close, 1);
        checkRowsOutput(nodeCase, 1, DataType::Float, keys.dims(), keys.values, {1e-6, 1e-6}, 1);
        checkRowsOutput(nodeCase, 2, DataType::Float, values.dims(), values.values, {0, 0}, 1);
    }

    void groupQueryNormalization()
    {
        Heads q = randomHeads(1, 2, 3, 4, 1), k = randomHeads(1, 1, 3, 4, 2);
        const Heads v = randomHeads(1, 1, 3, 4, 3);
        const Tensor qWeight = randomTensor({4}, 4), kWeight = randomTensor({4}, 5);
        std::vector<Value> inputs(16);
        inputs[0] = packed(q, DataType::Float16);
        inputs[1] = packed(k, DataType::Float16);
        inputs[2] = packed(v, DataType::Float16);
        inputs[5] = ints({1}, {2});
        inputs[6] = ints({}, {3});
        inputs[14] = tensorOf({4}, valuesOf(qWeight), DataType::Float16);
        inputs[15] = tensorOf({4}, valuesOf(kWeight), DataType::Float16);
        for (Heads* part : {&q, &k})
            for (int64_t h = 0; h < part->heads; ++h)
                for (int64_t l = 0; l < 3; ++l) {
                    double sum = 0;
                    for (int64_t i = 0; i < 4; ++i)
                        sum += part->at(0, h, l, i) * part->at(0, h, l, i) / 4;
                    for (int64_t i = 0; i < 4; ++i)
                        part->at(0, h, l, i) *=
                            valuesOf(part == &q ? qWeight : kWeight)[static_cast<size_t>(i)] /
                            std::sqrt(sum + 1e-6);
                }
        const Attended expected = attended(
            q, k, v, 0.5, [](int64_t, int64_t, int64_t i, int64_t j) { return j > i ? -HUGE_VAL : 0; });
        checkRows(node("GroupQueryAttention", inputs,
                       {intAttribute("num_heads", 2), intAttribute("kv_num_heads", 1)}, 1),
                  DataType::Float16, {1, 3, 8}, expected.y, {3e-3, 3e-3}, 1);
    }

    void failures()
    {
        const Tensor x = randomTensor({2, 3, 8}, 1);
        const auto fails = [](std::string opType, std::vector<Value> inputs,
                              std::vector<Attribute> attributes, ErrorCode code = ErrorCode::ShapeMismatch) {
            checkAllFail(node(std::move(opType), std::move(inputs), std::move(attributes), 1), code, 1);
        };
        fails("MultiHeadAttention", {x, x, x}, {intAttribute("num_heads", 3)});
        fails("MultiHeadAttention", {x, x, x}, {}, ErrorCode::InvalidModel);
        fails("MultiHeadAttention", {x, x}, {intAttribute("num_heads", 2)});
        fails("MultiHeadAttention", {x, randomTensor({2, 4, 8}, 1), x}, {intAttribute("num_heads", 2)});
        fails("MultiHeadAttention", {x, x, x, randomTensor({23}, 1)}, {intAttribute("num_heads", 2)});
        fails("MultiHeadAttention", {x, x, x, {}, ints({2, 4}, std::vector<int32_t>(8))},
              {intAttribute("num_heads", 2)});
        fails("MultiHeadAttention", {x, x, x, {}, {}, randomTensor({1, 1, 3, 4}, 1)},
              {intAttribute("num_heads", 2)});
        fails("MultiHeadAttention", {x, x, x, {}, {}, {}, randomTensor({2, 2, 1, 4}, 1)},
              {intAttribute("num_heads", 2)});
        fails("Attention", {x, randomTensor({8, 25}, 1)}, {intAttribute("num_heads", 2)});
        fails("Attention", {x, randomTensor({7, 24}, 1)}, {intAttribute("num_heads", 2)});
        const std::vector<Attribute> grouped{intAttribute("num_heads", 2), intAttribute("kv_num_heads", 2)};
        fails("GroupQueryAttention", {x, x, x, {}, {}, ints({2}, {2, 3}), ints({}, {3})}, grouped);
        fails("GroupQueryAttention", {x, x, x, {}, {}, ints({2}, {2, 2}), ints({}, {4})}, grouped);
        fails("GroupQueryAttention", {x, x, x, {}, {}, ints({1}, {2}), ints({}, {3})}, grouped);
        fails("GroupQueryAttention", {x, x, x, {}, {}, ints({2}, {-5, 2}), ints({}, {3})}, grouped);
        fails("GroupQueryAttention", {x, x, x, {}, {}, ints({2}, {2, 2}), ints({}, {3})},
              {intAttribute("num_heads", 2)}, ErrorCode::InvalidModel);
    }
};

std::unique_ptr<QObject> lapidary::createMicrosoftAttentionTest()
{
    return std::make_unique<MicrosoftAttentionTest>();
}

#include "microsoft_attention_test.moc"

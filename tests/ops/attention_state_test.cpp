// SPDX-License-Identifier: GPL-3.0-or-later
// The operators around attention: positions, caches, gates, and layers with a state.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

// sin and cos caches of positions × half.
std::vector<double> angleTable(int64_t positions, int64_t half, bool sine)
{
    std::vector<double> table;
    for (int64_t p = 0; p < positions; ++p)
        for (int64_t i = 0; i < half; ++i) {
            const double angle = static_cast<double>(p) * std::pow(0.3, static_cast<double>(i));
            table.push_back(sine ? std::sin(angle) : std::cos(angle));
        }
    return table;
}

} // namespace

class AttentionStateTest : public QObject {
    Q_OBJECT
private slots:
    void rotary_data()
    {
        QTest::addColumn<bool>("packed");
        QTest::addColumn<bool>("interleaved");
        QTest::addColumn<bool>("withIds");
        QTest::addColumn<int>("rotated");
        for (const bool packed : {false, true})
            for (const bool interleaved : {false, true})
                for (const bool withIds : {false, true})
                    for (const int rotated : {0, 4})
                        QTest::addRow("%d %d %d %d", packed, interleaved, withIds, rotated)
                            << packed << interleaved << withIds << rotated;
    }

    void rotary()
    {
        QFETCH(bool, packed);
        QFETCH(bool, interleaved);
        QFETCH(bool, withIds);
        QFETCH(int, rotated);
        constexpr int64_t batch = 2, heads = 3, length = 5, size = 8, positions = 9;
        const int64_t half = (rotated > 0 ? rotated : size) / 2;
        std::vector<int64_t> ids{0, 3, 8, 1, 1, 7, 2, 5, 4, 6};
        std::vector<double> cos = angleTable(positions, half, false);
        std::vector<double> sin = angleTable(positions, half, true);
        Dims cacheDims{positions, half};
        if (!withIds) { // the caches are laid out by batch and position
            std::vector<double> gathered[2];
            for (const int64_t id : ids)
                for (int64_t i = 0; i < half; ++i) {
                    gathered[0].push_back(cos[static_cast<size_t>(id * half + i)]);
                    gathered[1].push_back(sin[static_cast<size_t>(id * half + i)]);
                }
            cos = gathered[0];
            sin = gathered[1];
            cacheDims = {batch, length, half};
        }
        for (const DataType type :
             {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16}) {
            const Dims dims = packed ? Dims{batch, length, heads * size} : Dims{batch, heads, length, size};
            NodeCase node{.opType = "RotaryEmbedding",
                          .opset = 23,
                          .inputs = {randomTensor(dims, 5, type), tensorOf(cacheDims, cos, type),
                                     tensorOf(cacheDims, sin, type)}};
            if (withIds)
                node.inputs.push_back(Tensor::of<int64_t>({batch, length}, ids));
            node.attributes = {intAttribute("interleaved", interleaved),
                               intAttribute("rotary_embedding_dim", rotated)};
            if (packed)
                node.attributes.push_back(intAttribute("num_heads", heads));
            const std::vector<double> x = valuesOf(*node.inputs[0].tensor());
            const std::vector<double> cosines = valuesOf(*node.inputs[1].tensor());
            const std::vector<double> sines = valuesOf(*node.inputs[2].tensor());
            std::vector<double> y = x;
            for (int64_t b = 0; b < batch; ++b)
                for (int64_t h = 0; h < heads; ++h)
                    for (int64_t s = 0; s < length; ++s) {
                        const int64_t row = packed ? ((b * length + s) * heads + h) * size
                                                   : ((b * heads + h) * length + s) * size;
                        const int64_t angles =
                            (withIds ? ids[static_cast<size_t>(b * length + s)] : b * length + s) * half;
                        for (int64_t i = 0; i < half; ++i) {
                            const auto first = static_cast<size_t>(row + (interleaved ? 2 * i : i));
                            const auto second =
                                static_cast<size_t>(row + (interleaved ? 2 * i + 1 : i + half));
                            const double c = cosines[static_cast<size_t>(angles + i)];
                            const double d = sines[static_cast<size_t>(angles + i)];
                            y[first] = c * x[first] - d * x[second];
                            y[second] = d * x[first] + c * x[second];
                        }
                    }
            checkRows(node, type, dims, y, {2 * roundingOf(type), 1e-6 + roundingOf(type)}, 1);
        }
    }

    void rotaryFailures()
    {
        const Tensor cache = randomTensor({4, 2}, 1);
        const auto fails = [&](const Dims& dims, const std::vector<int64_t>& ids,
                               std::vector<Attribute> attributes) {
            checkAllFail({.opType = "RotaryEmbedding",
                          .opset = 23,
                          .inputs = {randomTensor(dims, 1), cache, cache,
                                     Tensor::of<int64_t>({1, static_cast<int64_t>(ids.size())}, ids)},
                          .attributes = std::move(attributes)},
                         ErrorCode::ShapeMismatch, 1);
        };
        fails({1, 1, 2, 4}, {0, 4}, {});
        fails({1, 1, 2, 4}, {0, -1}, {});
        fails({1, 1, 3, 4}, {0, 1}, {});
        fails({1, 1, 2, 6}, {0, 1}, {});
        fails({1, 2, 4}, {0, 1}, {});
        fails({1, 2, 4}, {0, 1}, {intAttribute("num_heads", 3)});
        fails({1, 1, 2, 4}, {0, 1}, {intAttribute("rotary_embedding_dim", 3)});
        fails({1, 1, 2, 4}, {0, 1}, {intAttribute("rotary_embedding_dim", 6)});
    }

    void tensorScatter()
    {
        for (const bool circular : {false, true})
            for (const int64_t axis : {1, 2, -2, -1}) {
                const Dims dims{2, 5, 4, 6};
                const auto at = static_cast<size_t>(axis < 0 ? axis + 4 : axis);
                Dims updateDims = dims;
                updateDims[at] = 3;
                const Tensor cache = randomTensor(dims, 1);
                const Tensor update = randomTensor(updateDims, 2);
                const std::vector<int64_t> starts{1, circular ? dims[at] + 2 : 0};
                std::vector<double> y = valuesOf(cache);
                const std::vector<double> x = valuesOf(update);
                for (size_t i = 0; i < x.size(); ++i) {
                    Dims index(4);
                    auto rest = static_cast<int64_t>(i);
                    for (size_t d = 4; d-- > 0;) {
                        index[d] = rest % updateDims[d];
                        rest /= updateDims[d];
                    }
                    index[at] = (index[at] + starts[static_cast<size_t>(index[0])]) % dims[at];
                    int64_t offset = 0;
                    for (size_t d = 0; d < 4; ++d)
                        offset = offset * dims[d] + index[d];
                    y[static_cast<size_t>(offset)] = x[i];
                }
                checkRows({.opType = "TensorScatter",
                           .opset = 24,
                           .inputs = {cache, update, Tensor::of<int64_t>({2}, starts)},
                           .attributes = {intAttribute("axis", axis),
                                          stringAttribute("mode", circular ? "circular" : "linear")}},
                          DataType::Float, dims, y, {0, 0}, 1);
            }
        checkRows({.opType = "TensorScatter",
                   .opset = 24,
                   .inputs = {tensorOf({1, 3, 1}, {1, 2, 3}, DataType::Int8),
                              tensorOf({1, 2, 1}, {4, 5}, DataType::Int8)}},
                  DataType::Int8, {1, 3, 1}, {4, 5, 3}, {0, 0}, 1);
        const auto fails = [](const Dims& update, const std::vector<int64_t>& starts, int64_t axis) {
            checkAllFail({.opType = "TensorScatter",
                          .opset = 24,
                          .inputs = {randomTensor({2, 4, 3}, 1), randomTensor(update, 1),
                                     Tensor::of<int64_t>({static_cast<int64_t>(starts.size())}, starts)},
                          .attributes = {intAttribute("axis", axis)}},
                         ErrorCode::ShapeMismatch, 1);
        };
        fails({2, 2, 3}, {0, 3}, 1);
        fails({2, 2, 3}, {0, -1}, 1);
        fails({2, 2, 3}, {0}, 1);
        fails({2, 5, 3}, {0, 0}, 1);
        fails({2, 2, 2}, {0, 0}, 1);
        fails({1, 4, 3}, {0, 0}, 0);
    }

    void swiGlu()
    {
        for (const DataType type :
             {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16}) {
            const Tensor a = randomTensor({3, 70}, 1, type, -4, 4);
            for (const Dims& dims : {Dims{3, 70}, Dims{70}}) {
                const Tensor b = randomTensor(dims, 2, type);
                std::vector<double> y = valuesOf(a);
                const std::vector<double> factors = valuesOf(b);
                for (size_t i = 0; i < y.size(); ++i)
                    y[i] = y[i] / (1 + std::exp(-0.5 * y[i])) * factors[i % factors.size()];
                checkRows({.opType = "SwiGLU",
                           .opset = 28,
                           .inputs = {a, b},
                           .attributes = {floatAttribute("alpha", 0.5f)}},
                          type, {3, 70}, y, {roundingOf(type), 2e-6 + 2 * roundingOf(type)}, 1);
            }
        }
    }

    void linearAttention_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("kvHeads");
        QTest::addColumn<bool>("decayPerKey");
        QTest::addColumn<bool>("betaPerHead");
        QTest::addColumn<bool>("past");
        for (const char* rule : {"linear", "gated", "delta", "gated_delta"})
            for (const int kvHeads : {1, 2, 4})
                for (const bool flag : {false, true})
                    QTest::addRow("%s %d %d", rule, kvHeads, flag)
                        << QString(rule) << kvHeads << flag << !flag << (kvHeads != 2);
    }

    void linearAttention()
    {
        QFETCH(QString, rule);
        QFETCH(int, kvHeads);
        QFETCH(bool, decayPerKey);
        QFETCH(bool, betaPerHead);
        QFETCH(bool, past);
        constexpr int64_t batch = 2, length = 6, heads = 4, keySize = 5, valueSize = 70;
        const bool gated = rule.startsWith("gated");
        const bool delta = rule.endsWith("delta");
        for (const DataType type : {DataType::Float, DataType::Float16, DataType::BFloat16}) {
            const int64_t decaySize = kvHeads * (decayPerKey ? keySize : 1);
            const int64_t betaSize = betaPerHead ? kvHeads : 1;
            NodeCase node{.opType = "LinearAttention", .opset = 27, .inputs = {}, .outputCount = 2};
            node.inputs = {randomTensor({batch, length, heads * keySize}, 1, type),
                           randomTensor({batch, length, kvHeads * keySize}, 2, type, -0.5, 0.5),
                           randomTensor({batch, length, kvHeads * valueSize}, 3, type),
                           {},
                           {},
                           {}};
            if (past)
                node.inputs[3] = randomTensor({batch, kvHeads, keySize, valueSize}, 4, DataType::Float);
            if (gated)
                node.inputs[4] = randomTensor({batch, length, decaySize}, 5, type, -1, 0);
            if (delta)
                node.inputs[5] = randomTensor({batch, length, betaSize}, 6, type, 0, 1);
            node.attributes = {intAttribute("q_num_heads", heads), intAttribute("kv_num_heads", kvHeads),
                               stringAttribute("update_rule", rule.toStdString())};
            const auto numbers = [&](size_t input) {
                return node.inputs[input].present() ? valuesOf(*node.inputs[input].tensor())
                                                    : std::vector<double>();
            };
            const auto q = numbers(0), k = numbers(1), v = numbers(2), g = numbers(4), beta = numbers(5);
            std::vector<double> state =
                past ? numbers(3)
                     : std::vector<double>(static_cast<size_t>(batch * kvHeads * keySize * valueSize));
            std::vector<double> output(static_cast<size_t>(batch * length * heads * valueSize));
            for (int64_t b = 0; b < batch; ++b)
                for (int64_t t = 0; t < length; ++t)
                    for (int64_t h = 0; h < kvHeads; ++h)
                        for (int64_t m = 0; m < valueSize; ++m) {
                            const int64_t token = b * length + t;
                            const auto s = [&](int64_t d) -> double& {
                                return state[static_cast<size_t>(
                                    ((b * kvHeads + h) * keySize + d) * valueSize + m)];
                            };
                            const auto key = [&](int64_t d) {
                                return k[static_cast<size_t>((token * kvHeads + h) * keySize + d)];
                            };
                            for (int64_t d = 0; gated && d < keySize; ++d)
                                s(d) *= std::exp(
                                    g[static_cast<size_t>(decayPerKey ? (token * kvHeads + h) * keySize + d
                                                                      : token * kvHeads + h)]);
                            double written = v[static_cast<size_t>((token * kvHeads + h) * valueSize + m)];
                            if (delta) {
                                for (int64_t d = 0; d < keySize; ++d)
                                    written -= s(d) * key(d);
                                written *=
                                    beta[static_cast<size_t>(betaPerHead ? token * kvHeads + h : token)];
                            }
                            for (int64_t d = 0; d < keySize; ++d)
                                s(d) += key(d) * written;
                            for (int64_t query = h * (heads / kvHeads); query < (h + 1) * (heads / kvHeads);
                                 ++query) {
                                double sum = 0;
                                for (int64_t d = 0; d < keySize; ++d)
                                    sum +=
                                        q[static_cast<size_t>((token * heads + query) * keySize + d)] * s(d);
                                output[static_cast<size_t>((token * heads + query) * valueSize + m)] =
                                    sum / std::sqrt(static_cast<double>(keySize));
                            }
                        }
            const Tolerance tolerance{4e-6 + roundingOf(type), 4e-6 + 2 * roundingOf(type)};
            checkRows(node, type, {batch, length, heads * valueSize}, output, tolerance, 1);
            checkRowsOutput(node, 1, past ? DataType::Float : type, {batch, kvHeads, keySize, valueSize},
                            state, tolerance, 1);
        }
    }

    void linearAttentionFailures()
    {
        const auto fails = [](std::vector<Value> inputs, const char* rule, int64_t heads, ErrorCode code) {
            checkAllFail({.opType = "LinearAttention",
                          .opset = 27,
                          .inputs = std::move(inputs),
                          .attributes = {intAttribute("q_num_heads", heads), intAttribute("kv_num_heads", 2),
                                         stringAttribute("update_rule", rule)}},
                         code, 1);
        };
        const Tensor x = randomTensor({1, 3, 8}, 1);
        fails({x, x, x}, "gated", 2, ErrorCode::InvalidModel);
        fails({x, x, x, {}, x}, "linear", 2, ErrorCode::InvalidModel);
        fails({x, x, x}, "other", 2, ErrorCode::InvalidModel);
        fails({x, x, x}, "linear", 3, ErrorCode::ShapeMismatch);
        fails({x, randomTensor({1, 3, 6}, 1), x}, "linear", 2, ErrorCode::ShapeMismatch);
        fails({x, x, x, randomTensor({1, 2, 4, 3}, 1)}, "linear", 2, ErrorCode::ShapeMismatch);
        fails({x, x, x, {}, randomTensor({1, 3, 3}, 1)}, "gated", 2, ErrorCode::ShapeMismatch);
    }

    void causalConvolution()
    {
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16})
            for (const int64_t kernel : {1, 2, 4})
                for (const int64_t length : {1, 2, 9})
                    for (const bool full : {false, true}) {
                        constexpr int64_t batch = 2, channels = 3;
                        NodeCase node{
                            .opType = "CausalConvWithState", .opset = 27, .inputs = {}, .outputCount = 2};
                        node.inputs = {randomTensor({batch, channels, length}, 1, type),
                                       randomTensor({channels, 1, kernel}, 2, type)};
                        if (full) {
                            node.inputs.push_back(randomTensor({channels}, 3, type));
                            node.inputs.push_back(randomTensor({batch, channels, kernel - 1}, 4, type));
                            node.attributes = {stringAttribute("activation", "silu")};
                        }
                        const std::vector<double> x = valuesOf(*node.inputs[0].tensor());
                        const std::vector<double> w = valuesOf(*node.inputs[1].tensor());
                        std::vector<double> y, state;
                        for (int64_t row = 0; row < batch * channels; ++row) {
                            const auto at = [&](int64_t i) { // of the row with its past
                                if (i >= kernel - 1)
                                    return x[static_cast<size_t>(row * length + i - (kernel - 1))];
                                return full
                                           ? elementAsDouble(*node.inputs[3].tensor(), row * (kernel - 1) + i)
                                           : 0;
                            };
                            for (int64_t i = 0; i < length; ++i) {
                                double sum =
                                    full ? elementAsDouble(*node.inputs[2].tensor(), row % channels) : 0;
                                for (int64_t j = 0; j < kernel; ++j)
                                    sum += w[static_cast<size_t>(row % channels * kernel + j)] * at(i + j);
                                y.push_back(full ? sum / (1 + std::exp(-sum)) : sum);
                            }
                            for (int64_t i = 0; i < kernel - 1; ++i)
                                state.push_back(at(length + i));
                        }
                        checkRows(node, type, {batch, channels, length}, y,
                                  {1e-6 + roundingOf(type), 1e-6 + roundingOf(type)}, 1);
                        checkRowsOutput(node, 1, type, {batch, channels, kernel - 1}, state, {0, 0}, 1);
                    }
        const Tensor x = randomTensor({1, 2, 4}, 1);
        const auto fails = [&](std::vector<Value> inputs) {
            checkAllFail({.opType = "CausalConvWithState", .opset = 27, .inputs = std::move(inputs)},
                         ErrorCode::ShapeMismatch, 1);
        };
        fails({x, randomTensor({2, 2, 3}, 1)});
        fails({x, randomTensor({2, 1, 0}, 1)});
        fails({x, randomTensor({2, 1, 3}, 1), randomTensor({3}, 1)});
        fails({x, randomTensor({2, 1, 3}, 1), {}, randomTensor({1, 2, 3}, 1)});
        fails({randomTensor({2, 4}, 1), randomTensor({2, 1, 3}, 1)});
    }
};

std::unique_ptr<QObject> lapidary::createAttentionStateTest()
{
    return std::make_unique<AttentionStateTest>();
}

#include "attention_state_test.moc"

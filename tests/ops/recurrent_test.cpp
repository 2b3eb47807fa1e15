// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

using Values = std::vector<double>;
using RealFunction = std::function<double(double)>;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double tanhOf(double x) { return std::tanh(x); }

// As DynamicQuantizeLinear makes bytes of floats, and back.
Values roundedToBytes(Values values)
{
    double low = 0;
    double high = 0;
    for (const double value : values) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const double scale = low == high ? 1 : (high - low) / 255;
    const double zero = std::nearbyint(-low / scale);
    for (double& value : values)
        value = (std::min(255.0, std::max(0.0, std::nearbyint(value / scale) + zero)) - zero) * scale;
    return values;
}

// A node and what its reference needs: the definition of the operator, one number at a time, in double.
struct Setup {
    std::string op = "LSTM";
    int64_t steps = 3;
    int64_t batch = 2;
    int64_t input = 4;
    int64_t hidden = 5;
    std::string direction = "forward";
    DataType type = DataType::Float;
    bool hasBias = true;
    bool hasInitial = true;
    bool hasPeepholes = false;
    std::vector<int32_t> lengths = {};
    double clip = 0; // 0: none
    bool inputForget = false;
    bool linearBeforeReset = false;
    bool batchFirst = false;
    std::vector<std::string> names = {};
    std::vector<float> alphas = {};
    std::vector<float> betas = {};
    std::vector<RealFunction> functions = {}; // f, g, h of all directions
    int64_t opset = 14;
    std::vector<size_t> constants = {};
    bool roundsState = false; // DynamicQuantizeLSTM, for a batch of one

    int64_t gates() const { return op == "RNN" ? 1 : op == "GRU" ? 3 : 4; }
    int64_t directions() const { return direction == "bidirectional" ? 2 : 1; }
    Dims stateDims() const
    {
        return batchFirst ? Dims{batch, directions(), hidden} : Dims{directions(), batch, hidden};
    }
};

struct Reference {
    const Setup& setup;
    Values x, w, r, b, h0, c0, p;
    Values y, yh, yc;

    double clipped(double value) const
    {
        return setup.clip > 0 ? std::min(std::max(value, -setup.clip), setup.clip) : value;
    }
    RealFunction function(int64_t direction, size_t index) const
    {
        const std::vector<RealFunction> defaults = setup.op == "RNN" ? std::vector<RealFunction>{tanhOf}
                                                   : setup.op == "GRU"
                                                       ? std::vector<RealFunction>{sigmoid, tanhOf}
                                                       : std::vector<RealFunction>{sigmoid, tanhOf, tanhOf};
        const RealFunction chosen =
            setup.functions.empty()
                ? defaults[index]
                : setup.functions[static_cast<size_t>(direction) * defaults.size() + index];
        return [this, chosen](double value) { return chosen(clipped(value)); };
    }
    int64_t stateAt(int64_t d, int64_t batch) const
    {
        return (setup.batchFirst ? batch * setup.directions() + d : d * setup.batch + batch) * setup.hidden;
    }
    double inputProduct(int64_t d, int64_t batch, int64_t time, int64_t row) const
    {
        const int64_t at = setup.batchFirst ? batch * setup.steps + time : time * setup.batch + batch;
        double sum = 0;
        for (int64_t i = 0; i < setup.input; ++i)
            sum += x[size_t(at * setup.input + i)] *
                   w[size_t((d * setup.gates() * setup.hidden + row) * setup.input + i)];
        return sum;
    }
    double stateProduct(int64_t d, const Values& h, int64_t row) const
    {
        double sum = 0;
        for (int64_t i = 0; i < setup.hidden; ++i)
            sum += h[size_t(i)] * r[size_t((d * setup.gates() * setup.hidden + row) * setup.hidden + i)];
        return sum;
    }
    double bias(int64_t d, int64_t row, bool recurrent) const
    {
        const int64_t rows = setup.gates() * setup.hidden;
        return b.empty() ? 0 : b[size_t(d * 2 * rows + (recurrent ? rows : 0) + row)];
    }
    double peephole(int64_t d, int64_t gate, int64_t j) const
    {
        return p.empty() ? 0 : p[size_t((d * 3 + gate) * setup.hidden + j)];
    }

    void step(int64_t d, int64_t batch, int64_t time, Values& h, Values& c) const
    {
        if (setup.roundsState)
            h = roundedToBytes(h);
        const int64_t n = setup.hidden;
        Values next(static_cast<size_t>(n));
        const auto all = [&](int64_t row) {
            return inputProduct(d, batch, time, row) + stateProduct(d, h, row) + bias(d, row, false) +
                   bias(d, row, true);
        };
        const RealFunction f = function(d, 0);
        const RealFunction g = setup.op == "RNN" ? f : function(d, 1);
        Values reset(static_cast<size_t>(n)); // of a GRU: r * H
        for (int64_t j = 0; j < n && setup.op == "GRU"; ++j)
            reset[size_t(j)] = f(all(n + j)) * h[size_t(j)];
        for (int64_t j = 0; j < n; ++j) {
            const auto at = static_cast<size_t>(j);
            if (setup.op == "RNN") {
                next[at] = f(all(j));
            } else if (setup.op == "GRU") {
                const int64_t row = 2 * n + j;
                const double fromX = inputProduct(d, batch, time, row) + bias(d, row, false);
                const double candidate =
                    setup.linearBeforeReset
                        ? g(fromX + f(all(n + j)) * (stateProduct(d, h, row) + bias(d, row, true)))
                        : g(fromX + stateProduct(d, reset, row) + bias(d, row, true));
                const double z = f(all(j));
                next[at] = (1 - z) * candidate + z * h[at];
            } else {
                const double i = f(all(j) + peephole(d, 0, j) * c[at]);
                const double forget =
                    setup.inputForget ? 1 - i : f(all(2 * n + j) + peephole(d, 2, j) * c[at]);
                c[at] = forget * c[at] + i * g(all(3 * n + j));
                next[at] = f(all(n + j) + peephole(d, 1, j) * c[at]) * function(d, 2)(c[at]);
            }
        }
        h = next;
    }

    void run()
    {
        const int64_t directions = setup.directions();
        const auto stateCount = static_cast<size_t>(directions * setup.batch * setup.hidden);
        y.assign(stateCount * static_cast<size_t>(setup.steps), 0);
        yh.assign(stateCount, 0);
        yc.assign(stateCount, 0);
        for (int64_t d = 0; d < directions; ++d) {
            const bool reverse = setup.direction == "reverse" || d == 1;
            for (int64_t batch = 0; batch < setup.batch; ++batch) {
                const int64_t from = stateAt(d, batch);
                Values h(static_cast<size_t>(setup.hidden));
                Values c(h);
                for (int64_t j = 0; j < setup.hidden && !h0.empty(); ++j)
                    h[size_t(j)] = h0[size_t(from + j)];
                for (int64_t j = 0; j < setup.hidden && !c0.empty(); ++j)
                    c[size_t(j)] = c0[size_t(from + j)];
                const int64_t length = setup.lengths.empty() ? setup.steps : setup.lengths[size_t(batch)];
                for (int64_t s = 0; s < length; ++s) {
                    const int64_t time = reverse ? length - 1 - s : s;
                    step(d, batch, time, h, c);
                    const int64_t row = setup.batchFirst ? (batch * setup.steps + time) * directions + d
                                                         : (time * directions + d) * setup.batch + batch;
                    std::copy(h.begin(), h.end(), y.begin() + row * setup.hidden);
                }
                std::copy(h.begin(), h.end(), yh.begin() + from);
                std::copy(c.begin(), c.end(), yc.begin() + from);
            }
        }
    }
};

NodeCase makeCase(const Setup& setup, uint32_t seed)
{
    const int64_t d = setup.directions();
    const int64_t rows = setup.gates() * setup.hidden;
    const auto random = [&](Dims dims, double size) {
        return Value(randomTensor(std::move(dims), seed++, setup.type, -size, size));
    };
    const Dims state = setup.stateDims();
    NodeCase node{.opType = setup.op, .opset = setup.opset, .inputs = {}, .outputCount = 2};
    node.inputs.push_back(random(setup.batchFirst ? Dims{setup.batch, setup.steps, setup.input}
                                                  : Dims{setup.steps, setup.batch, setup.input},
                                 1));
    // Weights of a trained size: larger ones amplify rounding from step to step.
    const auto scale = [](int64_t size) { return 1.5 / std::sqrt(static_cast<double>(size + 1)); };
    node.inputs.push_back(random({d, rows, setup.input}, scale(setup.input)));
    node.inputs.push_back(random({d, rows, setup.hidden}, scale(setup.hidden)));
    node.inputs.push_back(setup.hasBias ? random({d, 2 * rows}, 0.5) : Value());
    node.inputs.push_back(setup.lengths.empty() ? Value()
                                                : Value(Tensor::of<int32_t>({setup.batch}, setup.lengths)));
    node.inputs.push_back(setup.hasInitial ? random(state, 1) : Value());
    if (setup.op == "LSTM") {
        node.outputCount = 3;
        node.inputs.push_back(setup.hasInitial ? random(state, 1) : Value());
        node.inputs.push_back(setup.hasPeepholes ? random({d, 3 * setup.hidden}, 0.5) : Value());
    }
    node.attributes = {intAttribute("hidden_size", setup.hidden),
                       stringAttribute("direction", setup.direction)};
    if (setup.clip > 0)
        node.attributes.push_back(floatAttribute("clip", static_cast<float>(setup.clip)));
    if (setup.op == "LSTM")
        node.attributes.push_back(intAttribute("input_forget", setup.inputForget ? 1 : 0));
    if (setup.op == "GRU")
        node.attributes.push_back(intAttribute("linear_before_reset", setup.linearBeforeReset ? 1 : 0));
    if (setup.opset >= 14)
        node.attributes.push_back(intAttribute("layout", setup.batchFirst ? 1 : 0));
    if (!setup.names.empty())
        node.attributes.push_back(stringsAttribute("activations", setup.names));
    if (!setup.alphas.empty())
        node.attributes.push_back(floatsAttribute("activation_alpha", setup.alphas));
    if (!setup.betas.empty())
        node.attributes.push_back(floatsAttribute("activation_beta", setup.betas));
    node.constants = setup.constants;
    return node;
}

Reference reference(const Setup& setup, const NodeCase& node)
{
    const auto values = [&](size_t index) {
        return index < node.inputs.size() && node.inputs[index].present()
                   ? valuesOf(*node.inputs[index].tensor())
                   : Values();
    };
    Reference result{setup,     values(0), values(1), values(2), values(3), values(5),
                     values(6), values(7), {},        {},        {}};
    result.run();
    return result;
}

} // namespace

class RecurrentTest : public QObject {
    Q_OBJECT

    static void check(const Setup& setup, uint32_t seed = 1)
    {
        const NodeCase node = makeCase(setup, seed);
        const Reference expected = reference(setup, node);
        const Dims state = setup.stateDims();
        Dims sequence = state;
        sequence.insert(sequence.begin() + (setup.batchFirst ? 1 : 0), setup.steps);
        const double rounding = setup.type == DataType::Double ? 1e-13 : 5e-6 + 2 * roundingOf(setup.type);
        const Tolerance tolerance{rounding, rounding};
        const auto results = runOnAllRows(node);
        QVERIFY2(results.size() == (setup.type == DataType::Double ? 1 : 2), "a row refused the node");
        for (const RowResult& result : results) {
            std::string problem = result.outputs.ok() ? std::string() : result.outputs.error().toString();
            if (result.outputs.ok()) {
                const std::vector<Value>& outputs = *result.outputs;
                problem = difference(outputs[0], setup.type, sequence, expected.y, tolerance) +
                          difference(outputs[1], setup.type, state, expected.yh, tolerance);
                if (setup.op == "LSTM")
                    problem += difference(outputs[2], setup.type, state, expected.yc, tolerance);
            }
            QVERIFY2(problem.empty(), (setup.op + " " + result.implementation + ": " + problem).c_str());
        }
    }

    // Sets weights 1 (W) or 2 (R) of the node to bytes; returns what they stand for, as LSTM has them.
    static Values quantize(NodeCase& node, size_t input, Dims dims, bool perColumn, DataType type,
                           bool hasZero)
    {
        const auto random = [](Dims size, double low, double high) {
            return valuesOf(randomTensor(std::move(size), 7, DataType::Double, low, high));
        };
        const Dims parameters = perColumn ? Dims{dims[0], dims[2]} : Dims{dims[0]};
        const Tensor scales = tensorOf(parameters, random(parameters, 0.002, 0.005));
        const Tensor zeros = tensorOf(parameters, random(parameters, 0, hasZero ? 20 : 0), type);
        const double low = type == DataType::Int8 ? -128 : 0;
        const Tensor bytes = tensorOf(dims, random(dims, low, low + 255), type);
        node.inputs[input] = bytes;
        node.inputs[6 + 2 * input] = scales;
        if (hasZero)
            node.inputs[7 + 2 * input] = zeros;
        Values weights;
        for (int64_t row = 0; row < dims[0] * dims[2]; ++row) {
            const int64_t d = row / dims[2];
            for (int64_t i = 0; i < dims[1]; ++i)
                weights.push_back((elementAsDouble(bytes, (d * dims[1] + i) * dims[2] + row % dims[2]) -
                                   elementAsDouble(zeros, perColumn ? row : d)) *
                                  elementAsDouble(scales, perColumn ? row : d));
        }
        return weights;
    }

    static void checkQuantized(bool perColumn, DataType type, bool hasZero, std::vector<size_t> constants)
    {
        const Setup setup{
            .batch = 1, .direction = "bidirectional", .hasPeepholes = true, .roundsState = true};
        NodeCase node = makeCase(setup, 11);
        Reference expected = reference(setup, node);
        node.opType = "DynamicQuantizeLSTM";
        node.domain = "com.microsoft";
        node.opset = 1;
        node.inputs.resize(12);
        node.constants = std::move(constants);
        expected.x = roundedToBytes(expected.x);
        expected.w = quantize(node, 1, {2, setup.input, 4 * setup.hidden}, perColumn, type, hasZero);
        expected.r = quantize(node, 2, {2, setup.hidden, 4 * setup.hidden}, perColumn, type, hasZero);
        expected.run();
        checkRowsOutput(node, 0, DataType::Float, {3, 2, 1, 5}, expected.y, {1e-5, 1e-5}, 1);
        checkRowsOutput(node, 2, DataType::Float, {2, 1, 5}, expected.yc, {1e-5, 1e-5}, 1);
        node.inputs[8] = randomTensor({3}, 1);
        checkAllFail(node, ErrorCode::ShapeMismatch, 1);
    }

private slots:
    void directionsAndTypes()
    {
        for (const char* op : {"RNN", "GRU", "LSTM"}) {
            for (const char* direction : {"forward", "reverse", "bidirectional"}) {
                for (const DataType type :
                     {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16})
                    check({.op = op, .direction = direction, .type = type});
                check({.op = op, .direction = direction, .lengths = {1, 3}});
                check({.op = op, .direction = direction, .hasInitial = false, .batchFirst = true});
                check({.op = op, .direction = direction, .lengths = {2, 0}, .batchFirst = true});
                check({.op = op, .direction = direction, .hasBias = false, .constants = {1, 2}});
            }
            check({.op = op, .opset = 1});
            check({.op = op, .opset = 7});
            check({.op = op, .opset = 22});
        }
    }

    // The GRU of every test above is not linear before its reset.
    void variants()
    {
        for (const char* direction : {"forward", "reverse", "bidirectional"}) {
            check({.op = "GRU", .direction = direction, .linearBeforeReset = true});
            check({.op = "GRU", .direction = direction, .hasBias = false, .linearBeforeReset = true});
            check({.direction = direction, .hasPeepholes = true});
            check({.direction = direction, .hasPeepholes = true, .inputForget = true});
            check({.direction = direction, .hasPeepholes = true, .clip = 0.3});
            check({.op = "GRU", .direction = direction, .clip = 0.2, .linearBeforeReset = true});
            check({.op = "RNN", .direction = direction, .clip = 0.2});
        }
    }

    void sizes()
    {
        std::mt19937 random(7);
        const auto below = [&](int64_t limit) {
            return std::uniform_int_distribution<int64_t>(0, limit - 1)(random);
        };
        for (uint32_t seed = 1; seed <= 60; ++seed) {
            Setup setup{.op = seed % 3 == 0   ? "RNN"
                              : seed % 3 == 1 ? "GRU"
                                              : "LSTM",
                        .steps = below(7),
                        .batch = below(5),
                        .input = below(6),
                        .hidden = below(4) * 17 + below(3),
                        .direction = seed % 2 ? "bidirectional" : "reverse",
                        .hasPeepholes = below(2) == 0,
                        .linearBeforeReset = below(2) == 0,
                        .batchFirst = below(2) == 0};
            if (below(2) == 0) {
                for (int64_t b = 0; b < setup.batch; ++b)
                    setup.lengths.push_back(static_cast<int32_t>(below(setup.steps + 1)));
            }
            if (below(2) == 0)
                setup.constants = {1, 2};
            check(setup, seed * 100);
        }
        check({.op = "LSTM", .steps = 4, .batch = 33, .input = 70, .hidden = 130, .hasPeepholes = true});
        check({.op = "GRU", .steps = 4, .batch = 1, .input = 200, .hidden = 300});
    }

    void activations()
    {
        const auto hard = [](double alpha, double beta) {
            return [=](double x) { return std::min(1.0, std::max(0.0, alpha * x + beta)); };
        };
        const std::pair<const char*, RealFunction> plain[] = {
            {"Relu", [](double x) { return std::max(0.0, x); }},
            {"Tanh", tanhOf},
            {"Sigmoid", sigmoid},
            {"Affine", [](double x) { return x; }},
            {"LeakyRelu", [](double x) { return x >= 0 ? x : double(0.01f) * x; }},
            {"ThresholdedRelu", [](double x) { return x >= 1 ? x : 0.0; }},
            {"ScaledTanh", tanhOf},
            {"HardSigmoid", hard(double(0.2f), 0.5)},
            {"Elu", [](double x) { return x >= 0 ? x : std::exp(x) - 1; }},
            {"Softsign", [](double x) { return x / (1 + std::abs(x)); }},
            {"Softplus", [](double x) { return std::log(1 + std::exp(x)); }},
            {"softPLUS", [](double x) { return std::log(1 + std::exp(x)); }},
        };
        for (const auto& [name, function] : plain) {
            for (const DataType type : {DataType::Float, DataType::Double})
                check({.op = "RNN", .type = type, .names = {name}, .functions = {function}});
        }
        // Parameters go to those that use them, in order.
        const Setup parameters{
            .op = "LSTM",
            .direction = "bidirectional",
            .names = {"HardSigmoid", "Tanh", "LeakyRelu", "Sigmoid", "ScaledTanh", "Affine"},
            .alphas = {0.25f, 0.125f, 0.5f},
            .betas = {0.75f, 2.0f, 0.25f},
            .functions = {hard(0.25, 0.75), tanhOf, [](double x) { return x >= 0 ? x : 0.125 * x; }, sigmoid,
                          [](double x) { return 0.5 * std::tanh(2 * x); },
                          [](double x) { return x + 0.25; }}};
        check(parameters);
        check({.op = "GRU",
               .names = {"Elu", "ThresholdedRelu"},
               .alphas = {0.5f, 0.25f},
               .functions = {[](double x) { return x >= 0 ? x : 0.5 * (std::exp(x) - 1); },
                             [](double x) { return x >= 0.25 ? x : 0.0; }}});
        // The default of RNN names one function for each of two directions, whatever there are.
        check({.op = "RNN", .names = {"Relu", "Tanh"}, .functions = {[](double x) {
                                                           return std::max(0.0, x);
                                                       }}});
    }

    // Weights of both signs, one scale for each direction or for each column, constant or not.
    void quantized()
    {
        for (int choice = 0; choice < 8; ++choice) {
            const DataType type = choice & 1 ? DataType::Int8 : DataType::UInt8;
            checkQuantized(choice & 2, type, choice & 4, {});
            checkQuantized(choice & 2, type, choice & 4, {1, 2, 8, 9, 10, 11});
        }
    }

    void outputsLeftOut()
    {
        const Setup setup{.op = "LSTM"};
        NodeCase node = makeCase(setup, 3);
        const Reference expected = reference(setup, node);
        node.absentOutputs = {0, 1};
        for (const RowResult& result : runOnAllRows(node)) {
            QVERIFY(result.outputs.ok() && !(*result.outputs)[0].present() &&
                    !(*result.outputs)[1].present());
        }
        checkRowsOutput(node, 2, DataType::Float, {1, 2, 5}, expected.yc, {1e-5, 1e-5}, 2);
    }

    void wrongRequests()
    {
        const auto changed = [](size_t input, Value value) {
            NodeCase node = makeCase({}, 1);
            node.inputs[input] = std::move(value);
            return node;
        };
        checkAllFail(changed(0, randomTensor({3, 2}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(0, randomTensor({3, 2, 5}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(1, randomTensor({1, 16, 4}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(2, randomTensor({1, 20, 4}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(2, randomTensor({2, 20, 5}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(2, Value()), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(3, randomTensor({1, 20}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(3, randomTensor({1, 40}, 1, DataType::Double)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(4, Tensor::of<int32_t>({3}, std::vector<int32_t>{1, 1, 1})),
                     ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(4, Tensor::of<int32_t>({2}, std::vector<int32_t>{1, 4})),
                     ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(4, Tensor::of<int32_t>({2}, std::vector<int32_t>{-1, 3})),
                     ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(5, randomTensor({2, 1, 5}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(6, randomTensor({1, 2, 4}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(changed(7, randomTensor({1, 20}, 1)), ErrorCode::ShapeMismatch, 2);
        checkAllFail(makeCase({.names = {"Tanh", "Tanh"}}, 1), ErrorCode::InvalidArgument, 2);
        checkAllFail(makeCase({.names = {"Tanh", "Tanh", "Cosine"}}, 1), ErrorCode::InvalidArgument, 2);
        checkAllFail(makeCase({.direction = "backward"}, 1), ErrorCode::InvalidArgument, 2);
    }
};

std::unique_ptr<QObject> lapidary::createRecurrentTest() { return std::make_unique<RecurrentTest>(); }

#include "recurrent_test.moc"

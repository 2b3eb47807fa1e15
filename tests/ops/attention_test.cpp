// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/cpu_backend.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

constexpr double infinity = HUGE_VAL;

// One random Attention node, and what the definition makes of it in double.
struct AttentionCase {
    int64_t batch = 2, heads = 4, kvHeads = 2, queries = 3, length = 5, past = 0, size = 8, valueSize = 6;
    bool packed = false;
    bool causal = false;
    std::optional<double> scale = {};
    double softcap = 0;
    Dims maskDims = {}; // empty: no mask
    DataType maskType = DataType::Bool;
    std::vector<int64_t> valid = {}; // nonpad_kv_seqlen
    int64_t left = -1, right = -1;
    int64_t mode = 0;
    int64_t opset = 24;
    DataType type = DataType::Float;
};

// Element (b, h, s, i) of a tensor that is packed or not.
struct View {
    std::vector<double> values;
    int64_t heads, length, size;
    bool packed;
    double at(int64_t b, int64_t h, int64_t s, int64_t i) const
    {
        return values[static_cast<size_t>(packed ? ((b * length + s) * heads + h) * size + i
                                                 : ((b * heads + h) * length + s) * size + i)];
    }
};

class AttentionReference {
public:
    AttentionReference(const AttentionCase& c, const NodeCase& node) : m_case(c)
    {
        const auto view = [&](size_t input, int64_t heads, int64_t length, int64_t size, bool packed) {
            return View{valuesOf(*node.inputs[input].tensor()), heads, length, size, packed};
        };
        m_q = view(0, c.heads, c.queries, c.size, c.packed);
        const View k = view(1, c.kvHeads, c.length, c.size, c.packed);
        const View v = view(2, c.kvHeads, c.length, c.valueSize, c.packed);
        key = joined(k, c.past ? view(4, c.kvHeads, c.past, c.size, false) : View{});
        value = joined(v, c.past ? view(5, c.kvHeads, c.past, c.valueSize, false) : View{});
        if (!c.maskDims.empty())
            m_mask = valuesOf(*node.inputs[3].tensor());
        run();
    }

    std::vector<double> y, scores;
    View key, value; // present

private:
    View joined(const View& fresh, const View& past) const
    {
        View all{{}, m_case.kvHeads, m_case.past + m_case.length, fresh.size, false};
        for (int64_t b = 0; b < m_case.batch; ++b)
            for (int64_t h = 0; h < m_case.kvHeads; ++h)
                for (int64_t s = 0; s < all.length; ++s)
                    for (int64_t i = 0; i < all.size; ++i)
                        all.values.push_back(s < m_case.past ? past.at(b, h, s, i)
                                                             : fresh.at(b, h, s - m_case.past, i));
        return all;
    }

    // What the mask adds: numpy's broadcast, aligned at the end; beyond a short mask nothing is seen.
    double maskAt(int64_t b, int64_t h, int64_t i, int64_t j) const
    {
        if (m_mask.empty())
            return 0;
        const Dims& dims = m_case.maskDims;
        if (m_case.opset >= 24 && j >= dims.back())
            return -infinity;
        const int64_t at[] = {b, h, i, j};
        int64_t offset = 0;
        for (size_t axis = 0; axis < dims.size(); ++axis)
            offset = offset * dims[axis] + (dims[axis] == 1 ? 0 : at[4 - dims.size() + axis]);
        const double number = m_mask[static_cast<size_t>(offset)];
        if (m_case.maskType == DataType::Bool)
            return number != 0 ? 0 : -infinity;
        return number;
    }

    double biasAt(int64_t b, int64_t h, int64_t i, int64_t j) const
    {
        const auto& valid = m_case.valid;
        const int64_t offset =
            valid.empty() || m_case.past > 0 ? m_case.past : valid[static_cast<size_t>(b)] - m_case.queries;
        const bool seen = (!m_case.causal || j <= i + offset) &&
                          (valid.empty() || j < valid[static_cast<size_t>(b)]) &&
                          (m_case.left < 0 || j >= i + offset - m_case.left) &&
                          (m_case.right < 0 || j <= i + offset + m_case.right);
        return seen ? maskAt(b, h, i, j) : -infinity;
    }

    void run()
    {
        const AttentionCase& c = m_case;
        std::vector<double> result(static_cast<size_t>(c.batch * c.heads * c.queries * c.valueSize));
        for (int64_t b = 0; b < c.batch; ++b)
            for (int64_t h = 0; h < c.heads; ++h)
                for (int64_t i = 0; i < c.queries; ++i)
                    runRow(b, h, i, result);
        y = std::move(result);
    }

    void runRow(int64_t b, int64_t h, int64_t i, std::vector<double>& result)
    {
        const AttentionCase& c = m_case;
        const int64_t kv = h / (c.heads / c.kvHeads);
        const double scale = c.scale.value_or(1 / std::sqrt(static_cast<double>(c.size)));
        std::vector<double> row;
        double largest = -infinity;
        for (int64_t j = 0; j < c.past + c.length; ++j) {
            double score = 0;
            for (int64_t e = 0; e < c.size; ++e)
                score += m_q.at(b, h, i, e) * key.at(b, kv, j, e);
            score *= scale;
            const double capped = c.softcap > 0 ? c.softcap * std::tanh(score / c.softcap) : score;
            const double masked = capped + biasAt(b, h, i, j);
            if (c.mode < 3)
                scores.push_back(c.mode == 0 ? score : c.mode == 1 ? capped : masked);
            largest = std::max(largest, masked);
            row.push_back(masked);
        }
        double sum = 0;
        for (double& score : row) {
            score = largest == -infinity ? 0 : std::exp(score - largest);
            sum += score;
        }
        for (int64_t j = 0; j < c.past + c.length; ++j) {
            const double probability = sum == 0 ? 0 : row[static_cast<size_t>(j)] / sum;
            if (c.mode == 3)
                scores.push_back(probability);
            for (int64_t e = 0; e < c.valueSize; ++e) {
                const int64_t at = c.packed ? ((b * c.queries + i) * c.heads + h) * c.valueSize + e
                                            : ((b * c.heads + h) * c.queries + i) * c.valueSize + e;
                result[static_cast<size_t>(at)] += probability * value.at(b, kv, j, e);
            }
        }
    }

    const AttentionCase m_case;
    View m_q;
    std::vector<double> m_mask;
};

Tensor randomMask(const AttentionCase& c, uint32_t seed)
{
    Tensor numbers = randomTensor(c.maskDims, seed, DataType::Float, -2, 2);
    std::vector<double> values = valuesOf(numbers);
    for (double& value : values) {
        if (c.maskType == DataType::Bool)
            value = value > -1;
        else if (value < -1.2)
            value = -infinity;
    }
    return tensorOf(c.maskDims, values, c.maskType);
}

NodeCase nodeOf(const AttentionCase& c, uint32_t seed)
{
    const auto tensor = [&](int64_t heads, int64_t length, int64_t size, bool packed) {
        return randomTensor(packed ? Dims{c.batch, length, heads * size} : Dims{c.batch, heads, length, size},
                            ++seed, c.type, -1.5, 1.5);
    };
    NodeCase node{.opType = "Attention", .opset = c.opset, .inputs = {}, .outputCount = 4};
    node.inputs = {tensor(c.heads, c.queries, c.size, c.packed),
                   tensor(c.kvHeads, c.length, c.size, c.packed),
                   tensor(c.kvHeads, c.length, c.valueSize, c.packed),
                   {},
                   {},
                   {},
                   {}};
    if (!c.maskDims.empty())
        node.inputs[3] = randomMask(c, ++seed);
    if (c.past > 0) {
        node.inputs[4] = tensor(c.kvHeads, c.past, c.size, false);
        node.inputs[5] = tensor(c.kvHeads, c.past, c.valueSize, false);
    }
    if (!c.valid.empty())
        node.inputs[6] = Tensor::of<int64_t>({c.batch}, c.valid);
    while (!node.inputs.back().present())
        node.inputs.pop_back();
    if (c.packed) {
        node.attributes.push_back(intAttribute("q_num_heads", c.heads));
        node.attributes.push_back(intAttribute("kv_num_heads", c.kvHeads));
    }
    if (c.scale)
        node.attributes.push_back(floatAttribute("scale", static_cast<float>(*c.scale)));
    if (c.softcap > 0)
        node.attributes.push_back(floatAttribute("softcap", static_cast<float>(c.softcap)));
    node.attributes.push_back(intAttribute("is_causal", c.causal));
    node.attributes.push_back(intAttribute("qk_matmul_output_mode", c.mode));
    if (c.left >= 0)
        node.attributes.push_back(intAttribute("left_window_size", c.left));
    if (c.right >= 0)
        node.attributes.push_back(intAttribute("right_window_size", c.right));
    return node;
}

void checkAttention(const AttentionCase& c, uint32_t seed = 1)
{
    const NodeCase node = nodeOf(c, seed);
    const AttentionReference expected(c, node);
    const int64_t keys = c.past + c.length;
    const double rounding = roundingOf(c.type);
    const Tolerance tolerance{4e-6 + 2 * rounding, 4e-6 + 2 * rounding};
    checkRows(node, c.type,
              c.packed ? Dims{c.batch, c.queries, c.heads * c.valueSize}
                       : Dims{c.batch, c.heads, c.queries, c.valueSize},
              expected.y, tolerance, 1);
    checkRowsOutput(node, 1, c.type, {c.batch, c.kvHeads, keys, c.size}, expected.key.values, {0, 0}, 1);
    checkRowsOutput(node, 2, c.type, {c.batch, c.kvHeads, keys, c.valueSize}, expected.value.values, {0, 0},
                    1);
    checkRowsOutput(node, 3, c.type, {c.batch, c.heads, c.queries, keys}, expected.scores, tolerance, 1);
    // Without the other outputs keys that nobody sees are left out: the same answer.
    NodeCase alone = node;
    alone.outputCount = 1;
    checkRows(alone, c.type,
              c.packed ? Dims{c.batch, c.queries, c.heads * c.valueSize}
                       : Dims{c.batch, c.heads, c.queries, c.valueSize},
              expected.y, tolerance, 1);
}

// Stands for the session: a graph named "add" adds 0.5 to what it gets, any other doubles it.
class FakeBody final : public Body {
public:
    explicit FakeBody(bool adds) : m_adds(adds) {}
    Result<std::vector<Value>> run(std::span<const Value> inputs, std::span<const Value* const>,
                                   const JobContext&) override
    {
        const Tensor& x = *inputs[0].tensor();
        std::vector<double> values = valuesOf(x);
        for (double& value : values)
            value = m_adds ? value + 0.5 : value * 2;
        return std::vector<Value>{tensorOf(x.dims(), values, x.type())};
    }
    const std::vector<TypeInfo>& outputTypes() const override { return m_outputTypes; }

private:
    bool m_adds;
    std::vector<TypeInfo> m_outputTypes{TypeInfo::tensor(DataType::Float)};
};

class FakeCompiler final : public BodyCompiler {
public:
    Result<std::unique_ptr<Body>> compile(const Graph& body, std::span<const TypeInfo> types) const override
    {
        if (types.size() != 1 || types[0].dataType != DataType::Float || types[0].shape)
            return makeError(ErrorCode::Internal, "expected one float32 input of unknown shape");
        return std::unique_ptr<Body>(std::make_unique<FakeBody>(body.name == "add"));
    }
};

Attribute graphAttribute(std::string name, std::string graphName)
{
    auto graph = std::make_shared<Graph>();
    graph->name = std::move(graphName);
    graph->inputs = {graph->addValue("scores")};
    graph->outputs = {graph->addValue("result")};
    return makeAttribute(std::move(name), std::shared_ptr<const Graph>(graph));
}

} // namespace

class AttentionTest : public QObject {
    Q_OBJECT
private slots:
    void layouts()
    {
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16})
            for (const bool packed : {false, true})
                for (const int64_t kvHeads : {1, 2, 4})
                    checkAttention({.kvHeads = kvHeads, .packed = packed, .type = type});
        checkAttention({.batch = 1, .heads = 3, .kvHeads = 3, .queries = 70, .length = 131, .size = 33});
        checkAttention({.batch = 1,
                        .heads = 2,
                        .kvHeads = 1,
                        .queries = 65,
                        .length = 300,
                        .packed = true,
                        .causal = true});
        checkAttention({.queries = 1, .length = 1, .size = 1, .valueSize = 1});
    }

    void masks()
    {
        const std::vector<Dims> shapes{{3, 5},       {1, 5},       {4, 3, 5},    {1, 3, 5}, {2, 1, 3, 5},
                                       {2, 4, 1, 5}, {2, 4, 3, 5}, {1, 1, 1, 5}, {5}};
        for (const Dims& dims : shapes)
            for (const DataType maskType : {DataType::Bool, DataType::Float})
                for (const int64_t mode : {0, 1, 2, 3})
                    checkAttention({.softcap = mode == 0 ? 0 : 0.7,
                                    .maskDims = dims,
                                    .maskType = maskType,
                                    .mode = mode},
                                   static_cast<uint32_t>(dims.size()));
        checkAttention({.maskDims = {3, 1}, .opset = 23});                       // stretched
        checkAttention({.maskDims = {3, 1}, .opset = 24});                       // the first key only
        checkAttention({.maskDims = {2, 1, 3, 4}, .maskType = DataType::Float}); // padded
        checkAttention({.maskDims = {3, 5}, .maskType = DataType::Float16, .type = DataType::Float16});
    }

    void pastAndWindows()
    {
        for (const bool causal : {false, true})
            for (const bool packed : {false, true}) {
                checkAttention({.past = 4, .packed = packed, .causal = causal, .scale = 0.2});
                checkAttention({.past = 4, .causal = causal, .maskDims = {3, 9}, .mode = 2});
                checkAttention({.packed = packed, .causal = causal, .valid = {2, 5}, .mode = 3});
                for (const int64_t left : {-1, 0, 2})
                    for (const int64_t right : {-1, 0, 1})
                        checkAttention({.queries = 6,
                                        .past = 2,
                                        .causal = causal,
                                        .left = left,
                                        .right = right,
                                        .opset = 25});
                checkAttention(
                    {.queries = 4, .causal = causal, .valid = {3, 5}, .left = 1, .mode = 2, .opset = 25});
            }
        checkAttention({.queries = 5, .length = 4, .causal = true, .valid = {0, 2}}); // rows that see nothing
        checkAttention({.queries = 40, .length = 40, .causal = true, .softcap = 2, .type = DataType::Double});
    }

    void emptySequences()
    {
        checkAttention({.queries = 0});
        checkAttention({.batch = 0});
        checkAttention({.length = 0, .past = 3});
        // No keys at all: zeros.
        NodeCase node{.opType = "Attention",
                      .opset = 23,
                      .inputs = {randomTensor({1, 1, 2, 4}, 1), randomTensor({1, 1, 0, 4}, 1),
                                 randomTensor({1, 1, 0, 4}, 1)}};
        checkRows(node, DataType::Float, {1, 1, 2, 4}, std::vector<double>(8, 0.0), {0, 0}, 1);
    }

    void mixedTypes()
    {
        AttentionCase c;
        NodeCase node = nodeOf(c, 3);
        node.inputs[2] = randomTensor(node.inputs[2].tensor()->dims(), 9, DataType::Double);
        const AttentionReference expected(c, node);
        checkRows(node, DataType::Float, {2, 4, 3, 6}, expected.y, {4e-6, 4e-6}, 1);
        checkRowsOutput(node, 2, DataType::Double, {2, 2, 5, 6}, expected.value.values, {1e-7, 0}, 1);
    }

    void flexAttentionWithoutGraphs()
    {
        for (const DataType type :
             {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16}) {
            const AttentionCase c{.queries = 40, .scale = 0.3, .type = type};
            NodeCase node = nodeOf(c, 7);
            const AttentionReference expected(c, node);
            node.opType = "FlexAttention";
            node.domain = "ai.onnx.preview";
            node.opset = 1;
            node.outputCount = 1;
            checkRows(node, type, {c.batch, c.heads, c.queries, c.valueSize}, expected.y,
                      {4e-6 + 2 * roundingOf(type), 4e-6 + 2 * roundingOf(type)}, 1);
            node.inputs[0] = randomTensor({2, 3, 32}, 1, type);
            checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        }
    }

    // Adding to all scores changes nothing; scores and probabilities that are doubled do.
    void flexAttentionWithGraphs()
    {
        AttentionCase c{.queries = 40, .scale = 0.3, .type = DataType::Float16};
        NodeCase node = nodeOf(c, 7);
        c.scale = 0.6;
        const AttentionReference expected(c, node);
        std::vector<double> y = expected.y;
        for (double& value : y)
            value *= 2;
        node.opType = "FlexAttention";
        node.domain = "ai.onnx.preview";
        node.opset = 1;
        node.outputCount = 1;
        node.attributes = {floatAttribute("scale", 0.3f), graphAttribute("score_mod", "double"),
                           graphAttribute("prob_mod", "double")};
        const Model model = makeModel(node);
        KernelRequest request;
        request.model = &model;
        request.graph = &model.graph;
        request.node = &model.graph.nodes[0];
        request.opsetVersion = 1;
        request.inputTypes.assign(3, TypeInfo::tensor(c.type));
        request.constantInputs.resize(3);
        QCOMPARE(cpuBackend().createKernel(request).error().code, ErrorCode::UnsupportedOp);
        request.bodies = std::make_shared<FakeCompiler>();
        const auto kernel = cpuBackend().createKernel(request);
        QVERIFY(kernel.ok());
        const JobContext job;
        const Value* inputs[] = {&node.inputs[0], &node.inputs[1], &node.inputs[2]};
        std::vector<Value> outputs(1);
        KernelContext context(inputs, outputs, job);
        QVERIFY((*kernel)->run(context).ok());
        const std::string problem =
            difference(outputs[0], c.type, {c.batch, c.heads, c.queries, c.valueSize}, y, {2e-3, 2e-3});
        QVERIFY2(problem.empty(), problem.c_str());
    }

    void sameOnAnyNumberOfThreads()
    {
        const NodeCase node = nodeOf({.queries = 70, .length = 90, .causal = true}, 1);
        std::vector<std::vector<double>> results;
        for (const int threads : {1, 2, 4}) {
            cpuBackend().setThreads(threads);
            const auto outputs = runOnAllRows(node);
            QVERIFY(outputs.size() == 1 && outputs[0].outputs.ok());
            results.push_back(valuesOf(*outputs[0].outputs.value()[0].tensor()));
        }
        cpuBackend().setThreads(0);
        QVERIFY(results[0] == results[1] && results[0] == results[2]);
    }

    void notANumberStays()
    {
        // A key that is NaN spoils the queries that see it, and no others.
        NodeCase node = nodeOf({.batch = 1, .heads = 1, .kvHeads = 1, .causal = true}, 1);
        node.outputCount = 1;
        std::vector<double> keys = valuesOf(*node.inputs[1].tensor());
        keys[2 * 8] = NAN;
        node.inputs[1] = tensorOf({1, 1, 5, 8}, keys);
        const auto outputs = runOnAllRows(node);
        QVERIFY(outputs.size() == 1 && outputs[0].outputs.ok());
        const std::vector<double> y = valuesOf(*outputs[0].outputs.value()[0].tensor());
        for (size_t i = 0; i < y.size(); ++i)
            QCOMPARE(std::isnan(y[i]), i >= 2 * 6);
    }

    void attentionFailures()
    {
        const auto fails = [](AttentionCase c, const std::function<void(NodeCase&)>& spoil) {
            NodeCase node = nodeOf(c, 1);
            spoil(node);
            checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        };
        fails({.kvHeads = 3}, [](NodeCase&) {});
        fails({}, [](NodeCase& node) { node.inputs[1] = randomTensor({2, 2, 5, 7}, 1); });
        fails({}, [](NodeCase& node) { node.inputs[2] = randomTensor({2, 2, 4, 6}, 1); });
        fails({}, [](NodeCase& node) { node.inputs[0] = randomTensor({2, 3, 32}, 1); });
        fails({.packed = true}, [](NodeCase& node) { node.attributes.clear(); });
        fails({.maskDims = {3, 6}}, [](NodeCase&) {});
        fails({.maskDims = {2, 5}}, [](NodeCase&) {});
        fails({.maskDims = {3, 4}, .opset = 23}, [](NodeCase&) {});
        fails({.maskDims = {1, 1, 1, 3, 5}}, [](NodeCase&) {});
        fails({.past = 2}, [](NodeCase& node) { node.inputs.pop_back(); });
        fails({.valid = {1, 6}}, [](NodeCase&) {});
        fails({.valid = {1, 2}},
              [](NodeCase& node) { node.inputs[6] = Tensor::of<int64_t>({1}, std::vector<int64_t>{1}); });
    }
};

std::unique_ptr<QObject> lapidary::createAttentionTest() { return std::make_unique<AttentionTest>(); }

#include "attention_test.moc"

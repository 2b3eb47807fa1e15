// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diff/change_text.h"
#include "engine/diff/merged_model.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"

#include <QTest>

using namespace lapidary;

namespace {

// x -> Conv -> Relu, as often as there are weights; values and names are numbered from first.
struct Net {
    std::vector<Tensor> weights;
    int64_t pad = 1;
    int first = 0;         // number of the first value
    int without = -1;      // this Relu is left out
    int sigmoidAfter = -1; // after this Relu comes a Sigmoid
};

Tensor filled(float value) { return Tensor::of<float>({2, 2, 1, 1}, std::vector<float>(4, value)); }

std::shared_ptr<Model> build(const Net& net)
{
    GraphBuilder builder;
    builder.input("x");
    std::string last = "x";
    int number = net.first;
    const auto add = [&](const std::string& opType, std::vector<std::string> inputs) -> Node& {
        inputs.insert(inputs.begin(), last);
        last = "v" + std::to_string(number);
        Node& node = builder.node(opType, inputs, {last});
        node.name = opType + "_" + std::to_string(number++);
        return node;
    };
    for (size_t i = 0; i < net.weights.size(); ++i) {
        const std::string weight = "w" + std::to_string(i);
        builder.constant(weight, net.weights[i]);
        Attribute pads;
        pads.name = "pads";
        pads.data = std::vector<int64_t>{net.pad, net.pad};
        add("Conv", {weight}).attributes = {pads};
        if (static_cast<int>(i) != net.without)
            add("Relu", {});
        if (static_cast<int>(i) == net.sigmoidAfter)
            add("Sigmoid", {});
    }
    return builder.output(last).build();
}

GraphDiff diffOf(const Model& before, const Model& after, DiffOptions options = {})
{
    JobContext job;
    return diffGraphs(before.graph, after.graph, options, job).value();
}

QStringList textsOf(const GraphDiff& diff, const Model& before, const Model& after)
{
    QStringList texts;
    for (const NodeChange& change : diff.changes) {
        for (const std::string& text : changeTexts(change, before.graph, after.graph))
            texts << QString::fromStdString(after.graph.node(change.after).opType + " " + text);
    }
    return texts;
}

class GraphDiffTest : public QObject {
    Q_OBJECT
private slots:
    void sameModel()
    {
        const auto model = build({{filled(1), filled(2), filled(3)}});
        const GraphDiff diff = diffOf(*model, *model);
        QVERIFY(diff.empty());
        QCOMPARE(diff.same, int64_t(6));
    }

    // Exporters number values and nodes anew: that is no difference.
    void otherNumbers()
    {
        const auto before = build({{filled(1), filled(2), filled(3)}});
        const auto after = build({.weights = {filled(1), filled(2), filled(3)}, .first = 40});
        QVERIFY(diffOf(*before, *after).empty());
    }

    void changedAttribute()
    {
        const auto before = build({{filled(1)}});
        const auto after = build({.weights = {filled(1)}, .pad = 0});
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(textsOf(diff, *before, *after), QStringList("Conv pads: [1, 1] → [0, 0]"));
        QCOMPARE(diff.same, int64_t(1));
    }

    void changedWeight()
    {
        const auto before = build({{filled(1), filled(2)}});
        Tensor other = filled(2);
        other.mutableData<float>()[3] = 2.5f;
        const auto after = build({{filled(1), other}});
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(diff.changes.size(), size_t(1));
        const auto& difference = diff.changes[0].weights.at(0).difference;
        QVERIFY(difference.has_value());
        QCOMPARE(difference->changed, int64_t(1));
        QCOMPARE(difference->maxAbsolute, 0.5);
        QCOMPARE(difference->relative, 0.5 / 4); // |(0, 0, 0, 0.5)| / |(2, 2, 2, 2)|
        QVERIFY(diffOf(*before, *after, {.weights = false}).empty());
    }

    void changedShape()
    {
        const auto before = build({{filled(1)}});
        const auto after = build({{Tensor::of<float>({4, 2, 1, 1}, std::vector<float>(8, 1.f))}});
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(textsOf(diff, *before, *after), QStringList("Conv w0: float32[2×2×1×1] → float32[4×2×1×1]"));
        QCOMPARE(diff.added + diff.removed, int64_t(0));
    }

    void removedAndAdded()
    {
        const auto before = build({{filled(1), filled(2), filled(3)}});
        const auto after = build(
            {.weights = {filled(1), filled(2), filled(3)}, .first = 7, .without = 1, .sigmoidAfter = 2});
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(diff.removed, int64_t(1));
        QCOMPARE(diff.added, int64_t(1));
        QCOMPARE(diff.matching.afterOf[3], noNode); // the second Relu
        // The third Conv reads the second one now.
        QCOMPARE(textsOf(diff, *before, *after), QStringList("Conv reads other results"));
        QCOMPARE(diff.same, int64_t(4));
    }

    void nothingInCommon()
    {
        GraphBuilder other;
        other.input("a");
        other.node("Softmax", {"a"}, {"b"});
        const auto before = build({{filled(1)}});
        const auto after = other.output("b").build();
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(diff.removed, int64_t(2));
        QCOMPARE(diff.added, int64_t(1));
        QVERIFY(diffOf(*GraphBuilder().build(), *GraphBuilder().build()).empty());
    }

    // Long models of one make, a block taken out of the middle: all other blocks are matched.
    void blockOut()
    {
        Net net;
        for (int i = 0; i < 50; ++i)
            net.weights.push_back(filled(static_cast<float>(i)));
        const auto before = build(net);
        net.weights.erase(net.weights.begin() + 20);
        net.first = 3;
        const auto after = build(net);
        const GraphDiff diff = diffOf(*before, *after);
        QCOMPARE(diff.removed, int64_t(2));
        QCOMPARE(diff.added, int64_t(0));
    }

    void merged()
    {
        const auto before = build({{filled(1), filled(2), filled(3)}});
        const auto after = build({.weights = {filled(1), filled(5), filled(3)}, .first = 7, .without = 1});
        const GraphDiff diff = diffOf(*before, *after);
        const MergedModel merged = mergeModels(*before, *after, diff);
        const Graph& graph = merged.model->graph;
        QCOMPARE(graph.nodes.size(), size_t(6));
        QCOMPARE(merged.status,
                 (std::vector<NodeStatus>{NodeStatus::Same, NodeStatus::Same, NodeStatus::Changed,
                                          NodeStatus::Removed, NodeStatus::Changed, NodeStatus::Same}));
        QCOMPARE(graph.nodes[3].opType, std::string("Relu"));
        // The removed node reads what the second Conv gives.
        QCOMPARE(graph.value(graph.nodes[3].inputs[0]).producer, NodeId(2));
        QCOMPARE(merged.before[4], NodeId(4));
        QCOMPARE(merged.after[4], NodeId(3));
        QVERIFY(merged.changes[2] != nullptr && merged.changes[3] == nullptr);
    }

    void cancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const auto model = build({{filled(1)}});
        const auto diff = diffGraphs(model->graph, model->graph, {}, job);
        QVERIFY(!diff.ok());
        QCOMPARE(diff.error().code, ErrorCode::Cancelled);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createGraphDiffTest() { return std::make_unique<GraphDiffTest>(); }

#include "graph_diff_test.moc"

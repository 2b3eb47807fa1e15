// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/groups/group_tree.h"

#include <QTest>

using namespace lapidary;

namespace {

GroupTree treeOf(const Graph& graph) { return buildGroupTree(graph, FoldedValues(graph)); }

const Group* find(const GroupTree& tree, const std::string& name)
{
    for (const Group& group : tree.groups) {
        if (group.name == name)
            return &group;
    }
    return nullptr;
}

int countNamed(const GroupTree& tree, const std::string& start)
{
    int count = 0;
    for (const Group& group : tree.groups)
        count += group.name.starts_with(start) ? 1 : 0;
    return count;
}

// Builds chains: each step reads what the last one gave, and maybe more.
class Chain {
public:
    explicit Chain(GraphBuilder& builder) : m_builder(builder) { builder.input("x"); }

    std::string step(const std::string& opType, std::vector<std::string> more = {},
                     const std::string& name = {})
    {
        more.insert(more.begin(), last);
        std::string output = "v" + std::to_string(++m_count);
        m_builder.node(opType, more, {output}).name = name;
        last = std::move(output);
        return last;
    }
    std::string last = "x";

private:
    GraphBuilder& m_builder;
    int m_count = 0;
};

void residualBlock(Chain& chain, bool shortcut)
{
    const std::string before = chain.last;
    chain.step("Conv");
    chain.step("Relu");
    const std::string branch = chain.step("Conv");
    chain.last = before;
    if (shortcut)
        chain.step("Conv");
    chain.step("Add", {branch});
    chain.step("Relu");
}

void transformerLayer(Chain& chain)
{
    std::string before = chain.last;
    const std::string query = chain.step("MatMul");
    chain.last = before;
    const std::string key = chain.step("MatMul");
    chain.last = query;
    chain.step("MatMul", {key});
    chain.step("Softmax");
    chain.step("MatMul", {key});
    chain.step("Add", {before});
    before = chain.last;
    chain.step("MatMul");
    chain.step("Gelu");
    chain.step("MatMul");
    chain.step("Add", {before});
}

class GroupTreeTest : public QObject {
    Q_OBJECT
private slots:
    void nothingToGroup()
    {
        GraphBuilder builder;
        Chain chain(builder);
        for (int i = 0; i < 5; ++i)
            chain.step("Relu");
        const auto model = builder.build();
        QVERIFY(treeOf(model->graph).groups.empty());
        QVERIFY(treeOf(GraphBuilder().build()->graph).groups.empty());
    }

    void slashNames()
    {
        GraphBuilder builder;
        Chain chain(builder);
        for (int layer = 0; layer < 3; ++layer) {
            const std::string path = "/encoder/layer." + std::to_string(layer);
            chain.step("MatMul", {}, path + "/attention/MatMul");
            chain.step("Softmax", {}, path + "/attention/Softmax");
            chain.step("Relu", {}, path + "/Relu");
        }
        chain.step("Sigmoid", {}, "/head/Sigmoid");
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        const Group* encoder = find(tree, "encoder");
        QVERIFY(encoder);
        QCOMPARE(encoder->groups.size(), size_t(3));
        QCOMPARE(encoder->nodeCount, 9);
        const Group* layer = find(tree, "layer.1");
        QVERIFY(layer);
        QCOMPARE(layer->alike, 3);
        QCOMPARE(layer->firstNode, 3);
        QCOMPARE(layer->nodes, std::vector<NodeId>{5}); // Relu; the others are in "attention"
        QCOMPARE(layer->groups.size(), size_t(1));
        QCOMPARE(tree.depth, 3);
        QVERIFY(!find(tree, "head")); // one node is no group
        QCOMPARE(tree.groupOfNode[9], noGroup);
        QCOMPARE(boxesAtLevel(tree, 0), 2);  // encoder, Sigmoid
        QCOMPARE(boxesAtLevel(tree, 1), 4);  // three layers, Sigmoid
        QCOMPARE(boxesAtLevel(tree, 9), 10); // all nodes
    }

    void aNamelessNodeFollowsItsNeighbours()
    {
        GraphBuilder builder;
        Chain chain(builder);
        chain.step("MatMul", {}, "/a/MatMul");
        chain.step("Cast"); // put in by a tool
        chain.step("Relu", {}, "/a/Relu");
        chain.step("Relu", {}, "/b/Relu");
        chain.step("Relu", {}, "/b/Relu_1");
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        QVERIFY(find(tree, "a"));
        QCOMPARE(find(tree, "a")->nodeCount, 3);
    }

    void scopesOfPyTorch()
    {
        GraphBuilder builder;
        Chain chain(builder);
        const auto add = [&](const std::string& scopes) {
            builder.node("Relu", {chain.last}, {chain.last + "'"}).metadata = {
                {"pkg.torch.onnx.name_scopes", scopes}};
            chain.last += "'";
        };
        add("['', 'encoder', 'encoder.0', 'relu']");
        add("['', 'encoder', 'encoder.0', 'relu_1']");
        add("['', 'encoder', 'encoder.1', 'relu_2']");
        add("['', 'encoder', 'encoder.1', 'relu_3']");
        add("['', 'head', 'relu_4']");
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        QVERIFY(find(tree, "encoder"));
        QCOMPARE(find(tree, "encoder")->groups.size(), size_t(2));
        QVERIFY(find(tree, "1"));
    }

    void residualStages()
    {
        GraphBuilder builder;
        Chain chain(builder);
        chain.step("Conv");
        chain.step("Relu");
        for (const int blocks : {3, 4, 6, 3}) {
            for (int block = 0; block < blocks; ++block)
                residualBlock(chain, block == 0);
        }
        chain.step("GlobalAveragePool");
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        QCOMPARE(countNamed(tree, "Stage"), 4);
        QCOMPARE(countNamed(tree, "Residual block"), 16);
        QCOMPARE(find(tree, "Stage 2")->groups.size(), size_t(4));
    }

    void transformerLayers()
    {
        GraphBuilder builder;
        Chain chain(builder);
        chain.step("Gather");
        for (int layer = 0; layer < 6; ++layer)
            transformerLayer(chain);
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        QCOMPARE(countNamed(tree, "Layer"), 6);
        QCOMPARE(countNamed(tree, "Attention"), 6);
        QCOMPARE(countNamed(tree, "Feed-forward"), 6);
        QCOMPARE(find(tree, "Layer 3")->alike, 6);
    }

    // Weights of another shape make a group another one.
    void alikeMeansShapesToo()
    {
        GraphBuilder builder;
        Chain chain(builder);
        for (int i = 0; i < 3; ++i) {
            const std::string path = "/block" + std::to_string(i) + "/";
            const std::string weight = "W" + std::to_string(i);
            builder.weight(weight, {8, i == 2 ? 16 : 8});
            chain.step("MatMul", {weight}, path + "MatMul");
            chain.step("Relu", {}, path + "Relu");
        }
        const auto model = builder.build();
        const GroupTree tree = treeOf(model->graph);
        QCOMPARE(find(tree, "block0")->alike, 2);
        QCOMPARE(find(tree, "block2")->alike, 1);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createGroupTreeTest() { return std::make_unique<GroupTreeTest>(); }

#include "group_tree_test.moc"

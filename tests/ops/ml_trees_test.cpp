// SPDX-License-Identifier: GPL-3.0-or-later
// Trees against a walk over linked nodes in double, written from the specification.
#include "tests/engine_tests.h"
#include "tests/support/random_trees.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;
constexpr int64_t features = TreeMaker::features;

NodeCase mlCase(std::string opType, int64_t opset, Tensor x, std::vector<Attribute> attributes,
                size_t outputs = 1)
{
    return {.opType = std::move(opType),
            .opset = opset,
            .inputs = {std::move(x)},
            .attributes = std::move(attributes),
            .outputCount = outputs,
            .domain = "ai.onnx.ml"};
}

// Replaces one attribute.
std::vector<Attribute> with(std::vector<Attribute> attributes, Attribute changed)
{
    for (Attribute& attribute : attributes) {
        if (attribute.name == changed.name) {
            attribute = changed;
            return attributes;
        }
    }
    attributes.push_back(std::move(changed));
    return attributes;
}

void checkLabels(const NodeCase& nodeCase, const std::vector<std::string>& expected)
{
    const auto results = runOnAllRows(nodeCase);
    QCOMPARE(results.size(), size_t{1});
    QVERIFY2(results[0].outputs.ok(), results[0].row.c_str());
    QVERIFY((*results[0].outputs)[0].tensor()->strings() == expected);
}

// x0 <= 0.5 -> leaf 1, else leaf 2.
std::vector<Attribute> stump(std::vector<int64_t> classIds, std::vector<float> weights,
                             std::vector<int64_t> labels)
{
    std::vector<int64_t> nodes(classIds.size());
    for (size_t i = 0; i < nodes.size(); ++i)
        nodes[i] = i < nodes.size() / 2 ? 1 : 2;
    const std::vector<int64_t> trees(nodes.size());
    return {intsAttribute("nodes_treeids", {0, 0, 0}),
            intsAttribute("nodes_nodeids", {0, 1, 2}),
            intsAttribute("nodes_featureids", {0, 0, 0}),
            floatsAttribute("nodes_values", {0.5f, 0, 0}),
            stringsAttribute("nodes_modes", {"BRANCH_LEQ", "LEAF", "LEAF"}),
            intsAttribute("nodes_truenodeids", {1, 0, 0}),
            intsAttribute("nodes_falsenodeids", {2, 0, 0}),
            intsAttribute("class_treeids", trees),
            intsAttribute("class_nodeids", nodes),
            intsAttribute("class_ids", std::move(classIds)),
            floatsAttribute("class_weights", std::move(weights)),
            intsAttribute("classlabels_int64s", std::move(labels))};
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

void checkStump(const std::vector<Attribute>& attributes, const std::vector<double>& labels,
                const std::vector<double>& scores)
{
    const Tensor x = tensorOf({2, 1}, {0, 1});
    const auto columns = static_cast<int64_t>(scores.size()) / 2;
    const NodeCase nodeCase = mlCase("TreeEnsembleClassifier", 3, x, attributes, 2);
    checkRows(nodeCase, DataType::Int64, {2}, labels, {}, 1);
    checkRowsOutput(nodeCase, 1, f32, {2, columns}, scores, {1e-6, 1e-6}, 1);
}

} // namespace

class MlTreesTest : public QObject {
    Q_OBJECT

    static void randomRegressors(int modes)
    {
        uint32_t seed = 1;
        for (const DataType type : {f32, DataType::Double, DataType::Int64, DataType::Int32}) {
            for (const char* aggregate : {"SUM", "AVERAGE", "MIN", "MAX"}) {
                for (const int64_t rows : {0, 1, 3, 200}) {
                    const auto targets = static_cast<int64_t>(seed % 3 + 1);
                    TreeMaker maker(seed++, targets, modes, targets);
                    std::vector<Tree> trees;
                    for (int i = maker.below(6) + 1; i > 0; --i)
                        trees.push_back(maker.make(maker.below(6)));
                    const auto x = maker.rows(rows, isFloatingPoint(type));
                    std::vector<double> expected;
                    for (int64_t row = 0; row < rows; ++row) {
                        for (const double score :
                             scoresOf(trees, x.data() + row * features, targets, aggregate))
                            expected.push_back(
                                score +
                                0.5 * static_cast<double>(expected.size() % static_cast<size_t>(targets)));
                    }
                    std::vector<float> base;
                    for (int64_t i = 0; i < targets; ++i)
                        base.push_back(0.5f * static_cast<float>(i));
                    auto attributes = nodeLists(trees, "target");
                    attributes.push_back(intAttribute("n_targets", targets));
                    attributes.push_back(stringAttribute("aggregate_function", aggregate));
                    attributes.push_back(floatsAttribute("base_values", base));
                    checkRows(mlCase("TreeEnsembleRegressor", seed % 2 == 0 ? 1 : 3,
                                     tensorOf({rows, features}, x, type), attributes),
                              f32, {rows, targets}, expected, {1e-6, 1e-6}, 1);
                }
            }
        }
    }

private slots:
    void randomRegressors()
    {
        for (const int modes : {1, 2, 6}) // only at most; also less; all
            randomRegressors(modes);
    }

    void randomEnsembles()
    {
        uint32_t seed = 1000;
        for (const DataType type : {f32, DataType::Double, DataType::Float16}) {
            for (const int aggregate : {0, 1, 2, 3}) {
                for (const int64_t rows : {0, 1, 70}) {
                    static const char* const names[] = {"AVERAGE", "SUM", "MIN", "MAX"};
                    const auto targets = static_cast<int64_t>(seed % 3 + 1);
                    TreeMaker maker(seed++, targets, 7, 1);
                    std::vector<Tree> trees;
                    for (int i = maker.below(5) + 1; i > 0; --i)
                        trees.push_back(maker.make(maker.below(5)));
                    const auto x = maker.rows(rows, true);
                    std::vector<double> expected;
                    for (int64_t row = 0; row < rows; ++row) {
                        for (const double score :
                             scoresOf(trees, x.data() + row * features, targets, names[aggregate]))
                            expected.push_back(score);
                    }
                    auto attributes = branchLists(trees, targets, type);
                    attributes.push_back(intAttribute("aggregate_function", aggregate));
                    checkRows(mlCase("TreeEnsemble", 5, tensorOf({rows, features}, x, type), attributes),
                              type, {rows, targets}, expected, {2 * roundingOf(type), 2 * roundingOf(type)},
                              1);
                }
            }
        }
    }

    void randomClassifiers()
    {
        for (uint32_t seed = 1; seed < 12; ++seed) {
            const auto classes = static_cast<int64_t>(seed % 3 + 3);
            TreeMaker maker(seed, classes, 6, classes + 2);
            std::vector<Tree> trees;
            for (int i = 0; i < 30; ++i)
                trees.push_back(maker.make(3));
            const auto x = maker.rows(50, true);
            std::vector<std::string> labels, expectedLabels;
            for (int64_t i = 0; i < classes; ++i)
                labels.push_back("class " + std::to_string(i));
            std::vector<double> expected;
            for (int64_t row = 0; row < 50; ++row) {
                auto scores = scoresOf(trees, x.data() + row * features, classes, "SUM");
                const auto top = std::max_element(scores.begin(), scores.end()) - scores.begin();
                expectedLabels.push_back(labels[static_cast<size_t>(top)]);
                double sum = 0;
                for (double& score : scores)
                    sum += std::exp(score);
                for (const double score : scores)
                    expected.push_back(std::exp(score) / sum);
            }
            auto attributes = nodeLists(trees, "class");
            attributes.push_back(stringsAttribute("classlabels_strings", labels));
            attributes.push_back(stringAttribute("post_transform", "SOFTMAX"));
            const NodeCase nodeCase =
                mlCase("TreeEnsembleClassifier", 1, tensorOf({50, features}, x), attributes, 2);
            checkRowsOutput(nodeCase, 1, f32, {50, classes}, expected, {1e-6, 1e-5}, 1);
            checkLabels(nodeCase, expectedLabels);
        }
    }

    void binaryClassifiers()
    {
        // Only class 0 is voted for: the sum is the score of class 1. Positive weights are probabilities.
        checkStump(stump({0, 0}, {0.25f, 0.75f}, {7, 9}), {7, 9}, {0.75, 0.25, 0.25, 0.75});
        checkStump(stump({0, 0}, {-2, 3}, {7, 9}), {7, 9}, {2, -2, -3, 3});
        auto attributes = stump({0, 0}, {-2, 3}, {7, 9});
        attributes.push_back(stringAttribute("post_transform", "LOGISTIC"));
        checkStump(attributes, {7, 9}, {logistic(2), logistic(-2), logistic(-3), logistic(3)});
        for (const auto& base : {std::vector<float>{-4}, std::vector<float>{9, -4}})
            checkStump(with(attributes, floatsAttribute("base_values", base)), {7, 7},
                       {logistic(6), logistic(-6), logistic(1), logistic(-1)});
        // Both classes are voted for: the larger score wins.
        checkStump(stump({0, 1, 0, 1}, {0.7f, 0.3f, 0.4f, 0.6f}, {7, 9}), {7, 9}, {0.7, 0.3, 0.4, 0.6});
        checkStump(with(stump({0, 1, 0, 1}, {0.7f, 0.3f, 0.4f, 0.6f}, {7, 9}),
                        floatsAttribute("base_values", {0, 1})),
                   {9, 9}, {0.7, 1.3, 0.4, 1.6});
        // One class: the sign decides between 1 and 0.
        checkStump(stump({0, 0}, {-2, 3}, {1}), {0, 1}, {-2, 3});
    }

    void transforms()
    {
        const auto three = stump({0, 1, 2, 2, 1, 0}, {0.5f, 0.25f, 0, 0.9f, 0.1f, 0.5f}, {1, 2, 3});
        const auto transformed = [&](const char* name) {
            return with(three, stringAttribute("post_transform", name));
        };
        checkStump(transformed("LOGISTIC"), {1, 3},
                   {logistic(0.5), logistic(0.25), 0.5, logistic(0.5), logistic(0.1), logistic(0.9)});
        const double a = std::exp(0.5), b = std::exp(0.25);
        const double sum = std::exp(0.5) + std::exp(0.1) + std::exp(0.9);
        checkStump(
            transformed("SOFTMAX_ZERO"), {1, 3},
            {a / (a + b), b / (a + b), 0, std::exp(0.5) / sum, std::exp(0.1) / sum, std::exp(0.9) / sum});
        // The approximation is good to about 0.005 of the true quantile.
        const auto results = runOnAllRows(
            mlCase("TreeEnsembleClassifier", 3, tensorOf({2, 1}, {0, 1}), transformed("PROBIT"), 2));
        const auto found = valuesOf(*(*results[0].outputs)[1].tensor());
        const double expected[] = {0, -0.6745, -INFINITY, 0, -1.2816, 1.2816};
        for (size_t i = 0; i < 6; ++i)
            QVERIFY2(found[i] == expected[i] || std::abs(found[i] - expected[i]) < 0.01,
                     std::to_string(found[i]).c_str());
    }

    void doubleThresholds()
    {
        // Nothing of this is exact in float.
        const double split = 1 + 1e-12;
        std::vector<Attribute> attributes{
            intsAttribute("nodes_treeids", {0, 0, 0}),
            intsAttribute("nodes_nodeids", {0, 1, 2}),
            intsAttribute("nodes_featureids", {0, 0, 0}),
            tensorAttribute("nodes_values_as_tensor", tensorOf({3}, {split, 0, 0}, DataType::Double)),
            stringsAttribute("nodes_modes", {"BRANCH_LT", "LEAF", "LEAF"}),
            intsAttribute("nodes_truenodeids", {1, 0, 0}),
            intsAttribute("nodes_falsenodeids", {2, 0, 0}),
            intsAttribute("target_treeids", {0, 0}),
            intsAttribute("target_nodeids", {1, 2}),
            intsAttribute("target_ids", {0, 0}),
            tensorAttribute("target_weights_as_tensor", tensorOf({2}, {10, 20}, DataType::Double)),
            tensorAttribute("base_values_as_tensor", tensorOf({1}, {0.5}, DataType::Double))};
        checkRows(
            mlCase("TreeEnsembleRegressor", 3, tensorOf({2, 1}, {1, split}, DataType::Double), attributes),
            f32, {2, 1}, {10.5, 20.5}, {}, 1);
        // One row without a batch dimension; n_targets comes from the votes.
        checkRows(mlCase("TreeEnsembleRegressor", 3, tensorOf({1}, {2}), attributes), f32, {1, 1}, {20.5}, {},
                  1);
    }

    void badTrees()
    {
        const Tensor x = tensorOf({1, 1}, {0});
        const auto good = stump({0, 0}, {1, 2}, {7, 9});
        const auto refuse = [&](Attribute changed, ErrorCode code = ErrorCode::InvalidModel) {
            checkAllFail(mlCase("TreeEnsembleClassifier", 3, x, with(good, std::move(changed)), 2), code, 1);
        };
        refuse(intsAttribute("nodes_truenodeids", {0, 0, 0})); // a node is its own child
        refuse(intsAttribute("nodes_truenodeids", {5, 0, 0})); // unknown child
        refuse(intsAttribute("nodes_truenodeids", {1, 0}));    // too short
        refuse(intsAttribute("nodes_treeids", {0, 1, 0}));     // child in another tree
        refuse(intsAttribute("nodes_nodeids", {0, 1, 1}));     // twice there
        refuse(intsAttribute("nodes_featureids", {-1, 0, 0})); // no such feature
        refuse(intsAttribute("nodes_featureids", {1, 0, 0}), ErrorCode::ShapeMismatch);
        refuse(intsAttribute("class_ids", {0, 2})); // no such class
        refuse(intsAttribute("class_ids", {0, -1}));
        refuse(intsAttribute("class_nodeids", {1, 3})); // vote of an unknown node
        refuse(floatsAttribute("class_weights", {1}));
        refuse(stringsAttribute("nodes_modes", {"BRANCH_XX", "LEAF", "LEAF"}));
        refuse(intsAttribute("classlabels_int64s", {}));
        refuse(floatsAttribute("base_values", {1, 2, 3}));
        refuse(stringAttribute("post_transform", "TANH"));
        refuse(intsAttribute("nodes_missing_value_tracks_true", {1}));
    }

    void circles()
    {
        // 0 -> 1 -> 2 -> 1: below the root two nodes lead to 1.
        std::vector<Attribute> attributes{
            intsAttribute("nodes_treeids", {0, 0, 0, 0}),
            intsAttribute("nodes_nodeids", {0, 1, 2, 3}),
            intsAttribute("nodes_featureids", {0, 0, 0, 0}),
            floatsAttribute("nodes_values", {0, 0, 0, 0}),
            stringsAttribute("nodes_modes", {"BRANCH_LT", "BRANCH_LT", "BRANCH_LT", "LEAF"}),
            intsAttribute("nodes_truenodeids", {1, 2, 1, 0}),
            intsAttribute("nodes_falsenodeids", {3, 3, 3, 0}),
            intsAttribute("target_treeids", {0}),
            intsAttribute("target_nodeids", {3}),
            intsAttribute("target_ids", {0}),
            floatsAttribute("target_weights", {1})};
        const Tensor x = tensorOf({1, 1}, {0});
        checkAllFail(mlCase("TreeEnsembleRegressor", 1, x, attributes), ErrorCode::InvalidModel, 1);
        attributes = with(attributes, intsAttribute("nodes_truenodeids", {1, 2, 0, 0})); // a ring
        checkAllFail(mlCase("TreeEnsembleRegressor", 1, x, attributes), ErrorCode::InvalidModel, 1);

        TreeMaker maker(5, 1, 6, 1);
        const auto good = branchLists({maker.make(3)}, 1, f32);
        const Tensor wide = tensorOf({1, features}, {0, 0, 0, 0, 0});
        for (const char* name : {"nodes_truenodeids", "nodes_falsenodeids", "tree_roots"}) {
            for (const int64_t bad : {int64_t{-1}, int64_t{1000}, INT64_MIN}) {
                auto list =
                    std::get<std::vector<int64_t>>(std::find_if(good.begin(), good.end(), [&](const auto& a) {
                                                       return a.name == name;
                                                   })->data);
                list[0] = bad;
                checkAllFail(mlCase("TreeEnsemble", 5, wide, with(good, intsAttribute(name, list))),
                             ErrorCode::InvalidModel, 1);
            }
        }
        auto yes = std::get<std::vector<int64_t>>(good[1].data);
        yes[0] = 0; // the root below itself
        auto leafs = std::get<std::vector<int64_t>>(good[3].data);
        leafs[0] = 0;
        checkAllFail(mlCase("TreeEnsemble", 5, wide,
                            with(with(good, intsAttribute("nodes_truenodeids", yes)),
                                 intsAttribute("nodes_trueleafs", leafs))),
                     ErrorCode::InvalidModel, 1);
        checkAllFail(mlCase("TreeEnsemble", 5, wide, with(good, intAttribute("n_targets", 0))),
                     ErrorCode::InvalidModel, 1);
        checkAllFail(mlCase("TreeEnsemble", 5, wide, with(good, intAttribute("aggregate_function", 4))),
                     ErrorCode::InvalidModel, 1);
    }

    // Good models with one or two numbers changed: each runs or says why not, and never anything else.
    void mutatedTrees()
    {
        std::mt19937 random(99);
        const auto below = [&](size_t limit) {
            return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
        };
        constexpr int64_t odd[] = {-1, 0, 1, 2, 3, 7, 11, 1000000, INT32_MAX, INT64_MAX, INT64_MIN};
        const auto mutate = [&](std::vector<Attribute>& attributes) {
            Attribute& attribute = attributes[below(attributes.size())];
            if (auto* list = std::get_if<std::vector<int64_t>>(&attribute.data); list && !list->empty()) {
                if (below(8) == 0)
                    list->pop_back();
                else
                    (*list)[below(list->size())] = odd[below(std::size(odd))];
            } else if (auto* texts = std::get_if<std::vector<std::string>>(&attribute.data)) {
                (*texts)[below(texts->size())] = below(2) == 0 ? "LEAF" : "BRANCH_GT";
            }
        };
        int succeeded = 0;
        const Tensor x = tensorOf({3, features}, std::vector<double>(3 * features, 0.5));
        for (uint32_t round = 0; round < 3000; ++round) {
            TreeMaker maker(round, 2, round % 2 == 0 ? 6 : 7, 1);
            const std::vector<Tree> trees{maker.make(3), maker.make(2)};
            NodeCase nodeCase = round % 2 == 0
                                    ? mlCase("TreeEnsembleRegressor", 3, x, nodeLists(trees, "target"))
                                    : mlCase("TreeEnsemble", 5, x, branchLists(trees, 2, f32));
            mutate(nodeCase.attributes);
            mutate(nodeCase.attributes);
            for (const RowResult& result : runOnAllRows(nodeCase)) {
                succeeded += result.outputs.ok();
                QVERIFY(result.outputs.ok() || !result.outputs.error().message.empty());
            }
        }
        QVERIFY2(succeeded > 300, std::to_string(succeeded).c_str());
    }
};

std::unique_ptr<QObject> lapidary::createMlTreesTest() { return std::make_unique<MlTreesTest>(); }

#include "ml_trees_test.moc"

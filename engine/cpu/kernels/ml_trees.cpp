// SPDX-License-Identifier: GPL-3.0-or-later
// TreeEnsemble, TreeEnsembleClassifier and TreeEnsembleRegressor. Votes are summed in double, tree by tree,
// and rounded to float before decisions unless X is double.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/ml_inputs.h"
#include "engine/cpu/ml_scores.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/tree_ensemble.h"
#include "engine/cpu/tree_walk.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/ml_rules.h"

#include <cmath>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;
using InputTypes = TypeList<float, double, int64_t, int32_t>;

// The scores of one row, and who got votes at all.
struct RowScores {
    std::span<double> scores;
    std::span<const uint8_t> voted;
};

void addVote(TreeAggregate aggregate, double weight, double& score, uint8_t& voted)
{
    if (!voted)
        score = weight;
    else if (aggregate == TreeAggregate::Min)
        score = std::min(score, weight);
    else if (aggregate == TreeAggregate::Max)
        score = std::max(score, weight);
    else
        score += weight;
    voted = 1;
}

// An ensemble, and the fast way through it where there is one.
struct Trees : TreeEnsemble {
    std::optional<TreeWalk> walk;

    Trees() = default;
    explicit Trees(TreeEnsemble ensemble) : TreeEnsemble(std::move(ensemble)), walk(TreeWalk::of(*this)) {}
};

// Some rows through all trees: tree by tree, so that a tree stays in the cache. Calls finish(row, scores).
template <typename T, typename Finish>
class RowBlock {
public:
    RowBlock(const Trees& trees, TreeAggregate aggregate, int64_t maxRows)
        : m_trees(trees),
          m_aggregate(aggregate),
          m_scores(static_cast<size_t>(maxRows * trees.targetCount)),
          m_voted(m_scores.size()),
          m_leaves(std::max(static_cast<size_t>(maxRows), trees.roots.size()))
    {
    }

    void run(const T* x, int64_t features, int64_t begin, int64_t end, const Finish& finish)
    {
        std::fill(m_scores.begin(), m_scores.end(), 0.0);
        std::fill(m_voted.begin(), m_voted.end(), uint8_t{0});
        const auto targets = static_cast<size_t>(m_trees.targetCount);
        if constexpr (std::is_same_v<T, float>) {
            if (m_trees.walk)
                walk(x + begin * features, features, end - begin);
            else
                voteEach(x, features, begin, end);
        } else {
            voteEach(x, features, begin, end);
        }
        for (int64_t row = begin; row < end; ++row) {
            const size_t at = static_cast<size_t>(row - begin) * targets;
            const RowScores result{{m_scores.data() + at, targets}, {m_voted.data() + at, targets}};
            if (m_aggregate == TreeAggregate::Average) {
                for (double& score : result.scores)
                    score /= static_cast<double>(std::max<size_t>(1, m_trees.roots.size()));
            }
            finish(row, result);
        }
    }

private:
    void voteEach(const T* x, int64_t features, int64_t begin, int64_t end)
    {
        const auto targets = static_cast<size_t>(m_trees.targetCount);
        for (const TreeEnsemble::Place root : m_trees.roots) {
            for (int64_t row = begin; row < end; ++row)
                vote(m_trees.leafOf(root, x + row * features), static_cast<size_t>(row - begin) * targets);
        }
    }

    void walk(const float* x, int64_t features, int64_t rows)
    {
        constexpr int64_t fewRows = 8; // that are not enough to hide the loads of one tree behind each other
        const auto targets = static_cast<size_t>(m_trees.targetCount);
        if (rows < fewRows) {
            for (int64_t row = 0; row < rows; ++row) {
                m_trees.walk->leavesOfTrees(x + row * features, m_leaves.data());
                for (size_t tree = 0; tree < m_trees.roots.size(); ++tree)
                    vote(static_cast<size_t>(m_leaves[tree]), static_cast<size_t>(row) * targets);
            }
            return;
        }
        for (size_t tree = 0; tree < m_trees.roots.size(); ++tree) {
            m_trees.walk->leavesOfRows(tree, x, features, rows, m_leaves.data());
            for (int64_t row = 0; row < rows; ++row)
                vote(static_cast<size_t>(m_leaves[static_cast<size_t>(row)]),
                     static_cast<size_t>(row) * targets);
        }
    }

    void vote(size_t leaf, size_t at)
    {
        const auto end = static_cast<size_t>(m_trees.voteBegin[leaf + 1]);
        for (auto i = static_cast<size_t>(m_trees.voteBegin[leaf]); i < end; ++i) {
            const size_t target = at + static_cast<size_t>(m_trees.voteTargets[i]);
            addVote(m_aggregate, m_trees.voteWeights[i], m_scores[target], m_voted[target]);
        }
    }

    const Trees& m_trees;
    TreeAggregate m_aggregate;
    std::vector<double> m_scores;
    std::vector<uint8_t> m_voted;
    std::vector<int32_t> m_leaves;
};

// Calls finish(row, scores) for each row of X, on several threads.
template <typename Finish>
Status scoreRows(KernelContext& context, const Trees& trees, TreeAggregate aggregate, const MlRows& rows,
                 const Finish& finish)
{
    if (rows.features < trees.featureCount)
        return makeError(ErrorCode::ShapeMismatch, "the trees need " + std::to_string(trees.featureCount) +
                                                       " features, found X of shape [" +
                                                       toString(context.tensor(0).dims()) + "]");
    const int64_t blockRows = std::clamp<int64_t>(4096 / trees.targetCount, 1, 64);
    const auto treeCount = static_cast<int64_t>(trees.roots.size());
    const int64_t grain = std::max<int64_t>(1, 512 / std::max<int64_t>(1, treeCount));
    return dispatch(InputTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
        const T* x = context.tensor(0).data<T>();
        parallelFor(rows.rows, grain, [&](int64_t begin, int64_t end) {
            RowBlock<T, Finish> block(trees, aggregate, std::min(blockRows, end - begin));
            for (int64_t row = begin; row < end && !context.stopRequested(); row += blockRows)
                block.run(x, rows.features, row, std::min(end, row + blockRows), finish);
        });
        return context.stopRequested() ? Status(cancelled()) : Status();
    });
}

// One for each target, or none.
Status checkBaseValues(const std::vector<double>& values, int64_t expected)
{
    if (values.empty() || static_cast<int64_t>(values.size()) == expected)
        return {};
    return makeError(ErrorCode::InvalidModel, "base_values has " + std::to_string(values.size()) +
                                                  " elements, expected " + std::to_string(expected));
}

void addBaseValues(std::span<double> scores, const std::vector<double>& values)
{
    for (size_t i = 0; i < values.size(); ++i)
        scores[i] += values[i];
}

struct Regressor {
    Trees trees;
    TreeAggregate aggregate = TreeAggregate::Sum;
    PostTransform transform = PostTransform::None;
    std::vector<double> baseValues;
    bool keepsDouble = false; // TreeEnsemble has the type of X, TreeEnsembleRegressor is float

    Status run(KernelContext& context) const
    {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        const DataType type = context.tensor(0).type();
        const DataType outputType = keepsDouble && type == DataType::Double ? type : DataType::Float;
        TRY_ASSIGN(Tensor * y, context.allocate(0, outputType, {rows.rows, trees.targetCount}));
        return scoreRows(context, trees, aggregate, rows, [&](int64_t row, const RowScores& result) {
            addBaseValues(result.scores, baseValues);
            transformScores(transform, result.scores);
            const int64_t at = row * trees.targetCount;
            if (outputType == DataType::Double)
                std::copy(result.scores.begin(), result.scores.end(), y->mutableData<double>() + at);
            else
                std::transform(result.scores.begin(), result.scores.end(), y->mutableData<float>() + at,
                               [](double score) { return static_cast<float>(score); });
        });
    }
};

// How a classifier finds the class and the scores of a row:
// - two classes and votes for class 0 only: the sum is the score of class 1, as exporters write binary
//   models. All weights positive: a probability, class 1 above 0.5; otherwise, or with LOGISTIC: above 0.
// - one class: labels 1 and 0 by the sign of the score.
// - otherwise the class with the largest score, of those that got votes at all.
struct Classifier {
    Trees trees;
    PostTransform transform = PostTransform::None;
    std::vector<double> baseValues;
    ClassLabels labels;
    bool isBinary = false;
    bool areProbabilities = false;

    Status run(KernelContext& context) const
    {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        const DataType type = context.tensor(0).type();
        TRY_ASSIGN(LabelOutput y, LabelOutput::allocate(labels, rows.rows));
        Tensor unasked;
        Tensor* z = &unasked;
        if (context.outputCount() > 1) {
            TRY_ASSIGN(z, context.allocate(1, DataType::Float, {rows.rows, trees.targetCount}));
        } else {
            TRY_ASSIGN(unasked, Tensor::allocate(DataType::Float, {rows.rows, trees.targetCount}));
        }
        auto* scores = z->mutableData<float>();
        TRY(scoreRows(context, trees, TreeAggregate::Sum, rows, [&](int64_t row, const RowScores& result) {
            addBaseValues(result.scores, baseValues);
            for (double& score : result.scores)
                score = type == DataType::Double ? score : static_cast<double>(static_cast<float>(score));
            if (isBinary)
                decideBinary(row, result, y);
            else
                decide(row, result, y);
            std::transform(result.scores.begin(), result.scores.end(), scores + row * trees.targetCount,
                           [](double score) { return static_cast<float>(score); });
        }));
        context.setOutput(0, y.take());
        return {};
    }

private:
    // Sets the label; scores become those of output Z.
    void decideBinary(int64_t row, const RowScores& result, LabelOutput& y) const
    {
        const double score = result.scores[0];
        const auto kind = areProbabilities ? NegativeScore::Complement : NegativeScore::Opposite;
        std::tie(result.scores[0], result.scores[1]) = binaryScores(transform, kind, score);
        y.setBySign(row, score > (areProbabilities ? 0.5 : 0));
    }

    void decide(int64_t row, const RowScores& result, LabelOutput& y) const
    {
        size_t top = 0;
        bool hasTop = false;
        for (size_t i = 0; i < result.scores.size(); ++i) {
            const bool counts = result.voted[i] || !baseValues.empty();
            if (counts && (!hasTop || result.scores[i] > result.scores[top])) {
                top = i;
                hasTop = true;
            }
        }
        if (result.scores.size() == 1)
            y.setBySign(row, result.scores[0] > 0);
        else
            y.set(row, top);
        transformScores(transform, result.scores);
    }
};

KernelResult createClassifier(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY(acceptTypes(InputTypes(), request));
    auto classifier = std::make_shared<Classifier>();
    classifier->labels = classLabels(node);
    const int64_t classes = classifier->labels.count();
    TRY_ASSIGN(TreeEnsemble ensemble, treesFromNodes(node, "class", classes));
    classifier->trees = Trees(std::move(ensemble));
    TRY_ASSIGN(classifier->transform, postTransform(node));
    TRY_ASSIGN(classifier->baseValues, numbersAttribute(node, "base_values"));
    const Trees& trees = classifier->trees;
    const auto& targets = trees.voteTargets;
    classifier->isBinary =
        classes == 2 && !targets.empty() &&
        std::all_of(targets.begin(), targets.end(), [](int32_t target) { return target == 0; });
    const bool isPositive = std::all_of(trees.voteWeights.begin(), trees.voteWeights.end(),
                                        [](double weight) { return weight >= 0; });
    classifier->areProbabilities = isPositive && classifier->transform != PostTransform::Logistic;
    std::vector<double>& baseValues = classifier->baseValues;
    if (classes == 2 && baseValues.size() == 1)
        baseValues.push_back(0);
    else if (classifier->isBinary && baseValues.size() == 2)
        baseValues[0] = baseValues[1]; // that of the positive class
    TRY(checkBaseValues(baseValues, classes));
    return plainKernel([classifier](KernelContext& context) { return classifier->run(context); });
}

KernelResult createRegressor(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY(acceptTypes(InputTypes(), request));
    auto regressor = std::make_shared<Regressor>();
    TRY_ASSIGN(TreeEnsemble ensemble, treesFromNodes(node, "target", node.intAttribute("n_targets", -1)));
    regressor->trees = Trees(std::move(ensemble));
    TRY_ASSIGN(regressor->transform, postTransform(node));
    TRY_ASSIGN(regressor->baseValues, numbersAttribute(node, "base_values"));
    TRY(checkBaseValues(regressor->baseValues, regressor->trees.targetCount));
    static constexpr std::string_view names[] = {"AVERAGE", "SUM", "MIN", "MAX"};
    const std::string aggregate = node.stringAttribute("aggregate_function", "SUM");
    const auto found = std::find(std::begin(names), std::end(names), aggregate);
    if (found == std::end(names))
        return makeError(ErrorCode::InvalidModel, "aggregate_function is none of AVERAGE, SUM, MIN and MAX");
    regressor->aggregate = static_cast<TreeAggregate>(found - std::begin(names));
    return plainKernel([regressor](KernelContext& context) { return regressor->run(context); });
}

KernelResult createEnsemble(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY(acceptTypes(TypeList<float, double>(), request));
    auto regressor = std::make_shared<Regressor>();
    TRY_ASSIGN(TreeEnsemble ensemble, treesFromBranches(node));
    regressor->trees = Trees(std::move(ensemble));
    TRY_ASSIGN(regressor->transform, postTransform(node));
    const int64_t aggregate = node.intAttribute("aggregate_function", 1);
    if (aggregate < 0 || aggregate > 3)
        return makeError(ErrorCode::InvalidModel,
                         "aggregate_function is " + std::to_string(aggregate) + ", expected 0 to 3");
    regressor->aggregate = static_cast<TreeAggregate>(aggregate);
    regressor->keepsDouble = true;
    return plainKernel([regressor](KernelContext& context) { return regressor->run(context); });
}

constexpr KernelRow rows[] = {
    {mlDomain, "TreeEnsembleClassifier", 1, newestOpset, "plain", createClassifier},
    {mlDomain, "TreeEnsembleRegressor", 1, newestOpset, "plain", createRegressor},
    {mlDomain, "TreeEnsemble", 5, newestOpset, "plain", forFloats<createEnsemble>},
};

} // namespace

std::span<const KernelRow> mlTreesKernels() { return rows; }

} // namespace lapidary

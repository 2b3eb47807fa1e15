// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

struct Setup {
    Dims dims; // [N, C, d1...]
    std::string reduction = "";
    std::optional<int64_t> ignored = {};
    bool hasWeight = false;
    DataType type = DataType::Float;
    bool shortTargets = false; // int32
};

struct Expected {
    std::vector<double> loss;
    std::vector<double> logProbabilities;
};

// Both definitions, one target after another.
Expected reference(const Setup& setup, std::vector<double> scores, const std::vector<int64_t>& targets,
                   const std::vector<double>& weights, bool isCrossEntropy)
{
    const auto classes = static_cast<size_t>(setup.dims[1]);
    size_t inner = 1;
    for (size_t i = 2; i < setup.dims.size(); ++i)
        inner *= static_cast<size_t>(setup.dims[i]);
    std::vector<double> losses;
    double weightSum = 0;
    for (size_t i = 0; i < targets.size(); ++i) {
        const size_t first = i / inner * classes * inner + i % inner;
        if (isCrossEntropy) {
            double sum = 0;
            for (size_t c = 0; c < classes; ++c)
                sum += std::exp(scores[first + c * inner]);
            for (size_t c = 0; c < classes; ++c)
                scores[first + c * inner] -= std::log(sum);
        }
        if (setup.ignored && targets[i] == *setup.ignored) {
            losses.push_back(0);
            continue;
        }
        const double weight = weights.empty() ? 1 : weights[static_cast<size_t>(targets[i])];
        losses.push_back(-weight * scores[first + static_cast<size_t>(targets[i]) * inner]);
        weightSum += weight;
    }
    if (setup.reduction == "none")
        return {losses, scores};
    double sum = 0;
    for (const double loss : losses)
        sum += loss;
    return {{setup.reduction == "sum" ? sum : sum / weightSum}, scores};
}

} // namespace

class LossTest : public QObject {
    Q_OBJECT

    static void check(const Setup& setup, int64_t opset = 13)
    {
        Dims targetDims = setup.dims;
        targetDims.erase(targetDims.begin() + 1);
        std::mt19937 random(3);
        std::vector<int64_t> targets(static_cast<size_t>(*elementCount(targetDims)));
        for (int64_t& target : targets) {
            target = std::uniform_int_distribution<int64_t>(0, setup.dims[1] - 1)(random);
            if (setup.ignored && random() % 3 == 0)
                target = *setup.ignored;
        }
        const Tensor target =
            setup.shortTargets
                ? Tensor::of<int32_t>(targetDims, std::vector<int32_t>(targets.begin(), targets.end()))
                : Tensor::of<int64_t>(targetDims, targets);
        const Tensor scores = randomTensor(setup.dims, 1, setup.type, -3, 3);
        const Tensor weight = randomTensor({setup.dims[1]}, 2, setup.type, 0.1, 2);
        const double rounding = 2 * roundingOf(setup.type) + (setup.type == DataType::Double ? 1e-14 : 1e-6);
        for (const bool isCrossEntropy : {false, true}) {
            NodeCase node{.opType = isCrossEntropy ? "SoftmaxCrossEntropyLoss" : "NegativeLogLikelihoodLoss",
                          .opset = opset,
                          .inputs = {scores, target}};
            if (setup.hasWeight)
                node.inputs.push_back(weight);
            if (!setup.reduction.empty())
                node.attributes.push_back(stringAttribute("reduction", setup.reduction));
            if (setup.ignored)
                node.attributes.push_back(intAttribute("ignore_index", *setup.ignored));
            node.outputCount = isCrossEntropy ? 2 : 1;
            const Expected expected =
                reference(setup, valuesOf(scores), targets,
                          setup.hasWeight ? valuesOf(weight) : std::vector<double>(), isCrossEntropy);
            const Dims dims = setup.reduction == "none" ? targetDims : Dims{};
            checkRows(node, setup.type, dims, expected.loss, {rounding, rounding}, 1);
            if (isCrossEntropy)
                checkRowsOutput(node, 1, setup.type, setup.dims, expected.logProbabilities,
                                {rounding, rounding}, 1);
            node.outputCount = 1;
            checkRows(node, setup.type, dims, expected.loss, {rounding, rounding}, 1);
        }
    }

private slots:
    void all()
    {
        for (const Dims& dims :
             {Dims{3, 5}, Dims{2, 4, 3}, Dims{2, 3, 4, 2}, Dims{1, 2, 1, 2, 1, 3, 2}, Dims{4, 1}}) {
            for (const char* reduction : {"", "none", "sum", "mean"}) {
                for (const bool hasWeight : {false, true}) {
                    check({.dims = dims, .reduction = reduction, .hasWeight = hasWeight});
                    check({.dims = dims, .reduction = reduction, .ignored = 0, .hasWeight = hasWeight});
                    check({.dims = dims, .reduction = reduction, .ignored = -100, .hasWeight = hasWeight},
                          12);
                    check({.dims = dims, .reduction = reduction, .ignored = 99, .hasWeight = hasWeight}, 22);
                }
            }
        }
        for (const DataType type : {DataType::Double, DataType::Float16, DataType::BFloat16}) {
            check({.dims = {3, 5, 2}, .hasWeight = true, .type = type});
            check({.dims = {3, 5, 2}, .reduction = "none", .type = type, .shortTargets = true});
        }
        check({.dims = {0, 5}, .reduction = "sum"});
        check({.dims = {0, 5, 2}, .reduction = "none"});
        check({.dims = {0, 5}}); // the mean of nothing is no number
    }

    void largeScoresStayFinite()
    {
        checkRows(
            {.opType = "SoftmaxCrossEntropyLoss",
             .opset = 13,
             .inputs = {tensorOf({1, 2}, {1000, -1000}), Tensor::of<int64_t>({1}, std::vector<int64_t>{1})}},
            DataType::Float, {}, {2000}, {}, 1);
    }

    void wrongRequests()
    {
        for (const char* op : {"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"}) {
            const auto node = [&](Dims scores, std::vector<int64_t> targets, std::optional<int64_t> weights) {
                NodeCase result{
                    .opType = op,
                    .opset = 13,
                    .inputs = {randomTensor(std::move(scores), 1),
                               Tensor::of<int64_t>({static_cast<int64_t>(targets.size())}, targets)}};
                if (weights)
                    result.inputs.push_back(randomTensor({*weights}, 1));
                return result;
            };
            checkAllFail(node({2, 3}, {0, 3}, {}), ErrorCode::InvalidArgument, 1);
            checkAllFail(node({2, 3}, {0, -1}, {}), ErrorCode::InvalidArgument, 1);
            checkAllFail(node({2, 3}, {0, 1, 2}, {}), ErrorCode::ShapeMismatch, 1);
            checkAllFail(node({2, 3}, {0, 1}, 2), ErrorCode::ShapeMismatch, 1);
            checkAllFail(node({2}, {0, 1}, {}), ErrorCode::ShapeMismatch, 1);
            checkAllFail(node({2, 3, 2}, {0, 1}, {}), ErrorCode::ShapeMismatch, 1);
            checkAllFail(node({2, 0}, {0, 0}, {}), ErrorCode::InvalidArgument, 1);
            NodeCase wrong = node({2, 3}, {0, 1}, {});
            wrong.attributes = {stringAttribute("reduction", "average")};
            checkAllFail(wrong, ErrorCode::InvalidArgument, 1);
        }
    }
};

std::unique_ptr<QObject> lapidary::createLossTest() { return std::make_unique<LossTest>(); }

#include "loss_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// LinearClassifier, LinearRegressor, SVMClassifier, SVMRegressor against sums written out in double.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;
constexpr DataType inputTypes[] = {DataType::Float, DataType::Double, DataType::Int64, DataType::Int32};

NodeCase mlCase(std::string opType, Tensor x, std::vector<Attribute> attributes, size_t outputs)
{
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = {std::move(x)},
            .attributes = std::move(attributes),
            .outputCount = outputs,
            .domain = "ai.onnx.ml"};
}

std::vector<double> wholeNumbers(int64_t count, uint32_t seed)
{
    std::vector<double> values = valuesOf(randomTensor({count}, seed, f32, -4, 5));
    for (double& value : values)
        value = std::floor(value);
    return values;
}

std::vector<float> randomFloats(int64_t count, uint32_t seed)
{
    const Tensor tensor = randomTensor({count}, seed);
    return {tensor.data<float>(), tensor.data<float>() + count};
}

double dot(const double* x, const float* w, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; ++i)
        sum += x[i] * w[i];
    return sum;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// A support vector machine, as libsvm describes it.
struct Svm {
    std::string kind;
    std::vector<float> params, vectors, coefficients, rho;
    std::vector<int64_t> counts; // vectors of each class
    int64_t features = 0;

    double kernel(const double* x, int64_t v) const
    {
        const float* vector = vectors.data() + v * features;
        if (kind == "LINEAR")
            return dot(x, vector, features);
        if (kind == "POLY")
            return std::pow(params[0] * dot(x, vector, features) + params[1], params[2]);
        if (kind == "SIGMOID")
            return std::tanh(params[0] * dot(x, vector, features) + params[1]);
        double distance = 0;
        for (int64_t i = 0; i < features; ++i)
            distance += (x[i] - vector[i]) * (x[i] - vector[i]);
        return std::exp(-params[0] * distance);
    }

    // Scores of the pairs (0, 1), (0, 2), ..., (1, 2), ...; votes of the classes.
    std::vector<double> pairScores(const double* x, std::vector<int>& votes) const
    {
        const auto total = static_cast<int64_t>(vectors.size()) / features;
        std::vector<double> scores;
        votes.assign(counts.size(), 0);
        int64_t startI = 0;
        for (size_t i = 0; i < counts.size(); startI += counts[i++]) {
            int64_t startJ = startI + counts[i];
            for (size_t j = i + 1; j < counts.size(); startJ += counts[j++]) {
                double sum = rho[scores.size()];
                for (int64_t v = startI; v < startI + counts[i]; ++v)
                    sum += coefficients[(j - 1) * static_cast<size_t>(total) + static_cast<size_t>(v)] *
                           kernel(x, v);
                for (int64_t v = startJ; v < startJ + counts[j]; ++v)
                    sum +=
                        coefficients[i * static_cast<size_t>(total) + static_cast<size_t>(v)] * kernel(x, v);
                scores.push_back(sum);
                ++votes[sum > 0 ? i : j];
            }
        }
        return scores;
    }

    std::vector<Attribute> attributes() const
    {
        return {stringAttribute("kernel_type", kind),
                floatsAttribute("kernel_params", params),
                floatsAttribute("support_vectors", vectors),
                floatsAttribute("coefficients", coefficients),
                floatsAttribute("rho", rho),
                intsAttribute("vectors_per_class", counts)};
    }
};

Svm randomSvm(const std::string& kind, std::vector<int64_t> counts, uint32_t seed)
{
    Svm svm;
    svm.kind = kind;
    svm.params = {0.25f, 0.5f, 3};
    svm.counts = std::move(counts);
    svm.features = 11;
    int64_t total = 0;
    for (const int64_t count : svm.counts)
        total += count;
    const auto classes = static_cast<int64_t>(svm.counts.size());
    svm.vectors = randomFloats(total * svm.features, seed);
    svm.coefficients = randomFloats((classes - 1) * total, seed + 1);
    svm.rho = randomFloats(classes * (classes - 1) / 2, seed + 2);
    return svm;
}

} // namespace

class MlLinearTest : public QObject {
    Q_OBJECT
private slots:
    void linearClassifier()
    {
        uint32_t seed = 1;
        for (const DataType type : inputTypes) {
            for (const int64_t rows : {0, 1, 3, 40}) {
                const int64_t features = 13, classes = 4;
                const auto x = wholeNumbers(rows * features, seed++);
                const auto weights = randomFloats(classes * features, seed++);
                const auto intercepts = randomFloats(classes, seed++);
                std::vector<double> labels, scores;
                for (int64_t row = 0; row < rows; ++row) {
                    std::vector<double> raw;
                    for (int64_t k = 0; k < classes; ++k)
                        raw.push_back(
                            dot(x.data() + row * features, weights.data() + k * features, features) +
                            intercepts[static_cast<size_t>(k)]);
                    labels.push_back(
                        10 * static_cast<double>(std::max_element(raw.begin(), raw.end()) - raw.begin()));
                    for (const double score : raw)
                        scores.push_back(logistic(score));
                }
                const NodeCase nodeCase = mlCase("LinearClassifier", tensorOf({rows, features}, x, type),
                                                 {floatsAttribute("coefficients", weights),
                                                  floatsAttribute("intercepts", intercepts),
                                                  intsAttribute("classlabels_ints", {0, 10, 20, 30}),
                                                  stringAttribute("post_transform", "LOGISTIC")},
                                                 2);
                checkRows(nodeCase, DataType::Int64, {rows}, labels, {}, 1);
                checkRowsOutput(nodeCase, 1, f32, {rows, classes}, scores, {1e-6, 1e-5}, 1);
            }
        }
    }

    void oneScoreForTwoClasses()
    {
        const Tensor x = tensorOf({2, 2}, {1, 0, 0, 1});
        const std::vector<Attribute> model{floatsAttribute("coefficients", {0.75f, -0.5f}),
                                           floatsAttribute("intercepts", {0.125f})};
        auto attributes = model;
        attributes.push_back(intsAttribute("classlabels_ints", {3, 4}));
        NodeCase nodeCase = mlCase("LinearClassifier", x, attributes, 2);
        checkRows(nodeCase, DataType::Int64, {2}, {4, 3}, {}, 1);
        checkRowsOutput(nodeCase, 1, f32, {2, 2}, {0.125, 0.875, 1.375, -0.375}, {1e-6, 0}, 1);
        nodeCase.attributes.push_back(stringAttribute("post_transform", "LOGISTIC"));
        checkRowsOutput(nodeCase, 1, f32, {2, 2},
                        {logistic(-0.875), logistic(0.875), logistic(0.375), logistic(-0.375)}, {1e-6, 0}, 1);
        // Without two labels the sign is the label. [F] is one row.
        checkRows(mlCase("LinearClassifier", tensorOf({2}, {1, 0}), model, 2), DataType::Int64, {1}, {1}, {},
                  1);
        attributes = model;
        attributes.push_back(stringsAttribute("classlabels_strings", {"no", "yes"}));
        const auto results = runOnAllRows(mlCase("LinearClassifier", x, attributes, 1));
        QVERIFY(results[0].outputs.ok());
        QVERIFY(((*results[0].outputs)[0].tensor()->strings() == std::vector<std::string>{"yes", "no"}));
    }

    void linearRegressor()
    {
        for (const DataType type : inputTypes) {
            const int64_t rows = 5, features = 9, targets = 3;
            const auto x = wholeNumbers(rows * features, 77);
            const auto weights = randomFloats(targets * features, 78);
            std::vector<double> expected;
            for (int64_t row = 0; row < rows; ++row) {
                for (int64_t k = 0; k < targets; ++k)
                    expected.push_back(
                        dot(x.data() + row * features, weights.data() + k * features, features) + k);
            }
            checkRows(mlCase("LinearRegressor", tensorOf({rows, features}, x, type),
                             {floatsAttribute("coefficients", weights), intAttribute("targets", targets),
                              floatsAttribute("intercepts", {0, 1, 2})},
                             1),
                      f32, {rows, targets}, expected, {1e-5, 1e-5}, 1);
        }
        checkRows(
            mlCase("LinearRegressor", tensorOf({2}, {1, 2}), {floatsAttribute("coefficients", {3, 4})}, 1),
            f32, {1, 1}, {11}, {}, 1);
    }

    void supportVectors()
    {
        uint32_t seed = 500;
        for (const char* kind : {"LINEAR", "POLY", "RBF", "SIGMOID"}) {
            for (const DataType type : inputTypes) {
                const Svm svm = randomSvm(kind, {3, 0, 5, 2}, seed += 10);
                const int64_t rows = 17;
                auto x = wholeNumbers(rows * svm.features, seed + 5);
                for (double& value : x)
                    value = std::clamp(value, -1.0, 1.0);
                std::vector<double> labels, scores;
                for (int64_t row = 0; row < rows; ++row) {
                    std::vector<int> votes;
                    const auto pairs = svm.pairScores(x.data() + row * svm.features, votes);
                    scores.insert(scores.end(), pairs.begin(), pairs.end());
                    labels.push_back(100 + static_cast<double>(std::max_element(votes.begin(), votes.end()) -
                                                               votes.begin()));
                }
                auto attributes = svm.attributes();
                attributes.push_back(intsAttribute("classlabels_ints", {100, 101, 102, 103}));
                const NodeCase nodeCase =
                    mlCase("SVMClassifier", tensorOf({rows, svm.features}, x, type), attributes, 2);
                checkRows(nodeCase, DataType::Int64, {rows}, labels, {}, 1);
                checkRowsOutput(nodeCase, 1, f32, {rows, 6}, scores, {1e-5, 1e-5}, 1);
            }
        }
    }

    void twoClassesAndLinear()
    {
        const Svm svm = randomSvm("RBF", {2, 2}, 900);
        const auto x = wholeNumbers(svm.features, 901);
        std::vector<int> votes;
        const double score = svm.pairScores(x.data(), votes)[0];
        auto attributes = svm.attributes();
        attributes.push_back(intsAttribute("classlabels_ints", {5, 6}));
        NodeCase nodeCase = mlCase("SVMClassifier", tensorOf({1, svm.features}, x), attributes, 2);
        checkRows(nodeCase, DataType::Int64, {1}, {score > 0 ? 5.0 : 6.0}, {}, 1);
        checkRowsOutput(nodeCase, 1, f32, {1, 2}, {-score, score}, {1e-6, 1e-6}, 1);

        // Without support vectors: one linear function for each class.
        const std::vector<Attribute> linear{floatsAttribute("coefficients", {1, 2, -1, 0, 0, 3}),
                                            floatsAttribute("rho", {0.5f}),
                                            intsAttribute("classlabels_ints", {7, 8, 9})};
        nodeCase = mlCase("SVMClassifier", tensorOf({2, 2}, {1, 1, -2, 0}), linear, 2);
        checkRows(nodeCase, DataType::Int64, {2}, {7, 8}, {}, 1);
        checkRowsOutput(nodeCase, 1, f32, {2, 3}, {3.5, -0.5, 3.5, -1.5, 2.5, 0.5}, {}, 1);
    }

    // The coupled probabilities minimise sum (r_ji p_i - r_ij p_j)^2, which for consistent pairs
    // r_ij = p_i / (p_i + p_j) gives p back.
    void probabilities()
    {
        const std::vector<double> p{0.5, 0.3, 0.2};
        Svm svm{.kind = "LINEAR",
                .params = {},
                .vectors = {0, 0, 0},
                .coefficients = std::vector<float>(6),
                .rho = {},
                .counts = {1, 1, 1},
                .features = 1};
        for (const auto& [i, j] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
            const double r =
                p[static_cast<size_t>(i)] / (p[static_cast<size_t>(i)] + p[static_cast<size_t>(j)]);
            svm.rho.push_back(static_cast<float>(std::log(r / (1 - r))));
        }
        auto attributes = svm.attributes();
        attributes.push_back(floatsAttribute("prob_a", {-1, -1, -1}));
        attributes.push_back(floatsAttribute("prob_b", {0, 0, 0}));
        attributes.push_back(stringsAttribute("classlabels_strings", {"a", "b", "c"}));
        checkRowsOutput(mlCase("SVMClassifier", tensorOf({1, 1}, {2}), attributes, 2), 1, f32, {1, 3}, p,
                        {1e-2, 0}, 1);
    }

    void svmRegressor()
    {
        const Svm svm = randomSvm("POLY", {4}, 321);
        const auto x = wholeNumbers(3 * svm.features, 322);
        const std::vector<float> alphas{0.5f, -1, 2, 0.25f};
        std::vector<double> expected, signs;
        for (int64_t row = 0; row < 3; ++row) {
            double sum = 0.75;
            for (int64_t v = 0; v < 4; ++v)
                sum += alphas[static_cast<size_t>(v)] * svm.kernel(x.data() + row * svm.features, v);
            expected.push_back(sum);
            signs.push_back(sum > 0 ? 1 : -1);
        }
        std::vector<Attribute> attributes{stringAttribute("kernel_type", "POLY"),
                                          floatsAttribute("kernel_params", svm.params),
                                          floatsAttribute("support_vectors", svm.vectors),
                                          floatsAttribute("coefficients", alphas),
                                          floatsAttribute("rho", {0.75f}),
                                          intAttribute("n_supports", 4)};
        NodeCase nodeCase = mlCase("SVMRegressor", tensorOf({3, svm.features}, x), attributes, 1);
        checkRows(nodeCase, f32, {3, 1}, expected, {1e-4, 1e-5}, 1);
        nodeCase.attributes.push_back(intAttribute("one_class", 1));
        checkRows(nodeCase, f32, {3, 1}, signs, {}, 1);
        checkRows(mlCase("SVMRegressor", tensorOf({2}, {1, 2}, DataType::Int32),
                         {floatsAttribute("coefficients", {3, 4}), floatsAttribute("rho", {1})}, 1),
                  f32, {1, 1}, {12}, {}, 1);
    }

    void badModels()
    {
        const Tensor x = tensorOf({1, 2}, {1, 2});
        const Attribute four = floatsAttribute("coefficients", {1, 2, 3, 4});
        const Attribute labels = intsAttribute("classlabels_ints", {1, 2});
        const auto fails = [&](const char* op, std::vector<Attribute> attributes, ErrorCode code) {
            checkAllFail(mlCase(op, x, std::move(attributes), 2), code, 1);
        };
        fails("LinearClassifier", {four, floatsAttribute("intercepts", {1, 2, 3}), labels},
              ErrorCode::ShapeMismatch);
        fails("LinearClassifier", {floatsAttribute("coefficients", {1, 2, 3}), labels},
              ErrorCode::ShapeMismatch);
        fails("LinearRegressor", {four}, ErrorCode::ShapeMismatch);
        fails("LinearRegressor", {four, intAttribute("targets", -1)}, ErrorCode::InvalidModel);
        fails("LinearRegressor", {four, stringAttribute("post_transform", "?")}, ErrorCode::InvalidModel);
        fails("SVMClassifier", {four, labels}, ErrorCode::InvalidModel); // no rho
        const Attribute rho = floatsAttribute("rho", {0});
        fails("SVMClassifier", {four, rho}, ErrorCode::InvalidModel); // no labels
        for (const auto& counts : {std::vector<int64_t>{1}, {1, -1}, {INT64_MAX, INT64_MAX}, {1, 4}})
            fails("SVMClassifier",
                  {four, rho, labels, intsAttribute("vectors_per_class", counts),
                   floatsAttribute("support_vectors", {1, 2, 3, 4})},
                  ErrorCode::InvalidModel);
        fails("SVMRegressor", {four, rho, intAttribute("n_supports", 3)}, ErrorCode::InvalidModel);
        fails("SVMRegressor", {four, rho, intAttribute("n_supports", 4)}, ErrorCode::InvalidModel);
        fails("SVMRegressor", {four, rho}, ErrorCode::ShapeMismatch);
        fails("SVMRegressor", {four, rho, floatsAttribute("kernel_params", {1})}, ErrorCode::InvalidModel);
        fails("SVMRegressor", {four, rho, stringAttribute("kernel_type", "COSINE")}, ErrorCode::InvalidModel);
    }
};

std::unique_ptr<QObject> lapidary::createMlLinearTest() { return std::make_unique<MlLinearTest>(); }

#include "ml_linear_test.moc"

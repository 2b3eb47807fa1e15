// SPDX-License-Identifier: GPL-3.0-or-later
// SVMClassifier and SVMRegressor, in double. Probabilities as libsvm computes them (Wu, Lin, Weng:
// Probability estimates for multi-class classification by pairwise coupling, second method).
#include "engine/cpu/kernels/ml_svm.h"

#include "engine/cpu/dot_product.h"
#include "engine/cpu/kernels/ml_inputs.h"
#include "engine/cpu/ml_scores.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;
using InputTypes = TypeList<float, double, int64_t, int32_t>;

Error badModel(std::string message) { return makeError(ErrorCode::InvalidModel, std::move(message)); }

// How alike two vectors are.
struct SvmKernel {
    enum class Kind { Linear, Poly, Rbf, Sigmoid };
    Kind kind = Kind::Linear;
    double gamma = 0;
    double coef0 = 0;
    double degree = 0;

    template <typename T>
    double operator()(const T* x, const float* vector, int64_t features) const
    {
        if (kind == Kind::Rbf)
            return std::exp(-gamma * squaredDistance(x, vector, features));
        const double product = dotProduct(x, vector, features);
        if (kind == Kind::Poly)
            return std::pow(gamma * product + coef0, degree);
        return kind == Kind::Sigmoid ? std::tanh(gamma * product + coef0) : product;
    }
};

Result<SvmKernel> svmKernel(const Node& node)
{
    static constexpr std::string_view names[] = {"LINEAR", "POLY", "RBF", "SIGMOID"};
    const std::string name = node.stringAttribute("kernel_type", "LINEAR");
    const auto found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return badModel("kernel_type is none of LINEAR, POLY, RBF and SIGMOID");
    SvmKernel kernel;
    kernel.kind = static_cast<SvmKernel::Kind>(found - std::begin(names));
    const auto& parameters = listAttribute<float>(node, "kernel_params");
    if (!parameters.empty() && parameters.size() != 3)
        return badModel("kernel_params has " + std::to_string(parameters.size()) + " elements, expected 3");
    if (!parameters.empty()) {
        kernel.gamma = parameters[0];
        kernel.coef0 = parameters[1];
        kernel.degree = parameters[2];
    }
    return kernel;
}

// Vectors [count, features] that rows of X are compared with: support vectors, or the coefficients of
// linear functions.
struct SvmVectors {
    std::vector<float> values;
    int64_t count = 0;
    SvmKernel kernel;

    // Calls finish(row, likeness of the row to each vector) for each row, on several threads.
    template <typename Finish>
    Status forEachRow(KernelContext& context, const MlRows& rows, const Finish& finish) const
    {
        const auto size = static_cast<int64_t>(values.size());
        if (rows.features != size / count)
            return makeError(ErrorCode::ShapeMismatch, "the model has " + std::to_string(size / count) +
                                                           " features, found X of shape [" +
                                                           toString(context.tensor(0).dims()) + "]");
        const int64_t grain = 1 + (1 << 13) / (size + 16 * count);
        return dispatch(InputTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
            const T* x = context.tensor(0).data<T>();
            parallelFor(rows.rows, grain, [&](int64_t begin, int64_t end) {
                std::vector<double> likeness(static_cast<size_t>(count));
                for (int64_t row = begin; row < end && !context.stopRequested(); ++row) {
                    for (size_t i = 0; i < likeness.size(); ++i)
                        likeness[i] =
                            kernel(x + row * rows.features,
                                   values.data() + static_cast<int64_t>(i) * rows.features, rows.features);
                    finish(row, std::span<double>(likeness));
                }
            });
            return context.stopRequested() ? Status(cancelled()) : Status();
        });
    }
};

Result<SvmVectors> svmVectors(const std::vector<float>& values, int64_t count, const SvmKernel& kernel)
{
    if (count < 1 || values.empty() || static_cast<int64_t>(values.size()) % count != 0)
        return badModel(std::to_string(values.size()) + " numbers are not " + std::to_string(count) +
                        " vectors");
    return SvmVectors{values, count, kernel};
}

// r: [classes, classes], the probability of class i against j. Returns one for each class; sums to 1.
std::vector<double> coupledProbabilities(const std::vector<double>& r, size_t classes)
{
    std::vector<double> q(classes * classes), qp(classes), p(classes, 1.0 / static_cast<double>(classes));
    for (size_t i = 0; i < classes; ++i) {
        for (size_t j = 0; j < classes; ++j) {
            if (i == j)
                continue;
            q[i * classes + i] += r[j * classes + i] * r[j * classes + i];
            q[i * classes + j] = -r[j * classes + i] * r[i * classes + j];
        }
    }
    for (int iteration = 0; iteration < 100; ++iteration) {
        double pqp = 0;
        for (size_t i = 0; i < classes; ++i) {
            qp[i] = dotProduct(&q[i * classes], p.data(), static_cast<int64_t>(classes));
            pqp += p[i] * qp[i];
        }
        double error = 0;
        for (size_t i = 0; i < classes; ++i)
            error = std::max(error, std::abs(qp[i] - pqp));
        if (error < 0.005 / static_cast<double>(classes))
            break;
        for (size_t i = 0; i < classes; ++i) {
            const double step = (pqp - qp[i]) / q[i * classes + i];
            const double scale = 1 + step;
            p[i] += step;
            pqp = (pqp + step * (step * q[i * classes + i] + 2 * qp[i])) / scale / scale;
            for (size_t j = 0; j < classes; ++j) {
                qp[j] = (qp[j] + step * q[i * classes + j]) / scale;
                p[j] /= scale;
            }
        }
    }
    return p;
}

// vectors_per_class as the first vector of each class, and the number of all.
Result<std::vector<int64_t>> firstVectors(const Node& node, int64_t classes)
{
    const auto& counts = listAttribute<int64_t>(node, "vectors_per_class");
    if (static_cast<int64_t>(counts.size()) != classes)
        return badModel("vectors_per_class has " + std::to_string(counts.size()) + " elements for " +
                        std::to_string(classes) + " classes");
    const auto limit = static_cast<int64_t>(listAttribute<float>(node, "support_vectors").size());
    std::vector<int64_t> first{0};
    for (const int64_t count : counts) {
        if (count < 0 || count > limit - first.back())
            return badModel("vectors_per_class does not fit " + std::to_string(limit) + " support vectors");
        first.push_back(first.back() + count);
    }
    return first;
}

struct SvmClassifier {
    ClassLabels labels;
    PostTransform transform = PostTransform::None;
    SvmVectors vectors;
    std::vector<float> rho;
    int64_t columns = 0;
    // With support vectors:
    std::vector<int64_t> first;      // [classes + 1] index of the first vector of each class
    std::vector<float> coefficients; // [classes - 1, vectors]
    std::vector<float> probA, probB; // [pairs], or none

    size_t classes() const { return static_cast<size_t>(labels.count()); }

    // Scores of a row to Z; returns the index of its label.
    size_t decide(std::span<double> likeness, std::span<float> z) const
    {
        if (first.empty()) {
            for (double& score : likeness)
                score += rho[0];
            finish(std::vector<double>(likeness.begin(), likeness.end()), z);
            return topScore(likeness);
        }
        std::vector<double> votes(classes());
        std::vector<double> scores;
        for (size_t i = 0; i < classes(); ++i) {
            for (size_t j = i + 1; j < classes(); ++j) {
                const double score = pairScore(likeness, i, j) + rho[scores.size()];
                scores.push_back(score);
                ++votes[score > 0 ? i : j];
            }
        }
        finish(probA.empty() ? std::move(scores) : probabilities(scores), z);
        return topScore(votes);
    }

private:
    double pairScore(std::span<const double> likeness, size_t i, size_t j) const
    {
        const auto sum = [&](size_t row, size_t group) {
            const int64_t begin = first[group];
            return dotProduct(coefficients.data() + static_cast<int64_t>(row) * vectors.count + begin,
                              likeness.data() + begin, first[group + 1] - begin);
        };
        return sum(j - 1, i) + sum(i, j);
    }

    std::vector<double> probabilities(const std::vector<double>& scores) const
    {
        std::vector<double> pairs(classes() * classes());
        size_t at = 0;
        for (size_t i = 0; i < classes(); ++i) {
            for (size_t j = i + 1; j < classes(); ++j, ++at) {
                const double value = 1 / (1 + std::exp(scores[at] * probA[at] + probB[at]));
                pairs[i * classes() + j] = std::clamp(value, 1e-7, 1 - 1e-7);
                pairs[j * classes() + i] = 1 - pairs[i * classes() + j];
            }
        }
        return coupledProbabilities(pairs, classes());
    }

    void finish(std::vector<double> scores, std::span<float> z) const
    {
        if (scores.size() == 1 && z.size() == 2) {
            const auto [negative, positive] = binaryScores(transform, NegativeScore::Opposite, scores[0]);
            scores = {negative, positive};
        } else {
            transformScores(transform, scores);
        }
        std::transform(scores.begin(), scores.end(), z.begin(),
                       [](double score) { return static_cast<float>(score); });
    }
};

Status readSupportVectors(const Node& node, const SvmKernel& kernel, SvmClassifier& classifier)
{
    const int64_t classes = classifier.labels.count();
    TRY_ASSIGN(classifier.first, firstVectors(node, classes));
    const int64_t count = classifier.first.back();
    TRY_ASSIGN(classifier.vectors, svmVectors(listAttribute<float>(node, "support_vectors"), count, kernel));
    classifier.coefficients = listAttribute<float>(node, "coefficients");
    classifier.probA = listAttribute<float>(node, "prob_a");
    classifier.probB = listAttribute<float>(node, "prob_b");
    const auto pairs = static_cast<size_t>(classes * (classes - 1) / 2);
    if (classes < 2 || classifier.rho.size() < pairs ||
        static_cast<int64_t>(classifier.coefficients.size()) != (classes - 1) * count)
        return badModel(
            "SVMClassifier with " + std::to_string(classes) + " classes needs " + std::to_string(pairs) +
            " values of rho and " + std::to_string((classes - 1) * count) + " coefficients, found " +
            std::to_string(classifier.rho.size()) + " and " + std::to_string(classifier.coefficients.size()));
    if (classifier.probA.size() != classifier.probB.size() ||
        (!classifier.probA.empty() && classifier.probA.size() < pairs))
        return badModel("prob_a and prob_b need " + std::to_string(pairs) + " elements each");
    return {};
}

} // namespace

KernelResult createSvmClassifier(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY(acceptTypes(InputTypes(), request));
    auto classifier = std::make_shared<SvmClassifier>();
    classifier->labels = classLabels(node);
    classifier->columns = svmScoreCount(node);
    classifier->rho = listAttribute<float>(node, "rho");
    const int64_t classes = classifier->labels.count();
    if (classes < 1 || classes > 65535 || classifier->rho.empty())
        return badModel("SVMClassifier needs classlabels and rho");
    TRY_ASSIGN(classifier->transform, postTransform(node));
    TRY_ASSIGN(const SvmKernel kernel, svmKernel(node));
    if (hasSupportVectors(node)) {
        TRY(readSupportVectors(node, kernel, *classifier));
    } else {
        TRY_ASSIGN(classifier->vectors,
                   svmVectors(listAttribute<float>(node, "coefficients"), classes, SvmKernel()));
    }
    return plainKernel([classifier](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        TRY_ASSIGN(LabelOutput y, LabelOutput::allocate(classifier->labels, rows.rows));
        const auto columns = static_cast<size_t>(classifier->columns);
        TRY_ASSIGN(Tensor z, Tensor::allocate(DataType::Float, {rows.rows, classifier->columns}));
        auto* scores = z.mutableData<float>();
        TRY(classifier->vectors.forEachRow(context, rows, [&](int64_t row, std::span<double> likeness) {
            const std::span<float> to(scores + row * classifier->columns, columns);
            y.set(row, classifier->decide(likeness, to));
        }));
        context.setOutput(0, y.take());
        if (context.outputCount() > 1)
            context.setOutput(1, std::move(z));
        return {};
    });
}

KernelResult createSvmRegressor(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY(acceptTypes(InputTypes(), request));
    TRY_ASSIGN(const PostTransform transform, postTransform(node));
    TRY_ASSIGN(const SvmKernel kernel, svmKernel(node));
    const int64_t count = node.intAttribute("n_supports", 0);
    std::vector<float> coefficients = listAttribute<float>(node, "coefficients");
    const auto& rho = listAttribute<float>(node, "rho");
    const double offset = rho.empty() ? 0 : rho[0];
    const bool isOneClass = node.intAttribute("one_class", 0) != 0;
    const bool isLinear = count <= 0;
    if (!isLinear && static_cast<int64_t>(coefficients.size()) != count)
        return badModel("SVMRegressor has " + std::to_string(coefficients.size()) + " coefficients for " +
                        std::to_string(count) + " support vectors");
    // Without support vectors the likeness to the only "vector" is the linear function itself.
    TRY_ASSIGN(SvmVectors vectors,
               svmVectors(isLinear ? coefficients : listAttribute<float>(node, "support_vectors"),
                          isLinear ? 1 : count, isLinear ? SvmKernel() : kernel));
    if (isLinear)
        coefficients = {1};
    return plainKernel([=, vectors = std::move(vectors)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, {rows.rows, 1}));
        return vectors.forEachRow(context, rows, [&](int64_t row, std::span<double> likeness) {
            double score = dotProduct(likeness.data(), coefficients.data(), vectors.count) + offset;
            if (isOneClass)
                score = score > 0 ? 1 : -1;
            else
                transformScores(transform, {&score, 1});
            y->mutableData<float>()[row] = static_cast<float>(score);
        });
    });
}

} // namespace lapidary

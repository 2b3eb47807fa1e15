// SPDX-License-Identifier: GPL-3.0-or-later
// LinearClassifier and LinearRegressor; the rows of SVMClassifier and SVMRegressor too.
#include "engine/cpu/dot_product.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/ml_inputs.h"
#include "engine/cpu/kernels/ml_svm.h"
#include "engine/cpu/ml_scores.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;
using InputTypes = TypeList<float, double, int64_t, int32_t>;

struct LinearModel {
    std::vector<float> coefficients; // [scores, features]
    std::vector<float> intercepts;   // [scores], or none
    PostTransform transform = PostTransform::None;

    // Calls finish(row, scores) with the raw scores of each row, on several threads.
    template <typename Finish>
    Status forEachRow(KernelContext& context, const MlRows& rows, int64_t scoreCount,
                      const Finish& finish) const
    {
        if (scoreCount < 1 || rows.features != static_cast<int64_t>(coefficients.size()) / scoreCount ||
            rows.features * scoreCount != static_cast<int64_t>(coefficients.size()))
            return makeError(ErrorCode::ShapeMismatch, std::to_string(coefficients.size()) +
                                                           " coefficients do not fit X of shape [" +
                                                           toString(context.tensor(0).dims()) + "]");
        const int64_t grain = 1 + (1 << 14) / (static_cast<int64_t>(coefficients.size()) + 1);
        return dispatch(InputTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
            const T* x = context.tensor(0).data<T>();
            parallelFor(rows.rows, grain, [&](int64_t begin, int64_t end) {
                std::vector<double> scores(static_cast<size_t>(scoreCount));
                for (int64_t row = begin; row < end && !context.stopRequested(); ++row) {
                    for (size_t i = 0; i < scores.size(); ++i)
                        scores[i] = dotProduct(x + row * rows.features,
                                               coefficients.data() + static_cast<int64_t>(i) * rows.features,
                                               rows.features) +
                                    (intercepts.empty() ? 0 : intercepts[i]);
                    finish(row, std::span<double>(scores));
                }
            });
            return context.stopRequested() ? Status(cancelled()) : Status();
        });
    }
};

Result<LinearModel> linearModel(const KernelRequest& request)
{
    TRY(acceptTypes(InputTypes(), request));
    LinearModel model;
    model.coefficients = listAttribute<float>(*request.node, "coefficients");
    model.intercepts = listAttribute<float>(*request.node, "intercepts");
    TRY_ASSIGN(model.transform, postTransform(*request.node));
    return model;
}

void store(std::span<const double> scores, float* to)
{
    std::transform(scores.begin(), scores.end(), to, [](double score) { return static_cast<float>(score); });
}

// One score and two labels: the score is that of the second, that of the first is 1 - score.
Status classify(KernelContext& context, const LinearModel& model, const ClassLabels& labels)
{
    TRY(requireInputs(context, 1));
    TRY_ASSIGN(const MlRows rows, mlRows(context));
    const int64_t scoreCount =
        linearScoreCount(model.intercepts.size(), model.coefficients.size(), Dim(rows.features)).value;
    if (scoreCount != 1 && scoreCount != labels.count())
        return makeError(ErrorCode::ShapeMismatch, "LinearClassifier has " + std::to_string(scoreCount) +
                                                       " scores for " + std::to_string(labels.count()) +
                                                       " labels");
    const int64_t columns = scoreCount == 1 && labels.count() == 2 ? 2 : scoreCount;
    TRY_ASSIGN(LabelOutput y, LabelOutput::allocate(labels, rows.rows));
    TRY_ASSIGN(Tensor z, Tensor::allocate(DataType::Float, {rows.rows, columns}));
    auto* to = z.mutableData<float>();
    TRY(model.forEachRow(context, rows, scoreCount, [&](int64_t row, std::span<double> scores) {
        if (scoreCount == 1)
            y.setBySign(row, scores[0] > 0);
        else
            y.set(row, topScore(scores));
        if (columns == scoreCount) {
            transformScores(model.transform, scores);
            store(scores, to + row * columns);
        } else {
            const auto [negative, positive] =
                binaryScores(model.transform, NegativeScore::Complement, scores[0]);
            store(std::array{negative, positive}, to + row * columns);
        }
    }));
    context.setOutput(0, y.take());
    if (context.outputCount() > 1)
        context.setOutput(1, std::move(z));
    return {};
}

KernelResult createClassifier(const KernelRequest& request)
{
    TRY_ASSIGN(auto model, linearModel(request));
    return plainKernel([model = std::move(model), labels = classLabels(*request.node)](
                           KernelContext& context) { return classify(context, model, labels); });
}

KernelResult createRegressor(const KernelRequest& request)
{
    TRY_ASSIGN(auto model, linearModel(request));
    const int64_t targets = request.node->intAttribute("targets", 1);
    if (targets < 1 ||
        (!model.intercepts.empty() && static_cast<int64_t>(model.intercepts.size()) != targets))
        return makeError(ErrorCode::InvalidModel,
                         "LinearRegressor has " + std::to_string(targets) + " targets and " +
                             std::to_string(model.intercepts.size()) + " intercepts");
    return plainKernel([model = std::move(model), targets](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, {rows.rows, targets}));
        return model.forEachRow(context, rows, targets, [&](int64_t row, std::span<double> scores) {
            transformScores(model.transform, scores);
            store(scores, y->mutableData<float>() + row * targets);
        });
    });
}

constexpr KernelRow rows[] = {
    {mlDomain, "LinearClassifier", 1, newestOpset, "plain", createClassifier},
    {mlDomain, "LinearRegressor", 1, newestOpset, "plain", createRegressor},
    {mlDomain, "SVMClassifier", 1, newestOpset, "plain", createSvmClassifier},
    {mlDomain, "SVMRegressor", 1, newestOpset, "plain", createSvmRegressor},
};

} // namespace

std::span<const KernelRow> mlLinearKernels() { return rows; }

} // namespace lapidary

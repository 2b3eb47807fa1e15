// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

namespace {

Status inferClassifier(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    const ClassLabels labels = classLabels(context.node());
    context.setOutput(0, labels.type(), Shape{x.rows});
    context.setOutput(1, DataType::Float, Shape{x.rows, labels.count() > 0 ? Dim(labels.count()) : Dim()});
    return {};
}

// Regressors: one column for each target.
Status inferTargets(InferenceContext& context, DataType type)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    const int64_t targets = context.node().intAttribute("n_targets", -1);
    context.setOutput(0, type, Shape{x.rows, targets > 0 ? Dim(targets) : Dim()});
    return {};
}

Status inferRegressor(InferenceContext& context) { return inferTargets(context, DataType::Float); }

Status inferEnsemble(InferenceContext& context) { return inferTargets(context, context.inputDataType(0)); }

constexpr int versions[] = {1, 3, 5};
constexpr int ensembleVersions[] = {5};

constexpr OpDef ops[] = {
    {mlDomain, "TreeEnsembleClassifier", versions, inferClassifier},
    {mlDomain, "TreeEnsembleRegressor", versions, inferRegressor},
    {mlDomain, "TreeEnsemble", ensembleVersions, inferEnsemble},
};

} // namespace

std::span<const OpDef> mlTreesOps() { return ops; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

namespace {

Status inferLinearClassifier(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    const Node& node = context.node();
    const ClassLabels labels = classLabels(node);
    Dim scores = linearScoreCount(listAttribute<float>(node, "intercepts").size(),
                                  listAttribute<float>(node, "coefficients").size(), x.features);
    if (scores == Dim(1) && labels.count() == 2)
        scores = Dim(2);
    context.setOutput(0, labels.type(), Shape{x.rows});
    context.setOutput(1, DataType::Float, Shape{x.rows, scores});
    return {};
}

Status inferLinearRegressor(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    context.setOutput(0, DataType::Float, Shape{x.rows, Dim(context.node().intAttribute("targets", 1))});
    return {};
}

Status inferSvmClassifier(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    context.setOutput(0, classLabels(context.node()).type(), Shape{x.rows});
    context.setOutput(1, DataType::Float, Shape{x.rows, Dim(svmScoreCount(context.node()))});
    return {};
}

Status inferSvmRegressor(InferenceContext& context)
{
    TRY_ASSIGN(const FeatureDims x, featureDims(context));
    context.setOutput(0, DataType::Float, Shape{x.rows, Dim(1)});
    return {};
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {mlDomain, "LinearClassifier", versions, inferLinearClassifier},
    {mlDomain, "LinearRegressor", versions, inferLinearRegressor},
    {mlDomain, "SVMClassifier", versions, inferSvmClassifier},
    {mlDomain, "SVMRegressor", versions, inferSvmRegressor},
};

} // namespace

std::span<const OpDef> mlLinearOps() { return ops; }

} // namespace lapidary

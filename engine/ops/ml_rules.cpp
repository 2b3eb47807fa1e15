// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/ml_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

Result<std::vector<double>> numbersOf(const TensorRef& ref)
{
    TRY_ASSIGN(const Tensor tensor, ref.load());
    std::vector<double> numbers(static_cast<size_t>(tensor.count()));
    for (size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = elementAsDouble(tensor, static_cast<int64_t>(i));
    return numbers;
}

} // namespace

Result<std::vector<double>> numbersAttribute(const Node& node, std::string_view name)
{
    for (const std::string& candidate : {std::string(name), std::string(name) + "_as_tensor"}) {
        const Attribute* attribute = node.attribute(candidate);
        if (!attribute)
            continue;
        if (const auto* floats = attribute->as<std::vector<float>>(); floats && !floats->empty())
            return std::vector<double>(floats->begin(), floats->end());
        if (const auto* tensor = attribute->as<TensorRef>())
            return numbersOf(*tensor);
    }
    return std::vector<double>();
}

ClassLabels classLabels(const Node& node)
{
    ClassLabels labels{listAttribute<std::string>(node, "classlabels_strings"),
                       listAttribute<int64_t>(node, "classlabels_ints")};
    if (labels.ints.empty())
        labels.ints = listAttribute<int64_t>(node, "classlabels_int64s");
    return labels;
}

Result<FeatureDims> featureDims(const Shape& shape)
{
    if (shape.size() == 1)
        return FeatureDims{Dim(1), shape[0]};
    if (shape.size() == 2)
        return FeatureDims{shape[0], shape[1]};
    return makeError(ErrorCode::ShapeMismatch,
                     "expected X of shape [N, C] or [C], found [" + toString(shape) + "]");
}

Result<FeatureDims> featureDims(const InferenceContext& context)
{
    const Shape* shape = context.inputShape(0);
    return shape ? featureDims(*shape) : Result<FeatureDims>(FeatureDims());
}

DataType encodedType(const Node& node)
{
    const Attribute* tensor = node.attribute("values_tensor");
    if (const auto* ref = tensor ? tensor->as<TensorRef>() : nullptr)
        return ref->type;
    if (node.attribute("values_strings"))
        return DataType::String;
    if (node.attribute("values_int64s"))
        return DataType::Int64;
    return node.attribute("values_floats") ? DataType::Float : DataType::Undefined;
}

Result<Shape> extractedShape(const Shape& x, const Shape* indices)
{
    if (x.empty())
        return makeError(ErrorCode::ShapeMismatch, "ArrayFeatureExtractor needs X of rank 1 or more");
    Shape shape = x.size() == 1 ? Shape{Dim(1), Dim()} : x;
    const auto dims = indices ? concreteDims(*indices) : std::nullopt;
    const auto count = dims ? elementCount(*dims) : std::nullopt;
    shape.back() = count ? Dim(*count) : Dim();
    return shape;
}

Dim linearScoreCount(size_t intercepts, size_t coefficients, const Dim& features)
{
    if (intercepts > 0)
        return Dim(static_cast<int64_t>(intercepts));
    return features.known() && features.value > 0 ? Dim(static_cast<int64_t>(coefficients) / features.value)
                                                  : Dim();
}

bool hasSupportVectors(const Node& node)
{
    const auto& counts = listAttribute<int64_t>(node, "vectors_per_class");
    return std::any_of(counts.begin(), counts.end(), [](int64_t count) { return count > 0; });
}

int64_t svmScoreCount(const Node& node)
{
    const int64_t classes = classLabels(node).count();
    if (!hasSupportVectors(node) || classes <= 2 || !listAttribute<float>(node, "prob_a").empty())
        return classes;
    return classes * (classes - 1) / 2;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the operators of ai.onnx.ml have in common: list attributes, class labels, and X seen
// as rows of features. Used by inference (symbolic sizes) and by kernels (known ones).
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

inline constexpr std::string_view mlDomain = "ai.onnx.ml";

// A list attribute (FLOATS, INTS or STRINGS); empty when it is absent or of another type.
template <typename T>
const std::vector<T>& listAttribute(const Node& node, std::string_view name)
{
    static const std::vector<T> none;
    const Attribute* attribute = node.attribute(name);
    const auto* list = attribute ? attribute->as<std::vector<T>>() : nullptr;
    return list ? *list : none;
}

// Numbers given as FLOATS (name), or as a tensor of any numeric type (name, or name + "_as_tensor").
// Empty when absent. Errors: those of loading the tensor.
Result<std::vector<double>> numbersAttribute(const Node& node, std::string_view name);

// classlabels_strings, or classlabels_ints (also named classlabels_int64s).
struct ClassLabels {
    std::vector<std::string> strings;
    std::vector<int64_t> ints;

    DataType type() const { return strings.empty() ? DataType::Int64 : DataType::String; }
    int64_t count() const { return static_cast<int64_t>(strings.empty() ? ints.size() : strings.size()); }
};
ClassLabels classLabels(const Node& node);

// X: [N, F], or [F], which is one row. Errors: ShapeMismatch.
struct FeatureDims {
    Dim rows;
    Dim features;
};
Result<FeatureDims> featureDims(const Shape& shape);
// The same for input 0; both unknown where the rank is unknown.
Result<FeatureDims> featureDims(const InferenceContext& context);

// LabelEncoder since version 2: the type of the attribute values_* that is there.
DataType encodedType(const Node& node);

// ArrayFeatureExtractor: x without its last dimension, and one column for each element of indices (null:
// unknown); [1, columns] for x of rank 1. Errors: ShapeMismatch (x is a scalar).
Result<Shape> extractedShape(const Shape& x, const Shape* indices);

// Scores for each row of LinearClassifier: one for each intercept, or for each row of coefficients where
// there are no intercepts. Unknown when neither tells.
Dim linearScoreCount(size_t intercepts, size_t coefficients, const Dim& features);

// SVMClassifier decides by support vectors (one score for each pair of classes, or with prob_a one
// probability for each class), or without any by one linear function for each class.
bool hasSupportVectors(const Node& node);
// Columns of its output Z.
int64_t svmScoreCount(const Node& node);

} // namespace lapidary

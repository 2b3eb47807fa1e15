// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/ml_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

Status inferCastMap(InferenceContext& context)
{
    const Node& node = context.node();
    const std::string to = node.stringAttribute("cast_to", "TO_FLOAT");
    const DataType type = to == "TO_FLOAT"    ? DataType::Float
                          : to == "TO_INT64"  ? DataType::Int64
                          : to == "TO_STRING" ? DataType::String
                                              : DataType::Undefined;
    const bool isSparse = node.stringAttribute("map_form", "DENSE") == "SPARSE";
    const int64_t length = std::max<int64_t>(0, node.intAttribute("max_map", 1));
    context.setOutput(0, type, Shape{Dim(1), isSparse ? Dim(length) : Dim()});
    return {};
}

Status inferDictVectorizer(InferenceContext& context)
{
    const Node& node = context.node();
    const size_t count = std::max(listAttribute<std::string>(node, "string_vocabulary").size(),
                                  listAttribute<int64_t>(node, "int64_vocabulary").size());
    const auto& element = context.inputTypes.empty() ? nullptr : context.inputTypes[0].element;
    context.setOutput(0, element ? element->dataType : DataType::Undefined,
                      Shape{Dim(1), Dim(static_cast<int64_t>(count))});
    return {};
}

Status inferZipMap(InferenceContext& context)
{
    TRY_ASSIGN([[maybe_unused]] const FeatureDims x, featureDims(context));
    if (context.outputTypes.empty())
        return {};
    const TypeInfo value = TypeInfo::tensor(DataType::Float, Shape());
    context.outputTypes[0] = TypeInfo::sequence(TypeInfo::map(classLabels(context.node()).type(), value));
    return {};
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {mlDomain, "CastMap", versions, inferCastMap},
    {mlDomain, "DictVectorizer", versions, inferDictVectorizer},
    {mlDomain, "ZipMap", versions, inferZipMap},
};

} // namespace

std::span<const OpDef> mlMapsOps() { return ops; }

} // namespace lapidary

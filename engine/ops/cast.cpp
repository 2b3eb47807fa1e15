// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferCastTo(InferenceContext& context, DataType type)
{
    // A size that becomes a float and an integer again keeps its value; a small type may cut it.
    if (type == DataType::Int64 || type == DataType::Int32 || type == DataType::Float ||
        type == DataType::Double)
        passInts(context);
    context.setOutput(0, type, shapeOf(context, 0));
    return {};
}

Status inferCast(InferenceContext& context)
{
    return inferCastTo(context, typeAttribute(context.node(), "to"));
}

Status inferCastLike(InferenceContext& context) { return inferCastTo(context, context.inputDataType(1)); }

constexpr int castVersions[] = {1, 6, 9, 13, 19, 21, 23, 24, 25};
constexpr int castLikeVersions[] = {15, 19, 21, 23, 24, 25};

Status inferBitCast(InferenceContext& context)
{
    context.setOutput(0, typeAttribute(context.node(), "to"), shapeOf(context, 0));
    return {};
}

constexpr int bitCastVersions[] = {26};

constexpr OpDef ops[] = {
    {"", "Cast", castVersions, inferCast},
    {"", "CastLike", castLikeVersions, inferCastLike},
    {"", "BitCast", bitCastVersions, inferBitCast},
};

} // namespace

std::span<const OpDef> castOps() { return ops; }

} // namespace lapidary

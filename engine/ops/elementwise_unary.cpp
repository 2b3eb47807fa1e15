// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of one tensor whose output has its shape. Attributes are read by the kernels.
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferBoolLikeFirst(InferenceContext& context)
{
    context.setOutput(0, DataType::Bool, shapeOf(context, 0));
    return {};
}

// Rounding leaves integers as they are, so values computed from shapes pass.
Status inferRounding(InferenceContext& context)
{
    passInts(context);
    return inferSameAsFirst(context);
}

// Any type, also sequences and optionals.
Status inferIdentity(InferenceContext& context)
{
    context.outputTypes[0] = context.inputTypes[0];
    context.outputTypes[0].denotation.clear();
    passInts(context);
    return {};
}

// Output 1, the mask, is of the data's type below opset 10 and bool since.
Status inferDropout(InferenceContext& context)
{
    passInts(context);
    context.setOutput(1, context.opsetVersion() < 10 ? context.inputDataType(0) : DataType::Bool,
                      shapeOf(context, 0));
    return inferSameAsFirst(context);
}

constexpr int since1And6And13[] = {1, 6, 13};
constexpr int since1And6And16[] = {1, 6, 16};
constexpr int since1And6And22[] = {1, 6, 22};
constexpr int since1And22[] = {1, 22};
constexpr int since7And22[] = {7, 22};
constexpr int since9And22[] = {9, 22};
constexpr int since10And22[] = {10, 22};
constexpr int since11And22[] = {11, 22};
constexpr int since14And22[] = {14, 22};
constexpr int since18And22[] = {18, 22};
constexpr int since9And13[] = {9, 13};
constexpr int since1[] = {1};
constexpr int since9[] = {9};
constexpr int since12[] = {12};
constexpr int since18[] = {18};
constexpr int since20[] = {20};
constexpr int since24[] = {24};
constexpr int reluVersions[] = {1, 6, 13, 14};
constexpr int clipVersions[] = {1, 6, 11, 12, 13};
constexpr int isNanVersions[] = {9, 13, 20};
constexpr int isInfVersions[] = {10, 20};
constexpr int dropoutVersions[] = {1, 6, 7, 10, 12, 13, 22};
constexpr int identityVersions[] = {1, 13, 14, 16, 19, 21, 23, 24, 25};

constexpr OpDef ops[] = {
    {"", "Abs", since1And6And13, inferSameAsFirst},
    {"", "Neg", since1And6And13, inferSameAsFirst},
    {"", "Sign", since9And13, inferSameAsFirst},
    {"", "Floor", since1And6And13, inferRounding},
    {"", "Ceil", since1And6And13, inferRounding},
    {"", "Round", since11And22, inferRounding},
    {"", "Exp", since1And6And13, inferSameAsFirst},
    {"", "Log", since1And6And13, inferSameAsFirst},
    {"", "Sqrt", since1And6And13, inferSameAsFirst},
    {"", "Reciprocal", since1And6And13, inferSameAsFirst},
    {"", "Erf", since9And13, inferSameAsFirst},
    {"", "Sin", since7And22, inferSameAsFirst},
    {"", "Cos", since7And22, inferSameAsFirst},
    {"", "Tan", since7And22, inferSameAsFirst},
    {"", "Asin", since7And22, inferSameAsFirst},
    {"", "Acos", since7And22, inferSameAsFirst},
    {"", "Atan", since7And22, inferSameAsFirst},
    {"", "Sinh", since9And22, inferSameAsFirst},
    {"", "Cosh", since9And22, inferSameAsFirst},
    {"", "Tanh", since1And6And13, inferSameAsFirst},
    {"", "Asinh", since9And22, inferSameAsFirst},
    {"", "Acosh", since9And22, inferSameAsFirst},
    {"", "Atanh", since9And22, inferSameAsFirst},
    {"", "Relu", reluVersions, inferSameAsFirst},
    {"", "LeakyRelu", since1And6And16, inferSameAsFirst},
    {"", "ThresholdedRelu", since10And22, inferSameAsFirst},
    {"", "Elu", since1And6And22, inferSameAsFirst},
    {"", "Selu", since1And6And22, inferSameAsFirst},
    {"", "Celu", since12, inferSameAsFirst},
    {"", "Sigmoid", since1And6And13, inferSameAsFirst},
    {"", "HardSigmoid", since1And6And22, inferSameAsFirst},
    {"", "HardSwish", since14And22, inferSameAsFirst},
    {"", "Swish", since24, inferSameAsFirst},
    {"", "Mish", since18And22, inferSameAsFirst},
    {"", "Gelu", since20, inferSameAsFirst},
    {"", "Softplus", since1And22, inferSameAsFirst},
    {"", "Softsign", since1And22, inferSameAsFirst},
    {"", "Shrink", since9, inferSameAsFirst},
    {"", "Clip", clipVersions, inferSameAsFirst},
    {"", "Not", since1, inferSameAsFirst},
    {"", "BitwiseNot", since18, inferSameAsFirst},
    {"", "IsNaN", isNanVersions, inferBoolLikeFirst},
    {"", "IsInf", isInfVersions, inferBoolLikeFirst},
    {"", "Identity", identityVersions, inferIdentity},
    {"", "Dropout", dropoutVersions, inferDropout},
};

} // namespace

std::span<const OpDef> elementwiseUnaryOps() { return ops; }

} // namespace lapidary

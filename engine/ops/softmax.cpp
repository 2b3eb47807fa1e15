// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

// Source: ONNX Softmax, LogSoftmax, Hardmax -1/11 (axis 1, flattens to 2-D) and -13 (axis -1).
Status inferSoftmax(InferenceContext& context)
{
    if (const Shape* shape = context.inputShape(0)) {
        const auto rank = static_cast<int64_t>(shape->size());
        const int64_t axis = context.node().intAttribute("axis", context.opsetVersion() < 13 ? 1 : -1);
        // Flattening also allows axis == rank: every row is one element.
        if (!(context.opsetVersion() < 13 && (axis == rank || rank == 0)))
            TRY(normalizeAxis(axis, rank));
    }
    return inferSameAsFirst(context);
}

constexpr int since1And11And13[] = {1, 11, 13};

constexpr OpDef ops[] = {
    {"", "Softmax", since1And11And13, inferSoftmax},
    {"", "LogSoftmax", since1And11And13, inferSoftmax},
    {"", "Hardmax", since1And11And13, inferSoftmax},
};

} // namespace

std::span<const OpDef> softmaxOps() { return ops; }

} // namespace lapidary

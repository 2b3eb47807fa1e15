// SPDX-License-Identifier: GPL-3.0-or-later
// Einsum and Det.
#include "engine/ops/einsum_rules.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

Status inferEinsum(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    std::vector<Shape> shapes;
    std::vector<size_t> ranks;
    for (size_t i = 0; i < context.inputCount(); ++i) {
        const Shape* shape = context.inputShape(i);
        if (!shape)
            return {};
        shapes.push_back(*shape);
        ranks.push_back(shape->size());
    }
    TRY_ASSIGN(const EinsumLabels labels,
               einsumLabels(context.node().stringAttribute("equation", ""), ranks));
    TRY_ASSIGN(const auto sizes, einsumSizes(labels, shapes));
    Shape output;
    for (const int label : labels.output)
        output.push_back(sizes.at(label));
    context.setOutput(0, type, std::move(output));
    return {};
}

Status inferDet(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    const Shape* x = context.inputShape(0);
    if (!x)
        return {};
    const size_t rank = x->size();
    const bool isSquare =
        rank >= 2 && (!(*x)[rank - 1].known() || !(*x)[rank - 2].known() || (*x)[rank - 1] == (*x)[rank - 2]);
    if (!isSquare)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected square matrices as last two dimensions, found " + toString(*x));
    context.setOutput(0, type, Shape(x->begin(), x->end() - 2));
    return {};
}

constexpr int since12[] = {12};
constexpr int detVersions[] = {11, 22};

constexpr OpDef ops[] = {
    {"", "Einsum", since12, inferEinsum},
    {"", "Det", detVersions, inferDet},
};

} // namespace

std::span<const OpDef> einsumOps() { return ops; }

} // namespace lapidary

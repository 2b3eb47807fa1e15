// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that combine the elements along axes. Axes moved from an attribute to input 1 with opset 13
// (ReduceSum) and 18 (the others).
#include "engine/ops/axis.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/reduce_rules.h"

namespace lapidary {

namespace {

// A product or sum of followed values: Size written with ReduceProd.
void reduceInts(InferenceContext& context, bool isProduct)
{
    const auto values = context.knownInts(0);
    const Shape* input = context.inputShape(0);
    if (!values || !input || input->size() != 1)
        return;
    int64_t total = isProduct ? 1 : 0;
    for (const int64_t value : *values) {
        if (isProduct ? __builtin_mul_overflow(total, value, &total)
                      : __builtin_add_overflow(total, value, &total))
            return;
    }
    context.setOutputInts(0, {SymbolicInt(total)});
}

template <int64_t axesInputSince>
Status inferReduce(InferenceContext& context)
{
    const Node& node = context.node();
    const DataType type = context.inputDataType(0);
    const Shape* input = context.inputShape(0);
    const bool keepDims = node.intAttribute("keepdims", 1) != 0;
    std::optional<std::vector<int64_t>> axes = node.intsAttribute("axes");
    if (context.opsetVersion() >= axesInputSince)
        axes = context.hasInput(1) ? context.knownInts(1) : std::vector<int64_t>();
    if (!input || !axes) {
        context.setOutput(0, type, input && keepDims ? std::optional(Shape(input->size())) : std::nullopt);
        return {};
    }
    TRY_ASSIGN(const std::vector<bool> reduced,
               reducedAxes(static_cast<int64_t>(input->size()), *axes,
                           node.intAttribute("noop_with_empty_axes", 0) != 0));
    context.setOutput(0, type, reducedShape(*input, reduced, keepDims));
    if (node.opType == "ReduceProd" || node.opType == "ReduceSum")
        reduceInts(context, node.opType == "ReduceProd");
    return {};
}

Status inferArg(InferenceContext& context)
{
    std::optional<Shape> shape;
    if (const Shape* input = context.inputShape(0)) {
        TRY_ASSIGN(const std::vector<bool> reduced,
                   axisMask({context.node().intAttribute("axis", 0)}, static_cast<int64_t>(input->size())));
        shape = reducedShape(*input, reduced, context.node().intAttribute("keepdims", 1) != 0);
    }
    context.setOutput(0, DataType::Int64, std::move(shape));
    return {};
}

constexpr int reduceVersions[] = {1, 11, 13, 18};
constexpr int reduceSumVersions[] = {1, 11, 13};
constexpr int reduceExtremeVersions[] = {1, 11, 12, 13, 18, 20};
constexpr int argVersions[] = {1, 11, 12, 13};
constexpr int cumSumVersions[] = {11, 14};
constexpr int cumProdVersions[] = {26};

constexpr OpDef ops[] = {
    {"", "ReduceSum", reduceSumVersions, inferReduce<13>},
    {"", "ReduceMean", reduceVersions, inferReduce<18>},
    {"", "ReduceMax", reduceExtremeVersions, inferReduce<18>},
    {"", "ReduceMin", reduceExtremeVersions, inferReduce<18>},
    {"", "ReduceProd", reduceVersions, inferReduce<18>},
    {"", "ReduceL1", reduceVersions, inferReduce<18>},
    {"", "ReduceL2", reduceVersions, inferReduce<18>},
    {"", "ReduceSumSquare", reduceVersions, inferReduce<18>},
    {"", "ReduceLogSum", reduceVersions, inferReduce<18>},
    {"", "ReduceLogSumExp", reduceVersions, inferReduce<18>},
    {"", "ArgMax", argVersions, inferArg},
    {"", "ArgMin", argVersions, inferArg},
    {"", "CumSum", cumSumVersions, inferSameAsFirst},
    {"", "CumProd", cumProdVersions, inferSameAsFirst},
};

} // namespace

std::span<const OpDef> reductionOps() { return ops; }

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of two or more tensors that broadcast. With the attribute broadcast of opset < 7 the output
// has the shape of the first input.
#include "engine/ops/broadcast.h"
#include "engine/ops/families.h"
#include "engine/ops/infer.h"

#include <numeric>

namespace lapidary {

namespace {

using IntFunction = SymbolicInt (*)(const SymbolicInt&, const SymbolicInt&);

// Sizes are computed with integers; a result that overflows is unknown.
SymbolicInt addInts(const SymbolicInt& a, const SymbolicInt& b)
{
    int64_t sum = 0;
    if (a.number && b.number && !__builtin_add_overflow(*a.number, *b.number, &sum))
        return sum;
    if (b.number == 0)
        return a;
    return a.number == 0 ? b : SymbolicInt();
}

SymbolicInt subtractInts(const SymbolicInt& a, const SymbolicInt& b)
{
    int64_t difference = 0;
    if (a.number && b.number && !__builtin_sub_overflow(*a.number, *b.number, &difference))
        return difference;
    return b.number == 0 ? a : SymbolicInt();
}

SymbolicInt multiplyInts(const SymbolicInt& a, const SymbolicInt& b)
{
    int64_t product = 0;
    if (a.number && b.number && !__builtin_mul_overflow(*a.number, *b.number, &product))
        return product;
    if (b.number == 1)
        return a;
    return a.number == 1 ? b : SymbolicInt();
}

SymbolicInt divideInts(const SymbolicInt& a, const SymbolicInt& b)
{
    // Only exact quotients of sizes: they are the same for integers and floats.
    if (a.number && b.number && *b.number > 0 && *a.number % *b.number == 0)
        return *a.number / *b.number;
    return b.number == 1 ? a : SymbolicInt();
}

void combineInts(InferenceContext& context, IntFunction combine)
{
    const std::vector<SymbolicInt>* a = context.inputInts(0);
    const std::vector<SymbolicInt>* b = context.inputInts(1);
    if (!a || !b || (a->size() != b->size() && a->size() != 1 && b->size() != 1))
        return;
    std::vector<SymbolicInt> result;
    const size_t count = a->size() == 1 ? b->size() : a->size();
    for (size_t i = 0; i < count; ++i)
        result.push_back(combine((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
    context.setOutputInts(0, std::move(result));
}

template <IntFunction combine>
Status inferArithmetic(InferenceContext& context)
{
    combineInts(context, combine);
    return inferBroadcast(context);
}

// 1 or 0 where it is sure: a named size is never negative.
SymbolicInt equalInts(const SymbolicInt& a, const SymbolicInt& b)
{
    if (a.number && b.number)
        return *a.number == *b.number ? 1 : 0;
    if (!a.symbol.empty() && a.symbol == b.symbol)
        return 1;
    const bool sizeAgainstNegative =
        (!a.symbol.empty() && b.number && *b.number < 0) || (!b.symbol.empty() && a.number && *a.number < 0);
    return sizeAgainstNegative ? SymbolicInt(0) : SymbolicInt();
}

Status inferEqual(InferenceContext& context)
{
    combineInts(context, equalInts);
    return inferBroadcastToBool(context);
}

// The slope (input 1) stretches to x (input 0), never the other way.
Status inferPRelu(InferenceContext& context) { return inferSameAsFirst(context); }

// Any number of inputs.
Status inferVariadic(InferenceContext& context)
{
    std::vector<size_t> inputs(context.inputCount());
    std::iota(inputs.begin(), inputs.end(), size_t{0});
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, inputs));
    context.setOutput(0, context.inputDataType(0), std::move(shape));
    return {};
}

Status inferWhere(InferenceContext& context)
{
    TRY_ASSIGN(std::optional<Shape> shape, broadcastInputs(context, {0, 1, 2}));
    context.setOutput(0, context.inputDataType(1), std::move(shape));
    const std::vector<SymbolicInt>* condition = context.inputInts(0);
    const std::vector<SymbolicInt>* yes = context.inputInts(1);
    const std::vector<SymbolicInt>* no = context.inputInts(2);
    if (!condition || !yes || !no || yes->size() != no->size() || condition->size() != yes->size())
        return {};
    std::vector<SymbolicInt> result(yes->size());
    for (size_t i = 0; i < result.size(); ++i) {
        if (const auto& known = (*condition)[i].number)
            result[i] = *known != 0 ? (*yes)[i] : (*no)[i];
    }
    context.setOutputInts(0, std::move(result));
    return {};
}

constexpr int arithmeticVersions[] = {1, 6, 7, 13, 14};
constexpr int powVersions[] = {1, 7, 12, 13, 15};
constexpr int modVersions[] = {10, 13};
constexpr int preluVersions[] = {1, 6, 7, 9, 16};
constexpr int logicVersions[] = {1, 7};
constexpr int equalVersions[] = {1, 7, 11, 13, 19};
constexpr int compareVersions[] = {1, 7, 9, 13};
constexpr int orEqualVersions[] = {12, 16};
constexpr int since11[] = {11};
constexpr int since18[] = {18};
constexpr int extremeVersions[] = {1, 6, 8, 12, 13};
constexpr int sumVersions[] = {1, 6, 8, 13};
constexpr int whereVersions[] = {9, 16};

constexpr OpDef ops[] = {
    {"", "Add", arithmeticVersions, inferArithmetic<addInts>},
    {"", "Sub", arithmeticVersions, inferArithmetic<subtractInts>},
    {"", "Mul", arithmeticVersions, inferArithmetic<multiplyInts>},
    {"", "Div", arithmeticVersions, inferArithmetic<divideInts>},
    {"", "Pow", powVersions, inferBroadcast},
    {"", "Mod", modVersions, inferBroadcast},
    {"", "PRelu", preluVersions, inferPRelu},
    {"", "Sum", sumVersions, inferVariadic},
    {"", "Mean", sumVersions, inferVariadic},
    {"", "Max", extremeVersions, inferVariadic},
    {"", "Min", extremeVersions, inferVariadic},
    {"", "And", logicVersions, inferBroadcastToBool},
    {"", "Or", logicVersions, inferBroadcastToBool},
    {"", "Xor", logicVersions, inferBroadcastToBool},
    {"", "Equal", equalVersions, inferEqual},
    {"", "Greater", compareVersions, inferBroadcastToBool},
    {"", "GreaterOrEqual", orEqualVersions, inferBroadcastToBool},
    {"", "Less", compareVersions, inferBroadcastToBool},
    {"", "LessOrEqual", orEqualVersions, inferBroadcastToBool},
    {"", "BitShift", since11, inferBroadcast},
    {"", "BitwiseAnd", since18, inferBroadcast},
    {"", "BitwiseOr", since18, inferBroadcast},
    {"", "BitwiseXor", since18, inferBroadcast},
    {"", "Where", whereVersions, inferWhere},
};

} // namespace

std::span<const OpDef> elementwiseBinaryOps() { return ops; }

} // namespace lapidary

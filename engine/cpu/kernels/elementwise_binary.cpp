// SPDX-License-Identifier: GPL-3.0-or-later
// Plain rows: a functor of engine/backend/functors/binary.h in a loop over broadcast operands.
#include "engine/backend/functors/binary.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/broadcast.h"

namespace lapidary {

namespace {

using namespace functors;

using KernelResult = Result<std::unique_ptr<Kernel>>;

// How the second operand is stretched: numpy's way, or by the attributes of opset < 7.
struct BroadcastRule {
    bool legacy = false;
    std::optional<int64_t> axis;

    explicit BroadcastRule(const KernelRequest& request)
        : legacy(request.opsetVersion < 7 && request.node->intAttribute("broadcast", 0) != 0)
    {
        if (request.node->attribute("axis"))
            axis = request.node->intAttribute("axis", 0);
    }

    Result<BroadcastPlan> plan(const Dims& a, const Dims& b) const
    {
        std::array<Dims, 2> operands = {a, b};
        if (legacy) {
            TRY_ASSIGN(operands[1], legacyBroadcastDims(a, b, axis));
        }
        return planBroadcast(operands);
    }
};

using BroadcastPlans = ShapeCache<BroadcastPlan>;

// plan() for the shapes met last is kept.
Result<const BroadcastPlan*> planFor(BroadcastPlans& plans, const BroadcastRule& rule, const Dims& a,
                                     const Dims& b)
{
    if (const BroadcastPlan* plan = plans.find(a, b))
        return plan;
    TRY_ASSIGN(BroadcastPlan plan, rule.plan(a, b));
    return plans.add(joinedKey(a, b), std::move(plan));
}

// Output 0, over one of the operands if possible: inputs with these numbers, which have the result's shape.
Result<Tensor*> allocateResult(KernelContext& context, DataType type, const Dims& dims,
                               std::initializer_list<size_t> operands = {0, 1})
{
    for (const size_t input : operands) {
        if (context.tensor(input).dims() != dims)
            continue;
        TRY_ASSIGN(Tensor * y, context.allocateOver(input, 0, type, dims));
        if (y->bytes() == context.tensor(input).bytes())
            return y;
    }
    return context.allocate(0, type, dims);
}

Status requireSameType(const Tensor& a, const Tensor& b)
{
    if (a.type() == b.type())
        return {};
    return makeError(ErrorCode::ShapeMismatch, "both inputs must have the same type, found " +
                                                   std::string(dataTypeName(a.type())) + " and " +
                                                   std::string(dataTypeName(b.type())));
}

// output 0 = functor(input 0, input 1); Out: the output's element type, void for that of the inputs.
template <typename Types, typename Out, typename Functor>
Status runBinary(KernelContext& context, BroadcastPlans& plans, const BroadcastRule& rule,
                 const Functor& functor)
{
    const Tensor& a = context.tensor(0);
    const Tensor& b = context.tensor(1);
    return dispatch(Types(), a.type(), [&]<typename T>() -> Status {
        // Bools are read as bytes: a file may hold other values than 0 and 1.
        using In = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
        using Made = std::conditional_t<std::is_void_v<Out>, T, Out>;
        TRY_ASSIGN(const BroadcastPlan* plan, planFor(plans, rule, a.dims(), b.dims()));
        TRY_ASSIGN(Tensor * y, allocateResult(context, typeOf<Made>(), plan->dims));
        combineElements(*plan, a.data<In>(), b.data<In>(), y->mutableData<Made>(), cheapGrain, functor);
        return {};
    });
}

template <typename Types, typename Out = void, typename Functor>
KernelResult binaryKernel(const KernelRequest& request, Functor functor)
{
    TRY(acceptTypes(Types(), request));
    return plainKernel([functor, rule = BroadcastRule(request),
                        plans = std::make_shared<BroadcastPlans>()](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        TRY(requireSameType(context.tensor(0), context.tensor(1)));
        return runBinary<Types, Out>(context, *plans, rule, functor);
    });
}

template <typename Functor>
KernelResult createNumeric(const KernelRequest& request)
{
    return binaryKernel<NumericTypes>(request, Functor());
}

template <typename Functor>
KernelResult createBitwise(const KernelRequest& request)
{
    return binaryKernel<IntegerTypes>(request, Functor());
}

template <typename Functor>
KernelResult createCompare(const KernelRequest& request)
{
    return binaryKernel<NumericTypes, bool>(request, Functor());
}

template <typename Functor>
KernelResult createLogic(const KernelRequest& request)
{
    return binaryKernel<TypeList<bool>, bool>(request, Functor());
}

KernelResult createMod(const KernelRequest& request)
{
    if (request.node->intAttribute("fmod", 0) != 0)
        return createNumeric<Remainder>(request);
    return createNumeric<Modulus>(request);
}

KernelResult createBitShift(const KernelRequest& request)
{
    const std::string direction = request.node->stringAttribute("direction", "");
    if (direction == "LEFT")
        return binaryKernel<UnsignedTypes>(request, ShiftLeft());
    if (direction == "RIGHT")
        return binaryKernel<UnsignedTypes>(request, ShiftRight());
    return makeError(ErrorCode::InvalidModel,
                     "BitShift needs direction LEFT or RIGHT, found '" + direction + "'");
}

Status equalStrings(KernelContext& context, const BroadcastRule& rule)
{
    const Tensor& a = context.tensor(0);
    const Tensor& b = context.tensor(1);
    TRY_ASSIGN(const BroadcastPlan plan, rule.plan(a.dims(), b.dims()));
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Bool, plan.dims));
    combineElements(plan, a.strings().data(), b.strings().data(), y->mutableData<bool>(), cheapGrain,
                    Equal());
    return {};
}

struct EqualBool {
    bool operator()(uint8_t a, uint8_t b) const { return !a == !b; }
};

KernelResult createEqual(const KernelRequest& request)
{
    return plainKernel([rule = BroadcastRule(request),
                        plans = std::make_shared<BroadcastPlans>()](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        TRY(requireSameType(context.tensor(0), context.tensor(1)));
        switch (context.tensor(0).type()) {
        case DataType::String: return equalStrings(context, rule);
        case DataType::Bool: return runBinary<TypeList<bool>, bool>(context, *plans, rule, EqualBool());
        default: return runBinary<NumericTypes, bool>(context, *plans, rule, Equal());
        }
    });
}

// The slope stretches to x. Below opset 7 a slope of one axis counts along axis 1, the channels.
Result<BroadcastPlan> planPRelu(const Dims& x, const Dims& slope, int64_t opset)
{
    std::array<Dims, 2> operands = {x, slope};
    const bool isPerChannel = opset < 7 && slope.size() == 1 && slope[0] != 1 && x.size() > 1;
    if (isPerChannel) {
        TRY_ASSIGN(operands[1], legacyBroadcastDims(x, slope, 1));
    } else if (!stretchesTo(slope, x)) {
        return makeError(ErrorCode::ShapeMismatch, "the slope of shape " + toString(slope) +
                                                       " does not stretch to the input's " + toString(x));
    }
    return planBroadcast(operands);
}

KernelResult createPRelu(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    return plainKernel([opset = request.opsetVersion](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        const Tensor& slope = context.tensor(1);
        TRY(requireSameType(x, slope));
        return dispatch(NumericTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(const BroadcastPlan plan, planPRelu(x.dims(), slope.dims(), opset));
            TRY_ASSIGN(Tensor * y, allocateResult(context, x.type(), plan.dims, {0}));
            combineElements(plan, x.data<T>(), slope.data<T>(), y->mutableData<T>(), cheapGrain, PRelu());
            return {};
        });
    });
}

// The exponent's type is free: it becomes the base's float type, or int64 or double for integers.
template <typename T>
DataType exponentType(DataType given)
{
    if constexpr (std::is_floating_point_v<T>)
        return typeOf<T>();
    else
        return isFloatingPoint(given) ? DataType::Double : DataType::Int64;
}

struct Square {
    template <typename T>
    T operator()(T x) const
    {
        return Mul()(x, x);
    }
};

template <typename T>
Status runPow(KernelContext& context, const BroadcastRule& rule)
{
    const Tensor& base = context.tensor(0);
    TRY_ASSIGN(const Tensor exponent,
               convertType(context.tensor(1), exponentType<T>(context.tensor(1).type())));
    TRY_ASSIGN(const BroadcastPlan plan, rule.plan(base.dims(), exponent.dims()));
    TRY_ASSIGN(Tensor * y, allocateResult(context, base.type(), plan.dims, {0}));
    T* result = y->mutableData<T>();
    if (exponent.count() == 1 && elementAsDouble(exponent, 0) == 2) {
        mapElements(base.data<T>(), result, base.count(), cheapGrain, Square());
        return {};
    }
    if constexpr (std::is_floating_point_v<T>)
        combineElements(plan, base.data<T>(), exponent.data<T>(), result, expensiveGrain, Pow());
    else if (exponent.type() == DataType::Double)
        combineElements(plan, base.data<T>(), exponent.data<double>(), result, expensiveGrain, Pow());
    else
        combineElements(plan, base.data<T>(), exponent.data<int64_t>(), result, expensiveGrain, Pow());
    return {};
}

KernelResult createPow(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    return plainKernel([rule = BroadcastRule(request)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        return dispatch(NumericTypes(), context.tensor(0).type(),
                        [&]<typename T>() -> Status { return runPow<T>(context, rule); });
    });
}

// Sum, Mean, Max, Min: any number of inputs, combined pair by pair. Returns output 0; null when there is a
// single input, which is the output then.
template <typename T, typename Functor>
Result<Tensor*> fold(KernelContext& context, const Functor& functor)
{
    const size_t count = context.inputCount();
    Tensor partial;
    Tensor* out = nullptr;
    for (size_t i = 1; i < count; ++i) {
        const Tensor& total = i == 1 ? context.tensor(0) : partial;
        const Tensor& next = context.tensor(i);
        TRY(requireSameType(total, next));
        const std::array<Dims, 2> operands = {total.dims(), next.dims()};
        TRY_ASSIGN(const BroadcastPlan plan, planBroadcast(operands));
        Tensor sum;
        if (i + 1 < count) {
            TRY_ASSIGN(sum, Tensor::allocate(total.type(), plan.dims));
            out = &sum;
        } else if (count == 2) { // of more inputs one may come twice
            TRY_ASSIGN(out, allocateResult(context, total.type(), plan.dims));
        } else {
            TRY_ASSIGN(out, context.allocate(0, total.type(), plan.dims));
        }
        combineElements(plan, total.data<T>(), next.data<T>(), out->mutableData<T>(), cheapGrain, functor);
        if (i + 1 < count)
            partial = std::move(sum);
    }
    if (count == 1)
        context.setOutput(0, context.input(0));
    return out;
}

template <typename Types, typename Functor>
KernelResult createVariadic(const KernelRequest& request)
{
    TRY(acceptTypes(Types(), request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, std::max<size_t>(1, context.inputCount())));
        return dispatch(Types(), context.tensor(0).type(), [&]<typename T>() -> Status {
            const auto folded = fold<T>(context, Functor());
            return folded.ok() ? Status() : Status(folded.error());
        });
    });
}

KernelResult createMean(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, std::max<size_t>(1, context.inputCount())));
        return dispatch(FloatTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * total, fold<T>(context, Add()));
            if (!total)
                return {};
            const auto inputs = static_cast<T>(context.inputCount());
            mapElements(total->data<T>(), total->mutableData<T>(), total->count(), cheapGrain,
                        [inputs](T sum) { return sum / inputs; });
            return {};
        });
    });
}

template <typename T>
void chooseElements(const BroadcastPlan& plan, const uint8_t* condition, const T* yes, const T* no, T* out)
{
    forEachRow(plan, cheapGrain, [&](int64_t at, int64_t count, const BroadcastPlan::Offsets& offsets) {
        const uint8_t* choice = condition + offsets[0];
        const T* first = yes + offsets[1];
        const T* second = no + offsets[2];
        for (int64_t i = 0; i < count; ++i)
            out[at + i] = choice[i * plan.steps[0]] ? first[i * plan.steps[1]] : second[i * plan.steps[2]];
    });
}

KernelResult createWhere(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 3));
        const Tensor& condition = context.tensor(0);
        const Tensor& yes = context.tensor(1);
        const Tensor& no = context.tensor(2);
        TRY(requireSameType(yes, no));
        if (condition.type() != DataType::Bool)
            return unsupportedType(condition.type());
        const std::array<Dims, 3> operands = {condition.dims(), yes.dims(), no.dims()};
        TRY_ASSIGN(const BroadcastPlan plan, planBroadcast(operands));
        TRY_ASSIGN(Tensor * y, allocateResult(context, yes.type(), plan.dims, {1, 2}));
        return dispatchElement(y->type(), [&]<typename T>() {
            chooseElements(plan, condition.data<uint8_t>(), elements<T>(yes), elements<T>(no),
                           mutableElements<T>(*y));
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "Add", 1, newestOpset, "plain", forFloats<createNumeric<Add>>},
    {"", "Sub", 1, newestOpset, "plain", forFloats<createNumeric<Sub>>},
    {"", "Mul", 1, newestOpset, "plain", forFloats<createNumeric<Mul>>},
    {"", "Div", 1, newestOpset, "plain", forFloats<createNumeric<Div>>},
    {"", "Pow", 1, newestOpset, "plain", forFloats<createPow>},
    {"", "Mod", 10, newestOpset, "plain", forFloats<createMod>},
    {"", "PRelu", 1, newestOpset, "plain", forFloats<createPRelu>},
    {"", "Sum", 1, newestOpset, "plain", forFloats<createVariadic<FloatTypes, Add>>},
    {"", "Mean", 1, newestOpset, "plain", forFloats<createMean>},
    {"", "Max", 1, newestOpset, "plain", forFloats<createVariadic<NumericTypes, Max>>},
    {"", "Min", 1, newestOpset, "plain", forFloats<createVariadic<NumericTypes, Min>>},
    {"", "And", 1, newestOpset, "plain", createLogic<And>},
    {"", "Or", 1, newestOpset, "plain", createLogic<Or>},
    {"", "Xor", 1, newestOpset, "plain", createLogic<Xor>},
    {"", "Equal", 1, newestOpset, "plain", forFloats<createEqual>},
    {"", "Greater", 1, newestOpset, "plain", forFloats<createCompare<Greater>>},
    {"", "GreaterOrEqual", 12, newestOpset, "plain", forFloats<createCompare<GreaterOrEqual>>},
    {"", "Less", 1, newestOpset, "plain", forFloats<createCompare<Less>>},
    {"", "LessOrEqual", 12, newestOpset, "plain", forFloats<createCompare<LessOrEqual>>},
    {"", "BitShift", 11, newestOpset, "plain", createBitShift},
    {"", "BitwiseAnd", 18, newestOpset, "plain", createBitwise<BitwiseAnd>},
    {"", "BitwiseOr", 18, newestOpset, "plain", createBitwise<BitwiseOr>},
    {"", "BitwiseXor", 18, newestOpset, "plain", createBitwise<BitwiseXor>},
    {"", "Where", 9, newestOpset, "plain", createWhere},
};

} // namespace

std::span<const KernelRow> elementwiseBinaryKernels() { return rows; }

} // namespace lapidary

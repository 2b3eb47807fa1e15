// SPDX-License-Identifier: GPL-3.0-or-later
// Plain rows are a functor of engine/backend/functors/unary.h in a loop.
#include "engine/backend/functors/unary.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/elementwise_vector.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/random_numbers.h"
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

namespace {

using namespace functors;

using KernelResult = Result<std::unique_ptr<Kernel>>;

// output 0 = functor(input 0), of the input's type.
template <typename Types, typename Functor>
KernelResult unaryKernel(const KernelRequest& request, Functor functor, int64_t grain)
{
    TRY(acceptTypes(Types(), request));
    return plainKernel([functor, grain](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        return dispatch(Types(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, x.type(), x.dims()));
            mapElements(x.data<T>(), y->mutableData<T>(), x.count(), grain, functor);
            return {};
        });
    });
}

template <typename Functor>
KernelResult createCheap(const KernelRequest& request)
{
    return unaryKernel<FloatTypes>(request, Functor(), cheapGrain);
}

template <typename Functor>
KernelResult createExpensive(const KernelRequest& request)
{
    return unaryKernel<FloatTypes>(request, Functor(), expensiveGrain);
}

template <typename Functor>
KernelResult createNumeric(const KernelRequest& request)
{
    return unaryKernel<NumericTypes>(request, Functor(), cheapGrain);
}

KernelResult createErf(const KernelRequest& request)
{
    return unaryKernel<NumericTypes>(request, Erf(), expensiveGrain);
}

KernelResult createBitwiseNot(const KernelRequest& request)
{
    return unaryKernel<IntegerTypes>(request, BitwiseNot(), cheapGrain);
}

KernelResult createLeakyRelu(const KernelRequest& request)
{
    const LeakyRelu functor{request.node->floatAttribute("alpha", 0.01f)};
    return unaryKernel<FloatTypes>(request, functor, cheapGrain);
}

KernelResult createThresholdedRelu(const KernelRequest& request)
{
    const ThresholdedRelu functor{request.node->floatAttribute("alpha", 1.0f)};
    return unaryKernel<FloatTypes>(request, functor, cheapGrain);
}

KernelResult createElu(const KernelRequest& request)
{
    return unaryKernel<FloatTypes>(request, Elu{request.node->floatAttribute("alpha", 1.0f)}, expensiveGrain);
}

KernelResult createSelu(const KernelRequest& request)
{
    const bool old = request.opsetVersion < 6; // Selu-1 rounded its defaults
    const float alpha = request.node->floatAttribute("alpha", old ? 1.6732f : 1.67326319217681884765625f);
    const float gamma = request.node->floatAttribute("gamma", old ? 1.0507f : 1.05070102214813232421875f);
    return unaryKernel<FloatTypes>(request, Selu{alpha, gamma}, expensiveGrain);
}

KernelResult createCelu(const KernelRequest& request)
{
    return unaryKernel<FloatTypes>(request, Celu{request.node->floatAttribute("alpha", 1.0f)},
                                   expensiveGrain);
}

KernelResult createHardSigmoid(const KernelRequest& request)
{
    const HardSigmoid functor{request.node->floatAttribute("alpha", 0.2f),
                              request.node->floatAttribute("beta", 0.5f)};
    return unaryKernel<FloatTypes>(request, functor, cheapGrain);
}

KernelResult createSwish(const KernelRequest& request)
{
    return unaryKernel<FloatTypes>(request, Swish{request.node->floatAttribute("alpha", 1.0f)},
                                   expensiveGrain);
}

KernelResult createGelu(const KernelRequest& request)
{
    if (request.node->stringAttribute("approximate", "none") == "tanh")
        return createExpensive<GeluTanh>(request);
    return createExpensive<GeluErf>(request);
}

KernelResult createShrink(const KernelRequest& request)
{
    const Shrink functor{request.node->floatAttribute("bias", 0.0f),
                         request.node->floatAttribute("lambd", 0.5f)};
    return unaryKernel<NumericTypes>(request, functor, cheapGrain);
}

// A limit of Clip: input `index` (since opset 11), else the attribute, else fallback.
template <typename T>
Result<T> clipLimit(const KernelContext& context, size_t index, std::optional<float> attribute, T fallback)
{
    if (!context.hasInput(index)) {
        if (!attribute)
            return fallback;
        if constexpr (std::is_floating_point_v<T>)
            return static_cast<T>(*attribute);
        else
            return saturate<T>(*attribute);
    }
    const Tensor* limit = context.input(index).tensor();
    if (!limit || limit->type() != typeOf<T>() || limit->count() != 1)
        return makeError(ErrorCode::ShapeMismatch, "limit " + std::to_string(index) +
                                                       " of Clip must be a scalar " +
                                                       std::string(dataTypeName(typeOf<T>())) + ", found " +
                                                       describe(context.input(index)));
    return *limit->data<T>();
}

KernelResult createClip(const KernelRequest& request)
{
    TRY(acceptTypes(NumericTypes(), request));
    const auto attribute = [&](std::string_view name) {
        return request.node->attribute(name) ? std::optional(request.node->floatAttribute(name, 0))
                                             : std::nullopt;
    };
    return plainKernel([low = attribute("min"), high = attribute("max")](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        return dispatch(NumericTypes(), x.type(), [&]<typename T>() -> Status {
            using Limits = std::numeric_limits<T>;
            constexpr bool isFloat = std::is_floating_point_v<T>;
            TRY_ASSIGN(const T from,
                       clipLimit<T>(context, 1, low, isFloat ? -Limits::infinity() : Limits::min()));
            TRY_ASSIGN(const T to,
                       clipLimit<T>(context, 2, high, isFloat ? Limits::infinity() : Limits::max()));
            TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, x.type(), x.dims()));
            mapElements(x.data<T>(), y->mutableData<T>(), x.count(), cheapGrain, Clip<T>{from, to});
            return {};
        });
    });
}

KernelResult createNot(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<bool>(), request));
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        return dispatch(TypeList<bool>(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Bool, x.dims()));
            // As bytes: a file may hold other values than 0 and 1 for true and false.
            mapElements(x.data<uint8_t>(), y->mutableData<bool>(), x.count(), cheapGrain,
                        [](uint8_t value) { return value == 0; });
            return {};
        });
    });
}

// IsNaN and IsInf; the 8-bit floats that IsNaN-20 takes are few, so they become float first.
template <typename Functor>
KernelResult floatTest(Functor functor)
{
    return plainKernel([functor](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        Tensor x = context.tensor(0);
        if (isFloatingPoint(x.type()) && x.type() != DataType::Double) {
            TRY_ASSIGN(x, toFloat(x));
        }
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Bool, x.dims()));
            mapElements(x.data<T>(), y->mutableData<bool>(), x.count(), cheapGrain, functor);
            return {};
        });
    });
}

KernelResult createIsNaN(const KernelRequest&) { return floatTest(IsNaN()); }

KernelResult createIsInf(const KernelRequest& request)
{
    return floatTest(IsInf{request.node->intAttribute("detect_positive", 1) != 0,
                           request.node->intAttribute("detect_negative", 1) != 0});
}

KernelResult createIdentity(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        if (!context.hasInput(0))
            return makeError(ErrorCode::InvalidModel, "Identity needs an input");
        context.setOutput(0, context.input(0));
        return {};
    });
}

// Below opset 10 the mask has the data's type.
Status setMask(KernelContext& context, const Tensor& mask, int64_t opset)
{
    if (context.outputCount() < 2)
        return {};
    TRY_ASSIGN(Tensor typed, convertType(mask, opset < 10 ? context.tensor(0).type() : DataType::Bool));
    context.setOutput(1, std::move(typed));
    return {};
}

// Elements vanish with the chance ratio, the others grow.
Status trainDropout(KernelContext& context, double ratio, RandomNumbers& numbers, int64_t opset)
{
    TRY_ASSIGN(const Tensor x, convertType(context.tensor(0), DataType::Double));
    TRY_ASSIGN(Tensor mask, Tensor::allocate(DataType::Bool, x.dims()));
    TRY_ASSIGN(Tensor y, Tensor::allocate(DataType::Double, x.dims()));
    for (int64_t i = 0; i < x.count(); ++i) {
        const bool keep = numbers.uniform() >= ratio;
        mask.mutableData<bool>()[i] = keep;
        y.mutableData<double>()[i] = keep ? x.data<double>()[i] / (1 - ratio) : 0;
    }
    TRY_ASSIGN(Tensor result, convertType(y, context.tensor(0).type()));
    context.setOutput(0, std::move(result));
    return setMask(context, mask, opset);
}

// Since opset 12 input 2 says whether the node trains: the ratio if so, else 0. Errors: as of numberInput.
Result<double> trainingRatio(const KernelContext& context)
{
    if (!context.hasInput(2))
        return 0.0;
    TRY_ASSIGN(const double training, numberInput(context, 2));
    if (training == 0)
        return 0.0;
    return context.hasInput(1) ? numberInput(context, 1) : Result<double>(0.5);
}

KernelResult createDropout(const KernelRequest& request)
{
    const Node& node = *request.node;
    const auto seed = static_cast<uint64_t>(node.intAttribute("seed", 1));
    // Versions 1 and 6 train unless they say that they are tested; 7 and 10 never train.
    const bool oldTraining = request.opsetVersion < 7 && node.intAttribute("is_test", 0) == 0;
    const double oldRatio = oldTraining ? static_cast<double>(node.floatAttribute("ratio", 0.5f)) : 0.0;
    return plainKernel([opset = request.opsetVersion, oldRatio,
                        numbers = std::make_shared<RandomNumbers>(seed)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const double ratio, opset >= 12 ? trainingRatio(context) : Result<double>(oldRatio));
        if (ratio > 0)
            return trainDropout(context, std::min(ratio, 1.0), *numbers, opset);
        context.setOutput(0, context.input(0));
        TRY_ASSIGN(Tensor mask, Tensor::allocate(DataType::Bool, context.tensor(0).dims()));
        std::fill_n(mask.mutableData<bool>(), mask.count(), true);
        return setMask(context, mask, opset);
    });
}

KernelResult createVectorElu(const KernelRequest& request)
{
    return vectorKernel(request, VectorFunction::Elu, request.node->floatAttribute("alpha", 1.0f));
}

KernelResult createVectorSwish(const KernelRequest& request)
{
    return vectorKernel(request, VectorFunction::Swish, request.node->floatAttribute("alpha", 1.0f));
}

KernelResult createVectorGelu(const KernelRequest& request)
{
    const bool byTanh = request.node->stringAttribute("approximate", "none") == "tanh";
    return vectorKernel(request, byTanh ? VectorFunction::GeluTanh : VectorFunction::GeluErf);
}

constexpr KernelRow rows[] = {
    {"", "Abs", 1, newestOpset, "plain", forFloats<createNumeric<Abs>>},
    {"", "Neg", 1, newestOpset, "plain", forFloats<createNumeric<Neg>>},
    {"", "Sign", 9, newestOpset, "plain", forFloats<createNumeric<Sign>>},
    {"", "Floor", 1, newestOpset, "plain", forFloats<createCheap<Floor>>},
    {"", "Ceil", 1, newestOpset, "plain", forFloats<createCheap<Ceil>>},
    {"", "Round", 11, newestOpset, "plain", forFloats<createCheap<Round>>},
    {"", "Exp", 1, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Exp>>},
    {"", "Exp", 1, newestOpset, "plain", forFloats<createExpensive<Exp>>},
    {"", "Log", 1, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Log>>},
    {"", "Log", 1, newestOpset, "plain", forFloats<createExpensive<Log>>},
    {"", "Sqrt", 1, newestOpset, "plain", forFloats<createCheap<Sqrt>>},
    {"", "Reciprocal", 1, newestOpset, "plain", forFloats<createCheap<Reciprocal>>},
    {"", "Erf", 9, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Erf>>},
    {"", "Erf", 9, newestOpset, "plain", forFloats<createErf>},
    {"", "Sin", 7, newestOpset, "plain", forFloats<createExpensive<Sin>>},
    {"", "Cos", 7, newestOpset, "plain", forFloats<createExpensive<Cos>>},
    {"", "Tan", 7, newestOpset, "plain", forFloats<createExpensive<Tan>>},
    {"", "Asin", 7, newestOpset, "plain", forFloats<createExpensive<Asin>>},
    {"", "Acos", 7, newestOpset, "plain", forFloats<createExpensive<Acos>>},
    {"", "Atan", 7, newestOpset, "plain", forFloats<createExpensive<Atan>>},
    {"", "Sinh", 9, newestOpset, "plain", forFloats<createExpensive<Sinh>>},
    {"", "Cosh", 9, newestOpset, "plain", forFloats<createExpensive<Cosh>>},
    {"", "Tanh", 1, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Tanh>>},
    {"", "Tanh", 1, newestOpset, "plain", forFloats<createExpensive<Tanh>>},
    {"", "Asinh", 9, newestOpset, "plain", forFloats<createExpensive<Asinh>>},
    {"", "Acosh", 9, newestOpset, "plain", forFloats<createExpensive<Acosh>>},
    {"", "Atanh", 9, newestOpset, "plain", forFloats<createExpensive<Atanh>>},
    {"", "Relu", 1, newestOpset, "plain", forFloats<createNumeric<Relu>>},
    {"", "LeakyRelu", 1, newestOpset, "plain", forFloats<createLeakyRelu>},
    {"", "ThresholdedRelu", 10, newestOpset, "plain", forFloats<createThresholdedRelu>},
    {"", "Elu", 1, newestOpset, "vector", forVectorFloats<createVectorElu>},
    {"", "Elu", 1, newestOpset, "plain", forFloats<createElu>},
    {"", "Selu", 1, newestOpset, "plain", forFloats<createSelu>},
    {"", "Celu", 12, newestOpset, "plain", forFloats<createCelu>},
    {"", "Sigmoid", 1, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Sigmoid>>},
    {"", "Sigmoid", 1, newestOpset, "plain", forFloats<createExpensive<Sigmoid>>},
    {"", "HardSigmoid", 1, newestOpset, "plain", forFloats<createHardSigmoid>},
    {"", "HardSwish", 14, newestOpset, "plain", forFloats<createCheap<HardSwish>>},
    {"", "Swish", 24, newestOpset, "vector", forVectorFloats<createVectorSwish>},
    {"", "Swish", 24, newestOpset, "plain", forFloats<createSwish>},
    {"", "Mish", 18, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Mish>>},
    {"", "Mish", 18, newestOpset, "plain", forFloats<createExpensive<Mish>>},
    {"", "Gelu", 20, newestOpset, "vector", forVectorFloats<createVectorGelu>},
    {"", "Gelu", 20, newestOpset, "plain", forFloats<createGelu>},
    {"lapidary", "HardSwish", 1, newestOpset, "plain", forFloats<createCheap<HardSwish>>},
    {"lapidary", "Swish", 1, newestOpset, "vector", forVectorFloats<createVectorSwish>},
    {"lapidary", "Swish", 1, newestOpset, "plain", forFloats<createSwish>},
    {"lapidary", "Gelu", 1, newestOpset, "vector", forVectorFloats<createVectorGelu>},
    {"lapidary", "Gelu", 1, newestOpset, "plain", forFloats<createGelu>},
    {"", "Softplus", 1, newestOpset, "vector", forVectorFloats<createVector<VectorFunction::Softplus>>},
    {"", "Softplus", 1, newestOpset, "plain", forFloats<createExpensive<Softplus>>},
    {"", "Softsign", 1, newestOpset, "plain", forFloats<createCheap<Softsign>>},
    {"", "Shrink", 9, newestOpset, "plain", forFloats<createShrink>},
    {"", "Clip", 1, newestOpset, "plain", forFloats<createClip>},
    {"", "Not", 1, newestOpset, "plain", createNot},
    {"", "BitwiseNot", 18, newestOpset, "plain", createBitwiseNot},
    {"", "IsNaN", 9, newestOpset, "plain", createIsNaN},
    {"", "IsInf", 10, newestOpset, "plain", createIsInf},
    {"", "Identity", 1, newestOpset, "plain", createIdentity},
    {"", "Dropout", 1, newestOpset, "plain", createDropout},
};

} // namespace

std::span<const KernelRow> elementwiseUnaryKernels() { return rows; }

} // namespace lapidary

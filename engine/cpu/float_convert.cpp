// SPDX-License-Identifier: GPL-3.0-or-later
// Highway compiles the section between BEFORE and AFTER_NAMESPACE once for each instruction set and
// chooses among them when the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/float_convert.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep

#include "engine/cpu/float_convert.h"

#include "engine/cpu/parallel.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lapidary::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatVector = hn::ScalableTag<float>;
using HalfVector = hn::Rebind<hwy::float16_t, FloatVector>;

void widenHalf(const uint16_t* from, float* to, int64_t count)
{
    const FloatVector wide;
    const HalfVector half;
    const hn::Rebind<uint16_t, FloatVector> bits;
    const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(hn::PromoteTo(wide, hn::BitCast(half, hn::LoadU(bits, from + i))), wide, to + i);
    for (; i < count; ++i)
        to[i] = static_cast<float>(Float16::fromBits(from[i]));
}

void narrowHalf(const float* from, uint16_t* to, int64_t count)
{
    const FloatVector wide;
    const HalfVector half;
    const hn::Rebind<uint16_t, FloatVector> bits;
    const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
    int64_t i = 0;
#if HWY_TARGET <= HWY_AVX2 // older targets emulate the conversion and truncate
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(hn::BitCast(bits, hn::DemoteTo(half, hn::LoadU(wide, from + i))), bits, to + i);
#else
    (void)wide, (void)half, (void)bits, (void)lanes;
#endif
    for (; i < count; ++i)
        to[i] = Float16(from[i]).bits;
}

} // namespace lapidary::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lapidary {

HWY_EXPORT(widenHalf);
HWY_EXPORT(narrowHalf);

namespace {

constexpr int64_t conversionGrain = 1 << 15;

template <typename Small>
Result<Tensor> widenedFrom(const Tensor& tensor)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, tensor.dims()));
    widen(tensor.data<Small>(), result.mutableData<float>(), tensor.count());
    return result;
}

template <typename Small>
Result<Tensor> narrowedTo(const Tensor& tensor)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(typeOf<Small>(), tensor.dims()));
    narrow(tensor.data<float>(), result.mutableData<Small>(), tensor.count());
    return result;
}

bool isSmallFloat(DataType type) { return type == DataType::Float16 || type == DataType::BFloat16; }

class WideningKernel final : public Kernel {
public:
    // constants: one for each input, wide already; empty where the input changes from run to run.
    WideningKernel(std::unique_ptr<Kernel> inner, std::vector<int> outputTypes, std::vector<Tensor> constants)
        : m_inner(std::move(inner)),
          m_outputTypes(std::move(outputTypes)),
          m_constants(constants.begin(), constants.end())
    {
    }

    std::string implementation() const override { return m_inner->implementation(); }

    Status run(KernelContext& context) override
    {
        const size_t inputCount = context.inputCount();
        std::vector<Value> wideInputs(inputCount);
        std::vector<const Value*> inputs(inputCount);
        for (size_t i = 0; i < inputCount; ++i) {
            inputs[i] = &context.input(i);
            const Tensor* tensor = context.input(i).tensor();
            if (!tensor || !isSmallFloat(tensor->type()))
                continue;
            const Tensor* constant = i < m_constants.size() ? m_constants[i].tensor() : nullptr;
            if (constant && constant->type() == DataType::Float) {
                inputs[i] = &m_constants[i];
                continue;
            }
            TRY_ASSIGN(wideInputs[i], widened(*tensor));
            inputs[i] = &wideInputs[i];
        }
        std::vector<Value> outputs(context.outputCount());
        KernelContext wideContext(inputs, outputs, context.job(), context.captures());
        TRY(m_inner->run(wideContext));
        return narrowOutputs(context, outputs);
    }

private:
    Status narrowOutputs(KernelContext& context, std::vector<Value>& outputs) const
    {
        for (size_t i = 0; i < outputs.size(); ++i) {
            const int source = i < m_outputTypes.size() ? m_outputTypes[i] : 0;
            const Tensor* tensor = outputs[i].tensor();
            if (tensor && tensor->type() == DataType::Float && source != keepFloat &&
                context.hasInput(static_cast<size_t>(source))) {
                const DataType type = context.tensor(static_cast<size_t>(source)).type();
                if (isSmallFloat(type)) {
                    TRY_ASSIGN(Tensor * y, context.allocate(i, type, tensor->dims()));
                    if (type == DataType::Float16)
                        narrow(tensor->data<float>(), y->mutableData<Float16>(), tensor->count());
                    else
                        narrow(tensor->data<float>(), y->mutableData<BFloat16>(), tensor->count());
                    continue;
                }
            }
            context.setOutput(i, std::move(outputs[i]));
        }
        return {};
    }

    std::unique_ptr<Kernel> m_inner;
    std::vector<int> m_outputTypes;
    std::vector<Value> m_constants;
};

} // namespace

void widen(const Float16* from, float* to, int64_t count)
{
    const auto* bits = reinterpret_cast<const uint16_t*>(from);
    parallelFor(count, conversionGrain, [&](int64_t begin, int64_t end) {
        HWY_DYNAMIC_DISPATCH(widenHalf)(bits + begin, to + begin, end - begin);
    });
}

void widen(const BFloat16* from, float* to, int64_t count)
{
    parallelFor(count, conversionGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            to[i] = static_cast<float>(from[i]);
    });
}

void narrow(const float* from, Float16* to, int64_t count)
{
    auto* bits = reinterpret_cast<uint16_t*>(to);
    parallelFor(count, conversionGrain, [&](int64_t begin, int64_t end) {
        HWY_DYNAMIC_DISPATCH(narrowHalf)(from + begin, bits + begin, end - begin);
    });
}

void narrow(const float* from, BFloat16* to, int64_t count)
{
    parallelFor(count, conversionGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            to[i] = BFloat16(from[i]);
    });
}

Result<Tensor> widened(const Tensor& tensor)
{
    if (tensor.type() == DataType::Float16)
        return widenedFrom<Float16>(tensor);
    if (tensor.type() == DataType::BFloat16)
        return widenedFrom<BFloat16>(tensor);
    return tensor;
}

Result<Tensor> narrowed(const Tensor& tensor, DataType type)
{
    if (type == DataType::Float16)
        return narrowedTo<Float16>(tensor);
    if (type == DataType::BFloat16)
        return narrowedTo<BFloat16>(tensor);
    return tensor;
}

Result<std::unique_ptr<Kernel>> createForFloats(const KernelRequest& request, KernelFactory create,
                                                std::vector<int> outputTypes)
{
    KernelRequest wide = request;
    bool mayBeSmall = false;
    for (size_t i = 0; i < wide.inputTypes.size(); ++i) {
        const DataType type = wide.inputTypes[i].dataType;
        mayBeSmall = mayBeSmall || isSmallFloat(type) || type == DataType::Undefined;
        if (isSmallFloat(type) || (type == DataType::Undefined && i == 0))
            wide.inputTypes[i].dataType = DataType::Float;
    }
    if (!mayBeSmall)
        return create(request);
    for (Tensor& constant : wide.constantInputs) {
        TRY_ASSIGN(constant, widened(constant));
    }
    TRY_ASSIGN(std::unique_ptr<Kernel> inner, create(wide));
    return std::unique_ptr<Kernel>(std::make_unique<WideningKernel>(std::move(inner), std::move(outputTypes),
                                                                    std::move(wide.constantInputs)));
}

} // namespace lapidary
#endif

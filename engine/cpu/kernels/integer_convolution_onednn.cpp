// SPDX-License-Identifier: GPL-3.0-or-later
// ConvInteger on oneDNN's convolution of bytes, which knows no zero points: the border is filled with x's
// before, and what it adds to each sum, zero point * sum of the channel's weights, is subtracted after.
#include "engine/cpu/kernels/convolution_onednn.h"
#include "engine/cpu/kernels/integer_product.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/cpu/strided_copy.h"

namespace lapidary {

namespace {

using onednn::Operand;
using onednn::Slot;
using onednn::Type;

// Weights as signed bytes whose zero point is 0.
struct ByteWeights {
    Tensor codes;
    std::vector<uint32_t> sums; // of each output channel
};

// Errors: UnsupportedOp (not constant, a zero point that is not the middle of the codes).
Result<ByteWeights> byteWeights(const KernelRequest& request)
{
    const auto refuse = [](std::string_view reason) {
        return makeError(ErrorCode::UnsupportedOp, std::string(reason));
    };
    const auto constant = [&](size_t i) {
        return i < request.constantInputs.size() ? request.constantInputs[i] : Tensor();
    };
    const Tensor codes = constant(1);
    const Tensor zeros = constant(3);
    const bool isSigned = codes.type() == DataType::Int8;
    if (codes.empty() || codes.rank() < 3 || (!isSigned && codes.type() != DataType::UInt8))
        return refuse("the weights are not constant bytes");
    const bool hasZeros = request.node->inputs.size() > 3 && request.node->inputs[3] != noValue;
    if (hasZeros && (zeros.empty() || zeros.type() != codes.type()))
        return refuse("the weights' zero point is not constant");
    const int middle = isSigned ? 0 : 128;
    bool isCentred = hasZeros || isSigned;
    for (int64_t i = 0; hasZeros && i < zeros.count(); ++i)
        isCentred = isCentred && elementAsDouble(zeros, i) == middle;
    if (!isCentred)
        return refuse("the weights' zero point is not " + std::to_string(middle));
    ByteWeights weights;
    TRY_ASSIGN(weights.codes, Tensor::allocate(DataType::Int8, codes.dims()));
    const auto flip = static_cast<uint8_t>(middle);
    for (int64_t i = 0; i < codes.count(); ++i)
        weights.codes.mutableData<uint8_t>()[i] = codes.data<uint8_t>()[i] ^ flip;
    const int64_t channels = codes.dims()[0];
    for (int64_t channel = 0; channel < channels; ++channel) {
        uint32_t sum = 0;
        const int64_t size = codes.count() / channels;
        for (int64_t i = 0; i < size; ++i)
            sum += static_cast<uint32_t>(int32_t{weights.codes.data<int8_t>()[channel * size + i]});
        weights.sums.push_back(sum);
    }
    return weights;
}

// Whether all sums stay below 2^24: some of the library's kernels pass them through float32.
bool sumsAreExact(const Tensor& codes)
{
    const int64_t channels = codes.dims()[0];
    const int64_t size = channels == 0 ? 0 : codes.count() / channels;
    for (int64_t channel = 0; channel < channels; ++channel) {
        int64_t sum = 0;
        for (int64_t i = 0; i < size; ++i)
            sum += std::abs(int{codes.data<int8_t>()[channel * size + i]});
        if (sum * 255 > (1 << 24))
            return false;
    }
    return true;
}

// What was prepared for one shape. No primitive: plain C++ runs this shape.
struct Plan {
    ConvolutionShape shape;
    Dims source; // of x, with its border if it is filled here
    Operand x;
    Operand w;
    Operand y;
    dnnl::memory weights;
    dnnl::memory::desc scratchpad;
    dnnl::primitive primitive;
    std::string implementation;
    bool fillsBorder = false;
    bool usesLibrary = false;
};

bool hasBorder(const ConvolutionShape& shape)
{
    return std::any_of(shape.placements.begin(), shape.placements.end(), [](const AxisPlacement& placement) {
        return placement.padBegin > 0 || placement.padEnd > 0;
    });
}

void preparePlan(Plan& plan, const Tensor& codes)
{
    const ConvolutionShape& shape = plan.shape;
    const Dims weights = weightDims(shape);
    onednn::WindowAttributes window = windowAttributes(shape);
    if (plan.fillsBorder) {
        for (size_t i = 0; i < shape.placements.size(); ++i) {
            plan.source[i + 2] += window.padsBegin[i] + window.padsEnd[i];
            window.padsBegin[i] = 0;
            window.padsEnd[i] = 0;
        }
    }
    const auto operation = onednn::convolution(
        onednn::anyLayout(plan.source, Type::u8), onednn::anyLayout(weights, Type::s8), onednn::none(),
        onednn::anyLayout(shape.output, Type::s32), window, onednn::userScratchpad());
    plan.implementation = operation.impl_info_str();
    if (plan.implementation.find("ref") != std::string::npos)
        return;
    plan.x = Operand(onednn::rowMajor(plan.source, Type::u8), operation.src_desc(), Slot::Source);
    plan.w = Operand(onednn::rowMajor(weights, Type::s8), operation.weights_desc(), Slot::Weights);
    plan.y = Operand(onednn::rowMajor(shape.output, Type::s32), operation.dst_desc(), Slot::Destination);
    plan.weights = plan.w.pack(codes.bytes());
    plan.scratchpad = operation.scratchpad_desc();
    plan.primitive = dnnl::convolution_forward(operation);
    plan.usesLibrary = true;
}

// Signed codes become unsigned by adding 128; the border, if filled, holds the zero point.
Result<Tensor> sourceOf(const Tensor& x, const Plan& plan, uint8_t zeroPoint)
{
    const uint8_t flip = x.type() == DataType::Int8 ? 0x80 : 0;
    if (flip == 0 && !plan.fillsBorder)
        return x;
    TRY_ASSIGN(Tensor flipped, Tensor::allocate(DataType::UInt8, x.dims()));
    parallelFor(x.count(), 1 << 16, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            flipped.mutableData<uint8_t>()[i] = x.data<uint8_t>()[i] ^ flip;
    });
    if (!plan.fillsBorder)
        return flipped;
    TRY_ASSIGN(Tensor source, Tensor::allocate(DataType::UInt8, plan.source));
    std::memset(source.mutableBytes(), zeroPoint, source.sizeBytes());
    const std::vector<int64_t> from = denseStrides(x.dims());
    const std::vector<int64_t> to = denseStrides(plan.source);
    std::vector<CopyAxis> axes;
    int64_t first = 0;
    for (size_t i = 0; i < x.dims().size(); ++i) {
        axes.push_back({x.dims()[i], from[i], to[i]});
        first += i < 2 ? 0 : plan.shape.placements[i - 2].padBegin * to[i];
    }
    copyStrided(flipped.data<uint8_t>(), source.mutableData<uint8_t>() + first, planCopy(std::move(axes)));
    return source;
}

class OneDnnConvInteger final : public Kernel {
public:
    OneDnnConvInteger(const Node& node, ByteWeights weights, std::unique_ptr<Kernel> plain)
        : m_node(node), m_weights(std::move(weights)), m_plain(std::move(plain))
    {
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        if (x.type() != DataType::UInt8 && x.type() != DataType::Int8)
            return m_plain->run(context); // says what is wrong
        int64_t zeroPoint = 0;
        if (context.hasInput(2)) {
            if (context.tensor(2).type() != x.type())
                return m_plain->run(context);
            TRY_ASSIGN(zeroPoint, integerInput(context, 2));
        }
        zeroPoint += x.type() == DataType::Int8 ? 128 : 0;
        TRY_ASSIGN(Plan * plan, planFor(x, zeroPoint != 0));
        if (!plan->usesLibrary) {
            m_implementation = m_plain->implementation();
            return m_plain->run(context);
        }
        m_implementation = "oneDNN " + plan->implementation;
        TRY_ASSIGN(const Tensor source, sourceOf(x, *plan, static_cast<uint8_t>(zeroPoint)));
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Int32, plan->shape.output));
        TRY(onednn::guarded([&] { execute(*plan, source, *y); }));
        if (zeroPoint != 0)
            subtractZeroPoint(*y, static_cast<uint32_t>(zeroPoint));
        return {};
    }

private:
    Result<Plan*> planFor(const Tensor& x, bool hasZeroPoint)
    {
        const Dims key = joinedKey(x.dims(), Dims{hasZeroPoint ? 1 : 0});
        if (Plan* plan = m_plans.find(key))
            return plan;
        Plan plan;
        TRY_ASSIGN(plan.shape, convolutionShape(m_node, x.dims(), m_weights.codes.dims(), nullptr));
        plan.source = x.dims();
        plan.fillsBorder = hasZeroPoint && hasBorder(plan.shape);
        const bool empty = elementCount(plan.shape.output).value_or(0) == 0 || x.count() == 0 ||
                           m_weights.codes.count() == 0;
        if (!empty && plan.shape.placements.size() <= 3) {
            const Status prepared = onednn::guarded([&] { preparePlan(plan, m_weights.codes); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(key, std::move(plan));
    }

    static void execute(const Plan& plan, const Tensor& source, Tensor& y)
    {
        dnnl::memory destination = plan.y.write(y.mutableBytes());
        plan.primitive.execute(onednn::stream(),
                               {{DNNL_ARG_SRC, plan.x.read(source.bytes())},
                                {DNNL_ARG_WEIGHTS, plan.weights},
                                {DNNL_ARG_DST, destination},
                                {DNNL_ARG_SCRATCHPAD, onednn::scratchpad(plan.scratchpad)}});
        plan.y.finish(destination, y.mutableBytes());
    }

    void subtractZeroPoint(Tensor& y, uint32_t zeroPoint) const
    {
        const auto channels = static_cast<int64_t>(m_weights.sums.size());
        const int64_t planes = y.dims()[0] * channels;
        const int64_t size = y.count() / planes;
        auto* values = y.mutableData<int32_t>();
        parallelFor(planes, 1 + (1 << 14) / size, [&](int64_t begin, int64_t end) {
            for (int64_t plane = begin; plane < end; ++plane) {
                const uint32_t excess = zeroPoint * m_weights.sums[static_cast<size_t>(plane % channels)];
                for (int64_t i = plane * size; i < (plane + 1) * size; ++i)
                    values[i] = static_cast<int32_t>(static_cast<uint32_t>(values[i]) - excess);
            }
        });
    }

    const Node m_node;
    const ByteWeights m_weights;
    std::unique_ptr<Kernel> m_plain;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN int8";
};

Result<std::unique_ptr<Kernel>> create(const KernelRequest& request, bool mustBeExact)
{
    if (!onednn::hasExactBytes())
        return makeError(ErrorCode::UnsupportedOp, "this processor has no exact sums of 8-bit products");
    TRY_ASSIGN(ByteWeights weights, byteWeights(request));
    if (mustBeExact && !sumsAreExact(weights.codes))
        return makeError(ErrorCode::UnsupportedOp, "sums of these weights may be rounded");
    KernelRequest plainRequest = request;
    plainRequest.constantInputs.assign(request.constantInputs.size(), Tensor()); // rarely used: keeps no copy
    TRY_ASSIGN(auto plain, createPlainConvInteger(plainRequest));
    return {std::make_unique<OneDnnConvInteger>(*request.node, std::move(weights), std::move(plain))};
}

} // namespace

Result<std::unique_ptr<Kernel>> createOneDnnConvInteger(const KernelRequest& request)
{
    return create(request, true);
}

Result<std::unique_ptr<Kernel>> createOneDnnConvSums(const KernelRequest& request)
{
    return create(request, false);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Conv and ConvTranspose on oneDNN. The library chooses the layouts; activations are row-major between
// nodes, so a kernel reorders on the way in and out. Constant weights are packed once.
#include "engine/cpu/kernels/convolution.h"

#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/convolution_onednn.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"

namespace lapidary {

namespace {

using onednn::Operand;
using onednn::Slot;

// How ONNX stores the weights: as weightDims says for Conv, with O and I swapped for ConvTranspose.
dnnl::memory::desc weightsOutside(const Dims& dims, bool transposed, bool grouped)
{
    if (!transposed)
        return onednn::rowMajor(dims);
    const size_t output = grouped ? 1 : 0;
    Dims stored = dims;
    std::swap(stored[output], stored[output + 1]);
    Dims strides(stored.size(), 1);
    for (size_t i = stored.size(); i-- > 1;)
        strides[i - 1] = strides[i] * stored[i];
    std::swap(strides[output], strides[output + 1]);
    return onednn::strided(dims, strides);
}

// What was prepared for one shape. No primitive: plain C++ runs this shape.
struct Plan {
    ConvolutionShape shape;
    dnnl::primitive primitive;
    Operand x;
    Operand w;
    Operand y;
    dnnl::memory::desc bias;
    dnnl::memory::desc scratchpad;
    std::string implementation;
    bool usesLibrary = false;
};

template <typename Descriptor, typename Primitive>
void preparePlan(Plan& plan, const Dims& x, bool transposed, bool hasBias,
                 Descriptor (*describeOperation)(const dnnl::memory::desc&, const dnnl::memory::desc&,
                                                 const dnnl::memory::desc&, const dnnl::memory::desc&,
                                                 const onednn::WindowAttributes&,
                                                 const dnnl::primitive_attr&))
{
    const ConvolutionShape& shape = plan.shape;
    const Dims weights = weightDims(shape);
    plan.bias = hasBias ? onednn::rowMajor({shape.outputChannels}) : onednn::none();
    const Descriptor operation =
        describeOperation(onednn::anyLayout(x), onednn::anyLayout(weights), plan.bias,
                          onednn::anyLayout(shape.output), windowAttributes(shape), onednn::userScratchpad());
    plan.implementation = operation.impl_info_str();
    if (plan.implementation.starts_with("ref"))
        return; // the library's reference loops are slower than ours
    plan.x = Operand(onednn::rowMajor(x), operation.src_desc(), Slot::Source);
    plan.w = Operand(weightsOutside(weights, transposed, shape.groups > 1), operation.weights_desc(),
                     Slot::Weights);
    plan.y = Operand(onednn::rowMajor(shape.output), operation.dst_desc(), Slot::Destination);
    plan.scratchpad = operation.scratchpad_desc();
    plan.primitive = Primitive(operation);
    plan.usesLibrary = true;
}

class OneDnnConvolution final : public Kernel {
public:
    OneDnnConvolution(const KernelRequest& request, bool transposed, std::unique_ptr<Kernel> plain)
        : m_node(*request.node), m_transposed(transposed), m_plain(std::move(plain))
    {
        if (request.constantInputs.size() > 1)
            m_weights = request.constantInputs[1];
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, DataType::Float));
        TRY_ASSIGN(Plan * plan, planFor(context));
        if (!plan->usesLibrary) {
            m_implementation = m_plain->implementation();
            return m_plain->run(context);
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, plan->shape.output));
        m_implementation = "oneDNN " + plan->implementation;
        const FlushDenormals flush;
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    Result<Plan*> planFor(const KernelContext& context)
    {
        const Dims& x = context.tensor(0).dims();
        const bool hasBias = context.hasInput(2);
        const Dims key = joinedKey(x, context.tensor(1).dims(), hasBias ? context.tensor(2).dims() : Dims());
        if (Plan* plan = m_plans.find(key))
            return plan;
        Plan plan;
        TRY_ASSIGN(plan.shape, shapeOfRun(m_node, context, DataType::Float, m_transposed));
        const bool empty = elementCount(plan.shape.output).value_or(0) == 0 ||
                           context.tensor(0).count() == 0 || context.tensor(1).count() == 0;
        if (!empty && plan.shape.placements.size() <= 3) {
            const Status prepared = onednn::guarded([&] {
                if (m_transposed)
                    preparePlan<dnnl::deconvolution_forward::primitive_desc, dnnl::deconvolution_forward>(
                        plan, x, true, hasBias, onednn::deconvolution);
                else
                    preparePlan<dnnl::convolution_forward::primitive_desc, dnnl::convolution_forward>(
                        plan, x, false, hasBias, onednn::convolution);
            });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(key, std::move(plan));
    }

    void execute(Plan& plan, KernelContext& context, Tensor& y)
    {
        dnnl::memory destination = plan.y.write(y.mutableBytes());
        std::unordered_map<int, dnnl::memory> arguments{
            {DNNL_ARG_SRC, plan.x.read(context.tensor(0).bytes())},
            {DNNL_ARG_WEIGHTS, weightsFor(plan, context)},
            {DNNL_ARG_DST, destination},
            {DNNL_ARG_SCRATCHPAD, onednn::scratchpad(plan.scratchpad)}};
        if (context.hasInput(2))
            arguments.emplace(DNNL_ARG_BIAS, onednn::wrap(plan.bias, context.tensor(2).bytes()));
        plan.primitive.execute(onednn::stream(), arguments);
        plan.y.finish(destination, y.mutableBytes());
    }

    dnnl::memory weightsFor(const Plan& plan, const KernelContext& context)
    {
        if (m_weights.empty() || !plan.w.reorders())
            return plan.w.read(context.tensor(1).bytes());
        for (const dnnl::memory& packed : m_packed) { // shapes often agree on one layout
            if (packed.get_desc() == plan.w.inside())
                return packed;
        }
        m_packed.push_back(plan.w.pack(m_weights.bytes()));
        return m_packed.back();
    }

    const Node m_node;
    bool m_transposed;
    std::unique_ptr<Kernel> m_plain;
    Tensor m_weights; // empty when they are not constant
    std::vector<dnnl::memory> m_packed;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

template <bool transposed>
Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    TRY_ASSIGN(std::unique_ptr<Kernel> plain,
               transposed ? createPlainTransposedConvolution(request) : createPlainConvolution(request));
    return {std::make_unique<OneDnnConvolution>(request, transposed, std::move(plain))};
}

constexpr KernelRow rows[] = {
    {"", "Conv", 1, newestOpset, "oneDNN", forFloats<createOneDnn<false>>},
    {"", "Conv", 1, newestOpset, "plain", forFloats<createPlainConvolution>},
    {"", "ConvTranspose", 1, newestOpset, "oneDNN", forFloats<createOneDnn<true>>},
    {"", "ConvTranspose", 1, newestOpset, "plain", forFloats<createPlainTransposedConvolution>},
};

} // namespace

onednn::WindowAttributes windowAttributes(const ConvolutionShape& shape)
{
    onednn::WindowAttributes result;
    for (size_t i = 0; i < shape.placements.size(); ++i) {
        const AxisWindow& axis = shape.window.axes[i];
        result.kernel.push_back(axis.kernel);
        result.strides.push_back(axis.stride);
        result.dilations.push_back(axis.dilation);
        result.padsBegin.push_back(shape.placements[i].padBegin);
        result.padsEnd.push_back(shape.placements[i].padEnd);
    }
    return result;
}

Dims weightDims(const ConvolutionShape& shape)
{
    Dims dims;
    if (shape.groups > 1)
        dims.push_back(shape.groups);
    dims.push_back(shape.outputChannels / shape.groups);
    dims.push_back(shape.inputChannels / shape.groups);
    for (const AxisWindow& axis : shape.window.axes)
        dims.push_back(axis.kernel);
    return dims;
}

std::span<const KernelRow> convolutionKernels() { return rows; }

} // namespace lapidary

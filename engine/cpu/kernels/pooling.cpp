// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/pooling.h"

#include "engine/cpu/float_convert.h"
#include "engine/cpu/fused_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/ops/fused_rules.h"
#include "engine/ops/rewritten.h"

namespace lapidary {

namespace {

// What was prepared for one shape. No primitive: plain C++ runs this shape.
struct Plan {
    PoolingShape shape;
    dnnl::primitive primitive;
    dnnl::memory::desc source;
    dnnl::memory::desc destination;
    dnnl::memory::desc scratchpad;
    onednn::Arguments arguments; // source, destination, scratchpad
    std::string implementation;
    bool usesLibrary = false;
};

class OneDnnPooling final : public Kernel {
public:
    OneDnnPooling(const Node& node, DataType type, bool average, std::unique_ptr<Kernel> plain)
        : m_node(node),
          m_type(type),
          m_average(average),
          m_countPadding(node.intAttribute("count_include_pad", 0) != 0),
          m_channelsLast(node.domain == rewrittenDomain),
          m_plain(std::move(plain))
    {
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, m_type));
        const Tensor& x = context.tensor(0);
        Plan* plan = m_plans.find(x.dims());
        if (!plan) {
            TRY_ASSIGN(Plan prepared, prepare(x));
            plan = m_plans.add(x.dims(), std::move(prepared));
        }
        if (!plan->usesLibrary) {
            m_implementation = m_plain->implementation();
            return m_plain->run(context);
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, m_type, plan->shape.output));
        if (m_implementation != plan->implementation)
            m_implementation = plan->implementation;
        return onednn::guarded([&] {
            plan->arguments.point(0, x.bytes());
            plan->arguments.point(1, y->mutableBytes());
            plan->arguments.point(2, onednn::scratchpadData(plan->scratchpad));
            plan->arguments.execute(plan->primitive);
        });
    }

private:
    Result<Plan> prepare(const Tensor& x) const
    {
        Plan plan;
        Dims dims = x.dims(); // channels first
        if (m_channelsLast && dims.size() > 2)
            std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
        TRY_ASSIGN(plan.shape, poolingShape(m_node, dims));
        const auto window = libraryWindow(plan.shape, dims);
        if (!window || x.count() == 0 || elementCount(plan.shape.output).value_or(0) == 0)
            return plan;
        const Status prepared = onednn::guarded([&] {
            const auto layout = m_channelsLast ? onednn::channelsLast : onednn::rowMajor;
            const auto type = m_type == DataType::UInt8  ? onednn::Type::u8
                              : m_type == DataType::Int8 ? onednn::Type::s8
                                                         : onednn::Type::f32;
            plan.source = layout(dims, type);
            plan.destination = layout(plan.shape.output, type);
            const auto operation = onednn::pooling(algorithm(), plan.source, plan.destination, *window);
            const std::string implementation = operation.impl_info_str();
            if (implementation.starts_with("ref") || implementation.starts_with("simple"))
                return;
            plan.implementation = "oneDNN " + implementation;
            plan.scratchpad = operation.scratchpad_desc();
            plan.arguments.add(DNNL_ARG_SRC, plan.source);
            plan.arguments.add(DNNL_ARG_DST, plan.destination);
            plan.arguments.add(DNNL_ARG_SCRATCHPAD, plan.scratchpad);
            plan.primitive = onednn::Pooling(operation);
            plan.usesLibrary = true;
            if (m_channelsLast)
                std::rotate(plan.shape.output.begin() + 1, plan.shape.output.begin() + 2,
                            plan.shape.output.end());
        });
        if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
            return prepared.error();
        return plan;
    }

    dnnl::algorithm algorithm() const
    {
        if (!m_average)
            return dnnl::algorithm::pooling_max;
        return m_countPadding ? dnnl::algorithm::pooling_avg_include_padding
                              : dnnl::algorithm::pooling_avg_exclude_padding;
    }

    // The window as the library wants it: the last one must end exactly where the padding ends.
    // nullopt for what it does not know: four axes, dilation, windows that see only padding, and
    // averages that would divide by taps beyond the padding.
    std::optional<onednn::WindowAttributes> libraryWindow(const PoolingShape& shape, const Dims& x) const
    {
        if (shape.placements.size() > 3)
            return std::nullopt;
        onednn::WindowAttributes window;
        for (size_t i = 0; i < shape.placements.size(); ++i) {
            const AxisWindow& axis = shape.window.axes[i];
            const AxisPlacement& placement = shape.placements[i];
            const int64_t reach = (placement.output - 1) * axis.stride + axis.span();
            const int64_t padEnd = std::max<int64_t>(0, reach - x[i + 2] - placement.padBegin);
            const bool overhangs = padEnd > placement.padEnd;
            if (axis.dilation != 1 || placement.padBegin >= axis.kernel || padEnd >= axis.kernel ||
                (m_average && m_countPadding && overhangs))
                return std::nullopt;
            window.kernel.push_back(axis.kernel);
            window.strides.push_back(axis.stride);
            window.dilations.push_back(axis.dilation);
            window.padsBegin.push_back(placement.padBegin);
            window.padsEnd.push_back(padEnd);
        }
        return window;
    }

    const Node m_node;
    const DataType m_type;
    const bool m_average;
    const bool m_countPadding;
    const bool m_channelsLast;
    std::unique_ptr<Kernel> m_plain;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

// Channels as the last axis: turned, pooled as plain C++ does it, turned back.
Result<std::unique_ptr<Kernel>> createTurned(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        const auto rank = static_cast<size_t>(context.tensor(0).rank());
        if (rank < 3)
            return makeError(ErrorCode::ShapeMismatch, "expected an input of rank 3 or more, found " +
                                                           toString(context.tensor(0).dims()));
        FusedPlan plan;
        const std::string x =
            plan.add("Transpose", {"x0"}, "turned", {makeAttribute("perm", channelsFirst(rank))});
        const std::string y = plan.add(node.opType, {x}, "pooled", node.attributes);
        plan.add("Transpose", {y}, "y0", {makeAttribute("perm", channelsLast(rank))});
        return plan;
    });
}

template <bool average>
Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    // Other layouts of bytes have no fast kernel.
    const bool isByte = type == DataType::UInt8 || type == DataType::Int8;
    if (type != DataType::Float && (average || !isByte || request.node->domain != rewrittenDomain))
        return refuseType(request);
    if (request.node->outputs.size() > 1)
        return makeError(ErrorCode::UnsupportedOp, "does not give indices");
    TRY_ASSIGN(std::unique_ptr<Kernel> plain, request.node->domain == rewrittenDomain ? createTurned(request)
                                              : average ? createPlainAveragePool(request)
                                                        : createPlainMaxPool(request));
    return {std::make_unique<OneDnnPooling>(*request.node, type, average, std::move(plain))};
}

constexpr KernelRow rows[] = {
    {"", "MaxPool", 1, newestOpset, "oneDNN", forFloats<createOneDnn<false>>},
    {"", "MaxPool", 1, newestOpset, "plain", forFloats<createPlainMaxPool>},
    {"", "AveragePool", 1, newestOpset, "oneDNN", forFloats<createOneDnn<true>>},
    {"", "AveragePool", 1, newestOpset, "plain", forFloats<createPlainAveragePool>},
    {"", "LpPool", 1, newestOpset, "plain", forFloats<createPlainLpPool>},
    {"", "GlobalMaxPool", 1, newestOpset, "plain", forFloats<createGlobalPool>},
    {"", "GlobalAveragePool", 1, newestOpset, "plain", forFloats<createGlobalPool>},
    {"", "GlobalLpPool", 1, newestOpset, "plain", forFloats<createGlobalPool>},
    {"lapidary", "MaxPool", 1, newestOpset, "oneDNN", createOneDnn<false>},
    {"lapidary", "MaxPool", 1, newestOpset, "plain", createTurned},
    {"lapidary", "AveragePool", 1, newestOpset, "oneDNN", forFloats<createOneDnn<true>>},
    {"lapidary", "AveragePool", 1, newestOpset, "plain", createTurned},
    {"lapidary", "GlobalAveragePool", 1, newestOpset, "plain", forFloats<createGlobalPoolChannelsLast>},
    {"lapidary", "GlobalAveragePool", 1, newestOpset, "plain", createTurned},
    {"lapidary", "GlobalMaxPool", 1, newestOpset, "plain", forFloats<createGlobalPoolChannelsLast>},
    {"lapidary", "GlobalMaxPool", 1, newestOpset, "plain", createTurned},
};

} // namespace

std::span<const KernelRow> poolingKernels() { return rows; }

} // namespace lapidary

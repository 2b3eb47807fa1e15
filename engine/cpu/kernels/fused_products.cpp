// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions and matrix products with something before or after them.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/list_input.h"
#include "engine/ops/fused_rules.h"

#include <algorithm>

namespace lapidary {

namespace {

// The attributes of the node that the operator inside knows.
std::vector<Attribute> attributesOf(const Node& node, std::initializer_list<std::string_view> names)
{
    std::vector<Attribute> attributes;
    for (const Attribute& attribute : node.attributes) {
        if (std::find(names.begin(), names.end(), attribute.name) != names.end())
            attributes.push_back(attribute);
    }
    return attributes;
}

bool isIdentity(const std::vector<int64_t>& order) { return std::is_sorted(order.begin(), order.end()); }

std::string transposed(FusedPlan& plan, const std::string& value, const std::vector<int64_t>& order)
{
    if (isIdentity(order))
        return value;
    return plan.add("Transpose", {value}, value + " transposed", {makeAttribute("perm", order)});
}

Result<FusedPlan> planConv(const Node& node, const KernelContext& context)
{
    const bool isNhwc = node.opType.starts_with("Nhwc") || node.intAttribute("channels_last", 0) != 0;
    const auto rank = static_cast<size_t>(context.tensor(0).rank());
    if (rank < 3)
        return makeError(ErrorCode::ShapeMismatch,
                         "input X: expected rank 3 or more, found " + toString(context.tensor(0).dims()));
    FusedPlan plan;
    const std::string x = isNhwc ? transposed(plan, "x0", channelsFirst(rank)) : "x0";
    std::string value =
        plan.add("Conv", {x, "x1", "x2"}, "convolved",
                 attributesOf(node, {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"}));
    if (isNhwc)
        value = transposed(plan, value, channelsLast(rank));
    if (context.hasInput(3))
        value = plan.add("Add", {value, "x3"}, "sum");
    TRY(addActivation(plan, node, value, context.tensor(0)));
    return endsIn(plan, "y0");
}

Result<FusedPlan> planGemm(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    const std::string value = plan.add("Gemm", {"x0", "x1", "x2"}, "product",
                                       attributesOf(node, {"alpha", "beta", "transA", "transB"}));
    TRY(addActivation(plan, node, value, context.tensor(0)));
    return endsIn(plan, "y0");
}

Result<FusedPlan> planMatMul(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    const float alpha = node.floatAttribute("alpha", 1);
    const bool batches = node.intAttribute("transBatchA", 0) != 0 || node.intAttribute("transBatchB", 0) != 0;
    std::string value;
    if (context.tensor(0).rank() == 2 && context.tensor(1).rank() == 2 && !batches) {
        value = plan.add("Gemm", {"x0", "x1"}, "product", attributesOf(node, {"alpha", "transA", "transB"}));
    } else {
        std::string operands[2];
        for (const size_t input : {0, 1}) {
            const std::string suffix = input == 0 ? "A" : "B";
            TRY_ASSIGN(const std::vector<int64_t> order,
                       fusedMatMulOrder(static_cast<size_t>(context.tensor(input).rank()),
                                        node.intAttribute("trans" + suffix, 0) != 0,
                                        node.intAttribute("transBatch" + suffix, 0) != 0));
            operands[input] = transposed(plan, "x" + std::to_string(input), order);
        }
        value = plan.add("MatMul", {operands[0], operands[1]}, "product");
        if (alpha != 1) {
            TRY_ASSIGN(Tensor factor, convertType(Tensor::scalar(alpha), context.tensor(0).type()));
            value = plan.add("Mul", {value, plan.constant("alpha", std::move(factor))}, "scaled");
        }
    }
    TRY(addActivation(plan, node, value, context.tensor(0)));
    return endsIn(plan, "y0");
}

// X and W become matrices; y = X * transpose(W) + b, with the leading axes of X.
Result<FusedPlan> planFullyConnected(const Node& node, const KernelContext& context)
{
    FusedPlan plan;
    const int64_t axis = node.intAttribute("axis", 1);
    const std::string x = plan.add("Flatten", {"x0"}, "rows", {makeAttribute("axis", axis)});
    const std::string w =
        plan.add("Flatten", {"x1"}, "weights", {makeAttribute("axis", node.intAttribute("axis_w", 1))});
    const std::string product =
        plan.add("Gemm", {x, w, "x2"}, "product", {makeAttribute("transB", int64_t{1})});
    if (axis == 1 || context.tensor(0).rank() == 0)
        return endsIn(plan, "y0");
    const std::string leading = plan.add("Shape", {"x0"}, "leading",
                                         {makeAttribute("start", int64_t{0}), makeAttribute("end", axis)});
    const std::string shape = plan.add("Concat", {leading, plan.constantInts("rest", {-1})}, "shape",
                                       {makeAttribute("axis", int64_t{0})});
    plan.add("Reshape", {product, shape}, "y0");
    return plan;
}

// ConvTranspose whose pads are an input: X, W, Pads, B.
class DynamicPadsKernel final : public Kernel {
public:
    explicit DynamicPadsKernel(const KernelRequest& request) : m_node(*request.node), m_request(request) {}

    std::string implementation() const override { return m_inner ? m_inner->implementation() : "plain"; }

    Status run(KernelContext& context) override
    {
        TRY_ASSIGN(const std::optional<Ints> pads, optionalListInput(context, 2));
        if (!m_inner || pads != m_pads) {
            m_inner = fusedKernel(m_request, [this, pads](const KernelContext&) {
                std::vector<Attribute> attributes = attributesOf(
                    m_node, {"auto_pad", "dilations", "group", "kernel_shape", "output_padding", "strides"});
                if (pads)
                    attributes.push_back(makeAttribute("pads", *pads));
                FusedPlan plan;
                plan.add("ConvTranspose", {"x0", "x1", "x3"}, "y0", std::move(attributes), 11);
                return Result<FusedPlan>(std::move(plan));
            });
            m_pads = pads;
        }
        return m_inner->run(context);
    }

private:
    const Node m_node;
    const KernelRequest m_request; // its constants and precision outlive the creation
    std::unique_ptr<Kernel> m_inner;
    std::optional<Ints> m_pads; // that m_inner was made for
};

} // namespace

Result<std::unique_ptr<Kernel>> createDynamicPads(const KernelRequest& request)
{
    return {std::make_unique<DynamicPadsKernel>(request)};
}

Result<std::unique_ptr<Kernel>> createFusedConv(const KernelRequest& request)
{
    return fusedKernel(
        request, [node = *request.node](const KernelContext& context) { return planConv(node, context); });
}

Result<std::unique_ptr<Kernel>> createFullyConnected(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) {
        return planFullyConnected(node, context);
    });
}

Result<std::unique_ptr<Kernel>> createFusedGemm(const KernelRequest& request)
{
    return fusedKernel(
        request, [node = *request.node](const KernelContext& context) { return planGemm(node, context); });
}

Result<std::unique_ptr<Kernel>> createFusedMatMul(const KernelRequest& request)
{
    return fusedKernel(
        request, [node = *request.node](const KernelContext& context) { return planMatMul(node, context); });
}

} // namespace lapidary

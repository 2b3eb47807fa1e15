// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/fused_primitive.h"

#include "engine/cpu/kernels/inputs.h"

namespace lapidary {

FusedTerms::FusedTerms(const Node& node)
    : activationName(node.stringAttribute("activation", "")),
      alpha(node.floatAttribute("activation_alpha", 0)),
      beta(node.floatAttribute("activation_beta", 0)),
      activation(activationNamed(activationName, alpha, beta))
{
    const auto has = [&](size_t index) {
        return index < node.inputs.size() && node.inputs[index] != noValue;
    };
    hasBias = has(2);
    hasResidual = has(3);
}

Status requireFusedInputs(const KernelContext& context)
{
    TRY(requireTensors(context, {0}, DataType::Float));
    for (const size_t input : {2, 3}) {
        if (context.hasInput(input))
            TRY(requireTensors(context, {input}, DataType::Float));
    }
    return {};
}

Result<Tensor*> allocateFused(KernelContext& context, const Dims& dims)
{
    const bool over = context.hasInput(3) && context.tensor(3).bytes() != context.tensor(0).bytes();
    return over ? context.allocateOver(3, 0, DataType::Float, dims)
                : context.allocate(0, DataType::Float, dims);
}

std::optional<dnnl::primitive_attr> FusedPrimitive::attributes(const FusedTerms& terms)
{
    dnnl::post_ops operations;
    if (terms.hasResidual)
        operations.append_sum(1.0f);
    if (!onednn::appendActivation(operations, terms.activationName, terms.alpha, terms.beta))
        return std::nullopt;
    dnnl::primitive_attr attributes = onednn::userScratchpad();
    attributes.set_post_ops(operations);
    return attributes;
}

void FusedPrimitive::addArguments(const dnnl::memory::desc& x, const dnnl::memory::desc& y,
                                  const dnnl::memory::desc& bias)
{
    m_arguments.add(DNNL_ARG_SRC, x);
    m_arguments.add(DNNL_ARG_DST, y);
    m_arguments.add(DNNL_ARG_SCRATCHPAD, m_scratchpad);
    m_arguments.add(DNNL_ARG_WEIGHTS, m_weights.get_desc());
    m_arguments.point(3, m_weights.get_data_handle());
    if (bias != onednn::none())
        m_arguments.add(DNNL_ARG_BIAS, bias);
}

void FusedPrimitive::execute(const KernelContext& context, const Tensor& y)
{
    m_arguments.point(0, context.tensor(0).bytes());
    m_arguments.point(1, y.bytes());
    m_arguments.point(2, onednn::scratchpadData(m_scratchpad));
    if (context.hasInput(2))
        m_arguments.point(4, context.tensor(2).bytes());
    m_arguments.execute(m_primitive);
}

} // namespace lapidary

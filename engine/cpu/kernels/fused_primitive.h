// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Conv and MatMul of rewrittenDomain on oneDNN: one primitive with constant weights (input 1), bias
// (input 2), residual (input 3) and activation inside, made ready for one shape.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/cpu/epilogue.h"
#include "engine/cpu/onednn_operand.h"

namespace lapidary {

// What the node says of these, read once.
struct FusedTerms {
    explicit FusedTerms(const Node& node);

    bool hasBias = false;
    bool hasResidual = false;
    std::string activationName;
    float alpha = 0;
    float beta = 0;
    std::optional<Activation> activation; // as our own kernels know it
};

// Of x, bias and residual: float32 where they are there.
Status requireFusedInputs(const KernelContext& context);

// Output 0: over the residual where nobody else reads that, which is then added to where it lies, unless it
// is the input, too.
Result<Tensor*> allocateFused(KernelContext& context, const Dims& dims);

class FusedPrimitive {
public:
    // The post-operations for the terms; nullopt when the library does not have the activation.
    static std::optional<dnnl::primitive_attr> attributes(const FusedTerms& terms);

    // operation: made with these attributes. False, and nothing is ready, for the library's reference loops,
    // which are slower than running step by step. Called inside guarded().
    template <typename Primitive, typename Description>
    bool prepare(const Description& operation, const dnnl::memory::desc& bias, onednn::PackedWeights& weights)
    {
        const std::string implementation = operation.impl_info_str();
        if (implementation.starts_with("ref"))
            return false;
        m_implementation = "oneDNN " + implementation;
        m_primitive = Primitive(operation);
        m_weights = weights.as(operation.weights_desc());
        m_scratchpad = operation.scratchpad_desc();
        addArguments(operation.src_desc(), operation.dst_desc(), bias);
        return true;
    }

    bool isReady() const { return !m_implementation.empty(); }
    const std::string& implementation() const { return m_implementation; }
    // y holds the residual, if there is one (copyResidual). Called inside guarded().
    void execute(const KernelContext& context, const Tensor& y);

private:
    void addArguments(const dnnl::memory::desc& x, const dnnl::memory::desc& y,
                      const dnnl::memory::desc& bias);

    dnnl::primitive m_primitive;
    onednn::Arguments m_arguments; // x, y, scratchpad, weights and perhaps the bias
    dnnl::memory m_weights;
    dnnl::memory::desc m_scratchpad;
    std::string m_implementation;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the factories of the fused family by file; the rows are in fused.cpp.
#pragma once

#include "engine/cpu/fused_kernel.h"
#include "engine/cpu/scale_rows.h"

namespace lapidary {

// Adds the activation that an attribute names ("" and "NONE": none) and returns the name of the result.
// alpha, beta: its parameters, where they are given (Clip: its limits). like: a tensor of the type of
// value. Errors: UnsupportedOp for a name that is not known.
Result<std::string> addActivation(FusedPlan& plan, const std::string& activation, std::string value,
                                  std::optional<float> alpha, std::optional<float> beta, const Tensor& like);
// The activation that the node's attributes activation, activation_alpha and activation_beta (or
// activation_params) name.
Result<std::string> addActivation(FusedPlan& plan, const Node& node, std::string value, const Tensor& like);
// The limits that the node's activation is; nullopt for those that are more.
std::optional<Limits> limitsOf(const Node& node);
// The plan with the result of its last step as output 0.
FusedPlan& endsIn(FusedPlan& plan, std::string_view output);

// For kernels that add to what is in y: the residual, unless it lies there already.
void copyResidual(const Tensor& residual, Tensor& y);

Result<std::unique_ptr<Kernel>> createDynamicPads(const KernelRequest& request); // ConvTranspose…
Result<std::unique_ptr<Kernel>> createFusedConv(const KernelRequest& request); // and NhwcConv, NhwcFusedConv
Result<std::unique_ptr<Kernel>> createFullyConnected(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createFusedGemm(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createFusedMatMul(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createSkipNormalization(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createEmbedNormalization(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createGroupNorm(const KernelRequest& request);

} // namespace lapidary

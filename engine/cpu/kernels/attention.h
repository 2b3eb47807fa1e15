// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the factories of the attention family, and the steps that ai.onnx and com.microsoft share.
#pragma once

#include "engine/cpu/head_rows.h"
#include "engine/cpu/scaled_attention.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createAttention(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createCausalConvWithState(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createFlexAttention(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createLinearAttention(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createRotaryEmbedding(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createTensorScatter(const KernelRequest& request);

// Whether the node gives output index to anybody.
bool wantsOutput(const Node& node, size_t index);

// Rows of past (may be null), then those of fresh, as [batch, heads, pastLength + length, size] at to.
template <typename T>
void joinCache(const T* past, int64_t pastLength, const HeadRows<const T>& fresh, int64_t batch,
               int64_t heads, int64_t length, int64_t size, T* to);

// An attention mask as numbers to add: bool becomes 0 and -inf. T: float or double.
template <typename T>
Result<Tensor> maskAsBias(const Tensor& mask);

// Lays a bias over [batch, heads, queries, keys] as numpy broadcasts; its last dimension may be any
// that the caller allows. Errors: ShapeMismatch.
template <typename T>
Status layBias(const Tensor& bias, std::string_view name, ScaledAttention<T>& attention);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the steps that the attention operators of com.microsoft share. All of them compute in
// float32; 16-bit floats are widened around them. Source: ONNX Runtime docs/ContribOperators.md.
#pragma once

#include "engine/cpu/kernels/attention.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createMicrosoftAttention(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createMultiHeadAttention(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createGroupQueryAttention(const KernelRequest& request);

// Q, K or V, wherever they come from.
struct HeadOperand {
    HeadRows<const float> rows;
    int64_t heads = 0;
    int64_t length = 0;
    int64_t size = 0;
    Tensor owner; // keeps the rows alive
};

// [batch, heads, length, size] with bias (heads * size numbers, or null) added.
Result<HeadOperand> separated(const HeadOperand& operand, int64_t batch, const float* bias);
// past (may be empty) and then the operand, as [batch, heads, past + length, size].
// Errors: ShapeMismatch when the past is not [batch, heads, ?, size].
Result<HeadOperand> withPast(const Tensor& past, const HeadOperand& operand, int64_t batch);

// What a mask of 0 and 1 (or of lengths) adds to scores: filter where a key is masked.
// mask: int32 [batch] or [3 * batch + 2] (lengths first), [2 * batch] (ends, then starts),
// [batch, keys], [batch, queries, keys], or [batch, 1, most, most] with the row of the last query last.
// Returns [batch, 1, 1 or queries, keys]. Errors: ShapeMismatch.
Result<Tensor> paddingBias(const Tensor& mask, int64_t batch, int64_t queries, int64_t keys, float filter);

// Sets the bias of the scores from either, both or none (empty tensors) of a padding bias and an
// attention bias. The returned tensor must live while the attention runs. Errors: ShapeMismatch.
Result<Tensor> addBiases(const Tensor& padding, const Tensor& attentionBias,
                         ScaledAttention<float>& attention);

// 1 / sqrt(head size) unless the node says otherwise.
double attentionScale(const Node& node, int64_t headSize);

} // namespace lapidary

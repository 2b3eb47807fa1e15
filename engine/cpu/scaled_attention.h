// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: softmax(scale * Q * transpose(K) + bias) * V for each head, the arithmetic that all attention
// operators share. Works on blocks of queries, so that memory is that of the scores of a few rows.
// Source: ONNX Attention-23..25 and its function body.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/cpu/head_rows.h"

#include <array>
#include <functional>

namespace lapidary {

// The keys [begin, end) that a query may see.
struct KeyRange {
    int64_t begin = 0;
    int64_t end = 0;
};

// Which scores an operator wants to give out.
enum class ScoreStage { Raw, Capped, Masked, Probabilities };

// T: float or double.
template <typename T>
struct ScaledAttention {
    int64_t batch = 0;
    int64_t heads = 0;
    int64_t kvHeads = 0; // heads is a multiple: neighbouring heads share keys and values
    int64_t queries = 0;
    int64_t keys = 0;
    int64_t headSize = 0;
    int64_t valueSize = 0;
    HeadRows<const T> q;
    HeadRows<const T> k;
    HeadRows<const T> v;
    HeadRows<T> y;
    double scale = 1;
    double softcap = 0; // > 0: scores become softcap * tanh(score / softcap) before the bias
    // Added to the scores; steps for batch, head, query and key, 0 where it is stretched.
    const T* bias = nullptr;
    std::array<int64_t, 4> biasSteps = {};
    // Of a batch and a query; all keys when empty.
    std::function<KeyRange(int64_t, int64_t)> visibleKeys;
    // One for each head: a score without a value that takes part in the softmax.
    const T* sinks = nullptr;
    // [batch, heads, queries, keys], or null.
    T* scores = nullptr;
    ScoreStage stage = ScoreStage::Raw;
};

// A query that sees no key, or only keys with bias -inf, gives zeros.
// Errors: OutOfMemory, BackendFailure, Cancelled.
template <typename T>
Status runScaledAttention(const ScaledAttention<T>& attention, const JobContext& job);

extern template Status runScaledAttention(const ScaledAttention<float>&, const JobContext&);
extern template Status runScaledAttention(const ScaledAttention<double>&, const JobContext&);

} // namespace lapidary

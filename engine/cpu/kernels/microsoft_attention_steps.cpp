// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/microsoft_attention.h"

#include "engine/backend/functors/binary.h"
#include "engine/cpu/elementwise.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// Where the mask of a batch and query begins, and whether it has a row for each query.
struct MaskLayout {
    bool perQuery = false;
    int64_t batchStep = 0;
    int64_t queryStep = 0;
    int64_t offset = 0;
};

Result<MaskLayout> rawMaskLayout(const Dims& mask, int64_t batch, int64_t queries, int64_t keys)
{
    if (mask == Dims{batch, keys})
        return MaskLayout{false, keys, 0, 0};
    if (mask == Dims{batch, queries, keys})
        return MaskLayout{true, queries * keys, keys, 0};
    if (mask.size() == 4 && mask[0] == batch && mask[1] == 1 && mask[2] == mask[3] && mask[2] >= keys &&
        queries <= keys)
        return MaskLayout{true, mask[2] * mask[3], mask[3], (keys - queries) * mask[3]};
    return shapeError("mask: expected lengths of " + std::to_string(batch) + " batches, or a mask of " +
                      std::to_string(keys) + " keys for them, found " + toString(mask));
}

void fillFromLengths(const int32_t* ends, const int32_t* starts, int64_t batch, int64_t keys, float filter,
                     float* out)
{
    for (int64_t b = 0; b < batch; ++b) {
        for (int64_t key = 0; key < keys; ++key)
            out[b * keys + key] = key >= ends[b] || (starts && key < starts[b]) ? filter : 0.0f;
    }
}

} // namespace

Result<HeadOperand> separated(const HeadOperand& operand, int64_t batch, const float* bias)
{
    HeadOperand result = operand;
    TRY_ASSIGN(result.owner,
               Tensor::allocate(DataType::Float, {batch, operand.heads, operand.length, operand.size}));
    float* to = result.owner.mutableData<float>();
    joinCache<float>(nullptr, 0, operand.rows, batch, operand.heads, operand.length, operand.size, to);
    result.rows = headsFirst<const float>(to, operand.heads, operand.length, operand.size);
    if (!bias || result.owner.count() == 0)
        return result;
    const int64_t rows = batch * operand.heads * operand.length;
    parallelFor(rows, 1 + cheapGrain / operand.size, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const float* add = bias + row / operand.length % operand.heads * operand.size;
            for (int64_t i = 0; i < operand.size; ++i)
                to[row * operand.size + i] += add[i];
        }
    });
    return result;
}

Result<HeadOperand> withPast(const Tensor& past, const HeadOperand& operand, int64_t batch)
{
    if (past.empty())
        return separated(operand, batch, nullptr);
    const Dims& dims = past.dims();
    if (past.type() != DataType::Float || dims.size() != 4 || dims[0] != batch || dims[1] != operand.heads ||
        dims[3] != operand.size)
        return shapeError("past: expected " + std::to_string(batch) + "×" + std::to_string(operand.heads) +
                          "×?×" + std::to_string(operand.size) + ", found " + describe(past));
    HeadOperand result = operand;
    result.length = dims[2] + operand.length;
    TRY_ASSIGN(result.owner,
               Tensor::allocate(DataType::Float, {batch, operand.heads, result.length, operand.size}));
    float* to = result.owner.mutableData<float>();
    joinCache(past.data<float>(), dims[2], operand.rows, batch, operand.heads, operand.length, operand.size,
              to);
    result.rows = headsFirst<const float>(to, operand.heads, result.length, operand.size);
    return result;
}

Result<Tensor> paddingBias(const Tensor& mask, int64_t batch, int64_t queries, int64_t keys, float filter)
{
    if (mask.type() != DataType::Int32)
        return shapeError("mask: expected int32, found " + std::string(dataTypeName(mask.type())));
    const auto* values = mask.data<int32_t>();
    if (mask.rank() == 1) {
        const int64_t count = mask.count();
        if (count != batch && count != 2 * batch && count != 3 * batch + 2)
            return shapeError("mask: expected lengths of " + std::to_string(batch) + " batches, found " +
                              std::to_string(count) + " numbers");
        TRY_ASSIGN(Tensor bias, Tensor::allocate(DataType::Float, {batch, 1, 1, keys}));
        fillFromLengths(values, count == 2 * batch ? values + batch : nullptr, batch, keys, filter,
                        bias.mutableData<float>());
        return bias;
    }
    TRY_ASSIGN(const MaskLayout layout, rawMaskLayout(mask.dims(), batch, queries, keys));
    const int64_t rows = layout.perQuery ? queries : 1;
    TRY_ASSIGN(Tensor bias, Tensor::allocate(DataType::Float, {batch, 1, rows, keys}));
    if (bias.count() == 0)
        return bias;
    parallelFor(batch * rows, 1 + cheapGrain / keys, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            const int32_t* from =
                values + layout.offset + row / rows * layout.batchStep + row % rows * layout.queryStep;
            float* to = bias.mutableData<float>() + row * keys;
            for (int64_t key = 0; key < keys; ++key)
                to[key] = from[key] > 0 ? 0.0f : filter;
        }
    });
    return bias;
}

Result<Tensor> addBiases(const Tensor& padding, const Tensor& attentionBias,
                         ScaledAttention<float>& attention)
{
    Tensor bias = padding.empty() ? attentionBias : padding;
    if (!padding.empty() && !attentionBias.empty()) {
        if (attentionBias.type() != DataType::Float)
            return shapeError("attention_bias: expected float32, found " + describe(attentionBias));
        TRY_ASSIGN(const BroadcastPlan plan, planBroadcast(std::array{padding.dims(), attentionBias.dims()}));
        TRY_ASSIGN(bias, Tensor::allocate(DataType::Float, plan.dims));
        if (bias.count() > 0)
            combineElements(plan, padding.data<float>(), attentionBias.data<float>(),
                            bias.mutableData<float>(), cheapGrain, functors::Add());
    }
    if (bias.empty())
        return bias;
    const int64_t length = bias.rank() == 0 ? 1 : bias.dims().back();
    if (bias.type() != DataType::Float || (length != 1 && length != attention.keys))
        return shapeError("attention_bias: expected float32 with " + std::to_string(attention.keys) +
                          " keys, found " + describe(bias));
    TRY(layBias(bias, "attention_bias", attention));
    return bias;
}

double attentionScale(const Node& node, int64_t headSize)
{
    const auto scale = static_cast<double>(node.floatAttribute("scale", 0));
    return scale != 0 ? scale : 1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, headSize)));
}

} // namespace lapidary

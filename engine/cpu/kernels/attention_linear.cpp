// SPDX-License-Identifier: GPL-3.0-or-later
// LinearAttention and CausalConvWithState: layers that carry a state of fixed size from token to token.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/cpu/vector_math.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

enum Input : size_t { Query, Key, Value_, PastState, Decay, Beta, EraseGate };

struct LinearShape {
    int64_t batch = 0;
    int64_t length = 0;
    int64_t heads = 0;
    int64_t kvHeads = 0;
    int64_t keySize = 0;
    int64_t valueSize = 0;
    int64_t decaySize = 0; // numbers per head: 1 or keySize; 0: no decay
    int64_t betaHeads = 0; // 1 or kvHeads; 0: no delta rule
    float scale = 1;
};

// The last dimension of an input [batch, length, n]. Errors: ShapeMismatch.
Result<int64_t> lastDim(const KernelContext& context, size_t input, std::string_view name, const Dims& like)
{
    TRY(requireTensors(context, {input}, DataType::Float));
    const Dims& dims = context.tensor(input).dims();
    if (dims.size() != 3 || dims[0] != like[0] || dims[1] != like[1])
        return shapeError(std::string(name) + ": expected " + std::to_string(like[0]) + "×" +
                          std::to_string(like[1]) + "×?, found " + toString(dims));
    return dims[2];
}

Status readGates(const Node& node, const KernelContext& context, const Dims& query, LinearShape& shape)
{
    const std::string rule = node.stringAttribute("update_rule", "gated_delta");
    if (rule != "linear" && rule != "gated" && rule != "delta" && rule != "gated_delta")
        return makeError(ErrorCode::InvalidModel, "attribute 'update_rule': '" + rule + "' is not known");
    const bool gated = rule.starts_with("gated");
    const bool delta = rule.ends_with("delta");
    if (gated != context.hasInput(Decay) || delta != context.hasInput(Beta) ||
        (context.hasInput(EraseGate) && !delta))
        return makeError(ErrorCode::InvalidModel, "update_rule '" + rule + "' wants " +
                                                      (gated ? "a decay" : "no decay") + " and " +
                                                      (delta ? "a beta" : "no beta"));
    if (gated) {
        TRY_ASSIGN(const int64_t last, lastDim(context, Decay, "decay", query));
        if (last != shape.kvHeads && last != shape.kvHeads * shape.keySize)
            return shapeError("decay: expected one number for each head or key element, found " +
                              std::to_string(last));
        shape.decaySize = last == shape.kvHeads ? 1 : shape.keySize;
    }
    if (delta) {
        TRY_ASSIGN(shape.betaHeads, lastDim(context, Beta, "beta", query));
        if (shape.betaHeads != 1 && shape.betaHeads != shape.kvHeads)
            return shapeError("beta: expected one number for each head or one for all, found " +
                              std::to_string(shape.betaHeads));
    }
    if (context.hasInput(EraseGate)) {
        TRY_ASSIGN(const int64_t last, lastDim(context, EraseGate, "erase_gate", query));
        if (last != shape.kvHeads * shape.keySize)
            return shapeError("erase_gate: expected one number for each key element, found " +
                              std::to_string(last));
    }
    return {};
}

Result<LinearShape> linearShape(const Node& node, const KernelContext& context)
{
    TRY(requireTensors(context, {Query, Key, Value_}, DataType::Float));
    const Dims query = context.tensor(Query).dims();
    if (query.size() != 3)
        return shapeError("query: expected rank 3, found " + toString(query));
    TRY_ASSIGN(const int64_t keyLast, lastDim(context, Key, "key", query));
    TRY_ASSIGN(const int64_t valueLast, lastDim(context, Value_, "value", query));
    LinearShape shape{.batch = query[0], .length = query[1]};
    shape.heads = node.intAttribute("q_num_heads", 0);
    shape.kvHeads = node.intAttribute("kv_num_heads", 0);
    if (shape.kvHeads < 1 || shape.heads < 1 || shape.heads % shape.kvHeads != 0)
        return shapeError(std::to_string(shape.heads) + " query heads cannot share " +
                          std::to_string(shape.kvHeads) + " heads of keys and values");
    if (query[2] % shape.heads != 0 || valueLast % shape.kvHeads != 0)
        return shapeError("query and value: their heads do not divide " + std::to_string(query[2]) + " and " +
                          std::to_string(valueLast) + " elements");
    shape.keySize = query[2] / shape.heads;
    shape.valueSize = valueLast / shape.kvHeads;
    if (keyLast != shape.kvHeads * shape.keySize)
        return shapeError("key: expected " + std::to_string(shape.kvHeads) + " heads of " +
                          std::to_string(shape.keySize) + " elements, found " + std::to_string(keyLast));
    shape.scale = node.floatAttribute("scale", 0);
    if (shape.scale == 0)
        shape.scale =
            static_cast<float>(1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, shape.keySize))));
    TRY(readGates(node, context, query, shape));
    return shape;
}

// Columns of a state matrix do not depend on each other: blocks of them run in parallel.
constexpr int64_t columnBlock = 64;

class LinearBlock {
public:
    LinearBlock(const LinearShape& shape, const KernelContext& context, int64_t batch, int64_t kvHead,
                int64_t column)
        : m_shape(shape),
          m_context(context),
          m_batch(batch),
          m_kvHead(kvHead),
          m_column(column),
          m_columns(std::min(columnBlock, shape.valueSize - column))
    {
    }

    // state: [keySize, valueSize] of this head; output: [length, heads * valueSize] of this batch.
    void run(float* state, float* output) const
    {
        for (int64_t t = 0; t < m_shape.length; ++t) {
            decay(t, state);
            float values[columnBlock];
            newValues(t, state, values);
            const float* key = row(Key, t, m_shape.kvHeads * m_shape.keySize, m_kvHead * m_shape.keySize);
            for (int64_t d = 0; d < m_shape.keySize; ++d)
                addRow(values, key[d], stateRow(state, d));
            const int64_t group = m_shape.heads / m_shape.kvHeads;
            for (int64_t head = m_kvHead * group; head < (m_kvHead + 1) * group; ++head)
                read(t, head, state, output + (t * m_shape.heads + head) * m_shape.valueSize + m_column);
        }
    }

private:
    const float* row(size_t input, int64_t t, int64_t width, int64_t offset) const
    {
        return m_context.tensor(input).data<float>() + (m_batch * m_shape.length + t) * width + offset;
    }
    float* stateRow(float* state, int64_t d) const { return state + d * m_shape.valueSize + m_column; }

    void addRow(const float* from, float factor, float* to) const
    {
        for (int64_t m = 0; m < m_columns; ++m)
            to[m] += factor * from[m];
    }

    void decay(int64_t t, float* state) const
    {
        if (m_shape.decaySize == 0)
            return;
        const float* gates = row(Decay, t, m_shape.kvHeads * m_shape.decaySize, m_kvHead * m_shape.decaySize);
        float factor = std::exp(gates[0]);
        for (int64_t d = 0; d < m_shape.keySize; ++d) {
            if (d > 0 && m_shape.decaySize > 1)
                factor = std::exp(gates[d]);
            float* to = stateRow(state, d);
            for (int64_t m = 0; m < m_columns; ++m)
                to[m] *= factor;
        }
    }

    // What the token writes: its value, less what the state already holds for its key (delta rule).
    void newValues(int64_t t, float* state, float* values) const
    {
        const float* given =
            row(Value_, t, m_shape.kvHeads * m_shape.valueSize, m_kvHead * m_shape.valueSize + m_column);
        std::copy_n(given, m_columns, values);
        if (m_shape.betaHeads == 0)
            return;
        const int64_t keyWidth = m_shape.kvHeads * m_shape.keySize;
        const float* key = row(Key, t, keyWidth, m_kvHead * m_shape.keySize);
        const float* erase =
            m_context.hasInput(EraseGate) ? row(EraseGate, t, keyWidth, m_kvHead * m_shape.keySize) : nullptr;
        float held[columnBlock] = {};
        for (int64_t d = 0; d < m_shape.keySize; ++d)
            addRow(stateRow(state, d), erase ? key[d] * erase[d] : key[d], held);
        const float beta = *row(Beta, t, m_shape.betaHeads, m_shape.betaHeads == 1 ? 0 : m_kvHead);
        for (int64_t m = 0; m < m_columns; ++m)
            values[m] = beta * (values[m] - held[m]);
    }

    void read(int64_t t, int64_t head, float* state, float* out) const
    {
        const float* query = row(Query, t, m_shape.heads * m_shape.keySize, head * m_shape.keySize);
        std::fill_n(out, m_columns, 0.0f);
        for (int64_t d = 0; d < m_shape.keySize; ++d)
            addRow(stateRow(state, d), query[d], out);
        for (int64_t m = 0; m < m_columns; ++m)
            out[m] *= m_shape.scale;
    }

    const LinearShape& m_shape;
    const KernelContext& m_context;
    const int64_t m_batch;
    const int64_t m_kvHead;
    const int64_t m_column;
    const int64_t m_columns;
};

Status runLinear(const Node& node, KernelContext& context)
{
    TRY_ASSIGN(const LinearShape shape, linearShape(node, context));
    const Dims stateDims{shape.batch, shape.kvHeads, shape.keySize, shape.valueSize};
    TRY_ASSIGN(Tensor state, Tensor::allocate(DataType::Float, stateDims));
    if (context.hasInput(PastState)) {
        TRY(requireTensors(context, {PastState}, DataType::Float));
        const Tensor& past = context.tensor(PastState);
        if (past.dims() != stateDims)
            return shapeError("past_state: expected " + toString(stateDims) + ", found " +
                              toString(past.dims()));
        std::copy_n(past.data<float>(), past.count(), state.mutableData<float>());
    } else {
        std::fill_n(state.mutableData<float>(), state.count(), 0.0f);
    }
    int64_t hidden = 0;
    if (__builtin_mul_overflow(shape.heads, shape.valueSize, &hidden))
        return shapeError("the output is too large");
    TRY_ASSIGN(Tensor * output, context.allocate(0, DataType::Float, {shape.batch, shape.length, hidden}));
    if (wantsOutput(node, 1))
        context.setOutput(1, state);
    if (output->count() == 0 && state.count() == 0)
        return {};
    const int64_t blocks = (shape.valueSize + columnBlock - 1) / columnBlock;
    const double work = static_cast<double>(shape.length) * static_cast<double>(shape.keySize) * columnBlock;
    const auto grain = static_cast<int64_t>(1 + (1 << 16) / std::max(1.0, work));
    const FlushDenormals flush;
    return stoppableFor(context.job(), shape.batch * shape.kvHeads * blocks, grain, [&](int64_t item) {
        const int64_t head = item / blocks % shape.kvHeads;
        const int64_t batch = item / blocks / shape.kvHeads;
        LinearBlock(shape, context, batch, head, item % blocks * columnBlock)
            .run(state.mutableData<float>() + item / blocks * shape.keySize * shape.valueSize,
                 output->mutableData<float>() + batch * shape.length * hidden);
    });
}

Result<std::unique_ptr<Kernel>> createLinear(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    return plainKernel([node = *request.node](KernelContext& context) { return runLinear(node, context); });
}

} // namespace

Result<std::unique_ptr<Kernel>> createLinearAttention(const KernelRequest& request)
{
    // com.microsoft's version, otherwise the same, can keep states of several tokens.
    if (request.node->intAttribute("state_window", 0) != 0)
        return makeError(ErrorCode::UnsupportedOp, "does not keep a window of states");
    const std::vector<ValueId>& inputs = request.node->inputs;
    const bool hasState = inputs.size() > PastState && inputs[PastState] != noValue;
    return createForFloats(request, createLinear, {0, hasState ? static_cast<int>(PastState) : 0});
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// GroupQueryAttention of com.microsoft: new tokens are rotated and written into a cache that is as long
// as the longest sequence of the batch, or longer.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft_attention.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/rotation.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

enum Input : size_t {
    Query,
    Key,
    Value_,
    PastKey,
    PastValue,
    SeqlensK,
    TotalLength,
    CosCache,
    SinCache,
    PositionIds,
    AttentionBias,
    HeadSink,
    KScale,
    VScale,
    QNorm,
    KNorm
};

class GroupQuery {
public:
    GroupQuery(const Node& node, KernelContext& context) : m_node(node), m_context(context) {}

    Status run()
    {
        TRY(readOperands());
        TRY(readLengths());
        TRY(normalize(QNorm, m_q));
        TRY(normalize(KNorm, m_k));
        if (m_node.intAttribute("do_rotary", 0) != 0)
            TRY(rotate());
        TRY_ASSIGN(m_k, cached(PastKey, 1, m_k));
        TRY_ASSIGN(m_v, cached(PastValue, 2, m_v));
        return attend();
    }

private:
    Status readOperands()
    {
        TRY(requireTensors(m_context, {Query}, DataType::Float));
        const int64_t heads = m_node.intAttribute("num_heads", 0);
        const int64_t kvHeads = m_node.intAttribute("kv_num_heads", 0);
        if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0)
            return makeError(ErrorCode::InvalidModel, std::to_string(heads) + " query heads cannot share " +
                                                          std::to_string(kvHeads) +
                                                          " heads of keys and values");
        const Tensor& query = m_context.tensor(Query);
        if (query.rank() != 3)
            return shapeError("query: expected rank 3, found " + toString(query.dims()));
        m_batch = query.dims()[0];
        m_length = query.dims()[1];
        const bool packed = !m_context.hasInput(Key);
        const int64_t parts = packed ? heads + 2 * kvHeads : heads;
        const int64_t width = query.dims()[2];
        if (width == 0 || width % parts != 0)
            return shapeError("query: " + std::to_string(width) + " elements do not divide among " +
                              std::to_string(parts) + " heads");
        m_size = width / parts;
        m_q = operand(query, heads, 0);
        if (packed) {
            m_k = operand(query, kvHeads, heads * m_size);
            m_v = operand(query, kvHeads, (heads + kvHeads) * m_size);
            return {};
        }
        TRY(requireTensors(m_context, {Key, Value_}, DataType::Float));
        const Dims expected{m_batch, m_length, kvHeads * m_size};
        for (const size_t input : {Key, Value_}) {
            if (m_context.tensor(input).dims() != expected)
                return shapeError("key and value: expected " + toString(expected) + ", found " +
                                  toString(m_context.tensor(input).dims()));
        }
        m_k = operand(m_context.tensor(Key), kvHeads, 0);
        m_v = operand(m_context.tensor(Value_), kvHeads, 0);
        return {};
    }

    HeadOperand operand(const Tensor& tensor, int64_t heads, int64_t offset) const
    {
        const int64_t width = tensor.dims()[2];
        return {{tensor.data<float>() + offset, m_length * width, m_size, width},
                heads,
                m_length,
                m_size,
                tensor};
    }

    // seqlens_k is the length of each batch less one; all new tokens are its last ones, but in a first
    // run they are its first ones, with padding behind.
    Status readLengths()
    {
        TRY_ASSIGN(const Ints lengths, listOfLengths());
        TRY_ASSIGN(m_total, integerInput(m_context, TotalLength));
        m_pastLength = 0;
        if (m_context.hasInput(PastKey) != m_context.hasInput(PastValue))
            return shapeError("past_key and past_value go together: one of them is missing");
        if (m_context.hasInput(PastKey)) {
            for (const size_t input : {PastKey, PastValue}) {
                TRY(requireTensors(m_context, {input}, DataType::Float));
                const Dims& dims = m_context.tensor(input).dims();
                if (dims.size() != 4 || dims[0] != m_batch || dims[1] != m_k.heads || dims[3] != m_size ||
                    dims[2] != m_context.tensor(PastKey).dims()[2])
                    return shapeError("past: expected " + std::to_string(m_batch) + "×" +
                                      std::to_string(m_k.heads) + "×?×" + std::to_string(m_size) +
                                      ", found " + toString(dims));
                m_pastLength = dims[2];
            }
        }
        if (m_total < 0 || m_total > m_pastLength + m_length)
            return shapeError("total_sequence_length: " + std::to_string(m_total) + " is more than " +
                              std::to_string(m_pastLength) + " tokens of the past and " +
                              std::to_string(m_length) + " new ones");
        const bool isFirst = m_total == m_length;
        for (const int64_t length : lengths) {
            const int64_t total = length + 1;
            const int64_t past = isFirst ? 0 : total - m_length;
            if (total < 0 || total > m_total || past < 0)
                return shapeError("seqlens_k: " + std::to_string(length) + " does not fit " +
                                  std::to_string(m_length) + " new tokens and a total of " +
                                  std::to_string(m_total));
            m_totals.push_back(total);
            m_pasts.push_back(past);
        }
        return {};
    }

    Result<Ints> listOfLengths() const
    {
        TRY(requireTensors(m_context, {SeqlensK}, DataType::Int32));
        const Tensor& tensor = m_context.tensor(SeqlensK);
        if (tensor.count() != m_batch)
            return shapeError("seqlens_k: expected one length for each of " + std::to_string(m_batch) +
                              " batches, found " + toString(tensor.dims()));
        return toInt64s(tensor);
    }

    // RMS normalization of each head's row.
    Status normalize(size_t input, HeadOperand& operand)
    {
        if (!m_context.hasInput(input))
            return {};
        TRY(requireTensors(m_context, {input}, DataType::Float));
        const Tensor& weight = m_context.tensor(input);
        if (weight.dims() != Dims{m_size})
            return shapeError("norm weight: expected " + std::to_string(m_size) + ", found " +
                              toString(weight.dims()));
        TRY_ASSIGN(operand, separated(operand, m_batch, nullptr));
        const double epsilon = static_cast<double>(m_node.floatAttribute("qk_norm_epsilon", 1e-6f));
        auto* values = operand.owner.mutableData<float>();
        const int64_t rows = m_size > 0 ? operand.owner.count() / m_size : 0;
        for (int64_t row = 0; row < rows; ++row) {
            float* at = values + row * m_size;
            double sum = 0;
            for (int64_t i = 0; i < m_size; ++i)
                sum += static_cast<double>(at[i]) * static_cast<double>(at[i]);
            const auto factor =
                static_cast<float>(1 / std::sqrt(sum / static_cast<double>(m_size) + epsilon));
            for (int64_t i = 0; i < m_size; ++i)
                at[i] *= factor * weight.data<float>()[i];
        }
        return {};
    }

    Status rotate()
    {
        TRY(requireTensors(m_context, {CosCache, SinCache}, DataType::Float));
        const Tensor& cos = m_context.tensor(CosCache);
        const Tensor& sin = m_context.tensor(SinCache);
        if (cos.rank() != 2 || cos.dims() != sin.dims() || cos.dims()[1] > m_size / 2)
            return shapeError("cos_cache and sin_cache: expected positions × up to " +
                              std::to_string(m_size / 2) + ", found " + toString(cos.dims()) + " and " +
                              toString(sin.dims()));
        Rotation<float> rotation{cos.data<float>(),
                                 sin.data<float>(),
                                 cos.dims()[1],
                                 m_node.intAttribute("rotary_interleaved", 0) != 0,
                                 {}};
        TRY_ASSIGN(rotation.rows, positions(cos.dims()[0]));
        for (HeadOperand* operand : {&m_q, &m_k}) {
            TRY_ASSIGN(*operand, separated(*operand, m_batch, nullptr));
            if (operand->owner.count() > 0)
                rotateHeads(operand->rows,
                            headsFirst(operand->owner.mutableData<float>(), operand->heads, m_length, m_size),
                            m_batch, operand->heads, m_length, m_size, rotation);
        }
        return {};
    }

    // Where each new token stands in its sequence. Tokens of padding take the last known position.
    Result<std::vector<int64_t>> positions(int64_t known) const
    {
        std::vector<int64_t> rows;
        Ints given;
        if (m_context.hasInput(PositionIds)) {
            TRY_ASSIGN(given, toInt64s(m_context.tensor(PositionIds)));
            if (static_cast<int64_t>(given.size()) != m_batch * m_length)
                return shapeError("position_ids: expected " + toString(Dims{m_batch, m_length}) + ", found " +
                                  toString(m_context.tensor(PositionIds).dims()));
        }
        for (int64_t b = 0; b < m_batch; ++b) {
            for (int64_t s = 0; s < m_length; ++s) {
                const auto at = static_cast<size_t>(b);
                int64_t row = given.empty() ? m_pasts[at] + s : given[static_cast<size_t>(b * m_length + s)];
                if (m_pasts[at] + s >= m_totals[at])
                    row = std::clamp<int64_t>(row, 0, known - 1);
                if (row < 0 || row >= known)
                    return shapeError("position " + std::to_string(row) + " is outside of the " +
                                      std::to_string(known) + " positions of cos_cache");
                rows.push_back(row);
            }
        }
        return rows;
    }

    // The cache with the new tokens in their places.
    Result<HeadOperand> cached(size_t pastInput, size_t output, const HeadOperand& fresh)
    {
        const int64_t capacity = std::max(m_pastLength, m_total);
        HeadOperand result = fresh;
        result.length = m_total;
        TRY_ASSIGN(result.owner, Tensor::allocate(DataType::Float, {m_batch, fresh.heads, capacity, m_size}));
        auto* to = result.owner.mutableData<float>();
        const float* past =
            m_context.hasInput(pastInput) ? m_context.tensor(pastInput).data<float>() : nullptr;
        if (result.owner.count() > 0) {
            parallelFor(
                m_batch * fresh.heads, 1 + (1 << 14) / (capacity * m_size), [&](int64_t begin, int64_t end) {
                    for (int64_t item = begin; item < end; ++item)
                        fill(past ? past + item * m_pastLength * m_size : nullptr, fresh, item / fresh.heads,
                             item % fresh.heads, to + item * capacity * m_size, capacity);
                });
        }
        result.rows = headsFirst<const float>(to, fresh.heads, capacity, m_size);
        if (wantsOutput(m_node, output))
            m_context.setOutput(output, result.owner);
        return result;
    }

    void fill(const float* past, const HeadOperand& fresh, int64_t batch, int64_t head, float* to,
              int64_t capacity) const
    {
        if (past)
            std::copy_n(past, m_pastLength * m_size, to);
        std::fill(to + m_pastLength * m_size, to + capacity * m_size, 0.0f);
        const int64_t first = m_pasts[static_cast<size_t>(batch)];
        for (int64_t row = 0; row < m_length; ++row)
            std::copy_n(fresh.rows.row(batch, head, row), m_size, to + (first + row) * m_size);
    }

    Status attend()
    {
        ScaledAttention<float> attention;
        attention.batch = m_batch;
        attention.heads = m_q.heads;
        attention.kvHeads = m_k.heads;
        attention.queries = m_length;
        attention.keys = m_total;
        attention.headSize = m_size;
        attention.valueSize = m_size;
        TRY_ASSIGN(Tensor * y,
                   m_context.allocate(0, DataType::Float, {m_batch, m_length, m_q.heads * m_size}));
        attention.q = m_q.rows;
        attention.k = m_k.rows;
        attention.v = m_v.rows;
        attention.y = headsLast(y->mutableData<float>(), m_q.heads, m_length, m_size);
        attention.scale = attentionScale(m_node, m_size);
        attention.softcap = static_cast<double>(m_node.floatAttribute("softcap", 0));
        const bool causal = m_node.intAttribute("causal", 1) != 0;
        const int64_t window = m_node.intAttribute("local_window_size", -1);
        attention.visibleKeys = [this, causal, window](int64_t batch, int64_t query) {
            const auto b = static_cast<size_t>(batch);
            KeyRange range{0, m_totals[b]};
            const int64_t position = m_pasts[b] + query;
            if (causal)
                range.end = std::min(range.end, position + 1);
            if (window > 0) // counts the token itself
                range.begin = std::max<int64_t>(0, position + 1 - window);
            return range;
        };
        TRY_ASSIGN(const std::vector<float> sinks, readSinks());
        attention.sinks = sinks.empty() ? nullptr : sinks.data();
        TRY(prepareScores(attention));
        if (y->count() == 0 && !attention.scores)
            return {};
        TRY_ASSIGN(const Tensor bias, addBiases(Tensor(), m_context.tensor(AttentionBias), attention));
        return runScaledAttention(attention, m_context.job());
    }

    Result<std::vector<float>> readSinks() const
    {
        const auto heads = static_cast<size_t>(m_q.heads);
        if (!m_context.hasInput(HeadSink))
            return m_node.intAttribute("smooth_softmax", 0) == 1 ? std::vector<float>(heads, 0.0f)
                                                                 : std::vector<float>();
        TRY(requireTensors(m_context, {HeadSink}, DataType::Float));
        const Tensor& sink = m_context.tensor(HeadSink);
        if (sink.dims() != Dims{m_q.heads})
            return shapeError("head_sink: expected " + std::to_string(m_q.heads) + ", found " +
                              toString(sink.dims()));
        return std::vector<float>(sink.values<float>().begin(), sink.values<float>().end());
    }

    Status prepareScores(ScaledAttention<float>& attention)
    {
        const int64_t mode = m_node.intAttribute("qk_output", 0);
        if (!wantsOutput(m_node, 3) || mode == 0)
            return {};
        TRY_ASSIGN(Tensor * scores,
                   m_context.allocate(3, DataType::Float, {m_batch, m_q.heads, m_length, m_total}));
        attention.scores = scores->mutableData<float>();
        attention.stage = mode == 1 ? ScoreStage::Masked : ScoreStage::Probabilities;
        return {};
    }

    const Node& m_node;
    KernelContext& m_context;
    int64_t m_batch = 0;
    int64_t m_length = 0; // new tokens
    int64_t m_size = 0;
    int64_t m_total = 0;           // of the longest batch
    int64_t m_pastLength = 0;      // capacity of the past
    std::vector<int64_t> m_totals; // of each batch
    std::vector<int64_t> m_pasts;  // of each batch: tokens before the new ones
    HeadOperand m_q;
    HeadOperand m_k;
    HeadOperand m_v;
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    const Node& node = *request.node;
    for (const char* name : {"k_quant_type", "v_quant_type"}) {
        const std::string kind = node.stringAttribute(name, "NONE");
        if (kind != "NONE" && !kind.empty())
            return makeError(ErrorCode::UnsupportedOp, "does not take a quantized cache");
    }
    if (node.intAttribute("sliding_window_cache", 0) != 0)
        return makeError(ErrorCode::UnsupportedOp, "does not take a sliding window cache");
    return plainKernel([node](KernelContext& context) { return GroupQuery(node, context).run(); },
                       "oneDNN gemm");
}

} // namespace

Result<std::unique_ptr<Kernel>> createGroupQueryAttention(const KernelRequest& request)
{
    return createForFloats(request, createForRequest);
}

} // namespace lapidary

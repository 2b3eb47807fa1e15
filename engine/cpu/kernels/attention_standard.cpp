// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of ai.onnx.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/attention_rules.h"

#include <cmath>

namespace lapidary {

namespace {

enum Input : size_t { Q, K, V, AttnMask, PastKey, PastValue, NonpadKvSeqlen };

Dims sizes(const Shape& shape) { return concreteDims(shape).value_or(Dims()); }

// Which keys each query sees, apart from attn_mask.
struct Visibility {
    bool causal = false;
    int64_t left = -1; // window before and after the query; -1: no bound
    int64_t right = -1;
    int64_t limit = 0;            // keys that the mask speaks of
    std::vector<int64_t> valid;   // of each batch; empty: all keys
    std::vector<int64_t> offsets; // of each batch: where the first query stands among the keys

    KeyRange of(int64_t batch, int64_t query) const
    {
        const auto b = static_cast<size_t>(batch);
        const int64_t position = query + offsets[b];
        KeyRange range{0, valid.empty() ? limit : std::min(limit, valid[b])};
        if (causal)
            range.end = std::min(range.end, position + 1);
        if (right >= 0)
            range.end = std::min(range.end, position + right + 1);
        if (left >= 0)
            range.begin = std::max<int64_t>(0, position - left);
        return range;
    }
};

template <typename T>
class StandardAttention {
public:
    StandardAttention(const Node& node, int64_t opsetVersion, KernelContext& context)
        : m_node(node), m_opset(opsetVersion), m_context(context)
    {
    }

    Status run()
    {
        TRY(readInputs());
        TRY(prepareKeys());
        TRY_ASSIGN(Tensor * y, m_context.allocate(0, typeOf<T>(), sizes(m_shape.output())));
        TRY(prepareScores());
        if (y->count() == 0 && !m_attention.scores)
            return {};
        TRY(prepareVisibility());
        TRY(prepareMask());
        ScaledAttention<T>& a = m_attention;
        T* out = y->template mutableData<T>();
        a.y = m_shape.packed ? headsLast(out, a.heads, a.queries, a.valueSize)
                             : headsFirst(out, a.heads, a.queries, a.valueSize);
        return runScaledAttention(a, m_context.job());
    }

private:
    Status readInputs()
    {
        TRY(requireInputs(m_context, 3));
        for (const size_t index : {Q, K, V, PastKey, PastValue}) {
            if (!m_context.hasInput(index))
                continue;
            TRY_ASSIGN(m_tensors[index], convertType(m_context.tensor(index), typeOf<T>()));
        }
        const bool hasPast = m_context.hasInput(PastKey);
        const Shape pastKey = toShape(m_tensors[PastKey].dims());
        const Shape pastValue = toShape(m_tensors[PastValue].dims());
        TRY_ASSIGN(m_shape, attentionShape(m_node, toShape(m_tensors[Q].dims()), toShape(m_tensors[K].dims()),
                                           toShape(m_tensors[V].dims()), hasPast ? &pastKey : nullptr,
                                           m_context.hasInput(PastValue) ? &pastValue : nullptr));
        ScaledAttention<T>& a = m_attention;
        a.batch = m_shape.batch.value;
        a.heads = m_shape.heads.value;
        a.kvHeads = m_shape.kvHeads.value;
        a.queries = m_shape.queries.value;
        a.keys = m_shape.keys.value;
        a.headSize = m_shape.headSize.value;
        a.valueSize = m_shape.valueSize.value;
        a.scale = m_node.attribute("scale")
                      ? static_cast<double>(m_node.floatAttribute("scale", 1))
                      : 1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, a.headSize)));
        a.softcap = static_cast<double>(m_node.floatAttribute("softcap", 0));
        a.q = rowsOf(m_tensors[Q], a.heads, a.queries, a.headSize);
        return {};
    }

    HeadRows<const T> rowsOf(const Tensor& tensor, int64_t heads, int64_t length, int64_t size) const
    {
        const T* data = tensor.data<T>();
        return m_shape.packed ? headsLast(data, heads, length, size) : headsFirst(data, heads, length, size);
    }

    // Keys and values with the past before them, which are also outputs 1 and 2.
    Status prepareKeys()
    {
        ScaledAttention<T>& a = m_attention;
        TRY_ASSIGN(a.k, cached(K, PastKey, 1, a.headSize));
        TRY_ASSIGN(a.v, cached(V, PastValue, 2, a.valueSize));
        return {};
    }

    Result<HeadRows<const T>> cached(size_t input, size_t pastInput, size_t output, int64_t size)
    {
        const ScaledAttention<T>& a = m_attention;
        const int64_t length = m_shape.newKeys.value;
        const HeadRows<const T> fresh = rowsOf(m_tensors[input], a.kvHeads, length, size);
        const bool hasPast = m_context.hasInput(pastInput);
        if (!hasPast && !wantsOutput(m_node, output))
            return fresh;
        Tensor& present = m_tensors[input];
        const Tensor held = present; // fresh looks at it
        if (hasPast || m_shape.packed) {
            TRY_ASSIGN(present, Tensor::allocate(typeOf<T>(), {a.batch, a.kvHeads, a.keys, size}));
            const T* past = hasPast ? m_tensors[pastInput].template data<T>() : nullptr;
            joinCache(past, m_shape.pastKeys.value, fresh, a.batch, a.kvHeads, length, size,
                      present.mutableData<T>());
        }
        if (wantsOutput(m_node, output)) {
            TRY_ASSIGN(Tensor given, convertType(present, m_context.tensor(input).type()));
            m_context.setOutput(output, std::move(given));
        }
        return headsFirst(static_cast<const T*>(present.data<T>()), a.kvHeads, a.keys, size);
    }

    Status prepareVisibility()
    {
        const ScaledAttention<T>& a = m_attention;
        Visibility& visibility = m_visibility;
        visibility.causal = m_node.intAttribute("is_causal", 0) != 0;
        visibility.limit = a.keys;
        const int64_t past = m_shape.pastKeys.value;
        visibility.offsets.assign(static_cast<size_t>(a.batch), past);
        for (const bool left : {true, false}) {
            const int64_t size =
                m_opset < 25 ? -1 : m_node.intAttribute(left ? "left_window_size" : "right_window_size", -1);
            if (size < -1)
                return makeError(ErrorCode::InvalidModel,
                                 "a window size must be -1 or more, found " + std::to_string(size));
            (left ? visibility.left : visibility.right) = std::min(size, a.keys + a.queries);
        }
        if (!m_context.hasInput(NonpadKvSeqlen))
            return {};
        TRY_ASSIGN(visibility.valid, listInput(m_context, NonpadKvSeqlen));
        if (visibility.valid.size() != visibility.offsets.size())
            return makeError(ErrorCode::ShapeMismatch, "nonpad_kv_seqlen: expected one length for each of " +
                                                           std::to_string(a.batch) + " batches, found " +
                                                           std::to_string(visibility.valid.size()));
        for (size_t b = 0; b < visibility.valid.size(); ++b) {
            const int64_t valid = visibility.valid[b];
            if (valid < 0 || valid > a.keys)
                return makeError(ErrorCode::ShapeMismatch, "nonpad_kv_seqlen: expected lengths of 0 to " +
                                                               std::to_string(a.keys) + ", found " +
                                                               std::to_string(valid));
            if (!m_context.hasInput(PastKey))
                visibility.offsets[b] = valid - a.queries;
        }
        return {};
    }

    // Since opset 24 a mask may speak of the first keys only; the rest is not seen.
    Status prepareMask()
    {
        m_attention.visibleKeys = [this](int64_t batch, int64_t query) {
            return m_visibility.of(batch, query);
        };
        if (!m_context.hasInput(AttnMask))
            return {};
        TRY_ASSIGN(m_tensors[AttnMask], maskAsBias<T>(m_context.tensor(AttnMask)));
        const Tensor& bias = m_tensors[AttnMask];
        const int64_t keys = m_attention.keys;
        const int64_t length = bias.rank() == 0 ? 1 : bias.dims().back();
        const bool fits = m_opset >= 24 ? length <= keys : length == 1 || length == keys;
        if (!fits)
            return makeError(ErrorCode::ShapeMismatch, "attn_mask: expected " + std::to_string(keys) +
                                                           " keys in its last dimension, found shape " +
                                                           toString(bias.dims()));
        if (m_opset >= 24)
            m_visibility.limit = length;
        return layBias(bias, "attn_mask", m_attention);
    }

    Status prepareScores()
    {
        if (!wantsOutput(m_node, 3))
            return {};
        static constexpr ScoreStage stages[] = {ScoreStage::Raw, ScoreStage::Capped, ScoreStage::Masked,
                                                ScoreStage::Probabilities};
        const int64_t mode = m_node.intAttribute("qk_matmul_output_mode", 0);
        if (mode < 0 || mode > 3)
            return makeError(ErrorCode::InvalidModel,
                             "attribute 'qk_matmul_output_mode' must be 0 to 3, found " +
                                 std::to_string(mode));
        TRY_ASSIGN(Tensor * scores, m_context.allocate(3, typeOf<T>(), sizes(m_shape.scores())));
        m_attention.scores = scores->template mutableData<T>();
        m_attention.stage = stages[mode];
        return {};
    }

    const Node& m_node;
    const int64_t m_opset;
    KernelContext& m_context;
    std::array<Tensor, 6> m_tensors; // as T, by number of input
    AttentionShape m_shape;
    Visibility m_visibility;
    ScaledAttention<T> m_attention;
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel(
        [node = *request.node, opset = request.opsetVersion](KernelContext& context) {
            return dispatch(FloatTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
                return StandardAttention<T>(node, opset, context).run();
            });
        },
        "oneDNN gemm");
}

} // namespace

Result<std::unique_ptr<Kernel>> createAttention(const KernelRequest& request)
{
    return createForFloats(request, createForRequest, {0, 1, 2, 0});
}

} // namespace lapidary

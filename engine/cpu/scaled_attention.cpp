// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/scaled_attention.h"

#include "engine/cpu/kernels/row_statistics.h"
#include "engine/cpu/matrix_product.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/vector_math.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <new>

namespace lapidary {

namespace {

// Queries whose scores are in memory at once; fixed, so that results do not depend on threads.
constexpr int64_t blockRows = 32;

void exponentials(float* values, int64_t count) { vectorMap(VectorFunction::Exp, values, values, count, 0); }
void exponentials(double* values, int64_t count)
{
    for (int64_t i = 0; i < count; ++i)
        values[i] = std::exp(values[i]);
}
void hyperbolicTangents(float* values, int64_t count)
{
    vectorMap(VectorFunction::Tanh, values, values, count, 0);
}
void hyperbolicTangents(double* values, int64_t count)
{
    for (int64_t i = 0; i < count; ++i)
        values[i] = std::tanh(values[i]);
}

// -infinity when there is none; NaN is passed over. Lanes, so that the compiler vectorises the loop.
template <typename T>
T largestOf(const T* values, int64_t count)
{
    std::array<T, 16> lanes;
    lanes.fill(-std::numeric_limits<T>::infinity());
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        for (size_t lane = 0; lane < 16; ++lane)
            lanes[lane] = lanes[lane] < values[i + static_cast<int64_t>(lane)]
                              ? values[i + static_cast<int64_t>(lane)]
                              : lanes[lane];
    }
    for (; i < count; ++i)
        lanes[0] = std::max(lanes[0], values[i]);
    return *std::max_element(lanes.begin(), lanes.end());
}

// One block of neighbouring queries of one head.
template <typename T>
class Block {
public:
    Block(const ScaledAttention<T>& attention, int64_t batch, int64_t head, int64_t firstQuery)
        : m_attention(attention),
          m_batch(batch),
          m_head(head),
          m_first(firstQuery),
          m_rows(std::min(blockRows, attention.queries - firstQuery))
    {
    }

    Status run(std::vector<T>& scratch)
    {
        const ScaledAttention<T>& a = m_attention;
        findKeys();
        const int64_t count = m_end - m_begin;
        const int64_t kvHead = m_head / (a.heads / a.kvHeads);
        scratch.resize(static_cast<size_t>(m_rows * count));
        TRY(multiplyMatrices<T>({a.q.row(m_batch, m_head, m_first), a.q.rowStep, false},
                                {a.k.row(m_batch, kvHead, m_begin), a.k.rowStep, true}, m_rows, count,
                                a.headSize, static_cast<T>(a.scale), scratch.data(), count));
        for (int64_t row = 0; row < m_rows; ++row)
            finishScores(row, scratch.data() + row * count, count);
        return multiplyMatrices<T>({scratch.data(), count, false},
                                   {a.v.row(m_batch, kvHead, m_begin), a.v.rowStep, false}, m_rows,
                                   a.valueSize, count, T{1}, a.y.row(m_batch, m_head, m_first), a.y.rowStep);
    }

private:
    KeyRange visible(int64_t row) const
    {
        const int64_t keys = m_attention.keys;
        if (!m_attention.visibleKeys)
            return {0, keys};
        KeyRange range = m_attention.visibleKeys(m_batch, m_first + row);
        range.begin = std::clamp<int64_t>(range.begin, 0, keys);
        range.end = std::clamp<int64_t>(range.end, range.begin, keys);
        return range;
    }

    // The keys that any query of the block sees; all of them when the scores are an output.
    void findKeys()
    {
        m_begin = m_attention.scores ? 0 : m_attention.keys;
        m_end = m_attention.scores ? m_attention.keys : 0;
        for (int64_t row = 0; row < m_rows; ++row) {
            const KeyRange range = visible(row);
            if (range.begin == range.end)
                continue;
            m_begin = std::min(m_begin, range.begin);
            m_end = std::max(m_end, range.end);
        }
        m_end = std::max(m_end, m_begin);
    }

    // From products to probabilities, in place.
    void finishScores(int64_t row, T* scores, int64_t count)
    {
        keep(ScoreStage::Raw, row, scores, count);
        if (m_attention.softcap > 0) {
            const T cap = static_cast<T>(m_attention.softcap);
            for (int64_t i = 0; i < count; ++i)
                scores[i] /= cap;
            hyperbolicTangents(scores, count);
            for (int64_t i = 0; i < count; ++i)
                scores[i] *= cap;
        }
        keep(ScoreStage::Capped, row, scores, count);
        applyMask(row, scores, count);
        keep(ScoreStage::Masked, row, scores, count);
        softmax(scores, count);
        keep(ScoreStage::Probabilities, row, scores, count);
    }

    void applyMask(int64_t row, T* scores, int64_t count)
    {
        if (m_attention.bias) {
            const auto& steps = m_attention.biasSteps;
            const T* bias = m_attention.bias + m_batch * steps[0] + m_head * steps[1] +
                            (m_first + row) * steps[2] + m_begin * steps[3];
            for (int64_t i = 0; i < count; ++i)
                scores[i] += bias[i * steps[3]];
        }
        const KeyRange range = visible(row);
        constexpr T masked = -std::numeric_limits<T>::infinity();
        std::fill(scores, scores + std::clamp<int64_t>(range.begin - m_begin, 0, count), masked);
        std::fill(scores + std::clamp<int64_t>(range.end - m_begin, 0, count), scores + count, masked);
    }

    void softmax(T* scores, int64_t count)
    {
        T largest = largestOf(scores, count);
        if (m_attention.sinks)
            largest = std::max(largest, m_attention.sinks[m_head]);
        if (largest == -std::numeric_limits<T>::infinity()) // nothing but masked keys, or NaN
            largest = 0;
        for (int64_t i = 0; i < count; ++i)
            scores[i] -= largest;
        exponentials(scores, count);
        double sum =
            m_attention.sinks ? std::exp(static_cast<double>(m_attention.sinks[m_head] - largest)) : 0;
        sum += sumOf(count, [scores](int64_t i) { return static_cast<double>(scores[i]); });
        const T factor = sum == 0 ? T{0} : static_cast<T>(1 / sum);
        for (int64_t i = 0; i < count; ++i)
            scores[i] *= factor;
    }

    void keep(ScoreStage stage, int64_t row, const T* scores, int64_t count)
    {
        if (m_attention.scores && m_attention.stage == stage)
            std::copy_n(scores, count,
                        m_attention.scores +
                            ((m_batch * m_attention.heads + m_head) * m_attention.queries + m_first + row) *
                                m_attention.keys);
    }

    const ScaledAttention<T>& m_attention;
    const int64_t m_batch;
    const int64_t m_head;
    const int64_t m_first;
    const int64_t m_rows;
    int64_t m_begin = 0; // keys that the block looks at
    int64_t m_end = 0;
};

} // namespace

template <typename T>
Status runScaledAttention(const ScaledAttention<T>& attention, const JobContext& job)
{
    const int64_t blocks = (attention.queries + blockRows - 1) / blockRows;
    const double perBlock = static_cast<double>(std::min(blockRows, attention.queries)) *
                            static_cast<double>(attention.keys) *
                            static_cast<double>(attention.headSize + attention.valueSize);
    const auto grain = static_cast<int64_t>(1 + (1 << 17) / std::max(1.0, perBlock));
    std::atomic<bool> stopped = false;
    std::atomic<bool> outOfMemory = false;
    std::atomic<bool> failed = false;
    parallelFor(attention.batch * attention.heads * blocks, grain, [&](int64_t begin, int64_t end) {
        const FlushDenormals flush;
        try {
            std::vector<T> scratch;
            for (int64_t item = begin; item < end && !stopped && !failed; ++item) {
                const int64_t head = item / blocks % attention.heads;
                const int64_t batch = item / blocks / attention.heads;
                Block<T> block(attention, batch, head, item % blocks * blockRows);
                if (!block.run(scratch).ok())
                    failed = true;
                if (job.stopRequested())
                    stopped = true;
            }
        } catch (const std::bad_alloc&) {
            outOfMemory = true;
        }
    });
    if (outOfMemory)
        return makeError(ErrorCode::OutOfMemory, "no memory for the scores of " + std::to_string(blockRows) +
                                                     " queries with " + std::to_string(attention.keys) +
                                                     " keys each");
    if (failed)
        return makeError(ErrorCode::BackendFailure, "a matrix product failed");
    if (stopped)
        return cancelled();
    return {};
}

template Status runScaledAttention(const ScaledAttention<float>&, const JobContext&);
template Status runScaledAttention(const ScaledAttention<double>&, const JobContext&);

} // namespace lapidary

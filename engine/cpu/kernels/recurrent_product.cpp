// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/recurrent_product.h"

#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"

namespace lapidary {

namespace {

// Many sums at once, which the compiler keeps in vector registers.
template <typename T>
T dotProduct(const T* a, const T* b, int64_t count)
{
    constexpr int64_t lanes = 64 / sizeof(T) * 2;
    T sums[lanes] = {};
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (int64_t lane = 0; lane < lanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    }
    T sum = 0;
    for (const T part : sums)
        sum += part;
    for (; i < count; ++i)
        sum += a[i] * b[i];
    return sum;
}

template <typename T>
class PlainProduct final : public RecurrentProduct<T> {
public:
    PlainProduct(int64_t batch, int64_t k, int64_t n) : m_batch(batch), m_k(k), m_n(n) {}
    std::string implementation() const override { return "plain"; }

    Status setWeights(const T* r) override
    {
        m_r = r;
        return {};
    }

    // A row of r serves the whole batch while it is in cache.
    Status multiply(const T* h, T* y) override
    {
        const int64_t work = std::max<int64_t>(1, m_batch * m_k);
        parallelFor(m_n, 1 + (int64_t{1} << 16) / work, [&](int64_t begin, int64_t end) {
            for (int64_t column = begin; column < end; ++column) {
                for (int64_t row = 0; row < m_batch; ++row)
                    y[row * m_n + column] = dotProduct(h + row * m_k, m_r + column * m_k, m_k);
            }
        });
        return {};
    }

private:
    const int64_t m_batch;
    const int64_t m_k;
    const int64_t m_n;
    const T* m_r = nullptr;
};

class LibraryProduct final : public RecurrentProduct<float> {
public:
    LibraryProduct(int64_t batch, int64_t k, int64_t n)
    {
        const auto source = onednn::rowMajor({batch, k});
        const auto destination = onednn::rowMajor({batch, n});
        const auto operation = onednn::matmul(source, onednn::anyLayout({k, n}), onednn::none(), destination,
                                              onednn::userScratchpad());
        m_implementation = operation.impl_info_str();
        m_weights =
            onednn::Operand(onednn::strided({k, n}, {1, k}), operation.weights_desc(), onednn::Slot::Weights);
        m_primitive = dnnl::matmul(operation);
        m_source = dnnl::memory(source, onednn::engine(), nullptr);
        m_destination = dnnl::memory(destination, onednn::engine(), nullptr);
        m_arguments = {{DNNL_ARG_SRC, m_source},
                       {DNNL_ARG_DST, m_destination},
                       {DNNL_ARG_SCRATCHPAD, dnnl::memory(operation.scratchpad_desc(), onednn::engine())}};
    }

    bool isFast() const { return !m_implementation.starts_with("ref"); }
    std::string implementation() const override { return "oneDNN " + m_implementation; }

    Status setWeights(const float* r) override
    {
        return onednn::guarded([&] { m_arguments.insert_or_assign(DNNL_ARG_WEIGHTS, m_weights.pack(r)); });
    }

    Status multiply(const float* h, float* y) override
    {
        return onednn::guarded([&] {
            m_source.set_data_handle(const_cast<float*>(h));
            m_destination.set_data_handle(y);
            m_primitive.execute(onednn::stream(), m_arguments);
        });
    }

private:
    std::string m_implementation;
    onednn::Operand m_weights;
    dnnl::matmul m_primitive;
    dnnl::memory m_source;
    dnnl::memory m_destination;
    std::unordered_map<int, dnnl::memory> m_arguments;
};

} // namespace

template <typename T>
std::unique_ptr<RecurrentProduct<T>> plainRecurrentProduct(int64_t batch, int64_t k, int64_t n)
{
    return std::make_unique<PlainProduct<T>>(batch, k, n);
}

template std::unique_ptr<RecurrentProduct<float>> plainRecurrentProduct(int64_t, int64_t, int64_t);
template std::unique_ptr<RecurrentProduct<double>> plainRecurrentProduct(int64_t, int64_t, int64_t);

Result<std::unique_ptr<RecurrentProduct<float>>> libraryRecurrentProduct(int64_t batch, int64_t k, int64_t n)
{
    auto made = onednn::guarded([&] { return std::make_unique<LibraryProduct>(batch, k, n); });
    if (made.ok() && (*made)->isFast())
        return std::unique_ptr<RecurrentProduct<float>>(std::move(*made));
    if (!made.ok() && made.error().code == ErrorCode::OutOfMemory)
        return made.error();
    return plainRecurrentProduct<float>(batch, k, n);
}

} // namespace lapidary

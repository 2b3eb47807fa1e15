// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/attention.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/elementwise.h"

#include <limits>

namespace lapidary {

bool wantsOutput(const Node& node, size_t index)
{
    return index < node.outputs.size() && node.outputs[index] != noValue;
}

template <typename T>
void joinCache(const T* past, int64_t pastLength, const HeadRows<const T>& fresh, int64_t batch,
               int64_t heads, int64_t length, int64_t size, T* to)
{
    const int64_t keys = pastLength + length;
    if (keys == 0 || size == 0)
        return;
    parallelFor(batch * heads, 1 + (1 << 14) / std::max<int64_t>(1, keys * size),
                [&](int64_t begin, int64_t end) {
                    for (int64_t item = begin; item < end; ++item) {
                        T* out = to + item * keys * size;
                        if (past)
                            std::copy_n(past + item * pastLength * size, pastLength * size, out);
                        for (int64_t row = 0; row < length; ++row)
                            std::copy_n(fresh.row(item / heads, item % heads, row), size,
                                        out + (pastLength + row) * size);
                    }
                });
}

template <typename T>
Result<Tensor> maskAsBias(const Tensor& mask)
{
    if (mask.type() != DataType::Bool)
        return convertType(mask, typeOf<T>());
    TRY_ASSIGN(Tensor bias, Tensor::allocate(typeOf<T>(), mask.dims()));
    mapElements(mask.data<uint8_t>(), bias.mutableData<T>(), mask.count(), cheapGrain,
                [](uint8_t seen) { return seen ? T{0} : -std::numeric_limits<T>::infinity(); });
    return bias;
}

template <typename T>
Status layBias(const Tensor& bias, std::string_view name, ScaledAttention<T>& attention)
{
    const std::array<int64_t, 4> target{attention.batch, attention.heads, attention.queries, attention.keys};
    const size_t rank = bias.dims().size();
    int64_t step = 1;
    for (size_t i = 0; i < rank && i < 4; ++i) {
        const size_t axis = 3 - i;
        const int64_t size = bias.dims()[rank - 1 - i];
        if (size != 1 && size != target[axis] && axis != 3)
            break;
        attention.biasSteps[axis] = size == 1 ? 0 : step;
        step *= size;
        if (i + 1 == rank) {
            attention.bias = bias.data<T>();
            return {};
        }
    }
    return makeError(ErrorCode::ShapeMismatch,
                     std::string(name) + ": expected a shape of rank 1 to 4 that stretches to " +
                         toString(Dims(target.begin(), target.end())) + ", found " + toString(bias.dims()));
}

template void joinCache(const float*, int64_t, const HeadRows<const float>&, int64_t, int64_t, int64_t,
                        int64_t, float*);
template void joinCache(const double*, int64_t, const HeadRows<const double>&, int64_t, int64_t, int64_t,
                        int64_t, double*);
template Result<Tensor> maskAsBias<float>(const Tensor&);
template Result<Tensor> maskAsBias<double>(const Tensor&);
template Status layBias(const Tensor&, std::string_view, ScaledAttention<float>&);
template Status layBias(const Tensor&, std::string_view, ScaledAttention<double>&);

} // namespace lapidary

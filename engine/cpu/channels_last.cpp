// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/channels_last.h"

#include "engine/cpu/strided_copy.h"
#include "engine/ir/type_info.h"

namespace lapidary {

namespace {

Status checkBytes(const Tensor& tensor)
{
    if (tensor.rank() >= 3 && bitWidth(tensor.type()) == 8)
        return {};
    return makeError(ErrorCode::ShapeMismatch,
                     "expected bytes of rank 3 or more, found " +
                         toString(TypeInfo::tensor(tensor.type(), toShape(tensor.dims()))));
}

} // namespace

Result<Tensor> swappedBytes(const Tensor& bytes, int64_t outer, int64_t rows, int64_t columns, Dims dims)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(bytes.type(), std::move(dims)));
    copyStrided(bytes.data<uint8_t>(), result.mutableData<uint8_t>(),
                planCopy({{outer, rows * columns, rows * columns}, {columns, 1, rows}, {rows, columns, 1}}));
    return result;
}

Result<Tensor> channelsFirst(const Tensor& x)
{
    TRY(checkBytes(x));
    Dims dims = x.dims();
    std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
    const int64_t plane = x.count() == 0 ? 0 : x.count() / (dims[0] * dims[1]);
    return swappedBytes(x, dims[0], plane, dims[1], dims);
}

Result<Tensor> channelsLast(const Tensor& y)
{
    TRY(checkBytes(y));
    Dims dims = y.dims();
    std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
    const int64_t plane = y.count() == 0 ? 0 : y.count() / (dims[0] * dims.back());
    return swappedBytes(y, dims[0], dims.back(), plane, dims);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/tensor_slices.h"

#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/element_bytes.h"

#include <algorithm>

namespace lapidary {

Result<Tensor> sliceAt(const Tensor& tensor, int64_t axis, int64_t index)
{
    const AxisBlocks blocks(tensor.dims(), axis);
    Dims dims = tensor.dims();
    dims.erase(dims.begin() + axis);
    const int width = bitWidth(tensor.type());
    if (blocks.outer == 1 && width >= 8) {
        const std::byte* data = tensor.bytes() + index * blocks.inner * width / 8;
        return Tensor::view(tensor.type(), std::move(dims), data, std::make_shared<Tensor>(tensor));
    }
    TRY_ASSIGN(Tensor part, Tensor::allocate(tensor.type(), std::move(dims)));
    TRY(dispatchElement(tensor.type(), [&]<typename T>() {
        const T* from = elements<T>(tensor) + index * blocks.inner;
        T* to = mutableElements<T>(part);
        for (int64_t outer = 0; outer < blocks.outer; ++outer)
            std::copy_n(from + outer * blocks.size * blocks.inner, blocks.inner, to + outer * blocks.inner);
    }));
    return part;
}

Result<Tensor> stack(std::span<const Tensor> tensors, int64_t axis)
{
    const Tensor& first = tensors.front();
    for (const Tensor& tensor : tensors) {
        if (tensor.type() != first.type() || tensor.dims() != first.dims())
            return makeError(ErrorCode::ShapeMismatch,
                             "tensors that are stacked must be alike: the first is " + describe(first) +
                                 ", another one " + describe(tensor));
    }
    Dims dims = first.dims();
    dims.insert(dims.begin() + axis, static_cast<int64_t>(tensors.size()));
    const AxisBlocks blocks(dims, axis);
    TRY_ASSIGN(Tensor whole, Tensor::allocate(first.type(), std::move(dims)));
    TRY(dispatchElement(first.type(), [&]<typename T>() {
        for (int64_t index = 0; index < blocks.size; ++index) {
            const T* from = elements<T>(tensors[static_cast<size_t>(index)]);
            T* to = mutableElements<T>(whole) + index * blocks.inner;
            for (int64_t outer = 0; outer < blocks.outer; ++outer)
                std::copy_n(from + outer * blocks.inner, blocks.inner,
                            to + outer * blocks.size * blocks.inner);
        }
    }));
    return whole;
}

} // namespace lapidary

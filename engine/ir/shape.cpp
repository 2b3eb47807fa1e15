// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/shape.h"

namespace lapidary {

namespace {

std::string toString(const Dim& dim)
{
    if (dim.known())
        return std::to_string(dim.value);
    return dim.symbol.empty() ? "?" : dim.symbol;
}

} // namespace

std::optional<int64_t> elementCount(const Dims& dims)
{
    int64_t count = 1;
    for (const int64_t dim : dims) {
        if (dim < 0 || __builtin_mul_overflow(count, dim, &count))
            return std::nullopt;
    }
    return count;
}

std::vector<int64_t> denseStrides(const Dims& dims)
{
    std::vector<int64_t> strides(dims.size());
    uint64_t stride = 1; // unsigned: beside a dimension of 0 the others may be of any size
    for (size_t i = dims.size(); i-- > 0;) {
        strides[i] = static_cast<int64_t>(stride);
        stride *= static_cast<uint64_t>(dims[i]);
    }
    return strides;
}

std::optional<Dims> concreteDims(const Shape& shape)
{
    Dims dims;
    dims.reserve(shape.size());
    for (const Dim& dim : shape) {
        if (!dim.known())
            return std::nullopt;
        dims.push_back(dim.value);
    }
    return dims;
}

Shape toShape(const Dims& dims) { return Shape(dims.begin(), dims.end()); }

std::string toString(const Shape& shape)
{
    if (shape.empty())
        return "scalar";
    std::string text;
    for (const Dim& dim : shape) {
        if (!text.empty())
            text += "×";
        text += toString(dim);
    }
    return text;
}

std::string toString(const Dims& dims) { return toString(toShape(dims)); }

} // namespace lapidary

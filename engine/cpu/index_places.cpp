// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/index_places.h"

#include "engine/cpu/strided_copy.h"
#include "engine/ops/index_rules.h"

namespace lapidary {

Result<Ints> checkedIndices(const Tensor& indices, int64_t size)
{
    TRY_ASSIGN(Ints values, toInt64s(indices));
    for (int64_t& value : values) {
        TRY_ASSIGN(value, checkedIndex(value, size));
    }
    return values;
}

Status requireInside(const Dims& indices, const Dims& data, int64_t axis)
{
    bool fits = indices.size() == data.size();
    for (size_t i = 0; fits && i < data.size(); ++i)
        fits = static_cast<int64_t>(i) == axis || indices[i] <= data[i];
    if (fits)
        return {};
    return makeError(ErrorCode::ShapeMismatch, "indices of shape " + toString(indices) +
                                                   " do not fit data of shape " + toString(data) +
                                                   " along axis " + std::to_string(axis));
}

Ints elementPlaces(const Dims& indexDims, const Dims& dataDims, int64_t axis, const Ints& indices)
{
    const std::vector<int64_t> strides = denseStrides(dataDims);
    Ints places(indices.size());
    Ints coordinate(indexDims.size(), 0);
    for (size_t i = 0; i < indices.size(); ++i) {
        int64_t place = 0;
        for (size_t j = 0; j < coordinate.size(); ++j)
            place += strides[j] * (static_cast<int64_t>(j) == axis ? indices[i] : coordinate[j]);
        places[i] = place;
        for (size_t j = coordinate.size(); j-- > 0 && ++coordinate[j] == indexDims[j];)
            coordinate[j] = 0;
    }
    return places;
}

Result<TupleOffsets> tupleOffsets(const Dims& data, const Tensor& indices, int64_t batchDims)
{
    TRY_ASSIGN(const Ints values, toInt64s(indices));
    const int64_t length = indices.dims().back();
    const auto first = static_cast<size_t>(batchDims);
    const std::vector<int64_t> strides = denseStrides(data);
    TupleOffsets result;
    int64_t batchSize = 1;
    for (size_t i = 0; i < first; ++i)
        batchSize *= data[i];
    for (size_t i = first + static_cast<size_t>(length); i < data.size(); ++i)
        result.blockSize *= data[i];
    const int64_t tuples = static_cast<int64_t>(values.size()) / length;
    const int64_t perBatch = batchSize == 0 ? 0 : tuples / batchSize;
    const int64_t batchStride = first == 0 ? 0 : strides[first - 1];
    for (int64_t tuple = 0; tuple < tuples; ++tuple) {
        int64_t offset = perBatch == 0 ? 0 : tuple / perBatch * batchStride;
        for (int64_t i = 0; i < length; ++i) {
            const size_t axis = first + static_cast<size_t>(i);
            TRY_ASSIGN(const int64_t index,
                       checkedIndex(values[static_cast<size_t>(tuple * length + i)], data[axis]));
            offset += index * strides[axis];
        }
        result.offsets.push_back(offset);
    }
    return result;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a dense tensor in host memory, row-major, without strides. Copying a Tensor shares its
// data; whoever writes owns the only copy (a kernel writes the outputs that it just allocated).
#pragma once

#include "engine/base/result.h"
#include "engine/ir/data_type.h"
#include "engine/ir/float16.h"
#include "engine/ir/shape.h"

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace lapidary {

// Memory that somebody hands out for tensors. Tensors over it hold its owner, so that use_count() tells
// whether there are any left.
struct TensorMemory {
    std::byte* data = nullptr; // aligned to 64 bytes
    uint64_t sizeBytes = 0;
    std::shared_ptr<const void> owner;
};

class Tensor {
public:
    // No data, DataType::Undefined.
    Tensor() = default;

    // Uninitialised memory, aligned to 64 bytes (strings: empty).
    // Errors: InvalidArgument (negative or too large dimensions), OutOfMemory.
    static Result<Tensor> allocate(DataType type, Dims dims);
    // The same in place: this tensor gives up what it holds, and keeps the room that its dims take. memory
    // is used when it is large enough and nobody else holds its owner.
    Status reallocate(DataType type, const Dims& dims, const TensorMemory* memory = nullptr);
    // Becomes a tensor over the memory of other, which must be of storageSize(type, dims) or more.
    void share(const Tensor& other, DataType type, const Dims& dims);
    // No data, DataType::Undefined, as one made anew; but the room that dims take stays.
    void clear();
    // Looks at bytes kept alive by owner; data is little-endian, packed for sub-byte types, and may
    // be unaligned (weights inside a mapped file).
    static Tensor view(DataType type, Dims dims, const std::byte* data, std::shared_ptr<const void> owner);

    // Copies values; T must match a data type exactly (see typeOf). Never fails for a right count.
    template <typename T>
    static Tensor of(Dims dims, std::span<const T> values);
    template <typename T>
    static Tensor scalar(T value)
    {
        return of<T>({}, std::span<const T>(&value, 1));
    }
    static Tensor ofStrings(Dims dims, std::vector<std::string> values);

    DataType type() const { return m_type; }
    const Dims& dims() const { return m_dims; }
    int64_t rank() const { return static_cast<int64_t>(m_dims.size()); }
    int64_t count() const { return m_count; }
    uint64_t sizeBytes() const { return storageBytes(m_type, static_cast<uint64_t>(m_count)); }
    bool empty() const { return m_type == DataType::Undefined; }
    // What keeps the data alive; null for none and for strings.
    const std::shared_ptr<const void>& owner() const { return m_owner; }
    // Whether the data was made by allocate() for this tensor and no other tensor shares it.
    bool ownsAlone() const;
    // What allocate() takes from the heap: sizeBytes() and a little more.
    static uint64_t memoryBytes(DataType type, int64_t count);

    // T must be the storage type of type(), the data aligned (see aligned()).
    template <typename T>
    const T* data() const
    {
        return reinterpret_cast<const T*>(m_data);
    }
    template <typename T>
    T* mutableData()
    {
        return reinterpret_cast<T*>(const_cast<std::byte*>(m_data));
    }
    template <typename T>
    std::span<const T> values() const
    {
        return {data<T>(), static_cast<size_t>(m_count)};
    }
    const std::byte* bytes() const { return m_data; }
    std::byte* mutableBytes() { return const_cast<std::byte*>(m_data); }
    // Only for DataType::String.
    const std::vector<std::string>& strings() const { return *m_strings; }
    std::vector<std::string>& mutableStrings() { return *m_strings; }

    // This tensor if its data is aligned for its type, otherwise an aligned copy.
    Result<Tensor> aligned() const;
    // The same data under other dimensions of the same count.
    Tensor reshaped(Dims dims) const;

private:
    void clearData();

    DataType m_type = DataType::Undefined;
    Dims m_dims;
    int64_t m_count = 0;
    const std::byte* m_data = nullptr;
    std::shared_ptr<const void> m_owner;
    std::shared_ptr<std::vector<std::string>> m_strings;
};

// The data type stored as C++ type T.
template <typename T>
constexpr DataType typeOf();
template <>
constexpr DataType typeOf<float>()
{
    return DataType::Float;
}
template <>
constexpr DataType typeOf<double>()
{
    return DataType::Double;
}
template <>
constexpr DataType typeOf<int8_t>()
{
    return DataType::Int8;
}
template <>
constexpr DataType typeOf<int16_t>()
{
    return DataType::Int16;
}
template <>
constexpr DataType typeOf<int32_t>()
{
    return DataType::Int32;
}
template <>
constexpr DataType typeOf<int64_t>()
{
    return DataType::Int64;
}
template <>
constexpr DataType typeOf<uint8_t>()
{
    return DataType::UInt8;
}
template <>
constexpr DataType typeOf<uint16_t>()
{
    return DataType::UInt16;
}
template <>
constexpr DataType typeOf<uint32_t>()
{
    return DataType::UInt32;
}
template <>
constexpr DataType typeOf<uint64_t>()
{
    return DataType::UInt64;
}
template <>
constexpr DataType typeOf<bool>()
{
    return DataType::Bool;
}
template <>
constexpr DataType typeOf<Float16>()
{
    return DataType::Float16;
}
template <>
constexpr DataType typeOf<BFloat16>()
{
    return DataType::BFloat16;
}
template <>
constexpr DataType typeOf<std::complex<float>>()
{
    return DataType::Complex64;
}
template <>
constexpr DataType typeOf<std::complex<double>>()
{
    return DataType::Complex128;
}

template <typename T>
Tensor Tensor::of(Dims dims, std::span<const T> values)
{
    Tensor tensor = allocate(typeOf<T>(), std::move(dims)).value();
    std::copy(values.begin(), values.end(), tensor.mutableData<T>());
    return tensor;
}

// One element as double, for display and comparison; complex types give the real part, strings NaN.
double elementAsDouble(const Tensor& tensor, int64_t index);
// A float32 copy (the tensor itself if it is one). Errors: InvalidArgument for strings and complex.
Result<Tensor> toFloat(const Tensor& tensor);
// All elements as int64: for shapes, axes and the like. Errors: InvalidArgument for other types.
Result<std::vector<int64_t>> toInt64s(const Tensor& tensor);

} // namespace lapidary

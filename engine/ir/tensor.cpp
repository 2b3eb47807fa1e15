// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/tensor.h"

#include "engine/ir/small_float.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <unistd.h>

namespace lapidary {

namespace {

constexpr size_t alignmentBytes = 64;
constexpr int64_t maxElements = int64_t{1} << 46; // far above any memory, far below an overflow

struct Free {
    void operator()(const void* memory) const { std::free(const_cast<void*>(memory)); }
};

// Asking for more than the machine has can only end badly, whatever the system promises.
bool fitsMemory(uint64_t sizeBytes)
{
    static const uint64_t machineBytes =
        static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
    return sizeBytes < machineBytes;
}

Error noMemory(uint64_t sizeBytes, const Dims& dims)
{
    return makeError(ErrorCode::OutOfMemory,
                     "no memory for a tensor of shape " + toString(dims) + ", which takes " +
                         std::to_string(sizeBytes) + " bytes",
                     "Use a smaller input or close other programs.");
}

// The alignment that loads of the type need; 1 where data is read byte by byte.
size_t naturalAlignment(DataType type)
{
    const int bits = bitWidth(type);
    return bits <= 8 ? 1 : std::min<size_t>(static_cast<size_t>(bits) / 8, 8);
}

template <typename T>
T loadElement(const Tensor& tensor, int64_t index)
{
    T value; // memcpy: views of a mapped file may be unaligned
    std::memcpy(&value, tensor.bytes() + static_cast<size_t>(index) * sizeof(T), sizeof(T));
    return value;
}

} // namespace

uint64_t Tensor::memoryBytes(DataType type, int64_t count)
{
    const uint64_t bytes = storageBytes(type, static_cast<uint64_t>(count));
    return (bytes + alignmentBytes) / alignmentBytes * alignmentBytes;
}

Result<Tensor> Tensor::allocate(DataType type, Dims dims)
{
    Tensor tensor;
    TRY(tensor.reallocate(type, dims));
    return tensor;
}

Status Tensor::reallocate(DataType type, const Dims& dims, const TensorMemory* memory)
{
    const auto count = elementCount(dims);
    if (!count || *count > maxElements)
        return makeError(ErrorCode::InvalidArgument,
                         "cannot make a tensor of shape " + toString(dims) + ": too large or negative");
    m_dims = dims;
    clearData();
    if (type == DataType::String) {
        const uint64_t stringBytes = static_cast<uint64_t>(*count) * sizeof(std::string);
        if (!fitsMemory(stringBytes))
            return noMemory(stringBytes, m_dims);
        try {
            m_strings = std::make_shared<std::vector<std::string>>(static_cast<size_t>(*count));
        } catch (const std::bad_alloc&) {
            return noMemory(stringBytes, m_dims);
        }
    } else {
        const uint64_t sizeBytes = memoryBytes(type, *count);
        if (memory && memory->sizeBytes >= sizeBytes && memory->owner.use_count() == 1) {
            m_data = memory->data;
            m_owner = memory->owner;
        } else {
            auto* allocated = fitsMemory(sizeBytes)
                                  ? static_cast<std::byte*>(std::aligned_alloc(alignmentBytes, sizeBytes))
                                  : nullptr;
            if (!allocated)
                return noMemory(sizeBytes, m_dims);
            m_data = allocated;
            m_owner = std::shared_ptr<const void>(allocated, Free());
        }
    }
    m_type = type;
    m_count = *count;
    return {};
}

void Tensor::share(const Tensor& other, DataType type, const Dims& dims)
{
    m_dims = dims;
    m_owner = other.m_owner;
    m_strings = nullptr;
    m_data = other.m_data;
    m_type = type;
    m_count = elementCount(dims).value_or(0);
}

void Tensor::clear()
{
    clearData();
    m_dims.clear();
}

void Tensor::clearData()
{
    m_type = DataType::Undefined;
    m_count = 0;
    m_data = nullptr;
    m_owner = nullptr;
    m_strings = nullptr;
}

bool Tensor::ownsAlone() const { return m_owner.use_count() == 1 && std::get_deleter<Free>(m_owner); }

Tensor Tensor::view(DataType type, Dims dims, const std::byte* data, std::shared_ptr<const void> owner)
{
    Tensor tensor;
    tensor.m_type = type;
    tensor.m_count = elementCount(dims).value_or(0);
    tensor.m_dims = std::move(dims);
    tensor.m_data = data;
    tensor.m_owner = std::move(owner);
    return tensor;
}

Tensor Tensor::ofStrings(Dims dims, std::vector<std::string> values)
{
    Tensor tensor;
    tensor.m_type = DataType::String;
    tensor.m_dims = std::move(dims);
    tensor.m_count = static_cast<int64_t>(values.size());
    tensor.m_strings = std::make_shared<std::vector<std::string>>(std::move(values));
    return tensor;
}

Result<Tensor> Tensor::aligned() const
{
    const size_t alignment = naturalAlignment(m_type);
    if (m_strings || reinterpret_cast<uintptr_t>(m_data) % alignment == 0)
        return *this;
    TRY_ASSIGN(Tensor copy, allocate(m_type, m_dims));
    std::memcpy(copy.mutableBytes(), m_data, sizeBytes());
    return copy;
}

Tensor Tensor::reshaped(Dims dims) const
{
    Tensor tensor = *this;
    tensor.m_dims = std::move(dims);
    return tensor;
}

double elementAsDouble(const Tensor& tensor, int64_t index)
{
    switch (tensor.type()) {
    case DataType::Float: return loadElement<float>(tensor, index);
    case DataType::Double: return loadElement<double>(tensor, index);
    case DataType::Int8: return loadElement<int8_t>(tensor, index);
    case DataType::Int16: return loadElement<int16_t>(tensor, index);
    case DataType::Int32: return loadElement<int32_t>(tensor, index);
    case DataType::Int64: return static_cast<double>(loadElement<int64_t>(tensor, index));
    case DataType::UInt8: return loadElement<uint8_t>(tensor, index);
    case DataType::UInt16: return loadElement<uint16_t>(tensor, index);
    case DataType::UInt32: return loadElement<uint32_t>(tensor, index);
    case DataType::UInt64: return static_cast<double>(loadElement<uint64_t>(tensor, index));
    case DataType::Bool: return loadElement<uint8_t>(tensor, index) != 0;
    case DataType::Float16: return static_cast<float>(loadElement<Float16>(tensor, index));
    case DataType::BFloat16: return static_cast<float>(loadElement<BFloat16>(tensor, index));
    case DataType::Complex64: return loadElement<float>(tensor, 2 * index);
    case DataType::Complex128: return loadElement<double>(tensor, 2 * index);
    case DataType::Float8E4M3FN:
    case DataType::Float8E4M3FNUZ:
    case DataType::Float8E5M2:
    case DataType::Float8E5M2FNUZ:
    case DataType::Float8E8M0: return decodeFloat8(tensor.type(), loadElement<uint8_t>(tensor, index));
    case DataType::UInt4:
    case DataType::Int4:
    case DataType::Float4E2M1:
    case DataType::UInt2:
    case DataType::Int2:
        return decodeSubByte(tensor.type(), subByteBits(tensor.type(), tensor.bytes(), index));
    case DataType::String:
    case DataType::Undefined: break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

Result<Tensor> toFloat(const Tensor& tensor)
{
    if (tensor.type() == DataType::Float)
        return tensor.aligned();
    const bool convertible =
        isFloatingPoint(tensor.type()) || isInteger(tensor.type()) || tensor.type() == DataType::Bool;
    if (!convertible)
        return makeError(ErrorCode::InvalidArgument,
                         "cannot turn " + std::string(dataTypeName(tensor.type())) + " into float32");
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, tensor.dims()));
    float* values = result.mutableData<float>();
    for (int64_t i = 0; i < tensor.count(); ++i)
        values[i] = static_cast<float>(elementAsDouble(tensor, i));
    return result;
}

Result<std::vector<int64_t>> toInt64s(const Tensor& tensor)
{
    std::vector<int64_t> values(static_cast<size_t>(tensor.count()));
    if (tensor.type() == DataType::Int64) {
        if (!values.empty())
            std::memcpy(values.data(), tensor.bytes(), values.size() * sizeof(int64_t));
        return values;
    }
    if (!isInteger(tensor.type()))
        return makeError(ErrorCode::InvalidArgument,
                         "expected an integer tensor, found " + std::string(dataTypeName(tensor.type())));
    for (int64_t i = 0; i < tensor.count(); ++i)
        values[static_cast<size_t>(i)] = static_cast<int64_t>(elementAsDouble(tensor, i));
    return values;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tensor_check.h"

#include <cmath>
#include <cstdlib>
#include <random>

namespace lapidary {

namespace {

template <typename T>
void store(Tensor& tensor, const std::vector<double>& values)
{
    for (size_t i = 0; i < values.size(); ++i) {
        if constexpr (std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>)
            tensor.mutableData<T>()[i] = T(static_cast<float>(values[i]));
        else
            tensor.mutableData<T>()[i] = static_cast<T>(values[i]);
    }
}

} // namespace

Tensor tensorOf(Dims dims, const std::vector<double>& values, DataType type)
{
    Tensor tensor = Tensor::allocate(type, std::move(dims)).value();
    switch (type) {
    case DataType::Float: store<float>(tensor, values); break;
    case DataType::Double: store<double>(tensor, values); break;
    case DataType::Float16: store<Float16>(tensor, values); break;
    case DataType::BFloat16: store<BFloat16>(tensor, values); break;
    case DataType::Int8: store<int8_t>(tensor, values); break;
    case DataType::UInt8: store<uint8_t>(tensor, values); break;
    case DataType::Int16: store<int16_t>(tensor, values); break;
    case DataType::UInt16: store<uint16_t>(tensor, values); break;
    case DataType::Int32: store<int32_t>(tensor, values); break;
    case DataType::UInt32: store<uint32_t>(tensor, values); break;
    case DataType::Int64: store<int64_t>(tensor, values); break;
    case DataType::UInt64: store<uint64_t>(tensor, values); break;
    case DataType::Bool: store<bool>(tensor, values); break;
    case DataType::String:
        for (size_t i = 0; i < values.size(); ++i)
            tensor.mutableStrings()[i] = std::to_string(static_cast<int64_t>(values[i]));
        break;
    default: return {};
    }
    return tensor;
}

double valueAt(const Tensor& tensor, int64_t index)
{
    if (tensor.type() == DataType::String)
        return std::strtod(tensor.strings()[static_cast<size_t>(index)].c_str(), nullptr);
    return elementAsDouble(tensor, index);
}

Tensor randomTensor(Dims dims, uint32_t seed, DataType type, double low, double high)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> distribution(low, high);
    std::vector<double> values(static_cast<size_t>(elementCount(dims).value_or(0)));
    for (double& value : values)
        value = distribution(random);
    return tensorOf(std::move(dims), values, type);
}

std::vector<double> valuesOf(const Tensor& tensor)
{
    std::vector<double> values(static_cast<size_t>(tensor.count()));
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = valueAt(tensor, static_cast<int64_t>(i));
    return values;
}

double roundingOf(DataType type)
{
    switch (type) {
    case DataType::Float16: return 0x1p-11;
    case DataType::BFloat16: return 0x1p-8;
    case DataType::Double: return 0x1p-53;
    default: return 0x1p-24;
    }
}

std::string difference(const Value& found, DataType type, const Dims& dims,
                       const std::vector<double>& expected, Tolerance tolerance)
{
    const Tensor* tensor = found.tensor();
    if (!tensor)
        return "expected a tensor, found " + describe(found);
    if (tensor->type() != type || tensor->dims() != dims)
        return "expected " + toString(TypeInfo::tensor(type, toShape(dims))) + ", found " + describe(found);
    if (static_cast<size_t>(tensor->count()) != expected.size())
        return "expected " + std::to_string(expected.size()) + " values, found " + describe(found);
    for (size_t i = 0; i < expected.size(); ++i) {
        const double value = valueAt(*tensor, static_cast<int64_t>(i));
        const bool same =
            value == expected[i] || (std::isnan(value) && std::isnan(expected[i])) ||
            std::abs(value - expected[i]) <= tolerance.absolute + tolerance.relative * std::abs(expected[i]);
        if (!same)
            return "element " + std::to_string(i) + ": expected " + std::to_string(expected[i]) + ", found " +
                   std::to_string(value);
    }
    return {};
}

} // namespace lapidary

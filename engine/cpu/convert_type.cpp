// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/convert_type.h"

#include "engine/backend/functors/integer.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/text_number.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ir/small_float.h"

namespace lapidary {

namespace {

// Types that a plain conversion loop reads and writes.
using NativeTypes = decltype(NumericTypes() + TypeList<bool>());

template <typename To>
struct ConvertTo {
    template <typename From>
    To operator()(From value) const
    {
        if constexpr (std::is_same_v<To, bool>)
            return value != From{0};
        else if constexpr (std::is_floating_point_v<From> && !std::is_floating_point_v<To>)
            return functors::saturate<To>(value);
        else
            return static_cast<To>(value);
    }
};

Error notConvertible(DataType from, DataType to)
{
    return makeError(ErrorCode::InvalidArgument, "cannot convert " + std::string(dataTypeName(from)) +
                                                     " to " + std::string(dataTypeName(to)));
}

// Both types native.
Result<Tensor> convertNative(const Tensor& tensor, DataType to)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(to, tensor.dims()));
    TRY(dispatch(NativeTypes(), tensor.type(), [&]<typename From>() -> Status {
        // Bytes that hold bools may be other than 0 and 1.
        using Stored = std::conditional_t<std::is_same_v<From, bool>, uint8_t, From>;
        return dispatch(NativeTypes(), to, [&]<typename To>() -> Status {
            const Stored* values = tensor.data<Stored>();
            if constexpr (std::is_same_v<From, bool>)
                mapElements(values, result.mutableData<To>(), tensor.count(), cheapGrain,
                            [](uint8_t value) { return static_cast<To>(value != 0); });
            else
                mapElements(values, result.mutableData<To>(), tensor.count(), cheapGrain, ConvertTo<To>());
            return {};
        });
    }));
    return result;
}

// A tensor of a native type with the same values: small floats and 4-bit numbers are exact in float32.
Result<Tensor> toNative(const Tensor& tensor)
{
    if (holds(NativeTypes(), tensor.type()))
        return tensor.aligned();
    if (tensor.type() == DataType::Float16 || tensor.type() == DataType::BFloat16)
        return widened(tensor);
    return toFloat(tensor);
}

Result<Tensor> toFloat8(const Tensor& tensor, DataType to, const CastOptions& options)
{
    TRY_ASSIGN(const Tensor floats, convertNative(tensor, DataType::Float));
    TRY_ASSIGN(Tensor result, Tensor::allocate(to, tensor.dims()));
    mapElements(floats.data<float>(), result.mutableData<uint8_t>(), floats.count(), expensiveGrain,
                [=](float value) {
                    return to == DataType::Float8E8M0
                               ? encodeScale(value, options.saturate, options.scaleRounding)
                               : encodeFloat8(to, value, options.saturate);
                });
    return result;
}

Result<Tensor> toSubByte(const Tensor& tensor, DataType to)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(to, tensor.dims()));
    std::memset(result.mutableBytes(), 0, result.sizeBytes());
    const bool isFloat = to == DataType::Float4E2M1;
    TRY_ASSIGN(const Tensor values, convertNative(tensor, isFloat ? DataType::Float : DataType::Int64));
    for (int64_t i = 0; i < values.count(); ++i) {
        const uint8_t bits = isFloat ? encodeFloat4(values.data<float>()[i])
                                     : static_cast<uint8_t>(values.data<int64_t>()[i]); // low bits
        setSubByteBits(to, result.mutableBytes(), i, bits);
    }
    return result;
}

Result<Tensor> fromStrings(const Tensor& tensor, DataType to)
{
    // Integers are read as integers, so that all 64 bits survive.
    const DataType via = to == DataType::UInt64 ? DataType::UInt64
                         : isInteger(to)        ? DataType::Int64
                                                : DataType::Double;
    TRY_ASSIGN(Tensor numbers, Tensor::allocate(via, tensor.dims()));
    for (int64_t i = 0; i < tensor.count(); ++i) {
        const std::string& text = tensor.strings()[static_cast<size_t>(i)];
        const bool ok = via == DataType::Double   ? parseNumber(text, numbers.mutableData<double>()[i])
                        : via == DataType::UInt64 ? parseNumber(text, numbers.mutableData<uint64_t>()[i])
                                                  : parseNumber(text, numbers.mutableData<int64_t>()[i]);
        if (!ok)
            return makeError(ErrorCode::InvalidArgument, "element " + std::to_string(i) + " is '" +
                                                             text.substr(0, 40) + "', expected a number");
    }
    return convertType(numbers, to);
}

Result<Tensor> toStrings(const Tensor& tensor)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::String, tensor.dims()));
    TRY(dispatch(NativeTypes(), tensor.type(), [&]<typename T>() -> Status {
        for (int64_t i = 0; i < tensor.count(); ++i)
            result.mutableStrings()[static_cast<size_t>(i)] = formatNumber(tensor.data<T>()[i]);
        return {};
    }));
    return result;
}

} // namespace

Result<Tensor> convertType(const Tensor& tensor, DataType to, CastOptions options)
{
    const DataType from = tensor.type();
    if (from == to)
        return tensor;
    const auto isComplex = [](DataType type) {
        return type == DataType::Complex64 || type == DataType::Complex128 || type == DataType::Undefined;
    };
    if (isComplex(from) || isComplex(to))
        return notConvertible(from, to);
    if (from == DataType::String)
        return fromStrings(tensor, to);
    TRY_ASSIGN(const Tensor native, toNative(tensor));
    if (to == DataType::String)
        return toStrings(native);
    if (holds(NativeTypes(), to))
        return native.type() == to ? Result<Tensor>(native) : convertNative(native, to);
    if (to == DataType::Float16 || to == DataType::BFloat16) {
        TRY_ASSIGN(const Tensor floats, convertType(native, DataType::Float));
        return narrowed(floats, to);
    }
    return isSubByte(to) ? toSubByte(native, to) : toFloat8(native, to, options);
}

} // namespace lapidary

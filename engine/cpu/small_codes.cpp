// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/small_codes.h"

#include "engine/cpu/parallel.h"
#include "engine/ir/small_float.h"

#include <array>

namespace lapidary {

namespace {

constexpr int64_t codeGrain = 1 << 14;

std::array<float, 256> tableOf(DataType type)
{
    std::array<float, 256> table{};
    const int codes = 1 << bitWidth(type);
    for (int code = 0; code < codes; ++code) {
        const auto bits = static_cast<uint8_t>(code);
        table[bits] =
            isSubByte(type) ? static_cast<float>(decodeSubByte(type, bits)) : decodeFloat8(type, bits);
    }
    return table;
}

} // namespace

Result<Tensor> decodeCodes(const Tensor& tensor)
{
    const DataType type = tensor.type();
    const int width = bitWidth(type);
    if (width == 0 || width > 8 || type == DataType::Bool)
        return makeError(ErrorCode::InvalidArgument,
                         "expected a type of 8 bits or less, found " + std::string(dataTypeName(type)));
    TRY_ASSIGN(Tensor result, Tensor::allocate(DataType::Float, tensor.dims()));
    const std::array<float, 256> table = tableOf(type);
    const auto* bytes = tensor.data<uint8_t>();
    auto* values = result.mutableData<float>();
    const int perByte = 8 / width;
    const auto mask = static_cast<uint8_t>((1u << width) - 1);
    parallelFor(tensor.count(), codeGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            values[i] = table[(bytes[i / perByte] >> (i % perByte * width)) & mask];
    });
    return result;
}

Result<Tensor> packCodes(const Tensor& bytes, DataType type)
{
    TRY_ASSIGN(Tensor result, Tensor::allocate(type, bytes.dims()));
    const int width = bitWidth(type);
    const int perByte = 8 / width;
    const unsigned mask = (1u << width) - 1;
    const auto* codes = bytes.data<uint8_t>();
    auto* packed = result.mutableData<uint8_t>();
    parallelFor(static_cast<int64_t>(result.sizeBytes()), codeGrain, [&](int64_t begin, int64_t end) {
        for (int64_t at = begin; at < end; ++at) {
            unsigned byte = 0;
            for (int64_t i = at * perByte; i < std::min((at + 1) * perByte, bytes.count()); ++i)
                byte |= (codes[i] & mask) << (i % perByte * width);
            packed[at] = static_cast<uint8_t>(byte);
        }
    });
    return result;
}

} // namespace lapidary

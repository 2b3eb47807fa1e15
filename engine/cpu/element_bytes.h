// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: operators that only move elements (Transpose, Gather, ...) have one loop for each element
// size, not for each type.
#pragma once

#include "engine/cpu/type_dispatch.h"

namespace lapidary {

// An element of 16 bytes (complex128).
struct Bytes16 {
    uint64_t words[2] = {};
};

// Calls body.operator()<T>() with an element type that moves like type: an unsigned integer, Bytes16
// or std::string. body returns void or Status. Error UnsupportedOp for types smaller than a byte: see
// engine/cpu/whole_bytes.h.
template <typename Body>
Status dispatchElement(DataType type, const Body& body)
{
    const auto call = [&]<typename T>() -> Status {
        if constexpr (std::is_void_v<decltype(body.template operator()<T>())>) {
            body.template operator()<T>();
            return {};
        } else {
            return body.template operator()<T>();
        }
    };
    if (type == DataType::String)
        return call.template operator()<std::string>();
    switch (bitWidth(type)) {
    case 8: return call.template operator()<uint8_t>();
    case 16: return call.template operator()<uint16_t>();
    case 32: return call.template operator()<uint32_t>();
    case 64: return call.template operator()<uint64_t>();
    case 128: return call.template operator()<Bytes16>();
    default: return unsupportedType(type);
    }
}

template <typename T>
const T* elements(const Tensor& tensor)
{
    if constexpr (std::is_same_v<T, std::string>)
        return tensor.strings().data();
    else
        return tensor.data<T>();
}

template <typename T>
T* mutableElements(Tensor& tensor)
{
    if constexpr (std::is_same_v<T, std::string>)
        return tensor.mutableStrings().data();
    else
        return tensor.mutableData<T>();
}

} // namespace lapidary

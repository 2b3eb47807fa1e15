// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: from the data type of a tensor to the C++ type of a loop, and which types a kernel takes.
#pragma once

#include "engine/backend/kernel.h"

#include <complex>

namespace lapidary {

template <typename... Ts>
struct TypeList {
};

template <typename... As, typename... Bs>
constexpr TypeList<As..., Bs...> operator+(TypeList<As...>, TypeList<Bs...>)
{
    return {};
}

using UnsignedTypes = TypeList<uint8_t, uint16_t, uint32_t, uint64_t>;
using SignedTypes = TypeList<int8_t, int16_t, int32_t, int64_t>;
using IntegerTypes = decltype(UnsignedTypes() + SignedTypes());
// Float16 and BFloat16 are widened around the kernel (engine/cpu/float_convert.h).
using FloatTypes = TypeList<float, double>;
using NumericTypes = decltype(FloatTypes() + IntegerTypes());

template <typename... Ts>
bool holds(TypeList<Ts...>, DataType type)
{
    return ((typeOf<Ts>() == type) || ...);
}

Error unsupportedType(DataType type);

// Calls body.operator()<T>() with the C++ type of type; body returns Status. Error UnsupportedOp when
// the list does not hold the type.
template <typename... Ts, typename Body>
Status dispatch(TypeList<Ts...>, DataType type, const Body& body)
{
    Status status;
    const bool holdsType =
        ((typeOf<Ts>() == type ? (status = body.template operator()<Ts>(), true) : false) || ...);
    if (!holdsType)
        return unsupportedType(type);
    return status;
}

// At creation: refuses an input whose type is already known and not in the list.
template <typename List>
Status acceptTypes(List list, const KernelRequest& request, size_t input = 0)
{
    const DataType type = request.inputDataType(input);
    return type == DataType::Undefined || holds(list, type) ? Status() : unsupportedType(type);
}

} // namespace lapidary

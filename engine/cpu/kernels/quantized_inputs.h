// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the constants that operators on codes (engine/ops/rewritten.cpp) have among their inputs.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/cpu/quantize.h"

#include <cmath>

namespace lapidary {

struct Quantization {
    DataType type = DataType::Undefined; // UInt8 or Int8
    float scale = 1;
    int zeroPoint = 0;
};

inline bool isConnected(const KernelRequest& request, size_t input)
{
    return input < request.node->inputs.size() && request.node->inputs[input] != noValue;
}

// Empty where the input is not constant or not there.
inline Tensor constantInput(const KernelRequest& request, size_t input)
{
    return input < request.constantInputs.size() ? request.constantInputs[input] : Tensor();
}

// Of a scale and the zero point after it. Errors: UnsupportedOp (not constant, not of 8 bits, no positive
// scale).
inline Result<Quantization> constantQuantization(const KernelRequest& request, size_t scaleInput)
{
    const Tensor scale = constantInput(request, scaleInput);
    const Tensor zero = constantInput(request, scaleInput + 1);
    const bool isByte = zero.type() == DataType::UInt8 || zero.type() == DataType::Int8;
    if (scale.type() != DataType::Float || scale.count() != 1 || !isByte || zero.count() != 1 ||
        !std::isnormal(scale.data<float>()[0]) || scale.data<float>()[0] < 0)
        return makeError(ErrorCode::UnsupportedOp, "a scale or a zero point is not one constant number");
    return Quantization{zero.type(), scale.data<float>()[0], static_cast<int>(elementAsDouble(zero, 0))};
}

} // namespace lapidary

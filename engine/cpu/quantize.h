// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the arithmetic of quantized tensors, for every operator that quantizes or dequantizes.
// Source: ONNX QuantizeLinear-10..25, DequantizeLinear-10..25.
#pragma once

#include "engine/cpu/parallel.h"
#include "engine/ir/tensor.h"
#include "engine/ops/quantization_rules.h"

namespace lapidary {

struct QuantizeOptions {
    ScaleAxis along;
    // Type in which x is divided by its scale; Undefined: the scale's, float32 for a scale in float8e8m0,
    // float64 for one in int32.
    DataType precision = DataType::Undefined;
    bool saturate = true; // 8-bit floats: stop at the largest number
};

// saturate(round(x / scale) + zeroPoint) as type to; halves are rounded to even, NaN becomes the smallest
// integer. zeroPoint: empty is 0, otherwise of the type and with the count of scale.
// x: float32, float16, bfloat16 or int32. scale: the same or float8e8m0.
// to: integers of 2 to 16 bits, float8 (not float8e8m0), float4e2m1.
// Errors: ShapeMismatch, UnsupportedOp (other types), OutOfMemory.
Result<Tensor> quantizeLinear(const Tensor& x, const Tensor& scale, const Tensor& zeroPoint, DataType to,
                              const QuantizeOptions& options);

// (x - zeroPoint) * scale as type to. x: what quantizeLinear makes, or int32. scale: float32, float16,
// bfloat16, float8e8m0. to: float32, float16, bfloat16. Errors as above.
Result<Tensor> dequantizeLinear(const Tensor& x, const Tensor& scale, const Tensor& zeroPoint, DataType to,
                                const ScaleAxis& along);

// A scale and zero point (uint8) that cover all of x and 0. Without a number other than 0 the scale is 1.
// Source: ONNX DynamicQuantizeLinear-11.
struct DynamicQuantization {
    float scale = 1;
    uint8_t zeroPoint = 0;
};
DynamicQuantization dynamicQuantization(std::span<const float> x);

// What an integer type of up to 16 bits can hold.
struct CodeRange {
    int low = 0;
    int high = 0;
};
CodeRange codeRange(DataType type);

// The code of a number that is already divided by the scale. Number: float or double.
template <typename Number>
struct ToCode {
    ToCode(CodeRange range, Number zeroPoint)
        : low(static_cast<Number>(range.low) - zeroPoint),
          high(static_cast<Number>(range.high) - zeroPoint),
          zero(zeroPoint)
    {
    }

    // Adding and subtracting 1.5 * 2^(digits of the mantissa - 1) rounds to an integer, to even from the
    // middle; unlike a call of the C library it becomes vector code on every machine.
    int32_t operator()(Number quotient) const
    {
        constexpr Number magic =
            sizeof(Number) == sizeof(float) ? Number(12582912) : Number(6755399441055744);
        quotient = quotient > low ? quotient : low; // NaN becomes low
        quotient = quotient < high ? quotient : high;
        return static_cast<int32_t>(((quotient + magic) - magic) + zero);
    }

    Number low;
    Number high;
    Number zero;
};

// Calls body(offset, count, scaleOffset, scaleStep) for runs of neighbours that cover x, perhaps on several
// threads; along a run the scale's index grows by scaleStep, 0 or 1.
template <typename Body>
void forEachScaledRun(const ScaleLayout& layout, const Body& body)
{
    constexpr int64_t grain = 1 << 14;
    const bool alongAxis = layout.inner == 1; // runs lie along the axis, not inside of it
    // A run along the axis is a whole row of it, or one block.
    const int64_t piece = !alongAxis ? layout.inner : layout.block == 1 ? layout.size : layout.block;
    const int64_t rowSize = alongAxis ? layout.size : layout.inner;
    const int64_t pieces = rowSize == 0 ? 0 : (rowSize - 1) / piece + 1; // in each row
    const int64_t rows = alongAxis ? layout.outer : layout.outer * layout.size;
    const int64_t step = !alongAxis ? layout.innerStep : layout.block == 1 ? layout.blockStep : 0;
    if (rows * pieces == 1) {
        parallelFor(rowSize, grain,
                    [&](int64_t begin, int64_t end) { body(begin, end - begin, step * begin, step); });
        return;
    }
    parallelFor(rows * pieces, 1 + grain / std::max<int64_t>(1, piece), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t row = i / pieces;
            const int64_t first = i % pieces * piece;
            const int64_t scale = alongAxis ? row * layout.outerStep + i % pieces * layout.blockStep
                                            : row / layout.size * layout.outerStep +
                                                  row % layout.size / layout.block * layout.blockStep;
            body(row * rowSize + first, std::min(piece, rowSize - first), scale, step);
        }
    });
}

} // namespace lapidary

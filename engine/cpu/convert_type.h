// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor as another element type, by the rules of Cast. Source: ONNX Cast-19..25.
#pragma once

#include "engine/ir/small_float.h"
#include "engine/ir/tensor.h"

namespace lapidary {

// How Cast's attributes shape the result.
struct CastOptions {
    bool saturate = true;                            // 8-bit floats: stop at the largest number
    ScaleRounding scaleRounding = ScaleRounding::Up; // float8e8m0
};

// Every type to every other, except complex ones. Integers to smaller integers drop high bits; floats
// to integers truncate and stop at the limits (4 and 2 bit ones drop high bits, as in ONNX's own tests);
// any number but 0 is true. Strings are read and written
// in decimal, with INF and NaN. 8-bit floats: beyond the largest number saturate decides between it
// and infinity (or NaN where the type has none).
// Returns the tensor itself when it has the type. Errors: InvalidArgument (a string that is no number,
// complex), OutOfMemory.
Result<Tensor> convertType(const Tensor& tensor, DataType to, CastOptions options = {});

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors of types that are 8 bits wide or less, decoded and encoded as a whole. The codes are
// those of engine/ir/small_float.h; here they go through tables and over threads.
#pragma once

#include "engine/ir/tensor.h"

namespace lapidary {

// float8, 4 and 2 bit types: the values as float32, which holds each of them exactly.
// Every other type: error InvalidArgument.
Result<Tensor> decodeCodes(const Tensor& tensor);
// One code in each byte, of which the low bits are taken, as a tensor of a 2 or 4 bit type.
Result<Tensor> packCodes(const Tensor& bytes, DataType type);

} // namespace lapidary

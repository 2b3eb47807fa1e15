// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: weights of 2, 4 or 8 bits with a scale for each block, as language models have them.
// Source: com.microsoft MatMulNBits-1, GatherBlockQuantized-1 (onnxruntime docs/ContribOperators.md).
#pragma once

#include "engine/ir/model.h"
#include "engine/ops/quantization_rules.h"

namespace lapidary {

// The matrix [n, k] of MatMulNBits: each row is cut into blocks, the last of which may be longer than what
// is left of the row. Codes fill bytes from the low bits on.
struct BlockMatrix {
    int64_t n = 0;
    int64_t k = 0;
    int64_t blockSize = 0;
    int64_t bits = 0;
    int64_t blocks = 0;    // in each row
    int64_t blobBytes = 0; // of a block

    int64_t zeroPointBytes() const { return (blocks * bits + 7) / 8; } // of a row
};
// Errors: InvalidModel (attributes that are missing or make no sense).
Result<BlockMatrix> blockMatrix(const Node& node);

struct BlockGather {
    int64_t gatherAxis = 0;
    DataType codes = DataType::Undefined; // type of the data: uint8 means uint4 or uint2 where bits says so
    Dims data;                            // counted in codes
    ScaleAxis along;
    Dims output;
};
// Errors: InvalidModel, ShapeMismatch.
Result<BlockGather> blockGather(const Node& node, DataType type, const Dims& data, const Dims& indices);

} // namespace lapidary

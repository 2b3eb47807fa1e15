// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of MatMul and Gemm, checked once for inference and every kernel.
// Source: ONNX MatMul-1/9/13 (numpy.matmul), Gemm-1/6/7/9/11/13.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

// a: [aBatch..., m, k], b: [bBatch..., k, n], y: [batch..., m, n]. Batches have the same rank, 1 stretches.
struct MatMulShape {
    Dims aBatch;
    Dims bBatch;
    Dims batch;
    int64_t m = 1;
    int64_t k = 1;
    int64_t n = 1;
    Dims output; // as ONNX wants it: without m or n where an operand was 1-D
};

// Errors: ShapeMismatch with both shapes.
Result<MatMulShape> matMulShape(const Dims& a, const Dims& b);

// The same for shapes that may be unknown (null) or symbolic; nullopt when a rank is unknown.
Result<std::optional<Shape>> matMulOutput(const Shape* a, const Shape* b);

// y[m, n] = alpha * a' * b' + beta * c, with a' = [m, k] and b' = [k, n] after the transpositions.
struct GemmShape {
    bool transA = false;
    bool transB = false;
    float alpha = 1;
    float beta = 1;
    int64_t m = 0;
    int64_t k = 0;
    int64_t n = 0;
    // How far to go in c for the next row and column: 0 where it is stretched.
    int64_t cRowStep = 0;
    int64_t cColumnStep = 0;
};

// c: null when absent. Errors: ShapeMismatch with what was expected and found.
Result<GemmShape> gemmShape(const Node& node, const Dims& a, const Dims& b, const Dims* c);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the plain C++ matrix products, which also serve the oneDNN kernels for empty tensors.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/ops/matmul.h"

namespace lapidary {

// float32, float64, int32, int64, uint32, uint64. Errors: UnsupportedOp for other types.
Result<std::unique_ptr<Kernel>> createPlainMatMul(const KernelRequest& request);
Result<std::unique_ptr<Kernel>> createPlainGemm(const KernelRequest& request);

// For each matrix of batch, which of an operand's matrices (its dims are own, of the same rank) it takes.
std::vector<int64_t> matrixOffsets(const Dims& own, const Dims& batch);

// y = beta * c stretched to [m, n], or 0 without c. y: the output, contiguous.
template <typename T>
void stretchC(const GemmShape& shape, const T* c, T beta, T* y)
{
    for (int64_t row = 0; row < shape.m; ++row) {
        for (int64_t column = 0; column < shape.n; ++column)
            y[row * shape.n + column] =
                c ? beta * c[row * shape.cRowStep + column * shape.cColumnStep] : T{0};
    }
}

} // namespace lapidary

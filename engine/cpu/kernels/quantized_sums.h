// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what operators with an integer product inside share: that product as a kernel, and what becomes
// of its sums. Kernels of MatMulInteger and ConvInteger: integer_product.h.
#pragma once

#include "engine/cpu/inner_kernel.h"
#include "engine/ops/matmul.h"
#include "engine/ops/quantized_product.h"

namespace lapidary {

Value optionalInput(const KernelContext& context, size_t index);

// The node inside: its inputs are those of the node around with these numbers. Errors: UnsupportedOp when the
// type of one is not known.
Result<InnerNode> innerNode(const KernelRequest& request, std::string opType,
                            const std::vector<size_t>& inputs);
// The same as the inputs of one run.
std::vector<Value> innerInputs(const KernelContext& context, const std::vector<size_t>& inputs);

// Where QLinearMatMul, QLinearConv and QGemm have the operands and zero points of the product.
inline const std::vector<size_t> qLinearOperands{0, 3, 2, 5};

// sums (int32 or float32) * factors as float32.
Result<Tensor> timesFactors(const Tensor& sums, const Tensor& factors, const ScaleLayout& layout);
// factors[i] * scale / divisor, in float32. Errors: InvalidArgument (no numbers).
Result<Tensor> scaledFactors(const Tensor& factors, float scale, float divisor);
// sums [..., m, n] * a's scale * b's scale / divisor. Scales: one, or one for each row of a, column of b.
Result<Tensor> scaledMatrices(const Tensor& sums, const Tensor& aScale, const Tensor& bScale, float divisor);
// The shape of the sums with vectors as rows or columns, so that every product is a stack of matrices.
Dims matrixDims(const MatMulShape& shape);
// real, which is already divided by the scale, as codes of the zero point's type.
Result<Tensor> quantizedQuotient(const Tensor& real, const Tensor& zeroPoint);

} // namespace lapidary

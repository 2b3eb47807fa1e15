// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/matmul.h"

#include "engine/ops/broadcast.h"
#include "engine/ops/families.h"

namespace lapidary {

namespace {

Error doNotMultiply(const std::string& a, const std::string& b)
{
    return makeError(ErrorCode::ShapeMismatch, "shapes " + a + " and " + b +
                                                   " do not multiply: the inner "
                                                   "dimensions must be equal and both ranks 1 or more");
}

// An operand as a stack of matrices: 1-D ones become a row (left) or a column (right).
template <typename Sizes>
Sizes asMatrices(Sizes sizes, bool left)
{
    if (sizes.size() == 1)
        sizes.insert(left ? sizes.begin() : sizes.end(), 1);
    return sizes;
}

Dims batchOf(const Dims& matrices, size_t batchRank)
{
    Dims batch(matrices.begin(), matrices.end() - 2);
    batch.insert(batch.begin(), batchRank - batch.size(), 1);
    return batch;
}

Status inferMatMul(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    TRY_ASSIGN(std::optional<Shape> output, matMulOutput(context.inputShape(0), context.inputShape(1)));
    context.setOutput(0, context.inputDataType(0), std::move(output));
    return {};
}

Status inferGemm(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(0));
    const Shape* a = context.inputShape(0);
    const Shape* b = context.inputShape(1);
    if (!a || !b)
        return {};
    if (a->size() != 2 || b->size() != 2)
        return doNotMultiply(toString(*a), toString(*b));
    const Node& node = context.node();
    const size_t transA = node.intAttribute("transA", 0) != 0 ? 1 : 0;
    const size_t transB = node.intAttribute("transB", 0) != 0 ? 1 : 0;
    const Dim& k = (*a)[1 - transA];
    const Dim& otherK = (*b)[transB];
    if (k.known() && otherK.known() && k.value != otherK.value)
        return doNotMultiply(toString(*a), toString(*b));
    context.setOutput(0, context.inputDataType(0), Shape{(*a)[transA], (*b)[1 - transB]});
    return {};
}

constexpr int matMulVersions[] = {1, 9, 13};
constexpr int gemmVersions[] = {1, 6, 7, 9, 11, 13};

constexpr OpDef ops[] = {
    {"", "MatMul", matMulVersions, inferMatMul},
    {"", "Gemm", gemmVersions, inferGemm},
};

} // namespace

Result<std::optional<Shape>> matMulOutput(const Shape* a, const Shape* b)
{
    if (!a || !b)
        return std::optional<Shape>();
    if (a->empty() || b->empty())
        return doNotMultiply(toString(*a), toString(*b));
    const Shape left = asMatrices(*a, true);
    const Shape right = asMatrices(*b, false);
    const Dim& k = left.back();
    const Dim& otherK = right[right.size() - 2];
    if (k.known() && otherK.known() && k.value != otherK.value)
        return doNotMultiply(toString(*a), toString(*b));
    TRY_ASSIGN(Shape output,
               broadcastShapes(Shape(left.begin(), left.end() - 2), Shape(right.begin(), right.end() - 2)));
    if (a->size() > 1)
        output.push_back(left[left.size() - 2]);
    if (b->size() > 1)
        output.push_back(right.back());
    return std::optional(std::move(output));
}

Result<MatMulShape> matMulShape(const Dims& a, const Dims& b)
{
    if (a.empty() || b.empty())
        return doNotMultiply(toString(a), toString(b));
    const Dims left = asMatrices(a, true);
    const Dims right = asMatrices(b, false);
    MatMulShape shape;
    shape.m = left[left.size() - 2];
    shape.k = left.back();
    shape.n = right.back();
    if (right[right.size() - 2] != shape.k)
        return doNotMultiply(toString(a), toString(b));
    const size_t batchRank = std::max(left.size(), right.size()) - 2;
    shape.aBatch = batchOf(left, batchRank);
    shape.bBatch = batchOf(right, batchRank);
    TRY_ASSIGN(shape.batch, broadcastDims(shape.aBatch, shape.bBatch));
    shape.output = shape.batch;
    if (a.size() > 1)
        shape.output.push_back(shape.m);
    if (b.size() > 1)
        shape.output.push_back(shape.n);
    return shape;
}

Result<GemmShape> gemmShape(const Node& node, const Dims& a, const Dims& b, const Dims* c)
{
    if (a.size() != 2 || b.size() != 2)
        return doNotMultiply(toString(a), toString(b));
    GemmShape shape;
    shape.transA = node.intAttribute("transA", 0) != 0;
    shape.transB = node.intAttribute("transB", 0) != 0;
    shape.alpha = node.floatAttribute("alpha", 1);
    shape.beta = node.floatAttribute("beta", 1);
    shape.m = a[shape.transA ? 1 : 0];
    shape.k = a[shape.transA ? 0 : 1];
    shape.n = b[shape.transB ? 0 : 1];
    if (b[shape.transB ? 1 : 0] != shape.k)
        return doNotMultiply(toString(a), toString(b));
    if (!c)
        return shape;
    const Dims output{shape.m, shape.n};
    // Versions 1 and 6 stretch c only when their attribute 'broadcast' says so; models in the wild
    // rely on it without, and no valid model means anything else.
    if (!stretchesTo(*c, output))
        return makeError(ErrorCode::ShapeMismatch, "input C: expected a shape that stretches to " +
                                                       toString(output) + ", found " + toString(*c));
    const int64_t columns = c->empty() ? 1 : c->back();
    const int64_t rows = c->size() < 2 ? 1 : c->front();
    shape.cColumnStep = columns == 1 ? 0 : 1;
    shape.cRowStep = rows == 1 ? 0 : columns;
    return shape;
}

std::span<const OpDef> matmulOps() { return ops; }

} // namespace lapidary

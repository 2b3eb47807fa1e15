// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/quantized_weights.h"

#include "engine/ops/axis.h"
#include "engine/ops/families.h"

namespace lapidary {

namespace {

constexpr int64_t largestSize = int64_t{1} << 31;

Error wrongAttribute(std::string_view name, int64_t found)
{
    return makeError(ErrorCode::InvalidModel,
                     "attribute '" + std::string(name) + "' cannot be " + std::to_string(found));
}

bool isBitCount(int64_t bits) { return bits == 2 || bits == 4 || bits == 8; }

Status inferMatMulNBits(InferenceContext& context)
{
    TRY_ASSIGN(const BlockMatrix matrix, blockMatrix(context.node()));
    std::optional<Shape> output;
    if (const Shape* a = context.inputShape(0)) {
        if (a->empty() || (a->back().known() && a->back().value != matrix.k))
            return makeError(ErrorCode::ShapeMismatch, "input A: expected " + std::to_string(matrix.k) +
                                                           " columns, found " + toString(*a));
        output = *a;
        output->back() = Dim(matrix.n);
    }
    context.setOutput(0, context.inputDataType(0), std::move(output));
    return {};
}

Status inferGatherBlockQuantized(InferenceContext& context)
{
    context.setOutput(0, context.inputDataType(2));
    const Shape* data = context.inputShape(0);
    const Shape* indices = context.inputShape(1);
    const auto dataDims = data ? concreteDims(*data) : std::nullopt;
    if (!dataDims || !indices || context.inputDataType(0) == DataType::Undefined)
        return {};
    TRY_ASSIGN(const BlockGather gather,
               blockGather(context.node(), context.inputDataType(0), *dataDims, {}));
    Shape output = toShape(gather.output);
    output.insert(output.begin() + gather.gatherAxis, indices->begin(), indices->end());
    context.setOutput(0, context.inputDataType(2), std::move(output));
    return {};
}

constexpr int versions[] = {1};

constexpr OpDef ops[] = {
    {"com.microsoft", "MatMulNBits", versions, inferMatMulNBits},
    {"com.microsoft", "GatherBlockQuantized", versions, inferGatherBlockQuantized},
};

} // namespace

Result<BlockMatrix> blockMatrix(const Node& node)
{
    BlockMatrix matrix;
    for (const auto& [name, size] : {std::pair{"K", &matrix.k}, {"N", &matrix.n}}) {
        *size = node.intAttribute(name, -1);
        if (*size < 0 || *size > largestSize)
            return wrongAttribute(name, *size);
    }
    matrix.bits = node.intAttribute("bits", 4);
    if (!isBitCount(matrix.bits))
        return wrongAttribute("bits", matrix.bits);
    matrix.blockSize = node.intAttribute("block_size", 0);
    if (matrix.blockSize < 1 || matrix.blockSize > largestSize || matrix.blockSize * matrix.bits % 8 != 0)
        return wrongAttribute("block_size", matrix.blockSize);
    matrix.blocks = (matrix.k + matrix.blockSize - 1) / matrix.blockSize;
    matrix.blobBytes = matrix.blockSize * matrix.bits / 8;
    return matrix;
}

Result<BlockGather> blockGather(const Node& node, DataType type, const Dims& data, const Dims& indices)
{
    BlockGather gather;
    const auto rank = static_cast<int64_t>(data.size());
    TRY_ASSIGN(gather.gatherAxis, normalizeAxis(node.intAttribute("gather_axis", 0), rank));
    TRY_ASSIGN(gather.along.axis, normalizeAxis(node.intAttribute("quantize_axis", 1), rank));
    gather.codes = type;
    gather.data = data;
    if (type == DataType::UInt8) { // codes may share bytes along the last axis
        const int64_t bits = node.intAttribute("bits", 4);
        if (!isBitCount(bits))
            return wrongAttribute("bits", bits);
        if (gather.along.axis != rank - 1 || gather.gatherAxis == rank - 1)
            return makeError(ErrorCode::ShapeMismatch,
                             "bytes: expected another axis to gather than the last, which is quantized");
        if (gather.data.back() > largestSize)
            return makeError(ErrorCode::ShapeMismatch, "the last axis is too long: " + toString(data));
        gather.codes = bits == 8 ? DataType::UInt8 : bits == 4 ? DataType::UInt4 : DataType::UInt2;
        gather.data.back() *= 8 / bits;
    }
    gather.along.blockSize = node.intAttribute("block_size", 128);
    if (gather.along.blockSize < 0)
        return wrongAttribute("block_size", gather.along.blockSize);
    if (gather.along.blockSize == 0) // one block is the whole axis
        gather.along.blockSize = std::max<int64_t>(1, gather.data[static_cast<size_t>(gather.along.axis)]);
    gather.output = gather.data;
    const auto at = gather.output.begin() + gather.gatherAxis;
    gather.output.insert(gather.output.erase(at), indices.begin(), indices.end());
    return gather;
}

std::span<const OpDef> quantizedWeightsOps() { return ops; }

} // namespace lapidary

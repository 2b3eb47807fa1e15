// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/inputs.h"

namespace lapidary {

Status requireTensors(const KernelContext& context, std::initializer_list<size_t> inputs, DataType type)
{
    for (const size_t index : inputs) {
        if (!context.hasInput(index))
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) + " is missing");
        const Tensor* tensor = context.input(index).tensor();
        if (!tensor || tensor->type() != type)
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) + ": expected a " +
                                                           std::string(dataTypeName(type)) +
                                                           " tensor, found " +
                                                           describe(context.input(index)));
    }
    return {};
}

namespace {

Error unexpectedKind(const KernelContext& context, size_t index, std::string_view expected)
{
    const std::string found = context.hasInput(index) ? describe(context.input(index)) : "nothing";
    return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) + ": expected a " +
                                                   std::string(expected) + ", found " + found);
}

} // namespace

Status requireTensor(const KernelContext& context, size_t index)
{
    if (context.hasInput(index) && context.input(index).isTensor())
        return {};
    return unexpectedKind(context, index, "tensor");
}

Result<const Sequence*> sequenceInput(const KernelContext& context, size_t index)
{
    const Sequence* sequence = context.hasInput(index) ? context.input(index).sequence() : nullptr;
    if (!sequence)
        return unexpectedKind(context, index, "sequence");
    return sequence;
}

Error refuseType(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    return makeError(ErrorCode::UnsupportedOp, type == DataType::Undefined
                                                   ? "the type of input 0 is not known"
                                                   : "does not take " + std::string(dataTypeName(type)));
}

} // namespace lapidary

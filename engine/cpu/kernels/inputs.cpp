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

Error refuseType(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    return makeError(ErrorCode::UnsupportedOp, type == DataType::Undefined
                                                   ? "the type of input 0 is not known"
                                                   : "does not take " + std::string(dataTypeName(type)));
}

} // namespace lapidary

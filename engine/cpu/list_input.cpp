// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/list_input.h"

namespace lapidary {

namespace {

constexpr int64_t longestList = 1 << 20;

Result<const Tensor*> tensorInput(const KernelContext& context, size_t index)
{
    const Tensor* tensor = context.hasInput(index) ? context.input(index).tensor() : nullptr;
    if (!tensor)
        return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) + " must be a tensor");
    return tensor;
}

Result<const Tensor*> singleElement(const KernelContext& context, size_t index)
{
    TRY_ASSIGN(const Tensor* tensor, tensorInput(context, index));
    if (tensor->count() != 1)
        return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) +
                                                       " must have one element, found shape " +
                                                       toString(tensor->dims()));
    return tensor;
}

} // namespace

Result<Ints> listInput(const KernelContext& context, size_t index)
{
    TRY_ASSIGN(const Tensor* tensor, tensorInput(context, index));
    if (tensor->rank() > 1 || tensor->count() > longestList)
        return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(index) +
                                                       " must be a list, found shape " +
                                                       toString(tensor->dims()));
    return toInt64s(*tensor);
}

Result<std::optional<Ints>> optionalListInput(const KernelContext& context, size_t index)
{
    if (!context.hasInput(index))
        return std::optional<Ints>();
    TRY_ASSIGN(Ints list, listInput(context, index));
    return std::optional(std::move(list));
}

Result<int64_t> integerInput(const KernelContext& context, size_t index)
{
    TRY_ASSIGN(const Tensor* tensor, singleElement(context, index));
    TRY_ASSIGN(const Ints values, toInt64s(*tensor));
    return values[0];
}

Result<double> numberInput(const KernelContext& context, size_t index)
{
    TRY_ASSIGN(const Tensor* tensor, singleElement(context, index));
    return elementAsDouble(*tensor, 0);
}

ListSource::ListSource(const KernelRequest& request, std::string_view attribute, size_t input,
                       int64_t sinceInput)
    : m_input(input), m_isInput(request.opsetVersion >= sinceInput)
{
    if (!m_isInput && request.node->attribute(attribute))
        m_attribute = request.node->intsAttribute(attribute);
}

Result<std::optional<Ints>> ListSource::read(const KernelContext& context) const
{
    return m_isInput ? optionalListInput(context, m_input) : Result<std::optional<Ints>>(m_attribute);
}

} // namespace lapidary

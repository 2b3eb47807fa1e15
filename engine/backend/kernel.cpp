// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backend/kernel.h"

namespace lapidary {

const Tensor& KernelContext::tensor(size_t index) const
{
    static const Tensor none;
    const Tensor* tensor = index < m_inputs.size() ? m_inputs[index]->tensor() : nullptr;
    return tensor ? *tensor : none;
}

Result<Tensor*> KernelContext::allocate(size_t index, DataType type, Dims dims)
{
    TRY_ASSIGN(m_outputs[index], Tensor::allocate(type, std::move(dims)));
    return m_outputs[index].tensor();
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backend/kernel.h"

#include <algorithm>

namespace lapidary {

const Tensor& KernelContext::tensor(size_t index) const
{
    static const Tensor none;
    const Tensor* tensor = index < m_inputs.size() ? m_inputs[index]->tensor() : nullptr;
    return tensor ? *tensor : none;
}

Result<Tensor*> KernelContext::allocate(size_t index, DataType type, const Dims& dims)
{
    Value& output = m_outputs[index];
    if (!output.isTensor())
        output = Tensor();
    Tensor* tensor = output.tensor();
    TRY(tensor->reallocate(type, dims, index < m_memory.places.size() ? &m_memory.places[index] : nullptr));
    if (index < m_memory.asked.size() && type != DataType::String)
        m_memory.asked[index] = std::max(m_memory.asked[index], Tensor::memoryBytes(type, tensor->count()));
    return tensor;
}

Result<Tensor*> KernelContext::allocateOver(size_t input, size_t index, DataType type, const Dims& dims)
{
    const Tensor& old = tensor(input);
    if (input >= m_memory.dying.size() || !m_memory.dying[input] || index >= m_memory.leaving.size())
        return allocate(index, type, dims);
    const bool inArena = old.bytes() >= m_memory.arenaBegin && old.bytes() < m_memory.arenaEnd;
    // The plan holds on to what lies in the arena.
    const bool isFree = inArena ? old.owner().use_count() == 2 && !m_memory.leaving[index] : old.ownsAlone();
    const auto count = elementCount(dims);
    if (!isFree || !count || storageBytes(type, static_cast<uint64_t>(*count)) != old.sizeBytes())
        return allocate(index, type, dims);
    Value& output = m_outputs[index];
    if (!output.isTensor())
        output = Tensor();
    output.tensor()->share(old, type, dims);
    return output.tensor();
}

} // namespace lapidary

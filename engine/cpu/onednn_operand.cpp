// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/onednn_operand.h"

#include "engine/base/lost_pages.h"

#include <array>
#include <cstdlib>
#include <memory>

namespace lapidary::onednn {

namespace {

struct Buffer {
    std::unique_ptr<void, decltype(&std::free)> memory{nullptr, &std::free};
    size_t sizeBytes = 0;
};

void execute(const dnnl::reorder& reorder, dnnl::memory& from, dnnl::memory& to)
{
    reorder.execute(stream(), from, to);
}

} // namespace

void* sharedBuffer(Slot slot, size_t sizeBytes)
{
    thread_local std::array<Buffer, static_cast<size_t>(Slot::count)> buffers;
    Buffer& buffer = buffers[static_cast<size_t>(slot)];
    if (buffer.sizeBytes < sizeBytes) {
        constexpr size_t alignmentBytes = 64;
        const size_t rounded = (sizeBytes + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
        buffer.memory.reset(); // first, so that both never exist at once
        buffer.sizeBytes = 0;
        buffer.memory.reset(std::aligned_alloc(alignmentBytes, rounded));
        if (!buffer.memory)
            throw std::bad_alloc();
        buffer.sizeBytes = rounded;
    }
    return buffer.memory.get();
}

Operand::Operand(dnnl::memory::desc outside, dnnl::memory::desc inside, Slot slot)
    : m_outside(std::move(outside)),
      m_inside(std::move(inside)),
      m_slot(slot),
      m_reorders(m_outside != m_inside)
{
    if (!m_reorders)
        return;
    const bool out = slot == Slot::Destination;
    m_reorder = dnnl::reorder(dnnl::reorder::primitive_desc(engine(), out ? m_inside : m_outside, engine(),
                                                            out ? m_outside : m_inside));
}

dnnl::memory Operand::read(const void* data) const
{
    dnnl::memory outside = wrap(m_outside, data);
    if (!m_reorders)
        return outside;
    dnnl::memory inside = wrap(m_inside, sharedBuffer(m_slot, m_inside.get_size()));
    execute(m_reorder, outside, inside);
    return inside;
}

dnnl::memory Operand::pack(const void* data) const
{
    dnnl::memory outside = wrap(m_outside, data);
    if (!m_reorders)
        return outside;
    dnnl::memory inside(m_inside, engine());
    execute(m_reorder, outside, inside);
    return inside;
}

dnnl::memory Operand::write(void* data) const
{
    return m_reorders ? wrap(m_inside, sharedBuffer(m_slot, m_inside.get_size())) : wrap(m_outside, data);
}

void Operand::finish(const dnnl::memory& written, void* data) const
{
    if (!m_reorders)
        return;
    dnnl::memory inside = written;
    dnnl::memory outside = wrap(m_outside, data);
    execute(m_reorder, inside, outside);
}

dnnl::memory PackedWeights::as(const dnnl::memory::desc& inside)
{
    if (!m_tensor.empty() && inside == m_outside)
        return wrap(m_outside, m_tensor.bytes());
    for (const dnnl::memory& packed : m_packed) {
        if (packed.get_desc() == inside)
            return packed;
    }
    if (m_packed.empty() && m_tensor.empty())
        throw dnnl::error(dnnl_invalid_arguments, "the weights were let go of");
    dnnl::memory from = m_packed.empty() ? wrap(m_outside, m_tensor.bytes()) : m_packed.front();
    dnnl::memory to(inside, engine());
    dnnl::reorder(from, to).execute(stream(), from, to);
    m_packed.push_back(to);
    letGo();
    return to;
}

void PackedWeights::letGo()
{
    if (m_tensor.empty())
        return;
    m_dims = m_tensor.dims();
    givePagesBack(m_tensor.bytes(), m_tensor.sizeBytes());
    m_tensor = {};
}

Result<Tensor> PackedWeights::plain() const
{
    if (m_packed.empty() && m_tensor.empty())
        return makeError(ErrorCode::ShapeMismatch,
                         "an input has another shape than the one that the session was made for");
    if (m_packed.empty())
        return m_tensor;
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(DataType::Float, m_dims));
    TRY(guarded([&] {
        dnnl::memory from = m_packed.front();
        dnnl::memory to = wrap(m_outside, tensor.mutableBytes());
        dnnl::reorder(from, to).execute(stream(), from, to);
    }));
    return tensor;
}

void* scratchpadData(const dnnl::memory::desc& desc)
{
    const size_t sizeBytes = desc.get_size();
    return sizeBytes > 0 ? sharedBuffer(Slot::Scratchpad, sizeBytes) : nullptr;
}

dnnl::memory scratchpad(const dnnl::memory::desc& desc) { return wrap(desc, scratchpadData(desc)); }

} // namespace lapidary::onednn

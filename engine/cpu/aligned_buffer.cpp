// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/aligned_buffer.h"

#include <sys/mman.h>

namespace lapidary {

bool AlignedBuffer::reserve(size_t sizeBytes)
{
    if (sizeBytes <= m_sizeBytes)
        return true;
    constexpr size_t lineBytes = 64;
    constexpr size_t hugePageBytes = size_t{2} << 20;
    // Many planes are walked at once: on pages of 4 KB each would need an entry of the TLB.
    const bool huge = sizeBytes >= hugePageBytes / 4;
    const size_t alignment = huge ? hugePageBytes : lineBytes;
    const size_t rounded = (sizeBytes + alignment - 1) / alignment * alignment;
    m_memory.reset(); // first, so that both never exist at once
    m_sizeBytes = 0;
    if (rounded < sizeBytes)
        return false;
    m_memory.reset(std::aligned_alloc(alignment, rounded));
    if (!m_memory)
        return false;
    if (huge)
        madvise(m_memory.get(), rounded, MADV_HUGEPAGE); // only advice: failing changes nothing
    m_sizeBytes = rounded;
    return true;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/aligned_buffer.h"

#include <sys/mman.h>

namespace lapidary {

bool AlignedBuffer::reserve(size_t sizeBytes)
{
    if (m_memory && sizeBytes <= m_sizeBytes) // one that was moved from has no memory
        return true;
    constexpr size_t lineBytes = 64;
    constexpr size_t hugePageBytes = size_t{2} << 20;
    // Many planes are walked at once: on pages of 4 KB each would need an entry of the TLB.
    const bool huge = sizeBytes >= hugePageBytes;
    void* memory = nullptr;
    m_memory.reset(); // first, so that both never exist at once
    m_sizeBytes = 0;
    if (posix_memalign(&memory, huge ? hugePageBytes : lineBytes, sizeBytes) != 0)
        return false;
    m_memory.reset(memory);
    m_sizeBytes = sizeBytes;
    if (huge)
        madvise(memory, sizeBytes, MADV_HUGEPAGE); // only advice: failing changes nothing
    return true;
}

} // namespace lapidary

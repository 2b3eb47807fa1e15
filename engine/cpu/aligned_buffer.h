// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: memory for packed weights and workspaces: aligned for every vector, on huge pages where the
// system gives them.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace lapidary {

class AlignedBuffer {
public:
    // At least as many bytes as asked; what was in it is lost when it has to grow. False: no memory.
    bool reserve(size_t sizeBytes);
    float* floats() const { return static_cast<float*>(m_memory.get()); }

private:
    std::unique_ptr<void, decltype(&std::free)> m_memory{nullptr, &std::free};
    size_t m_sizeBytes = 0;
};

} // namespace lapidary

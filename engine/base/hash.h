// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: joins hashes into one. For tables in memory only: the result may change between builds.
#pragma once

#include <cstdint>

namespace lapidary {

// In order: hashes of a and b joined are another number than of b and a.
constexpr uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x9e3779b97f4a7c15ULL + (hash >> 31);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a mapped file may be cut short by another program while it is in use. Reading what is gone
// gives zeros then, in place of the signal that would end the process, and the mapping counts as damaged.
#pragma once

#include <cstddef>

namespace lapidary {

// Thread safe. At most 1024 mappings are watched at a time; others are as the system has them.
void watchMapping(const void* address, size_t sizeBytes);
void forgetMapping(const void* address);
// Some part of it was read after it was gone.
bool isMappingDamaged(const void* address);

// Whole pages of a watched mapping that nobody needs for now leave the process; a later read brings them
// back. Other memory is left alone.
void givePagesBack(const void* address, size_t sizeBytes);

} // namespace lapidary

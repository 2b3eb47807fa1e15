// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how a server divides the processors among sessions.
#pragma once

#include <cstdint>

namespace lapidary::serve {

// Processors that this process may use: those it is bound to, and not more than its control group's quota
// (the limit of a container). At least 1.
int usableProcessors();

struct Division {
    int sessions = 1;
    int threads = 1; // of each
};
// 0 stands for: not said. Many sessions of one thread answer more requests than one session of many threads,
// and do not stall when another program takes a processor; but each packs the weights for itself.
Division divide(int processors, int sessions, int threads, uint64_t weightBytes);

} // namespace lapidary::serve

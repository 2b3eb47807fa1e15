// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the passes, in the order in which they run. Each leaves a graph that says the same and runs
// faster.
#pragma once

#include "engine/passes/pass_selection.h"
#include "engine/passes/rewriter.h"

namespace lapidary {

struct Pass {
    std::string_view name; // as --passes names it
    std::string_view does; // one sentence, for --explain
    // Errors: Cancelled and OutOfMemory; what a pass cannot do it leaves as it is.
    Status (*run)(Rewriter&);
    // Sees weights as the file has them, dequantized by nodes; all later passes see what those compute.
    bool seesCodes = false;
};

std::span<const Pass> passTable();

// Those that see codes, or all others, of the passes selected; adds to reports.
Status runPasses(Rewriter& rewriter, const PassSelection& selection, bool seeCodes,
                 std::vector<PassReport>& reports, const JobContext& job);

} // namespace lapidary

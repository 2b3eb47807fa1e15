// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which passes a session runs, and what they did.
#pragma once

#include "engine/base/result.h"

#include <set>
#include <string>
#include <vector>

namespace lapidary {

struct PassSelection {
    std::set<std::string, std::less<>> off; // names of passes; "all"
    bool runs(std::string_view pass) const { return !off.contains(pass) && !off.contains("all"); }
    bool runsAny() const { return !off.contains("all"); }
    static PassSelection none() { return {{"all"}}; }
    bool operator==(const PassSelection&) const = default;
};

// "all", "none", or some left out: "-channels-last,-fuse-convolution". Errors: InvalidArgument, which names
// the passes.
Result<PassSelection> parsePasses(std::string_view text);

struct PassReport {
    std::string pass;
    std::vector<std::string> notes; // one for each change
};

} // namespace lapidary

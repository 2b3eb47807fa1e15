// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which backends this program has, and why one is missing.
#pragma once

#include "engine/backend/backend.h"

namespace lapidary {

struct BackendStatus {
    std::string name;
    const Backend* backend = nullptr; // null when unavailable; lives as long as the program
    std::string reason;               // why it is unavailable, and what would help
};

// All backends that this program knows, available or not, "cpu" first. Thread safe.
const std::vector<BackendStatus>& backends();
// Errors: InvalidArgument (no such name), BackendUnavailable (with the reason).
Result<const Backend*> findBackend(std::string_view name);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the backend that is always there: oneDNN where it is faster, plain C++ for the rest.
#pragma once

#include "engine/backend/backend.h"

namespace lapidary {

// Stateless and thread safe; lives as long as the program.
const Backend& cpuBackend();

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: JSON as YAML that people read: manifests, conda files.
#pragma once

#include "engine/deploy/json.h"

namespace lapidary::deploy {

// Ends with a line break.
std::string toYaml(const Json& json);

} // namespace lapidary::deploy

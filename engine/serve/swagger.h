// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the interface of a scoring server as Swagger 2.0, made of the model's signature.
#pragma once

#include "engine/serve/json_values.h"
#include "engine/serve/scorer.h"

namespace lapidary::serve {

Json swaggerOf(const Scorer& scorer, const std::string& name);

} // namespace lapidary::serve

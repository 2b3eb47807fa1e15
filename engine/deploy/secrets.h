// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what is secret in a body that is sent. It is fetched when the request is made, lives in memory
// until it is sent, and is written nowhere: a resumed run fetches it again.
#pragma once

#include "engine/deploy/actions.h"

namespace lapidary::deploy {

// A secret that is the user's: of Services::secret, else of the environment ("apiKey": LAPIDARY_API_KEY).
// Errors: InvalidArgument (nobody has one, or it cannot stand in a header).
Result<std::string> askedSecret(const Services& services, const std::string& name);

// Those that the step's input names: {"secret.apiKey": {"ask": "apiKey"}, "secret.registryPassword": {"post":
// URL, "path": ["passwords", 0, "value"]}}. Errors: as askedSecret, of ArmClient::post.
Result<Values> secretsOf(const StepContext& context);

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
// Sends a request on to another server and brings its answer back.
#pragma once

#include "call.h"

namespace fake_azure {

// `target`: path and query at the other server. Status 502 if it does not answer, `timeout` seconds over:
// 504.
Reply forward(const Call& call, const std::string& server, const std::string& target,
              const httplib::Headers& extra = {}, double timeoutSeconds = 60);

} // namespace fake_azure

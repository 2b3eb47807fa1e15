// SPDX-License-Identifier: GPL-3.0-or-later
// What a container group is made of, apart from its resource.
#pragma once

#include "cloud.h"

namespace fake_azure {

void checkContainerGroup(Cloud& cloud, const Call& call, const Json& body); // throws ArmError
void setGroupState(Cloud& cloud, const std::string& id, const char* state);
// Listens, without TLS, on the group's own port as the container would: what comes goes to the group's
// backend (Backends: "aci/name"), or is echoed. A port that is taken already is left to who has it.
void startContainerGroup(Cloud& cloud, const std::string& id, const std::string& name);
void stopContainerGroup(Cloud& cloud, const std::string& name);
std::string lastLines(const std::string& text, const std::string& count); // all if count is empty

} // namespace fake_azure

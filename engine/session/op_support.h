// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which operators run where: the support table.
#pragma once

#include "engine/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace lapidary {

struct OpSupport {
    std::string domain; // "ai.onnx", ...
    std::string name;
    int version = 0; // of the operator, as the domain counts its opsets
    // By backend: the implementations that serve this version, fastest first ("oneDNN", "plain").
    std::map<std::string, std::vector<std::string>> implementations;

    bool runsOn(const std::string& backend) const { return implementations.contains(backend); }
};

// Every version of every operator that is known, be it from our own table or from libonnx, with all
// backends that this machine has. By domain, name and version. The first call takes about 50 ms.
std::vector<OpSupport> operatorSupport();

} // namespace lapidary

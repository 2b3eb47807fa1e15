// SPDX-License-Identifier: GPL-3.0-or-later
// All ARM resources by their id. Ids ignore case, except what follows the name of a machine learning
// workspace's asset collection: asset names and versions are case-sensitive.
#pragma once

#include "call.h"

namespace fake_azure {

class Resources {
public:
    Json* find(const std::string& id);
    Json& put(const std::string& id, Json resource); // replaces
    bool erase(const std::string& id);               // and everything below it
    // Direct children: resources whose id is `collection`/name; `collection` is .../models, say.
    std::vector<Json*> children(const std::string& collection);

private:
    static std::string key(const std::string& id);
    std::map<std::string, Json> m_resources;
};

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources.h"

namespace fake_azure {

std::string Resources::key(const std::string& id)
{
    std::string small = lower(id);
    for (const char* assets : {"/models/", "/environments/", "/codes/"}) {
        const size_t found = small.find(assets);
        if (found != std::string::npos) {
            const size_t start = found + std::string_view(assets).size();
            // Of name/versions/version only the word in the middle ignores case.
            std::string rest = id.substr(start);
            const size_t slash = rest.find('/');
            if (slash != std::string::npos && sameText(rest.substr(slash, 10), "/versions/"))
                rest.replace(slash, 10, "/versions/");
            return small.substr(0, start) + rest;
        }
    }
    return small;
}

Json* Resources::find(const std::string& id)
{
    const auto found = m_resources.find(key(id));
    return found == m_resources.end() ? nullptr : &found->second;
}

Json& Resources::put(const std::string& id, Json resource)
{
    return m_resources[key(id)] = std::move(resource);
}

bool Resources::erase(const std::string& id)
{
    const std::string name = key(id);
    const std::string below = name + '/';
    for (auto it = m_resources.lower_bound(below);
         it != m_resources.end() && it->first.compare(0, below.size(), below) == 0;)
        it = m_resources.erase(it);
    return m_resources.erase(name) != 0;
}

std::vector<Json*> Resources::children(const std::string& collection)
{
    // The slash goes in before the key is made, so that .../models of a workspace is known as a collection.
    const std::string below = key(collection + '/');
    std::vector<Json*> found;
    for (auto it = m_resources.lower_bound(below);
         it != m_resources.end() && it->first.compare(0, below.size(), below) == 0; ++it) {
        if (it->first.find('/', below.size()) == std::string::npos)
            found.push_back(&it->second);
    }
    return found;
}

} // namespace fake_azure

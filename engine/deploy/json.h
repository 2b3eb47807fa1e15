// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: JSON as Azure, registries and our own files have it: members keep their order, and what is not
// there reads as empty, because answers of servers cannot be relied on.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace lapidary::deploy {

using Json = nlohmann::ordered_json;

// The member below the path of names; null when any is missing.
inline const Json& at(const Json& json) { return json; }

template <typename... Names>
const Json& at(const Json& json, const char* name, Names... more)
{
    static const Json none;
    if (!json.is_object() || !json.contains(name))
        return none;
    return at(json[name], more...);
}

// The text there; empty when it is missing or no text.
template <typename... Names>
std::string textAt(const Json& json, Names... names)
{
    const Json& found = at(json, names...);
    return found.is_string() ? found.get<std::string>() : std::string();
}

} // namespace lapidary::deploy

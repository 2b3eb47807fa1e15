// SPDX-License-Identifier: GPL-3.0-or-later
// Which function answers which path. Literal parts ignore case, as ARM does.
#pragma once

#include "api_versions.h"
#include "call.h"

#include <functional>

namespace fake_azure {

using Handler = std::function<Reply(Call&)>;

struct Route {
    std::string method;                // "*": any
    std::vector<std::string> segments; // {name}: any one; {name*} at the end: all that follow
    Area area;
    Handler handler;
    bool locked; // the handler runs alone; false for those that wait for other servers
};

class Router {
public:
    void add(const std::string& method, const std::string& pattern, Area area, Handler handler);
    void addUnlocked(const std::string& method, const std::string& pattern, Handler handler); // Area::Open
    // The route of the call, whose names are filled in. Null if there is none: then `methods` holds the
    // methods that the path does have.
    const Route* find(Call& call, std::vector<std::string>& methods) const;

private:
    std::vector<Route> m_routes;
};

std::vector<std::string> segmentsOf(const std::string& path);

// The beginnings of most patterns.
inline const std::string subscriptionPath = "/subscriptions/{sub}";
inline const std::string groupPath = subscriptionPath + "/resourceGroups/{rg}";
inline const std::string workspacePath =
    groupPath + "/providers/Microsoft.MachineLearningServices/workspaces/{ws}";
inline const std::string registryPath =
    groupPath + "/providers/Microsoft.ContainerRegistry/registries/{registry}";

} // namespace fake_azure

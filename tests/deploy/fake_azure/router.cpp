// SPDX-License-Identifier: GPL-3.0-or-later
#include "router.h"

namespace fake_azure {

std::vector<std::string> segmentsOf(const std::string& path)
{
    std::vector<std::string> segments;
    size_t start = 0;
    while (start < path.size()) {
        const size_t end = std::min(path.find('/', start), path.size());
        if (end > start)
            segments.push_back(path.substr(start, end - start));
        start = end + 1;
    }
    return segments;
}

namespace {

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
             std::map<std::string, std::string>& names)
{
    names.clear();
    for (size_t i = 0; i < pattern.size(); ++i) {
        const std::string& part = pattern[i];
        if (part.front() == '{' && part[part.size() - 2] == '*') {
            std::string rest;
            for (size_t k = i; k < path.size(); ++k)
                rest += (k == i ? "" : "/") + path[k];
            names[part.substr(1, part.size() - 3)] = rest;
            return true;
        }
        if (i >= path.size())
            return false;
        if (part.front() == '{')
            names[part.substr(1, part.size() - 2)] = path[i];
        else if (!sameText(part, path[i]))
            return false;
    }
    return pattern.size() == path.size();
}

} // namespace

void Router::add(const std::string& method, const std::string& pattern, Area area, Handler handler)
{
    m_routes.push_back({method, segmentsOf(pattern), area, std::move(handler), true});
}

void Router::addUnlocked(const std::string& method, const std::string& pattern, Handler handler)
{
    m_routes.push_back({method, segmentsOf(pattern), Area::Open, std::move(handler), false});
}

const Route* Router::find(Call& call, std::vector<std::string>& methods) const
{
    const std::vector<std::string> path = segmentsOf(call.path);
    std::map<std::string, std::string> names;
    for (const Route& route : m_routes) {
        if (!matches(route.segments, path, names))
            continue;
        if (route.method == "*" || route.method == call.method ||
            (route.method == "GET" && call.method == "HEAD")) {
            call.names = std::move(names);
            return &route;
        }
        methods.push_back(route.method);
    }
    return nullptr;
}

} // namespace fake_azure

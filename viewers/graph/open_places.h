// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which groups and bodies the user has opened. A place is named by a key that stays the same
// when the graph is laid out anew.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace lapidary {

struct OpenPlaces {
    bool grouped = false;                    // groups are drawn at all
    int32_t level = 0;                       // groups less deep than this are open
    std::map<std::string, bool> places = {}; // opened or closed by hand

    // As users count: 0: no groups; 1: all closed; 2: one level open; and so on.
    static OpenPlaces atLevel(int shown)
    {
        OpenPlaces open;
        open.grouped = shown > 0;
        open.level = shown > 0 ? shown - 1 : 0;
        return open;
    }
    int shownLevel() const { return grouped ? level + 1 : 0; }

    // depth: of a group; bodies and functions, which only open by hand, have none.
    bool isOpen(const std::string& key, int32_t depth = -1) const
    {
        const auto place = places.find(key);
        return place != places.end() ? place->second : depth >= 0 && depth < level;
    }
};

} // namespace lapidary

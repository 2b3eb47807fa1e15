// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what was selected, for going back and forward as in a browser.
#pragma once

#include "viewers/graph/selection.h"

namespace lapidary {

class SelectionHistory {
public:
    void clear() { *this = {}; }
    void add(const Selection& selection)
    {
        if (selection.kind == Selection::Kind::None)
            return;
        m_entries.resize(m_entries.empty() ? 0 : m_at + 1);
        if (!m_entries.empty() && m_entries.back() == selection)
            return;
        m_entries.push_back(selection);
        if (m_entries.size() > most)
            m_entries.erase(m_entries.begin());
        m_at = m_entries.size() - 1;
    }
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_entries.size(); }
    const Selection& back() { return m_entries[--m_at]; }
    const Selection& forward() { return m_entries[++m_at]; }

private:
    static constexpr size_t most = 200;
    std::vector<Selection> m_entries;
    size_t m_at = 0;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: many short texts in one block, so that a search runs over all of them at once.
#pragma once

#include "viewers/search/value_test.h"

namespace lapidary {

using TextId = uint32_t;

// Filled by one thread, then closed and immutable.
class TextArena {
public:
    TextId add(std::string_view text); // folds it
    void close();

    size_t count() const { return m_starts.size(); }
    size_t sizeBytes() const { return m_text.size(); }
    std::string_view text(TextId id) const
    {
        const size_t end = id + 1 < m_starts.size() ? m_starts[id + 1] : m_text.size();
        return {m_text.data() + m_starts[id], end - m_starts[id] - 1};
    }
    // 1 for every text in [first, last) that the test accepts; indices start at first. Adds to what is
    // there: found has last - first items. closed() must have been called.
    void find(const TextTest& test, TextId first, TextId last, std::vector<uint8_t>& found) const;

private:
    void findContained(std::string_view part, TextId first, TextId last, std::vector<uint8_t>& found) const;
    void findRegex(const QRegularExpression& regex, TextId first, TextId last,
                   std::vector<uint8_t>& found) const;

    std::string m_text;             // each text ends with a line break
    std::vector<uint32_t> m_starts; // in m_text
    QString m_wide;                 // the same for regular expressions, which want UTF-16
    std::vector<uint32_t> m_wideStarts;
};

} // namespace lapidary

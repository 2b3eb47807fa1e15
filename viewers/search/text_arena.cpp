// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/text_arena.h"

#include <algorithm>
#include <cstring>

namespace lapidary {

TextId TextArena::add(std::string_view text)
{
    const auto id = static_cast<TextId>(m_starts.size());
    m_starts.push_back(static_cast<uint32_t>(m_text.size()));
    m_text += foldedText(text);
    m_text += '\n';
    return id;
}

void TextArena::close()
{
    m_wide = QString::fromUtf8(m_text.data(), static_cast<qsizetype>(m_text.size()));
    m_wideStarts.reserve(m_starts.size() + 1);
    m_wideStarts.push_back(0);
    for (qsizetype at = 0; (at = m_wide.indexOf(u'\n', at)) >= 0;)
        m_wideStarts.push_back(static_cast<uint32_t>(++at));
}

void TextArena::find(const TextTest& test, TextId first, TextId last, std::vector<uint8_t>& found) const
{
    if (test.kind == TextTest::Kind::Contains && test.text.empty()) {
        std::fill(found.begin(), found.end(), uint8_t(1));
    } else if (test.kind == TextTest::Kind::Contains) {
        findContained(test.text, first, last, found);
    } else if (test.kind == TextTest::Kind::Regex) {
        findRegex(test.regex, first, last, found);
    } else {
        for (TextId id = first; id < last; ++id)
            found[id - first] |= static_cast<uint8_t>(test.accepts(text(id)));
    }
}

void TextArena::findContained(std::string_view part, TextId first, TextId last,
                              std::vector<uint8_t>& found) const
{
    if (first == last || part.find('\n') != std::string_view::npos)
        return;
    const size_t end = last < m_starts.size() ? m_starts[last] : m_text.size();
    TextId id = first;
    for (size_t at = m_starts[first]; at < end;) {
        const void* hit = memmem(m_text.data() + at, end - at, part.data(), part.size());
        if (!hit)
            return;
        at = static_cast<size_t>(static_cast<const char*>(hit) - m_text.data());
        // Hits are often close together: a few steps are cheaper than a search.
        for (int step = 0; step < 8 && id + 1 < last && m_starts[id + 1] <= at; ++step)
            ++id;
        if (id + 1 < last && m_starts[id + 1] <= at) {
            const auto next = std::upper_bound(m_starts.begin() + id, m_starts.begin() + last, at);
            id = static_cast<TextId>(next - m_starts.begin()) - 1;
        }
        found[id - first] = 1;
        if (++id == last)
            return;
        at = m_starts[id];
    }
}

// One run over all texts; a match that goes over a line break is checked again within its text alone.
void TextArena::findRegex(const QRegularExpression& regex, TextId first, TextId last,
                          std::vector<uint8_t>& found) const
{
    if (first == last)
        return;
    const auto end = static_cast<qsizetype>(m_wideStarts[last]);
    const QStringView all = QStringView(m_wide).first(end);
    for (qsizetype at = static_cast<qsizetype>(m_wideStarts[first]); at < end;) {
        // All of it is valid; checking it again for every match would take as long as the file is large.
        const QRegularExpressionMatch match = regex.match(
            all, at, QRegularExpression::NormalMatch, QRegularExpression::DontCheckSubjectStringMatchOption);
        if (!match.hasMatch() || match.capturedStart() >= end)
            return;
        const auto next = std::upper_bound(m_wideStarts.begin() + first, m_wideStarts.begin() + last,
                                           static_cast<uint32_t>(match.capturedStart()));
        const auto id = static_cast<TextId>(next - m_wideStarts.begin()) - 1;
        const auto stop = static_cast<qsizetype>(m_wideStarts[id + 1]);
        if (match.capturedEnd() < stop) {
            found[id - first] = 1;
        } else {
            const qsizetype start = static_cast<qsizetype>(m_wideStarts[id]);
            found[id - first] =
                static_cast<uint8_t>(regex.match(all.sliced(start, stop - start - 1)).hasMatch());
        }
        at = stop;
    }
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/layout/contour.h"

#include <algorithm>
#include <limits>

namespace lapidary::layered {

namespace {
constexpr double lowest = std::numeric_limits<double>::lowest();
}

Contour::Contour(size_t ranks) : m_ranks(std::max<size_t>(ranks, 1))
{
    m_whole.assign(4 * m_ranks, lowest);
    m_part.assign(4 * m_ranks, lowest);
}

void Contour::raise(size_t first, size_t last, double value) { raise(1, 0, m_ranks - 1, first, last, value); }

double Contour::highest(size_t first, size_t last) const { return highest(1, 0, m_ranks - 1, first, last); }

void Contour::raise(size_t node, size_t low, size_t high, size_t first, size_t last, double value)
{
    if (last < low || high < first)
        return;
    m_part[node] = std::max(m_part[node], value);
    if (first <= low && high <= last) {
        m_whole[node] = std::max(m_whole[node], value);
        return;
    }
    const size_t middle = (low + high) / 2;
    raise(2 * node, low, middle, first, last, value);
    raise(2 * node + 1, middle + 1, high, first, last, value);
}

double Contour::highest(size_t node, size_t low, size_t high, size_t first, size_t last) const
{
    if (last < low || high < first)
        return lowest;
    if (first <= low && high <= last)
        return m_part[node];
    const size_t middle = (low + high) / 2;
    return std::max({m_whole[node], highest(2 * node, low, middle, first, last),
                     highest(2 * node + 1, middle + 1, high, first, last)});
}

} // namespace lapidary::layered

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/spatial_index.h"

#include <algorithm>
#include <numeric>

namespace lapidary {

void Bounds::include(const Bounds& other)
{
    left = std::min(left, other.left);
    top = std::min(top, other.top);
    right = std::max(right, other.right);
    bottom = std::max(bottom, other.bottom);
}

SpatialIndex::SpatialIndex(std::vector<Bounds> items) : m_items(std::move(items))
{
    m_order.resize(m_items.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    if (!m_items.empty())
        build(0, 0, m_items.size());
}

void SpatialIndex::build(size_t node, size_t first, size_t last)
{
    if (m_nodes.size() <= node)
        m_nodes.resize(node + 1);
    const auto at = [this](size_t i) -> const Bounds& { return m_items[static_cast<size_t>(m_order[i])]; };
    Bounds all = at(first);
    for (size_t i = first + 1; i < last; ++i)
        all.include(at(i));
    m_nodes[node] = all;
    if (last - first <= leafSize)
        return;
    const bool wide = all.right - all.left > all.bottom - all.top;
    const auto middle = (first + last) / 2;
    const auto begin = m_order.begin();
    std::nth_element(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(middle),
                     begin + static_cast<std::ptrdiff_t>(last), [&](int32_t a, int32_t b) {
                         const Bounds& one = m_items[static_cast<size_t>(a)];
                         const Bounds& two = m_items[static_cast<size_t>(b)];
                         const double first1 = wide ? one.left + one.right : one.top + one.bottom;
                         const double second1 = wide ? two.left + two.right : two.top + two.bottom;
                         return first1 != second1 ? first1 < second1 : a < b;
                     });
    build(2 * node + 1, first, middle);
    build(2 * node + 2, middle, last);
}

} // namespace lapidary

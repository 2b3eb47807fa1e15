// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: finds the items of a drawing that lie in a rectangle, and lets a painter stop at groups that
// are too small to tell apart. A binary tree of bounding boxes over items sorted by halving the longer
// side; built once, O(n log n).
#pragma once

#include <cstdint>
#include <vector>

namespace lapidary {

struct Bounds {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;

    bool meets(const Bounds& other) const
    {
        return left <= other.right && right >= other.left && top <= other.bottom && bottom >= other.top;
    }
    bool contains(double x, double y) const { return x >= left && x <= right && y >= top && y <= bottom; }
    void include(const Bounds& other);
};

class SpatialIndex {
public:
    SpatialIndex() = default;
    explicit SpatialIndex(std::vector<Bounds> items);

    // visit(item) for each item whose bounds meet the area.
    template <typename Visit>
    void query(const Bounds& area, Visit visit) const
    {
        queryCoarse(area, 0, visit, [](const Bounds&, int32_t) {});
    }

    // The same, but a group of items that lies within a square of side coarse is given once, as
    // group(bounds, one of its items).
    template <typename Visit, typename Group>
    void queryCoarse(const Bounds& area, double coarse, Visit visit, Group group) const;

    const Bounds& bounds(int32_t item) const { return m_items[static_cast<size_t>(item)]; }
    bool empty() const { return m_items.empty(); }

private:
    static constexpr size_t leafSize = 4;
    void build(size_t node, size_t first, size_t last);

    std::vector<Bounds> m_items;
    std::vector<int32_t> m_order;
    std::vector<Bounds> m_nodes; // node i has children 2i + 1 and 2i + 2; ranges are halves
};

template <typename Visit, typename Group>
void SpatialIndex::queryCoarse(const Bounds& area, double coarse, Visit visit, Group group) const
{
    if (m_items.empty())
        return;
    struct Range {
        size_t node, first, last;
    };
    Range stack[128];
    size_t depth = 0;
    stack[depth++] = {0, 0, m_items.size()};
    while (depth > 0) {
        const Range range = stack[--depth];
        const Bounds& bounds = m_nodes[range.node];
        if (!bounds.meets(area))
            continue;
        if (bounds.right - bounds.left < coarse && bounds.bottom - bounds.top < coarse) {
            group(bounds, m_order[range.first]);
            continue;
        }
        if (range.last - range.first <= leafSize) {
            for (size_t i = range.first; i < range.last; ++i) {
                if (m_items[static_cast<size_t>(m_order[i])].meets(area))
                    visit(m_order[i]);
            }
            continue;
        }
        const size_t middle = (range.first + range.last) / 2;
        stack[depth++] = {2 * range.node + 2, middle, range.last};
        stack[depth++] = {2 * range.node + 1, range.first, middle};
    }
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how far a drawing reaches at each rank: highest value of a range, and raising a range, each
// in O(log ranks).
#pragma once

#include <cstddef>
#include <vector>

namespace lapidary::layered {

class Contour {
public:
    explicit Contour(size_t ranks);
    // Every rank of [first, last] becomes at least value.
    void raise(size_t first, size_t last, double value);
    // Highest value of [first, last]; lowest double when nothing was raised there.
    double highest(size_t first, size_t last) const;

private:
    void raise(size_t node, size_t low, size_t high, size_t first, size_t last, double value);
    double highest(size_t node, size_t low, size_t high, size_t first, size_t last) const;

    size_t m_ranks;
    std::vector<double> m_whole; // raised for the whole range of a tree node
    std::vector<double> m_part;  // highest somewhere in its range
};

} // namespace lapidary::layered

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a kernel prepared for an input shape, kept for the shapes met last.
#pragma once

#include "engine/ir/shape.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lapidary {

template <typename Plan>
class ShapeCache {
public:
    // Null when the shape is not prepared. Valid until the next add.
    Plan* find(const Dims& key)
    {
        for (size_t i = 0; i < m_plans.size(); ++i) {
            if (m_plans[i].first == key) {
                std::rotate(m_plans.begin(), m_plans.begin() + static_cast<ptrdiff_t>(i),
                            m_plans.begin() + static_cast<ptrdiff_t>(i) + 1);
                return &m_plans.front().second;
            }
        }
        return nullptr;
    }

    Plan* add(Dims key, Plan plan)
    {
        if (m_plans.size() == largestCount)
            m_plans.pop_back();
        m_plans.emplace(m_plans.begin(), std::move(key), std::move(plan));
        return &m_plans.front().second;
    }

private:
    static constexpr size_t largestCount = 8;
    std::vector<std::pair<Dims, Plan>> m_plans; // newest use first
};

// One key from the dims of several tensors.
inline Dims joinedKey(const Dims& a, const Dims& b, const Dims& c = {})
{
    Dims key = a;
    for (const Dims* dims : {&b, &c}) {
        key.push_back(-1);
        key.insert(key.end(), dims->begin(), dims->end());
    }
    return key;
}

} // namespace lapidary

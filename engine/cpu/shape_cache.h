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
    // Null when the shape is not prepared. Valid until the next add. Several dims: what was added under
    // joinedKey() of them.
    template <typename... More>
    Plan* find(const Dims& first, const More&... more)
    {
        for (size_t i = 0; i < m_plans.size(); ++i) {
            size_t at = 0;
            if (begins(m_plans[i].first, at, first) && (continues(m_plans[i].first, at, more) && ...) &&
                at == m_plans[i].first.size()) {
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
    // Whether key holds dims from at on, which moves behind them.
    static bool begins(const Dims& key, size_t& at, const Dims& dims)
    {
        if (key.size() - at < dims.size() ||
            !std::equal(dims.begin(), dims.end(), key.begin() + static_cast<ptrdiff_t>(at)))
            return false;
        at += dims.size();
        return true;
    }
    static bool continues(const Dims& key, size_t& at, const Dims& dims)
    {
        return at < key.size() && key[at] == -1 && begins(key, ++at, dims);
    }

    static constexpr size_t largestCount = 8;
    std::vector<std::pair<Dims, Plan>> m_plans; // newest use first
};

// One key from the dims of several tensors.
template <typename... More>
Dims joinedKey(const Dims& first, const More&... more)
{
    Dims key = first;
    const auto append = [&key](const Dims& dims) {
        key.push_back(-1);
        key.insert(key.end(), dims.begin(), dims.end());
    };
    (append(more), ...);
    return key;
}

} // namespace lapidary

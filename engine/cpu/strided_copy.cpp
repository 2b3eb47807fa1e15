// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/strided_copy.h"

namespace lapidary {

namespace {

std::vector<CopyAxis> merged(const std::vector<CopyAxis>& axes)
{
    std::vector<CopyAxis> result;
    for (const CopyAxis& axis : axes) {
        if (axis.size == 1)
            continue;
        if (!result.empty() && result.back().from == axis.from * axis.size &&
            result.back().to == axis.to * axis.size)
            result.back() = {result.back().size * axis.size, axis.from, axis.to};
        else
            result.push_back(axis);
    }
    return result;
}

} // namespace

CopyPlan planCopy(std::vector<CopyAxis> axes)
{
    CopyPlan plan;
    for (const CopyAxis& axis : axes)
        plan.rows *= axis.size;
    if (plan.rows == 0)
        return plan;
    plan.outer = merged(axes);
    if (!plan.outer.empty()) {
        plan.inner = plan.outer.back();
        plan.outer.pop_back();
    }
    const bool scattered = plan.inner.from != 1 && plan.inner.from != 0 && plan.inner.size > 1;
    const auto contiguous = std::find_if(plan.outer.begin(), plan.outer.end(),
                                         [](const CopyAxis& axis) { return axis.from == 1; });
    if (scattered && contiguous != plan.outer.end()) {
        plan.tiled = true;
        plan.middle = *contiguous;
        plan.outer.erase(contiguous);
    }
    plan.rows /= plan.inner.size * plan.middle.size;
    return plan;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/reduce_rules.h"

#include "engine/ops/axis.h"

namespace lapidary {

Result<std::vector<bool>> reducedAxes(int64_t rank, const std::vector<int64_t>& axes, bool noopWithEmptyAxes)
{
    if (axes.empty())
        return std::vector<bool>(static_cast<size_t>(rank), !noopWithEmptyAxes);
    return axisMask(axes, rank);
}

Shape reducedShape(const Shape& input, const std::vector<bool>& reduced, bool keepDims)
{
    Shape shape;
    for (size_t i = 0; i < input.size(); ++i) {
        if (!reduced[i])
            shape.push_back(input[i]);
        else if (keepDims)
            shape.emplace_back(1);
    }
    return shape;
}

} // namespace lapidary

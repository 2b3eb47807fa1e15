// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/value.h"

namespace lapidary {

std::string describe(const Value& value)
{
    if (const Tensor* tensor = value.tensor())
        return std::string(dataTypeName(tensor->type())) + "[" + toString(tensor->dims()) + "]";
    if (const Sequence* sequence = value.sequence())
        return "sequence of " + std::to_string(sequence->items.size());
    if (const Map* map = value.map())
        return "map of " + std::to_string(map->values.size());
    if (const SparseTensor* sparse = value.sparseTensor())
        return "sparse " + std::string(dataTypeName(sparse->values.type())) + "[" + toString(sparse->dims) +
               "]";
    return "absent";
}

} // namespace lapidary

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

TypeInfo typeOf(const Value& value)
{
    if (const Tensor* tensor = value.tensor())
        return TypeInfo::tensor(tensor->type(), toShape(tensor->dims()));
    if (const Sequence* sequence = value.sequence()) {
        const bool typed = sequence->elementType.kind != TypeInfo::Kind::Unknown || sequence->items.empty();
        return TypeInfo::sequence(typed ? sequence->elementType : typeOf(sequence->items.front()));
    }
    if (const Map* map = value.map())
        return TypeInfo::map(map->keys.type(),
                             map->values.empty() ? TypeInfo() : typeOf(map->values.front()));
    if (const SparseTensor* sparse = value.sparseTensor()) {
        TypeInfo type = TypeInfo::tensor(sparse->values.type(), toShape(sparse->dims));
        type.kind = TypeInfo::Kind::SparseTensor;
        return type;
    }
    return {};
}

} // namespace lapidary

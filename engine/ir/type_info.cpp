// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/type_info.h"

namespace lapidary {

TypeInfo TypeInfo::tensor(DataType type, std::optional<Shape> shape)
{
    TypeInfo info;
    info.kind = Kind::Tensor;
    info.dataType = type;
    info.shape = std::move(shape);
    return info;
}

TypeInfo TypeInfo::sequence(TypeInfo element)
{
    TypeInfo info;
    info.kind = Kind::Sequence;
    info.element = std::make_shared<const TypeInfo>(std::move(element));
    return info;
}

TypeInfo TypeInfo::map(DataType key, TypeInfo value)
{
    TypeInfo info;
    info.kind = Kind::Map;
    info.dataType = key;
    info.element = std::make_shared<const TypeInfo>(std::move(value));
    return info;
}

TypeInfo TypeInfo::optional(TypeInfo element)
{
    TypeInfo info;
    info.kind = Kind::Optional;
    info.element = std::make_shared<const TypeInfo>(std::move(element));
    return info;
}

std::optional<uint64_t> storageBytes(const TypeInfo& type)
{
    if (!type.isTensor() || !type.shape || bitWidth(type.dataType) == 0)
        return std::nullopt;
    const auto dims = concreteDims(*type.shape);
    const auto count = dims ? elementCount(*dims) : std::nullopt;
    return count ? std::optional(storageBytes(type.dataType, static_cast<uint64_t>(*count))) : std::nullopt;
}

TypeInfo withoutShape(TypeInfo type)
{
    type.shape.reset();
    return type;
}

std::string toString(const TypeInfo& type)
{
    const auto element = [&] { return type.element ? toString(*type.element) : std::string("?"); };
    const std::string name(dataTypeName(type.dataType));
    switch (type.kind) {
    case TypeInfo::Kind::Unknown: return "?";
    case TypeInfo::Kind::Tensor: return name + (type.shape ? "[" + toString(*type.shape) + "]" : "");
    case TypeInfo::Kind::SparseTensor:
        return "sparse " + name + (type.shape ? "[" + toString(*type.shape) + "]" : "");
    case TypeInfo::Kind::Sequence: return "sequence(" + element() + ")";
    case TypeInfo::Kind::Map: return "map(" + name + ", " + element() + ")";
    case TypeInfo::Kind::Optional: return "optional(" + element() + ")";
    case TypeInfo::Kind::Opaque: return "opaque";
    }
    return "?";
}

} // namespace lapidary

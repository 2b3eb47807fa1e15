// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/proto.h"

#include "engine/onnx/graph_writer.h"

namespace lapidary {

namespace {

Status placeSmall(wire::Message& tensorProto, const TensorRef& tensor)
{
    if (tensor.sizeBytes() > largestInlineBytes || !tensor.load().ok())
        return {};
    return placeInside(tensorProto, tensor);
}

// What the writer writes, as libonnx reads it.
template <typename Proto>
Proto parsed(const Result<wire::Message>& message)
{
    std::string bytes;
    const auto append = [&bytes](std::span<const std::byte> part) -> Status {
        bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
        return {};
    };
    Proto proto;
    if (message.ok() && message->write(append).ok())
        proto.ParseFromString(bytes);
    return proto;
}

} // namespace

onnx::TypeProto toProto(const TypeInfo& type) { return parsed<onnx::TypeProto>(typeMessage(type)); }

onnx::TensorProto toProto(const Tensor& tensor)
{
    onnx::TensorProto proto;
    proto.set_data_type(static_cast<int>(tensor.type()));
    proto.mutable_dims()->Add(tensor.dims().begin(), tensor.dims().end());
    if (tensor.type() == DataType::String) {
        for (const std::string& text : tensor.strings())
            proto.add_string_data(text);
    } else {
        proto.set_raw_data(tensor.bytes(), tensor.sizeBytes());
    }
    return proto;
}

onnx::AttributeProto toProto(const Attribute& attribute)
{
    return parsed<onnx::AttributeProto>(GraphWriter(placeSmall, placeSmall).attribute(attribute));
}

onnx::NodeProto toProto(const Node& node, const Graph& graph)
{
    return parsed<onnx::NodeProto>(GraphWriter(placeSmall, placeSmall).node(node, graph));
}

TypeInfo fromProto(const onnx::TypeProto& type)
{
    const auto shapeOf = [](const onnx::TensorShapeProto& proto) {
        Shape shape;
        for (const auto& dim : proto.dim())
            shape.push_back(dim.has_dim_value() ? Dim(dim.dim_value()) : Dim(dim.dim_param()));
        return shape;
    };
    switch (type.value_case()) {
    case onnx::TypeProto::kTensorType: {
        TypeInfo info =
            TypeInfo::tensor(dataTypeFromOnnx(type.tensor_type().elem_type()).value_or(DataType::Undefined));
        if (type.tensor_type().has_shape())
            info.shape = shapeOf(type.tensor_type().shape());
        return info;
    }
    case onnx::TypeProto::kSequenceType:
        return TypeInfo::sequence(fromProto(type.sequence_type().elem_type()));
    case onnx::TypeProto::kOptionalType:
        return TypeInfo::optional(fromProto(type.optional_type().elem_type()));
    case onnx::TypeProto::kMapType:
        return TypeInfo::map(dataTypeFromOnnx(type.map_type().key_type()).value_or(DataType::Undefined),
                             fromProto(type.map_type().value_type()));
    default: return {};
    }
}

} // namespace lapidary

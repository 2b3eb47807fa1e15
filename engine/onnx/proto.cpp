// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/proto.h"

namespace lapidary {

namespace {

const std::string& valueName(const Graph& graph, ValueId id)
{
    static const std::string none;
    return id == noValue ? none : graph.value(id).name;
}

void setShape(onnx::TensorShapeProto& proto, const Shape& shape)
{
    for (const Dim& dim : shape) {
        auto* added = proto.add_dim();
        if (dim.known())
            added->set_dim_value(dim.value);
        else if (!dim.symbol.empty())
            added->set_dim_param(dim.symbol);
    }
}

onnx::TensorProto withoutElements(const TensorRef& ref)
{
    onnx::TensorProto proto;
    proto.set_data_type(static_cast<int>(ref.type));
    proto.mutable_dims()->Add(ref.dims.begin(), ref.dims.end());
    return proto;
}

onnx::TensorProto toProto(const TensorRef& ref)
{
    onnx::TensorProto proto = withoutElements(ref);
    if (ref.sizeBytes() <= largestInlineBytes) {
        if (const auto tensor = ref.load(); tensor.ok())
            proto = toProto(*tensor);
    }
    proto.set_name(ref.name);
    return proto;
}

onnx::ValueInfoProto valueInfo(const GraphValue& value)
{
    onnx::ValueInfoProto proto;
    proto.set_name(value.name);
    if (value.type.kind != TypeInfo::Kind::Unknown)
        *proto.mutable_type() = toProto(value.type);
    return proto;
}

// One overload for each alternative of Attribute::Data.
struct AttributeWriter {
    onnx::AttributeProto& proto;

    void operator()(std::monostate) const {}
    void operator()(float value) const
    {
        proto.set_type(onnx::AttributeProto::FLOAT);
        proto.set_f(value);
    }
    void operator()(int64_t value) const
    {
        proto.set_type(onnx::AttributeProto::INT);
        proto.set_i(value);
    }
    void operator()(const std::string& value) const
    {
        proto.set_type(onnx::AttributeProto::STRING);
        proto.set_s(value);
    }
    void operator()(const TensorRef& value) const
    {
        proto.set_type(onnx::AttributeProto::TENSOR);
        *proto.mutable_t() = toProto(value);
    }
    void operator()(const std::shared_ptr<const Graph>& value) const
    {
        proto.set_type(onnx::AttributeProto::GRAPH);
        *proto.mutable_g() = toProto(*value);
    }
    void operator()(const TypeInfo& value) const
    {
        proto.set_type(onnx::AttributeProto::TYPE_PROTO);
        *proto.mutable_tp() = toProto(value);
    }
    void operator()(const SparseTensorRef& value) const
    {
        proto.set_type(onnx::AttributeProto::SPARSE_TENSOR);
        write(*proto.mutable_sparse_tensor(), value);
    }
    void operator()(const std::vector<float>& values) const
    {
        proto.set_type(onnx::AttributeProto::FLOATS);
        proto.mutable_floats()->Add(values.begin(), values.end());
    }
    void operator()(const std::vector<int64_t>& values) const
    {
        proto.set_type(onnx::AttributeProto::INTS);
        proto.mutable_ints()->Add(values.begin(), values.end());
    }
    void operator()(const std::vector<std::string>& values) const
    {
        proto.set_type(onnx::AttributeProto::STRINGS);
        for (const std::string& value : values)
            proto.add_strings(value);
    }
    void operator()(const std::vector<TensorRef>& values) const
    {
        proto.set_type(onnx::AttributeProto::TENSORS);
        for (const TensorRef& value : values)
            *proto.add_tensors() = toProto(value);
    }
    void operator()(const std::vector<std::shared_ptr<const Graph>>& values) const
    {
        proto.set_type(onnx::AttributeProto::GRAPHS);
        for (const auto& value : values)
            *proto.add_graphs() = toProto(*value);
    }
    void operator()(const std::vector<TypeInfo>& values) const
    {
        proto.set_type(onnx::AttributeProto::TYPE_PROTOS);
        for (const TypeInfo& value : values)
            *proto.add_type_protos() = toProto(value);
    }
    void operator()(const std::vector<SparseTensorRef>& values) const
    {
        proto.set_type(onnx::AttributeProto::SPARSE_TENSORS);
        for (const SparseTensorRef& value : values)
            write(*proto.add_sparse_tensors(), value);
    }

    static void write(onnx::SparseTensorProto& target, const SparseTensorRef& source)
    {
        *target.mutable_values() = toProto(source.values);
        *target.mutable_indices() = toProto(source.indices);
        target.mutable_dims()->Add(source.dims.begin(), source.dims.end());
    }
};

} // namespace

onnx::TypeProto toProto(const TypeInfo& type)
{
    onnx::TypeProto proto;
    switch (type.kind) {
    case TypeInfo::Kind::Tensor:
        proto.mutable_tensor_type()->set_elem_type(static_cast<int>(type.dataType));
        if (type.shape)
            setShape(*proto.mutable_tensor_type()->mutable_shape(), *type.shape);
        break;
    case TypeInfo::Kind::SparseTensor:
        proto.mutable_sparse_tensor_type()->set_elem_type(static_cast<int>(type.dataType));
        if (type.shape)
            setShape(*proto.mutable_sparse_tensor_type()->mutable_shape(), *type.shape);
        break;
    case TypeInfo::Kind::Sequence:
        if (type.element)
            *proto.mutable_sequence_type()->mutable_elem_type() = toProto(*type.element);
        break;
    case TypeInfo::Kind::Optional:
        if (type.element)
            *proto.mutable_optional_type()->mutable_elem_type() = toProto(*type.element);
        break;
    case TypeInfo::Kind::Map:
        proto.mutable_map_type()->set_key_type(static_cast<int>(type.dataType));
        if (type.element)
            *proto.mutable_map_type()->mutable_value_type() = toProto(*type.element);
        break;
    case TypeInfo::Kind::Unknown:
    case TypeInfo::Kind::Opaque: break;
    }
    return proto;
}

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
    onnx::AttributeProto proto;
    proto.set_name(attribute.name);
    if (!attribute.referredName.empty())
        proto.set_ref_attr_name(attribute.referredName);
    std::visit(AttributeWriter{proto}, attribute.data);
    return proto;
}

onnx::NodeProto toProto(const Node& node, const Graph& graph)
{
    onnx::NodeProto proto;
    proto.set_name(node.name);
    proto.set_op_type(node.opType);
    proto.set_domain(node.domain);
    for (const ValueId id : node.inputs)
        proto.add_input(valueName(graph, id));
    for (const ValueId id : node.outputs)
        proto.add_output(valueName(graph, id));
    for (const Attribute& attribute : node.attributes)
        *proto.add_attribute() = toProto(attribute);
    return proto;
}

onnx::GraphProto toProto(const Graph& graph)
{
    onnx::GraphProto proto;
    proto.set_name(graph.name);
    for (const ValueId id : graph.inputs)
        *proto.add_input() = valueInfo(graph.value(id));
    for (const ValueId id : graph.outputs)
        *proto.add_output() = valueInfo(graph.value(id));
    for (const Initializer& initializer : graph.initializers)
        *proto.add_initializer() = toProto(initializer.tensor);
    for (const Node& node : graph.nodes)
        *proto.add_node() = toProto(node, graph);
    return proto;
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

// SPDX-License-Identifier: GPL-3.0-or-later
// Field numbers are those of onnx.proto (ONNX 1.23), fields in their order.
#include "engine/onnx/graph_writer.h"

namespace lapidary {

namespace {

// AttributeProto.AttributeType by alternative of Attribute::Data.
constexpr int attributeTypes[] = {0, 1, 2, 3, 4, 5, 13, 11, 6, 7, 8, 9, 10, 14, 12};
static_assert(std::size(attributeTypes) == std::variant_size_v<Attribute::Data>);

wire::Message pairMessage(const std::pair<std::string, std::string>& entry)
{
    wire::Message message;
    message.text(1, entry.first);
    message.text(2, entry.second);
    return message;
}

void addPairs(wire::Message& message, int id, const MetadataList& entries)
{
    for (const auto& entry : entries)
        message.message(id, pairMessage(entry));
}

void addOpsets(wire::Message& message, int id, const std::vector<OpSetImport>& opsets)
{
    for (const OpSetImport& opset : opsets) {
        wire::Message import;
        import.text(1, opset.domain);
        import.integer(2, opset.version);
        message.message(id, import);
    }
}

wire::Message shapeMessage(const Shape& shape)
{
    wire::Message message;
    for (const Dim& dim : shape) {
        wire::Message part;
        if (dim.known())
            part.integer(1, dim.value);
        else
            part.textIfAny(2, dim.symbol);
        message.message(1, part);
    }
    return message;
}

wire::Message tensorTypeMessage(const TypeInfo& type)
{
    wire::Message message;
    message.integer(1, static_cast<int>(type.dataType));
    if (type.shape)
        message.message(2, shapeMessage(*type.shape));
    return message;
}

wire::Message elementTypeMessage(const TypeInfo& type)
{
    wire::Message message;
    if (type.kind == TypeInfo::Kind::Map)
        message.integer(1, static_cast<int>(type.dataType));
    if (type.element)
        message.message(type.kind == TypeInfo::Kind::Map ? 2 : 1, typeMessage(*type.element));
    return message;
}

wire::Message valueMessage(const GraphValue& value)
{
    wire::Message message;
    message.text(1, value.name);
    if (value.type.kind != TypeInfo::Kind::Unknown)
        message.message(2, typeMessage(value.type));
    message.textIfAny(3, value.doc);
    message.fields(value.otherFields);
    return message;
}

// Types of inner values, for readers that infer none. ends: of inputs and outputs too, which a function
// declares by name only.
void addValueInfos(wire::Message& message, int id, const Graph& graph, bool ends)
{
    for (const GraphValue& value : graph.values) {
        const bool described = value.type.kind != TypeInfo::Kind::Unknown || !value.doc.empty();
        const bool weight = value.producer == noNode && !value.isOuter && !value.isInput;
        const bool end = value.isInput || value.isOutput;
        if (described && !weight && (ends || !end))
            message.message(id, valueMessage(value));
    }
}

const std::string& nameOf(const Graph& graph, ValueId id)
{
    static const std::string none;
    return id == noValue ? none : graph.value(id).name;
}

Result<wire::Message> tensorMessage(const TensorRef& tensor, const PlaceElements& place)
{
    wire::Message message;
    for (const int64_t size : tensor.dims)
        message.integer(1, size);
    message.integer(2, static_cast<int>(tensor.type));
    message.textIfAny(8, tensor.name);
    TRY(place(message, tensor));
    message.textIfAny(12, tensor.doc);
    return message;
}

} // namespace

Status placeInside(wire::Message& tensorProto, const TensorRef& tensor)
{
    if (tensor.type != DataType::String) {
        tensorProto.elements(9, tensor);
        return {};
    }
    TRY_ASSIGN(const Tensor texts, tensor.load());
    for (const std::string& text : texts.strings())
        tensorProto.text(6, text);
    return {};
}

GraphWriter::GraphWriter(PlaceElements initializers, PlaceElements others)
    : m_initializers(std::move(initializers)), m_others(std::move(others))
{
}

Result<wire::Message> GraphWriter::model(const Model& model) const
{
    wire::Message message;
    message.integer(1, model.irVersion);
    message.textIfAny(2, model.producerName);
    message.textIfAny(3, model.producerVersion);
    message.textIfAny(4, model.domain);
    if (model.modelVersion != 0)
        message.integer(5, model.modelVersion);
    message.textIfAny(6, model.doc);
    TRY_ASSIGN(const wire::Message graphMessage, graph(model.graph));
    message.message(7, graphMessage);
    if (model.irVersion >= 3) // before, there were none
        addOpsets(message, 8, model.opsets);
    addPairs(message, 14, model.metadata);
    for (const Function& one : model.functions) {
        TRY_ASSIGN(const wire::Message functionMessage, function(one));
        message.message(25, functionMessage);
    }
    message.fields(model.otherFields);
    return message;
}

Result<wire::Message> GraphWriter::graph(const Graph& graph) const
{
    wire::Message message;
    for (const Node& one : graph.nodes) {
        TRY_ASSIGN(const wire::Message nodeMessage, node(one, graph));
        message.message(1, nodeMessage);
    }
    message.text(2, graph.name);
    for (const Initializer& initializer : graph.initializers) {
        TRY_ASSIGN(const wire::Message tensor, tensorMessage(initializer.tensor, m_initializers));
        message.message(5, tensor);
    }
    message.textIfAny(10, graph.doc);
    for (const ValueId id : graph.inputs)
        message.message(11, valueMessage(graph.value(id)));
    for (const ValueId id : graph.outputs)
        message.message(12, valueMessage(graph.value(id)));
    addValueInfos(message, 13, graph, false);
    for (const auto& [name, parameters] : graph.quantization) {
        wire::Message annotation;
        annotation.text(1, name);
        addPairs(annotation, 2, parameters);
        message.message(14, annotation);
    }
    for (const SparseInitializer& sparse : graph.sparseInitializers) {
        TRY_ASSIGN(const wire::Message tensor, sparseTensor(sparse.tensor));
        message.message(15, tensor);
    }
    addPairs(message, 16, graph.metadata);
    message.fields(graph.otherFields);
    return message;
}

Result<wire::Message> GraphWriter::function(const Function& function) const
{
    const Graph& body = function.body;
    wire::Message message;
    message.text(1, function.name);
    for (const ValueId id : body.inputs)
        message.text(4, nameOf(body, id));
    for (const ValueId id : body.outputs)
        message.text(5, nameOf(body, id));
    for (const std::string& name : function.attributeNames)
        message.text(6, name);
    for (const Node& one : body.nodes) {
        TRY_ASSIGN(const wire::Message nodeMessage, node(one, body));
        message.message(7, nodeMessage);
    }
    message.textIfAny(8, function.doc);
    addOpsets(message, 9, function.opsets);
    message.text(10, function.domain);
    for (const Attribute& one : function.attributeDefaults) {
        TRY_ASSIGN(const wire::Message attributeMessage, attribute(one));
        message.message(11, attributeMessage);
    }
    addValueInfos(message, 12, body, true);
    message.textIfAny(13, function.overload);
    addPairs(message, 14, function.metadata);
    message.fields(function.otherFields);
    return message;
}

Result<wire::Message> GraphWriter::node(const Node& node, const Graph& graph) const
{
    wire::Message message;
    for (const ValueId id : node.inputs)
        message.text(1, nameOf(graph, id));
    for (const ValueId id : node.outputs)
        message.text(2, nameOf(graph, id));
    message.textIfAny(3, node.name);
    message.text(4, node.opType);
    for (const Attribute& one : node.attributes) {
        TRY_ASSIGN(const wire::Message attributeMessage, attribute(one));
        message.message(5, attributeMessage);
    }
    message.textIfAny(6, node.doc);
    message.textIfAny(7, node.domain);
    message.textIfAny(8, node.overload);
    addPairs(message, 9, node.metadata);
    message.fields(node.otherFields);
    return message;
}

Result<wire::Message> GraphWriter::attribute(const Attribute& attribute) const
{
    wire::Message message;
    message.text(1, attribute.name);
    TRY(addData(message, attribute.data));
    message.textIfAny(13, attribute.doc);
    const bool refers = !attribute.referredName.empty();
    message.integer(20, refers ? attribute.referredType : attributeTypes[attribute.data.index()]);
    message.textIfAny(21, attribute.referredName);
    return message;
}

Status GraphWriter::addData(wire::Message& message, const Attribute::Data& data) const
{
    // Adds messages that may fail to be made.
    const auto add = [&message](int id, const Result<wire::Message>& part) -> Status {
        if (!part.ok())
            return part.error();
        message.message(id, *part);
        return {};
    };
    const auto addAll = [&add](int id, const auto& list, const auto& make) -> Status {
        for (const auto& one : list)
            TRY(add(id, make(one)));
        return {};
    };
    const auto tensor = [this](const TensorRef& one) { return tensorMessage(one, m_others); };
    const auto sparse = [this](const SparseTensorRef& one) { return sparseTensor(one); };
    const auto body = [this](const std::shared_ptr<const Graph>& one) { return graph(*one); };
    const auto type = [](const TypeInfo& one) { return Result<wire::Message>(typeMessage(one)); };

    if (const auto* number = std::get_if<float>(&data))
        message.number(2, *number);
    else if (const auto* integer = std::get_if<int64_t>(&data))
        message.integer(3, *integer);
    else if (const auto* text = std::get_if<std::string>(&data))
        message.text(4, *text);
    else if (const auto* oneTensor = std::get_if<TensorRef>(&data))
        return add(5, tensor(*oneTensor));
    else if (const auto* oneBody = std::get_if<std::shared_ptr<const Graph>>(&data))
        return add(6, body(*oneBody));
    else if (const auto* oneType = std::get_if<TypeInfo>(&data))
        message.message(14, typeMessage(*oneType));
    else if (const auto* oneSparse = std::get_if<SparseTensorRef>(&data))
        return add(22, sparse(*oneSparse));
    else if (const auto* numbers = std::get_if<std::vector<float>>(&data))
        std::for_each(numbers->begin(), numbers->end(), [&](float one) { message.number(7, one); });
    else if (const auto* integers = std::get_if<std::vector<int64_t>>(&data))
        std::for_each(integers->begin(), integers->end(), [&](int64_t one) { message.integer(8, one); });
    else if (const auto* texts = std::get_if<std::vector<std::string>>(&data))
        std::for_each(texts->begin(), texts->end(), [&](const auto& one) { message.text(9, one); });
    else if (const auto* tensors = std::get_if<std::vector<TensorRef>>(&data))
        return addAll(10, *tensors, tensor);
    else if (const auto* bodies = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&data))
        return addAll(11, *bodies, body);
    else if (const auto* types = std::get_if<std::vector<TypeInfo>>(&data))
        return addAll(15, *types, type);
    else if (const auto* sparses = std::get_if<std::vector<SparseTensorRef>>(&data))
        return addAll(23, *sparses, sparse);
    return {};
}

Result<wire::Message> GraphWriter::sparseTensor(const SparseTensorRef& tensor) const
{
    wire::Message message;
    TRY_ASSIGN(const wire::Message values, tensorMessage(tensor.values, m_others));
    TRY_ASSIGN(const wire::Message indices, tensorMessage(tensor.indices, m_others));
    message.message(1, values);
    message.message(2, indices);
    for (const int64_t size : tensor.dims)
        message.integer(3, size);
    return message;
}

wire::Message typeMessage(const TypeInfo& type)
{
    wire::Message message;
    switch (type.kind) {
    case TypeInfo::Kind::Tensor: message.message(1, tensorTypeMessage(type)); break;
    case TypeInfo::Kind::Sequence: message.message(4, elementTypeMessage(type)); break;
    case TypeInfo::Kind::Map: message.message(5, elementTypeMessage(type)); break;
    case TypeInfo::Kind::Opaque: message.message(7, {}); break;
    case TypeInfo::Kind::SparseTensor: message.message(8, tensorTypeMessage(type)); break;
    case TypeInfo::Kind::Optional: message.message(9, elementTypeMessage(type)); break;
    case TypeInfo::Kind::Unknown: break;
    }
    message.textIfAny(6, type.denotation);
    return message;
}

} // namespace lapidary

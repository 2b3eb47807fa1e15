// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/graph_reader.h"

namespace lapidary {

namespace {

// Bodies in bodies, types in types. Deeper files are hostile: the stack must not overflow.
constexpr int maxDepth = 64;

class DepthGuard {
public:
    explicit DepthGuard(int& depth) : m_depth(depth) { ++m_depth; }
    ~DepthGuard() { --m_depth; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;
    bool tooDeep() const { return m_depth > maxDepth; }

private:
    int& m_depth;
};

Error tooDeep()
{
    return makeError(ErrorCode::InvalidModel,
                     "graphs or types are nested more than " + std::to_string(maxDepth) + " deep");
}

Error malformed(const char* what)
{
    return makeError(ErrorCode::InvalidModel, std::string(what) + " cannot be decoded");
}

void keep(OtherFields& others, const wire::Field& field)
{
    others.append(reinterpret_cast<const char*>(field.whole.data()), field.whole.size());
}

// Moves the gathered repeated values into data unless the attribute already has a value of its own.
template <typename T>
void setIfAny(Attribute::Data& data, std::vector<T>& list)
{
    if (!list.empty())
        data = std::move(list);
}

} // namespace

GraphReader::GraphReader(std::shared_ptr<TensorFile> tensors, const std::byte* base, JobContext& job)
    : m_tensors(std::move(tensors)), m_base(base), m_job(job)
{
}

Status GraphReader::readModel(wire::Bytes bytes, Model& model)
{
    wire::Fields fields(bytes, m_base);
    bool hasGraph = false;
    while (fields.next()) {
        switch (fields->id) {
        case 1: model.irVersion = fields->integer(); break;
        case 2: model.producerName = fields->text(); break;
        case 3: model.producerVersion = fields->text(); break;
        case 4: model.domain = fields->text(); break;
        case 5: model.modelVersion = fields->integer(); break;
        case 6: model.doc = fields->text(); break;
        case 7:
            hasGraph = true;
            TRY(readGraph(fields->bytes, model.graph));
            break;
        case 8: {
            TRY_ASSIGN(OpSetImport opset, readOpset(fields->bytes));
            model.opsets.push_back(std::move(opset));
            break;
        }
        case 14: {
            TRY_ASSIGN(auto entry, readPair(fields->bytes));
            model.metadata.push_back(std::move(entry));
            break;
        }
        case 25: {
            TRY_ASSIGN(Function function, readFunction(fields->bytes));
            model.functions.push_back(std::move(function));
            break;
        }
        default:
            model.hasTrainingInfo = model.hasTrainingInfo || fields->id == 20;
            keep(model.otherFields, *fields);
        }
    }
    TRY(fields.status());
    if (!hasGraph)
        return makeError(ErrorCode::InvalidModel, "the file holds no graph, so it is not an ONNX model",
                         "Choose a file written by an ONNX exporter.");
    // IR versions 1 and 2 had no opset import: opset 1 is meant.
    if (model.opsets.empty())
        model.opsets.push_back({"", 1});
    return {};
}

Status GraphReader::readGraph(wire::Bytes bytes, Graph& graph)
{
    const DepthGuard guard(m_depth);
    if (guard.tooDeep())
        return tooDeep();
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        switch (fields->id) {
        case 1: TRY(readNode(fields->bytes, graph)); break;
        case 2: graph.name = fields->text(); break;
        case 5: TRY(readInitializer(fields->bytes, graph)); break;
        case 10: graph.doc = fields->text(); break;
        case 11: {
            TRY_ASSIGN(const ValueId id, readValueInfo(fields->bytes, graph));
            graph.inputs.push_back(id);
            break;
        }
        case 12: {
            TRY_ASSIGN(const ValueId id, readValueInfo(fields->bytes, graph));
            graph.outputs.push_back(id);
            break;
        }
        case 13: {
            TRY_ASSIGN([[maybe_unused]] const ValueId id, readValueInfo(fields->bytes, graph));
            break;
        }
        case 14: TRY(readQuantization(fields->bytes, graph)); break;
        case 15: TRY(readSparseInitializer(fields->bytes, graph)); break;
        case 16: {
            TRY_ASSIGN(auto entry, readPair(fields->bytes));
            graph.metadata.push_back(std::move(entry));
            break;
        }
        default: keep(graph.otherFields, *fields);
        }
    }
    TRY(fields.status());
    graph.connect();
    return {};
}

Status GraphReader::readNode(wire::Bytes bytes, Graph& graph)
{
    if (++m_nodeCount % 256 == 0) {
        if (m_job.stopRequested())
            return cancelled();
    }
    Node node;
    wire::Fields fields(bytes, m_base);
    const auto valueOf = [&graph](const std::string& name) {
        return name.empty() ? noValue : graph.addValue(name);
    };
    while (fields.next()) {
        switch (fields->id) {
        case 1: node.inputs.push_back(valueOf(fields->text())); break;
        case 2: node.outputs.push_back(valueOf(fields->text())); break;
        case 3: node.name = fields->text(); break;
        case 4: node.opType = fields->text(); break;
        case 5: {
            auto attribute = readAttribute(fields->bytes);
            if (!attribute.ok())
                return std::move(attribute).error().at("node '" + node.name + "'");
            node.attributes.push_back(std::move(attribute).value());
            break;
        }
        case 6: node.doc = fields->text(); break;
        case 7: node.domain = fields->text() == "ai.onnx" ? std::string() : fields->text(); break;
        case 8: node.overload = fields->text(); break;
        case 9: {
            TRY_ASSIGN(auto entry, readPair(fields->bytes));
            node.metadata.push_back(std::move(entry));
            break;
        }
        default: keep(node.otherFields, *fields);
        }
    }
    TRY(fields.status());
    graph.nodes.push_back(std::move(node));
    return {};
}

Result<Attribute> GraphReader::readAttribute(wire::Bytes bytes)
{
    Attribute attribute;
    int64_t type = 0;
    std::vector<float> floats;
    std::vector<int64_t> ints;
    std::vector<std::string> strings;
    std::vector<TensorRef> tensors;
    std::vector<std::shared_ptr<const Graph>> graphs;
    std::vector<TypeInfo> types;
    std::vector<SparseTensorRef> sparseTensors;

    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        switch (fields->id) {
        case 1: attribute.name = fields->text(); break;
        case 2: attribute.data = fields->asFloat(); break;
        case 3: attribute.data = fields->integer(); break;
        case 4: attribute.data = fields->text(); break;
        case 5: {
            TRY_ASSIGN(attribute.data, m_tensors->add(fields->bytes, m_base));
            break;
        }
        case 6:
        case 11: {
            auto graph = std::make_shared<Graph>();
            TRY(readGraph(fields->bytes, *graph));
            if (fields->id == 6)
                attribute.data = std::shared_ptr<const Graph>(std::move(graph));
            else
                graphs.push_back(std::move(graph));
            break;
        }
        case 7:
            if (!wire::appendFloats(*fields, floats))
                return malformed("a list of floats");
            break;
        case 8:
            if (!wire::appendVarints(*fields, ints))
                return malformed("a list of integers");
            break;
        case 9: strings.push_back(fields->text()); break;
        case 10: {
            TRY_ASSIGN(TensorRef tensor, m_tensors->add(fields->bytes, m_base));
            tensors.push_back(std::move(tensor));
            break;
        }
        case 13: attribute.doc = fields->text(); break;
        case 14: {
            TRY_ASSIGN(attribute.data, readType(fields->bytes));
            break;
        }
        case 15: {
            TRY_ASSIGN(TypeInfo element, readType(fields->bytes));
            types.push_back(std::move(element));
            break;
        }
        case 20: type = fields->integer(); break;
        case 21: attribute.referredName = fields->text(); break;
        case 22: {
            TRY_ASSIGN(attribute.data, readSparseTensor(fields->bytes));
            break;
        }
        case 23: {
            TRY_ASSIGN(SparseTensorRef tensor, readSparseTensor(fields->bytes));
            sparseTensors.push_back(std::move(tensor));
            break;
        }
        default: break;
        }
    }
    TRY(fields.status());

    setIfAny(attribute.data, floats);
    setIfAny(attribute.data, ints);
    setIfAny(attribute.data, strings);
    setIfAny(attribute.data, tensors);
    setIfAny(attribute.data, graphs);
    setIfAny(attribute.data, types);
    setIfAny(attribute.data, sparseTensors);
    if (!attribute.referredName.empty())
        attribute.referredType = static_cast<int>(type);
    // proto3 leaves out zeros and empty lists: the declared type says what was meant.
    if (attribute.data.index() == 0 && attribute.referredName.empty()) {
        switch (type) {
        case 1: attribute.data = 0.0f; break;
        case 2: attribute.data = int64_t{0}; break;
        case 3: attribute.data = std::string(); break;
        case 6: attribute.data = std::vector<float>(); break;
        case 7: attribute.data = std::vector<int64_t>(); break;
        case 8: attribute.data = std::vector<std::string>(); break;
        case 9: attribute.data = std::vector<TensorRef>(); break;
        case 10: attribute.data = std::vector<std::shared_ptr<const Graph>>(); break;
        default: break;
        }
    }
    return attribute;
}

Status GraphReader::readInitializer(wire::Bytes bytes, Graph& graph)
{
    TRY_ASSIGN(TensorRef tensor, m_tensors->add(bytes, m_base));
    const ValueId id = graph.addValue(tensor.name);
    GraphValue& value = graph.values[static_cast<size_t>(id)];
    value.initializer = static_cast<int32_t>(graph.initializers.size());
    if (value.type.kind == TypeInfo::Kind::Unknown)
        value.type = TypeInfo::tensor(tensor.type, toShape(tensor.dims));
    graph.initializers.push_back({std::move(tensor), id});
    return {};
}

Status GraphReader::readSparseInitializer(wire::Bytes bytes, Graph& graph)
{
    TRY_ASSIGN(SparseTensorRef sparse, readSparseTensor(bytes));
    const ValueId id = graph.addValue(sparse.values.name);
    GraphValue& value = graph.values[static_cast<size_t>(id)];
    value.type = TypeInfo::tensor(sparse.values.type, toShape(sparse.dims));
    graph.sparseInitializers.push_back({std::move(sparse), id});
    return {};
}

Result<SparseTensorRef> GraphReader::readSparseTensor(wire::Bytes bytes)
{
    SparseTensorRef sparse;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1) {
            TRY_ASSIGN(sparse.values, m_tensors->add(fields->bytes, m_base));
        } else if (fields->id == 2) {
            TRY_ASSIGN(sparse.indices, m_tensors->add(fields->bytes, m_base));
        } else if (fields->id == 3 && !wire::appendVarints(*fields, sparse.dims)) {
            return malformed("the dimensions of a sparse tensor");
        }
    }
    TRY(fields.status());
    return sparse;
}

Result<ValueId> GraphReader::readValueInfo(wire::Bytes bytes, Graph& graph)
{
    std::string name;
    std::string doc;
    TypeInfo type;
    OtherFields others;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        switch (fields->id) {
        case 1: name = fields->text(); break;
        case 2: {
            TRY_ASSIGN(type, readType(fields->bytes));
            break;
        }
        case 3: doc = fields->text(); break;
        default: keep(others, *fields);
        }
    }
    TRY(fields.status());
    const ValueId id = graph.addValue(name);
    GraphValue& value = graph.values[static_cast<size_t>(id)];
    if (type.kind != TypeInfo::Kind::Unknown)
        value.type = std::move(type);
    value.doc = std::move(doc);
    value.otherFields = std::move(others);
    return id;
}

Result<Function> GraphReader::readFunction(wire::Bytes bytes)
{
    const DepthGuard guard(m_depth);
    Function function;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        switch (fields->id) {
        case 1: function.name = fields->text(); break;
        case 4: function.body.inputs.push_back(function.body.addValue(fields->text())); break;
        case 5: function.body.outputs.push_back(function.body.addValue(fields->text())); break;
        case 6: function.attributeNames.push_back(fields->text()); break;
        case 7: TRY(readNode(fields->bytes, function.body)); break;
        case 8: function.doc = fields->text(); break;
        case 9: {
            TRY_ASSIGN(OpSetImport opset, readOpset(fields->bytes));
            function.opsets.push_back(std::move(opset));
            break;
        }
        case 10: function.domain = fields->text(); break;
        case 11: {
            TRY_ASSIGN(Attribute attribute, readAttribute(fields->bytes));
            function.attributeDefaults.push_back(std::move(attribute));
            break;
        }
        case 12: {
            TRY_ASSIGN([[maybe_unused]] const ValueId id, readValueInfo(fields->bytes, function.body));
            break;
        }
        case 13: function.overload = fields->text(); break;
        case 14: {
            TRY_ASSIGN(auto entry, readPair(fields->bytes));
            function.metadata.push_back(std::move(entry));
            break;
        }
        default: keep(function.otherFields, *fields);
        }
    }
    TRY(fields.status());
    function.body.name = function.name;
    function.body.connect();
    return function;
}

Status GraphReader::readQuantization(wire::Bytes bytes, Graph& graph)
{
    std::string tensorName;
    MetadataList parameters;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1) {
            tensorName = fields->text();
        } else if (fields->id == 2) {
            TRY_ASSIGN(auto entry, readPair(fields->bytes));
            parameters.push_back(std::move(entry));
        }
    }
    TRY(fields.status());
    graph.quantization[tensorName] = std::move(parameters);
    return {};
}

Result<OpSetImport> GraphReader::readOpset(wire::Bytes bytes)
{
    OpSetImport opset;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1)
            opset.domain = fields->text();
        else if (fields->id == 2)
            opset.version = fields->integer();
    }
    TRY(fields.status());
    return opset;
}

Result<std::pair<std::string, std::string>> GraphReader::readPair(wire::Bytes bytes)
{
    std::pair<std::string, std::string> entry;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1)
            entry.first = fields->text();
        else if (fields->id == 2)
            entry.second = fields->text();
    }
    TRY(fields.status());
    return entry;
}

Result<TypeInfo> GraphReader::readType(wire::Bytes bytes)
{
    const DepthGuard guard(m_depth);
    if (guard.tooDeep())
        return tooDeep();
    TypeInfo type;
    std::string denotation;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        switch (fields->id) {
        case 1: {
            TRY_ASSIGN(type, readTensorType(fields->bytes, TypeInfo::Kind::Tensor));
            break;
        }
        case 4: {
            TRY_ASSIGN(type, readElementType(fields->bytes, TypeInfo::Kind::Sequence));
            break;
        }
        case 5: {
            TRY_ASSIGN(type, readMapType(fields->bytes));
            break;
        }
        case 6: denotation = fields->text(); break;
        case 7: type.kind = TypeInfo::Kind::Opaque; break;
        case 8: {
            TRY_ASSIGN(type, readTensorType(fields->bytes, TypeInfo::Kind::SparseTensor));
            break;
        }
        case 9: {
            TRY_ASSIGN(type, readElementType(fields->bytes, TypeInfo::Kind::Optional));
            break;
        }
        default: break;
        }
    }
    TRY(fields.status());
    type.denotation = std::move(denotation);
    return type;
}

Result<TypeInfo> GraphReader::readTensorType(wire::Bytes bytes, TypeInfo::Kind kind)
{
    TypeInfo type;
    type.kind = kind;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1) {
            const auto dataType = dataTypeFromOnnx(fields->integer());
            if (!dataType)
                return makeError(ErrorCode::InvalidModel,
                                 "data type " + std::to_string(fields->integer()) + " is not known");
            type.dataType = *dataType;
        } else if (fields->id == 2) {
            TRY_ASSIGN(type.shape, readShape(fields->bytes));
        }
    }
    TRY(fields.status());
    return type;
}

Result<TypeInfo> GraphReader::readElementType(wire::Bytes bytes, TypeInfo::Kind kind)
{
    TypeInfo type;
    type.kind = kind;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id != 1)
            continue;
        TRY_ASSIGN(TypeInfo element, readType(fields->bytes));
        type.element = std::make_shared<const TypeInfo>(std::move(element));
    }
    TRY(fields.status());
    return type;
}

Result<TypeInfo> GraphReader::readMapType(wire::Bytes bytes)
{
    TypeInfo type;
    type.kind = TypeInfo::Kind::Map;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id == 1) {
            type.dataType = dataTypeFromOnnx(fields->integer()).value_or(DataType::Undefined);
        } else if (fields->id == 2) {
            TRY_ASSIGN(TypeInfo element, readType(fields->bytes));
            type.element = std::make_shared<const TypeInfo>(std::move(element));
        }
    }
    TRY(fields.status());
    return type;
}

Result<Shape> GraphReader::readShape(wire::Bytes bytes)
{
    Shape shape;
    wire::Fields fields(bytes, m_base);
    while (fields.next()) {
        if (fields->id != 1)
            continue;
        Dim dim;
        wire::Fields parts(fields->bytes, m_base);
        while (parts.next()) {
            if (parts->id == 1)
                dim.value = parts->integer();
            else if (parts->id == 2)
                dim.symbol = parts->text();
        }
        TRY(parts.status());
        // Exporters write -1 (and other negative numbers) for "not known".
        if (dim.value < 0)
            dim.value = -1;
        shape.push_back(std::move(dim));
    }
    TRY(fields.status());
    return shape;
}

} // namespace lapidary

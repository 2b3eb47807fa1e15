// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/open_inference.h"

#include "engine/serve/json_reader.h"

#include <algorithm>
#include <cstring>

namespace lapidary::serve {

namespace {

constexpr std::pair<std::string_view, DataType> typeNames[] = {
    {"BOOL", DataType::Bool},     {"UINT8", DataType::UInt8},   {"UINT16", DataType::UInt16},
    {"UINT32", DataType::UInt32}, {"UINT64", DataType::UInt64}, {"INT8", DataType::Int8},
    {"INT16", DataType::Int16},   {"INT32", DataType::Int32},   {"INT64", DataType::Int64},
    {"FP16", DataType::Float16},  {"BF16", DataType::BFloat16}, {"FP32", DataType::Float},
    {"FP64", DataType::Double},   {"BYTES", DataType::String}};

std::string nameOf(DataType type)
{
    const auto* found = std::ranges::find(typeNames, type, [](const auto& row) { return row.second; });
    return found == std::end(typeNames) ? "UNKNOWN" : std::string(found->first);
}

std::optional<DataType> typeNamed(std::string_view name)
{
    const auto* found = std::ranges::find(typeNames, name, [](const auto& row) { return row.first; });
    return found == std::end(typeNames) ? std::nullopt : std::optional(found->second);
}

using JsonObject = simdjson::ondemand::object;

// Empty when it is no text.
std::string textAt(JsonObject& json, const char* key)
{
    std::string_view text;
    return json.find_field_unordered(key).get_string().get(text) ? std::string() : std::string(text);
}

// Of "parameters". Empty when it is not there.
std::optional<JsonValue> parameterOf(JsonObject& json, const char* name)
{
    JsonObject parameters;
    JsonValue value;
    if (json.find_field_unordered("parameters").get_object().get(parameters) ||
        parameters.find_field_unordered(name).get(value))
        return std::nullopt;
    return value;
}

bool isSet(JsonObject& json, const char* parameter)
{
    auto value = parameterOf(json, parameter);
    bool truth = false;
    return value && !value->get_bool().get(truth) && truth;
}

Error wrong(std::string message) { return makeError(ErrorCode::InvalidArgument, std::move(message)); }

// Each text with its length in four bytes before it.
Result<Tensor> textsFromBytes(std::string_view bytes, const Dims& dims, int64_t count)
{
    std::vector<std::string> texts;
    while (!bytes.empty()) {
        uint32_t length = 0;
        if (bytes.size() < sizeof length)
            return wrong("the bytes of the texts end in the middle of a length");
        std::memcpy(&length, bytes.data(), sizeof length);
        bytes.remove_prefix(sizeof length);
        if (length > bytes.size())
            return wrong("the bytes of the texts end in the middle of a text");
        texts.emplace_back(bytes.substr(0, length));
        bytes.remove_prefix(length);
    }
    if (static_cast<int64_t>(texts.size()) != count)
        return wrong("expected " + std::to_string(count) + " texts, found " + std::to_string(texts.size()));
    return Tensor::ofStrings(dims, std::move(texts));
}

Result<Tensor> tensorFromBytes(std::string_view bytes, DataType type, const Dims& dims, int64_t count)
{
    if (type == DataType::String)
        return textsFromBytes(bytes, dims, count);
    const uint64_t needed = storageBytes(type, static_cast<uint64_t>(count));
    if (bytes.size() != needed)
        return wrong("expected " + std::to_string(needed) + " bytes, found " + std::to_string(bytes.size()));
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(type, dims));
    if (needed > 0)
        std::memcpy(tensor.mutableBytes(), bytes.data(), needed);
    return tensor;
}

Result<Dims> dimsOf(JsonObject& json)
{
    simdjson::ondemand::array shape;
    if (json.find_field_unordered("shape").get_array().get(shape))
        return wrong("expected 'shape', a list of sizes");
    Dims dims;
    for (auto item : shape) {
        int64_t size = 0;
        if (item.get_int64().get(size) || size < 0)
            return wrong("a size of 'shape' is not a whole number of at least 0");
        dims.push_back(size);
    }
    return dims;
}

// What one entry of "inputs" says; takes its bytes from the front of binary.
Result<Tensor> readTensor(JsonObject& json, const TypeInfo& expected, std::string_view& binary)
{
    TRY_ASSIGN(const Dims dims, dimsOf(json));
    const auto count = elementCount(dims);
    const std::string typeName = textAt(json, "datatype");
    const auto type = typeNamed(typeName);
    if (!type || *type != expected.dataType)
        return wrong("expected datatype " + nameOf(expected.dataType) + ", found '" + typeName + "'");
    if (!count)
        return wrong("the shape " + toString(dims) + " is not possible");
    if (auto size = parameterOf(json, "binary_data_size")) {
        uint64_t length = 0;
        if (size->get_uint64().get(length) || length > binary.size())
            return wrong("'binary_data_size' is more than the bytes that follow the JSON");
        const std::string_view bytes = binary.substr(0, length);
        binary.remove_prefix(bytes.size());
        return tensorFromBytes(bytes, *type, dims, *count);
    }
    JsonValue data;
    if (json.find_field_unordered("data").get(data))
        return wrong("expected 'data', or 'binary_data_size' in 'parameters'");
    TypeInfo wanted = expected;
    wanted.shape = toShape(dims);
    TRY_ASSIGN(Tensor tensor, tensorFromJson(data, wanted));
    if (tensor.count() != *count)
        return wrong("shape " + toString(dims) + " needs " + std::to_string(*count) + " elements, found " +
                     std::to_string(tensor.count()));
    return tensor.dims() == dims ? tensor : tensor.reshaped(dims);
}

void appendBytes(std::string& bytes, const Tensor& tensor)
{
    if (tensor.type() != DataType::String) {
        bytes.append(reinterpret_cast<const char*>(tensor.bytes()), tensor.sizeBytes());
        return;
    }
    for (const std::string& text : tensor.strings()) {
        const auto length = static_cast<uint32_t>(text.size());
        bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
        bytes += text;
    }
}

} // namespace

Result<InferRequest> parseInfer(const Scorer& scorer, std::string body, size_t jsonBytes)
{
    const std::string bytes = jsonBytes < body.size() ? body.substr(jsonBytes) : std::string();
    std::string_view binary = bytes;
    JsonDocument document(std::move(body), jsonBytes);
    TRY_ASSIGN(JsonValue root, document.root());
    JsonObject json;
    if (root.get_object().get(json))
        return wrong("expected a JSON object with 'inputs', a list");
    InferRequest request;
    request.id = textAt(json, "id");
    request.inputs.resize(scorer.inputs().size());
    request.binary = isSet(json, "binary_data_output");
    simdjson::ondemand::array entries;
    if (json.find_field_unordered("inputs").get_array().get(entries))
        return wrong("expected a JSON object with 'inputs', a list");
    for (auto item : entries) {
        JsonObject entry;
        if (item.get_object().get(entry))
            return wrong("expected objects in 'inputs'");
        const std::string name = textAt(entry, "name");
        const auto index = scorer.inputNamed(name);
        if (!index)
            return wrong("the model has no input '" + name + "'");
        if (request.inputs[*index].present())
            return wrong("the input '" + name + "' is given twice");
        auto tensor = readTensor(entry, scorer.inputType(*index), binary);
        if (!tensor.ok())
            return std::move(tensor).error().at("input '" + name + "'");
        request.inputs[*index] = Value(std::move(*tensor));
    }
    for (size_t i = 0; i < request.inputs.size(); ++i) {
        if (!request.inputs[i].present())
            return wrong("the input '" + scorer.model().graph.value(scorer.inputs()[i]).name +
                         "' is missing");
    }
    if (!json.find_field_unordered("outputs").get_array().get(entries)) {
        for (auto item : entries) {
            JsonObject entry;
            if (item.get_object().get(entry))
                return wrong("expected objects in 'outputs'");
            request.outputs.push_back(textAt(entry, "name"));
            request.binary = request.binary || isSet(entry, "binary_data");
        }
    }
    return request;
}

Result<InferAnswer> inferAnswer(const Scorer& scorer, const std::string& modelName,
                                const InferRequest& request, const std::vector<Value>& outputs)
{
    const Graph& graph = scorer.model().graph;
    std::vector<size_t> wanted;
    for (const std::string& name : request.outputs) {
        const auto at =
            std::ranges::find_if(graph.outputs, [&](ValueId id) { return graph.value(id).name == name; });
        if (at == graph.outputs.end())
            return wrong("the model has no output '" + name + "'");
        wanted.push_back(static_cast<size_t>(at - graph.outputs.begin()));
    }
    for (size_t i = 0; i < outputs.size() && request.outputs.empty(); ++i)
        wanted.push_back(i);

    InferAnswer answer;
    std::string& text = answer.body;
    std::string binary;
    text = "{\"model_name\":";
    appendJsonText(text, modelName);
    if (!request.id.empty()) {
        text += ",\"id\":";
        appendJsonText(text, request.id);
    }
    text += ",\"outputs\":[";
    for (size_t i = 0; i < wanted.size(); ++i) {
        const std::string& name = graph.value(graph.outputs[wanted[i]]).name;
        const Tensor* tensor = outputs[wanted[i]].tensor();
        if (tensor == nullptr)
            return wrong("the output '" + name + "' is no tensor, which this protocol needs; use /score");
        text += i > 0 ? ",{\"name\":" : "{\"name\":";
        appendJsonText(text, name);
        text += ",\"datatype\":\"" + nameOf(tensor->type()) + "\",\"shape\":[";
        for (size_t axis = 0; axis < tensor->dims().size(); ++axis)
            text += (axis > 0 ? "," : "") + std::to_string(tensor->dims()[axis]);
        if (request.binary) {
            const size_t before = binary.size();
            appendBytes(binary, *tensor);
            text += "],\"parameters\":{\"binary_data_size\":" + std::to_string(binary.size() - before) + "}}";
        } else {
            text += "],\"data\":";
            appendFlatJson(text, *tensor);
            text += '}';
        }
    }
    text += "]}";
    answer.jsonBytes = text.size();
    text += binary;
    return answer;
}

Json modelMetadata(const Scorer& scorer, const std::string& modelName)
{
    const Graph& graph = scorer.model().graph;
    const auto describe = [&graph](ValueId id, const TypeInfo& type) {
        Json shape = Json::array();
        for (const Dim& dim : type.shape ? *type.shape : Shape())
            shape.push_back(dim.known() ? dim.value : -1);
        return Json{{"name", graph.value(id).name}, {"datatype", nameOf(type.dataType)}, {"shape", shape}};
    };
    Json inputs = Json::array(), outputs = Json::array();
    for (size_t i = 0; i < scorer.inputs().size(); ++i)
        inputs.push_back(describe(scorer.inputs()[i], scorer.inputType(i)));
    for (const ValueId id : graph.outputs)
        outputs.push_back(describe(id, graph.value(id).type));
    return {{"name", modelName}, {"platform", "onnx_onnxv1"}, {"inputs", inputs}, {"outputs", outputs}};
}

} // namespace lapidary::serve

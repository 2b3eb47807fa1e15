// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/swagger.h"

namespace lapidary::serve {

namespace {

Json elementSchema(DataType type)
{
    if (type == DataType::String)
        return {{"type", "string"}};
    if (type == DataType::Bool)
        return {{"type", "boolean"}};
    if (isInteger(type))
        return {{"type", "integer"}, {"format", bitWidth(type) > 32 ? "int64" : "int32"}};
    return {{"type", "number"}, {"format", type == DataType::Double ? "double" : "float"}};
}

// Nested lists; sizes where they are fixed.
Json schemaOf(const TypeInfo& type)
{
    if (!type.isTensor())
        return {{"type", "array"}, {"items", Json::object()}, {"description", toString(type)}};
    Json schema = elementSchema(type.dataType);
    if (type.shape) {
        for (auto dim = type.shape->rbegin(); dim != type.shape->rend(); ++dim) {
            Json list{{"type", "array"}, {"items", std::move(schema)}};
            if (dim->known())
                list["minItems"] = list["maxItems"] = dim->value;
            schema = std::move(list);
        }
    }
    schema["description"] = toString(type);
    return schema;
}

Json named(const std::vector<std::pair<std::string, TypeInfo>>& values)
{
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& [name, type] : values) {
        properties[name] = schemaOf(type);
        required.push_back(name);
    }
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

Json around(const std::string& key, Json schema)
{
    return {{"type", "object"}, {"properties", {{key, std::move(schema)}}}, {"required", Json::array({key})}};
}

Json answer(const std::string& text, const std::string& definition)
{
    return {{"description", text}, {"schema", {{"$ref", "#/definitions/" + definition}}}};
}

} // namespace

Json swaggerOf(const Scorer& scorer, const std::string& name)
{
    const Model& model = scorer.model();
    std::vector<std::pair<std::string, TypeInfo>> inputs, outputs;
    for (size_t i = 0; i < scorer.inputs().size(); ++i)
        inputs.emplace_back(model.graph.value(scorer.inputs()[i]).name, scorer.inputType(i));
    for (const ValueId id : model.graph.outputs)
        outputs.emplace_back(model.graph.value(id).name, model.graph.value(id).type);
    // One value goes without its name, as score.py of 2018 had it.
    Json input = inputs.size() == 1 ? schemaOf(inputs[0].second) : named(inputs);
    Json output = outputs.size() == 1 ? schemaOf(outputs[0].second) : named(outputs);

    const Json key{{"type", "apiKey"}, {"name", "Authorization"}, {"in", "header"}};
    Json paths;
    paths["/"]["get"] = {{"operationId", "ServiceHealthCheck"},
                         {"description", "Whether the server is alive"},
                         {"responses", {{"200", {{"description", "It is"}}}}}};
    paths["/score"]["post"] = {
        {"operationId", "RunMLService"},
        {"description", "Runs the model"},
        {"parameters", Json::array({{{"name", "serviceInputPayload"},
                                     {"in", "body"},
                                     {"required", true},
                                     {"schema", {{"$ref", "#/definitions/ServiceInput"}}}}})},
        {"responses",
         {{"200", answer("The results", "ServiceOutput")},
          {"default", answer("What went wrong", "ErrorResponse")}}}};
    return {{"swagger", "2.0"},
            {"info",
             {{"title", name}, {"description", model.doc}, {"version", std::to_string(model.modelVersion)}}},
            {"schemes", Json::array({"http", "https"})},
            {"consumes", Json::array({"application/json"})},
            {"produces", Json::array({"application/json"})},
            {"securityDefinitions", {{"Bearer", key}}},
            {"paths", std::move(paths)},
            {"definitions",
             {{"ServiceInput", around("data", std::move(input))},
              {"ServiceOutput", around("result", std::move(output))},
              {"ErrorResponse", around("error", {{"type", "string"}})}}}};
}

} // namespace lapidary::serve

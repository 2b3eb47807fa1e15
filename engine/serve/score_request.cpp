// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/score_request.h"

#include "engine/serve/json_reader.h"

namespace lapidary::serve {

namespace {

std::string inputNames(const Scorer& scorer)
{
    std::string names;
    for (const ValueId id : scorer.inputs())
        names += (names.empty() ? "'" : ", '") + scorer.model().graph.value(id).name + "'";
    return names;
}

Error wrong(const Scorer& scorer, const std::string& message)
{
    return makeError(ErrorCode::InvalidArgument, message,
                     "The model's inputs are " + inputNames(scorer) + ".");
}

Result<Value> readInput(const Scorer& scorer, size_t index, JsonValue json)
{
    auto tensor = tensorFromJson(json, scorer.inputType(index));
    if (!tensor.ok())
        return std::move(tensor).error().at("input '" +
                                            scorer.model().graph.value(scorer.inputs()[index]).name + "'");
    return Value(std::move(*tensor));
}

// {"NAME": LIST, ...}
Result<std::vector<Value>> readNamed(const Scorer& scorer, simdjson::ondemand::object object)
{
    std::vector<Value> inputs(scorer.inputs().size());
    for (auto field : object) {
        std::string_view name;
        JsonValue value;
        if (field.unescaped_key().get(name) || field.value().get(value))
            return notJson();
        const auto index = scorer.inputNamed(name);
        if (!index)
            return wrong(scorer, "a name of the request is no input of the model");
        TRY_ASSIGN(inputs[*index], readInput(scorer, *index, value));
    }
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].present())
            return wrong(scorer, "the input '" + scorer.model().graph.value(scorer.inputs()[i]).name +
                                     "' is missing");
    }
    return inputs;
}

bool isObject(JsonValue& json)
{
    simdjson::ondemand::json_type type{};
    return !json.type().get(type) && type == simdjson::ondemand::json_type::object;
}

} // namespace

Result<std::vector<Value>> parseScoreRequest(const Scorer& scorer, std::string body)
{
    JsonDocument document(std::move(body));
    TRY_ASSIGN(JsonValue root, document.root());
    JsonValue data = root;
    if (isObject(root)) {
        simdjson::ondemand::object object;
        if (root.get_object().get(object))
            return notJson();
        const auto problem = object.find_field_unordered("data").get(data);
        if (problem == simdjson::NO_SUCH_FIELD) {
            if (object.reset().error())
                return notJson();
            return readNamed(scorer, object);
        }
        if (problem)
            return notJson();
        if (isObject(data)) {
            simdjson::ondemand::object named;
            if (data.get_object().get(named))
                return notJson();
            return readNamed(scorer, named);
        }
    }
    if (scorer.inputs().size() != 1)
        return wrong(scorer,
                     "a model of " + std::to_string(scorer.inputs().size()) + " inputs needs them by name");
    std::vector<Value> inputs(1);
    TRY_ASSIGN(inputs[0], readInput(scorer, 0, data));
    return inputs;
}

std::string scoreAnswer(const Graph& graph, const std::vector<Value>& outputs)
{
    std::string text = "{\"result\":";
    if (outputs.size() == 1) {
        appendJson(text, outputs[0]);
        return text + '}';
    }
    text += '{';
    for (size_t i = 0; i < outputs.size(); ++i) {
        text += i > 0 ? "," : "";
        appendJsonText(text, graph.value(graph.outputs[i]).name);
        text += ':';
        appendJson(text, outputs[i]);
    }
    return text + "}}";
}

} // namespace lapidary::serve

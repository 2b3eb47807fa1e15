// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/score_request.h"

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

Result<Value> readInput(const Scorer& scorer, size_t index, const Json& json)
{
    auto tensor = tensorFromJson(json, scorer.inputType(index));
    if (!tensor.ok())
        return std::move(tensor).error().at("input '" +
                                            scorer.model().graph.value(scorer.inputs()[index]).name + "'");
    return Value(std::move(*tensor));
}

} // namespace

Result<std::vector<Value>> parseScoreRequest(const Scorer& scorer, std::string_view body)
{
    const Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded())
        return makeError(ErrorCode::InvalidArgument, "the body is no JSON", "Send {\"data\": [...]}.");
    const Json& data = json.is_object() && json.contains("data") ? json["data"] : json;
    std::vector<Value> inputs(scorer.inputs().size());
    if (!data.is_object()) {
        if (inputs.size() != 1)
            return wrong(scorer,
                         "a model of " + std::to_string(inputs.size()) + " inputs needs them by name");
        TRY_ASSIGN(inputs[0], readInput(scorer, 0, data));
        return inputs;
    }
    const Graph& graph = scorer.model().graph;
    size_t used = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
        const std::string& name = graph.value(scorer.inputs()[i]).name;
        const auto given = data.find(name);
        if (given == data.end())
            return wrong(scorer, "the input '" + name + "' is missing");
        TRY_ASSIGN(inputs[i], readInput(scorer, i, *given));
        ++used;
    }
    if (used != data.size())
        return wrong(scorer, "a name of the request is no input of the model");
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

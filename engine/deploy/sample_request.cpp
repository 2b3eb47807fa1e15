// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/sample_request.h"

#include "engine/serve/json_reader.h"
#include "engine/serve/json_values.h"
#include "engine/session/compare.h"
#include "engine/session/inputs.h"
#include "engine/session/session.h"

#include <algorithm>
#include <cstdio>

namespace lapidary::deploy {

namespace {

Result<std::vector<Value>> madeUpInputs(const Graph& graph)
{
    std::vector<Value> inputs;
    for (const ValueId id : graph.requiredInputs()) {
        const GraphValue& value = graph.value(id);
        auto tensor = randomTensor(value.type.dataType, concreteInputDims(value.type, {}), inputs.size());
        if (!tensor.ok())
            return std::move(tensor).error().at("input '" + value.name + "'");
        inputs.emplace_back(std::move(*tensor));
    }
    return inputs;
}

// Equal as the engine's tests have it; values that are no tensors by their JSON.
Result<Comparison> compareOutput(const Value& expected, const nlohmann::json& answer)
{
    if (!expected.isTensor()) {
        std::string text;
        serve::appendJson(text, expected);
        const bool equal = nlohmann::json::parse(text) == answer;
        return Comparison{.equal = equal, .message = equal ? "" : "the values differ"};
    }
    const Tensor& tensor = *expected.tensor();
    serve::JsonDocument document(answer.dump());
    TRY_ASSIGN(const serve::JsonValue root, document.root());
    TRY_ASSIGN(Tensor actual,
               serve::tensorFromJson(root, TypeInfo::tensor(tensor.type(), toShape(tensor.dims()))));
    return compareValues(Value(std::move(actual)), expected, modelTolerance);
}

} // namespace

Result<SampleRequest> makeSample(std::shared_ptr<const Model> model, std::vector<Value> inputs,
                                 JobContext& job)
{
    const Graph& graph = model->graph;
    if (inputs.empty()) {
        TRY_ASSIGN(inputs, madeUpInputs(graph));
    }
    SampleRequest sample;
    sample.body = "{\"data\":{";
    const std::vector<ValueId> ids = graph.requiredInputs();
    for (size_t i = 0; i < ids.size(); ++i) {
        sample.body += i > 0 ? "," : "";
        serve::appendJsonText(sample.body, graph.value(ids[i]).name);
        sample.body += ':';
        serve::appendJson(sample.body, inputs[i]);
    }
    sample.body += "}}";
    TRY_ASSIGN(const auto session, Session::create(model, {}, job));
    TRY_ASSIGN(RunResult result, session->run(inputs, {}, job));
    sample.expected = std::move(result.outputs);
    sample.inputs = std::move(inputs);
    return sample;
}

Result<std::string> compareAnswer(const Model& model, const SampleRequest& sample, const std::string& answer)
{
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    if (!json.is_object() || !json.contains("result"))
        return makeError(ErrorCode::InvalidArgument,
                         "the answer is not {\"result\": ...}: " + answer.substr(0, 200));
    const auto& result = json["result"];
    double largest = 0;
    for (size_t i = 0; i < sample.expected.size(); ++i) {
        const std::string& name = model.graph.value(model.graph.outputs[i]).name;
        const bool alone = sample.expected.size() == 1;
        if (!alone && (!result.is_object() || !result.contains(name)))
            return makeError(ErrorCode::InvalidArgument, "the answer has no output '" + name + "'");
        auto comparison = compareOutput(sample.expected[i], alone ? result : result[name]);
        if (!comparison.ok())
            return std::move(comparison).error().at("output '" + name + "'");
        if (!comparison->equal)
            return makeError(ErrorCode::ShapeMismatch,
                             "the answer is not what the engine computes: " + comparison->message,
                             "The endpoint may run another version of the model or another engine.")
                .at("output '" + name + "'");
        largest = std::max(largest, comparison->maxAbsolute);
    }
    char text[96];
    std::snprintf(text, sizeof text, "the same as the engine's, largest difference %.3g", largest);
    return std::string(text);
}

} // namespace lapidary::deploy

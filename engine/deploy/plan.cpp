// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/plan.h"

namespace lapidary::deploy {

namespace {

Json toJson(const PlannedRequest& request)
{
    Json json = {{"method", request.method}, {"url", request.url}};
    if (!request.body.is_null())
        json["body"] = request.body;
    if (!request.note.empty())
        json["note"] = request.note;
    return json;
}

Json toJson(const Step& step)
{
    Json json = {{"id", step.id}, {"title", step.title}, {"action", step.action}, {"input", step.input}};
    json["requests"] = Json::array();
    for (const PlannedRequest& request : step.requests)
        json["requests"].push_back(toJson(request));
    return json;
}

Step stepFromJson(const Json& json)
{
    Step step{textAt(json, "id"), textAt(json, "title"), textAt(json, "action"), at(json, "input"), {}};
    for (const Json& request : at(json, "requests"))
        step.requests.push_back({textAt(request, "method"), textAt(request, "url"), at(request, "body"),
                                 textAt(request, "note")});
    return step;
}

} // namespace

Json toJson(const DeployPlan& plan)
{
    Json json = {
        {"id", plan.id}, {"target", plan.target}, {"model", plan.modelFile}, {"choices", plan.choices}};
    json["steps"] = Json::array();
    for (const Step& step : plan.steps)
        json["steps"].push_back(toJson(step));
    return json;
}

Result<DeployPlan> planFromJson(const Json& json)
{
    DeployPlan plan{
        textAt(json, "id"), textAt(json, "target"), textAt(json, "model"), at(json, "choices"), {}};
    for (const Json& step : at(json, "steps"))
        plan.steps.push_back(stepFromJson(step));
    if (plan.id.empty() || plan.target.empty() || plan.steps.empty())
        return makeError(ErrorCode::InvalidArgument, "this is no plan: it needs id, target and steps");
    return plan;
}

Result<std::string> fill(const std::string& text, const Values& values)
{
    std::string filled;
    size_t from = 0;
    for (size_t start = 0; (start = text.find("${", from)) != std::string::npos;) {
        const size_t end = text.find('}', start);
        if (end == std::string::npos)
            break;
        const std::string name = text.substr(start + 2, end - start - 2);
        const auto value = values.find(name);
        if (value == values.end())
            return makeError(ErrorCode::NotFound, "no step has found out '" + name + "' yet");
        filled.append(text, from, start - from).append(value->second);
        from = end + 1;
    }
    return filled.append(text, from);
}

Result<Json> fillTexts(const Json& json, const Values& values)
{
    if (json.is_string()) {
        TRY_ASSIGN(std::string text, fill(json.get<std::string>(), values));
        return Json(std::move(text));
    }
    if (!json.is_structured())
        return json;
    Json filled = json.is_array() ? Json::array() : Json::object();
    for (const auto& member : json.items()) {
        TRY_ASSIGN(Json value, fillTexts(member.value(), values));
        if (json.is_array())
            filled.push_back(std::move(value));
        else
            filled[member.key()] = std::move(value);
    }
    return filled;
}

} // namespace lapidary::deploy

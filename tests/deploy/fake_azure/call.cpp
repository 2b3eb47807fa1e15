// SPDX-License-Identifier: GPL-3.0-or-later
#include "call.h"

#include "clock.h"
#include "crypto.h"

#include <algorithm>
#include <cctype>

namespace fake_azure {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool sameText(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string Call::header(const std::string& name) const
{
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::string Call::parameter(const std::string& name) const
{
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
}

std::map<std::string, std::string> Call::form() const
{
    std::map<std::string, std::string> fields;
    size_t start = 0;
    while (start < body.size()) {
        const size_t end = std::min(body.find('&', start), body.size());
        const std::string field = body.substr(start, end - start);
        const size_t equals = std::min(field.find('='), field.size());
        const std::string value = equals < field.size() ? field.substr(equals + 1) : std::string();
        fields[fromForm(field.substr(0, equals))] = fromForm(value);
        start = end + 1;
    }
    return fields;
}

Json Call::json() const
{
    if (header("Content-Type").find("json") == std::string::npos)
        throw ArmError(415, "UnsupportedMediaType",
                       "The content media type '" + header("Content-Type") +
                           "' is not supported. Only 'application/json' is supported.");
    Json parsed = Json::parse(body, nullptr, false);
    if (!parsed.is_object())
        throw ArmError(
            400, "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: it is not a JSON object.");
    return parsed;
}

void addQuery(Call& call, const std::string& query)
{
    call.target += (call.target.find('?') == std::string::npos ? '?' : '&') + query;
    for (size_t start = 0; start < query.size();) {
        const size_t end = std::min(query.find('&', start), query.size());
        const size_t equals = std::min(query.find('=', start), end);
        call.query.emplace(query.substr(start, equals - start),
                           fromForm(query.substr(equals + 1, end - equals - 1)));
        start = end + 1;
    }
}

Reply reply(int status, const Json& body) { return Reply{status, body.dump()}; }

Reply emptyReply(int status) { return Reply{status, "", ""}; }

Json errorBody(const ArmError& error, bool machineLearning)
{
    Json body{{"code", error.code}, {"message", error.what()}, {"target", nullptr}};
    if (!error.target.empty())
        body["target"] = error.target;
    body["details"] = error.details;
    body["additionalInfo"] = Json::array();
    if (machineLearning) {
        // Only the details say what is wrong; the outer message is one for all.
        if (body["details"].empty())
            body["details"].push_back({{"code", error.code},
                                       {"message", error.what()},
                                       {"target", body["target"]},
                                       {"details", Json::array()},
                                       {"additionalInfo", Json::array()}});
        if (error.status == 400)
            body["message"] = "The request is invalid.";
        const auto info = [&](const char* type, const Json& value) {
            body["additionalInfo"].push_back({{"type", type}, {"info", {{"value", value}}}});
        };
        info("ComponentName", "managementfrontend");
        info("Correlation", {{"operation", randomHex(16)}, {"request", randomHex(8)}});
        info("Environment", "fake");
        info("Time", isoTime(now()));
    }
    return body;
}

Reply errorReply(const ArmError& error, bool machineLearning)
{
    Reply answer = reply(error.status, {{"error", errorBody(error, machineLearning)}});
    answer.headers = error.headers;
    answer.set("x-ms-failure-cause", machineLearning ? "service" : "gateway");
    return answer;
}

Call callOf(const httplib::Request& request)
{
    Call call;
    call.method = request.method;
    call.path = request.path;
    call.target = request.target;
    call.query = request.params;
    call.headers = request.headers;
    return call;
}

} // namespace fake_azure

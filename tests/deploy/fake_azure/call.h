// SPDX-License-Identifier: GPL-3.0-or-later
// One request and the answer to it, as all areas of the fake see them.
#pragma once

#include <httplib.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fake_azure {

using Json = nlohmann::json;

std::string lower(std::string text);
bool sameText(std::string_view a, std::string_view b); // ignores case

// What a fault does to the long-running operation that a request starts.
struct OperationFault {
    std::string kind; // as in Fault
    Json error;       // what the operation ends with; null: it never ends
};

struct Call {
    std::string method;
    std::string path;   // decoded, without the query
    std::string target; // as sent, with the query
    httplib::Params query;
    httplib::Headers headers;
    std::string body;
    std::map<std::string, std::string> names; // {name} in the route's pattern -> text in the path
    std::string tokenTenant;                  // of the bearer token, once it was checked
    std::string principal;
    std::optional<OperationFault> operationFault;

    std::string header(const std::string& name) const;
    std::string parameter(const std::string& name) const; // of the query; empty if absent
    bool hasParameter(const std::string& name) const { return query.count(name) != 0; }
    std::map<std::string, std::string> form() const; // the body, read as a form
    const std::string& name(const std::string& key) const { return names.at(key); }
    Json json() const; // the body; throws an ArmError if it is not a JSON object
    std::string subscription() const { return names.at("sub"); }
};

Call callOf(const httplib::Request& request); // without the body, which may come in parts

struct Reply {
    int status = 200;
    std::string body;
    std::string type = "application/json; charset=utf-8";
    httplib::Headers headers = {};
    std::optional<size_t> cutAfter = {}; // the connection ends after so many bytes of the body
    bool dropped = false;                // the connection ends without an answer

    Reply& set(const std::string& name, const std::string& value)
    {
        headers.emplace(name, value);
        return *this;
    }
};

// Adds name=value&... to the query and to the target.
void addQuery(Call& call, const std::string& query);

Reply reply(int status, const Json& body);
Reply emptyReply(int status);

// An answer that is not what was asked for, in ARM's envelope. Thrown by the areas, caught by the server.
struct ArmError : std::runtime_error {
    ArmError(int httpStatus, std::string errorCode, const std::string& message, std::string errorTarget = {})
        : std::runtime_error(message),
          status(httpStatus),
          code(std::move(errorCode)),
          target(std::move(errorTarget))
    {
    }
    int status;
    std::string code;
    std::string target;
    Json details = Json::array();
    httplib::Headers headers = {};
};

// The envelope's inside: {code, message, target?, details}. With `machineLearning`, the useful text lies in
// details[] and the component, the correlation id and the time in additionalInfo, as that service does it.
Json errorBody(const ArmError& error, bool machineLearning);
Reply errorReply(const ArmError& error, bool machineLearning);

} // namespace fake_azure

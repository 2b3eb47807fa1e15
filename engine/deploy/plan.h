// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a deployment will do, as data: every step with the requests that it sends. Nothing here reads
// a file or talks to a server; a plan can be shown, exported, stored, compared and carried out (run.h).
#pragma once

#include "engine/base/result.h"
#include "engine/deploy/json.h"

#include <map>
#include <string>
#include <vector>

namespace lapidary::deploy {

// A text in a request may hold "${name}": a value that an earlier step finds out (DeployRun::values), such as
// "${image.digest}". What is secret is never a value: actions fetch it and hold it in memory.
struct PlannedRequest {
    std::string method; // "PUT"
    std::string url;
    Json body;        // null: none, or bytes
    std::string note; // what the body is, where it is no JSON: "4 blocks of 4 MiB"
};

struct Step {
    std::string id;     // unique in its plan and the same in every plan of its kind: "endpoint"
    std::string title;  // "Create the endpoint digits"
    std::string action; // a row of the table in actions.cpp
    Json input;         // what the action reads
    std::vector<PlannedRequest> requests;
};

struct DeployPlan {
    std::string id;     // of the run: "2026-11-25-digits-3f9a"
    std::string target; // "local", "azure-managed", ...
    std::string modelFile;
    Json choices; // what the user chose, as makePlan got it
    std::vector<Step> steps;
};

Json toJson(const DeployPlan& plan);
// Errors: InvalidArgument.
Result<DeployPlan> planFromJson(const Json& json);

using Values = std::map<std::string, std::string>;

// text with each ${name} replaced. Errors: NotFound (a value that no step has found out).
Result<std::string> fill(const std::string& text, const Values& values);
Result<Json> fillTexts(const Json& json, const Values& values);

} // namespace lapidary::deploy

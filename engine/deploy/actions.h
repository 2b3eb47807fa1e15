// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what steps do. An action reads its step and the values of earlier steps, does its work, and can be
// called again after it was cut off at any point: it looks first at what is there.
#pragma once

#include "engine/deploy/run.h"

#include <string_view>

namespace lapidary::deploy {

class HttpClient;
class ArmClient;

// What actions use of the outside. Lives on the thread of execute().
struct Services {
    HttpClient& http;
    ArmClient* arm = nullptr;            // null: nobody is signed in to Azure
    std::filesystem::path serverProgram; // lapidary-serve; empty: beside this program
    // Secrets that are the user's, by name: "apiKey", which callers of a container group send. Asked for
    // whenever one is needed. Empty: of the environment (LAPIDARY_API_KEY).
    std::function<Result<std::string>(const std::string& name)> secret = {};
};

struct StepContext {
    DeployRun& run;
    const Step& step;
    StepRecord& record;
    Services& services;
    JobContext& job;
    const RunObserver& observer;

    // A line for the log of the run; what is secret in it is masked.
    void log(const std::string& line) const;
    // The text at input[name], filled. Errors: InvalidArgument (missing), of fill.
    Result<std::string> input(const char* name) const;
    // Keeps a value for later steps, or a handle of this one; on disk when it returns.
    Status keep(const std::string& name, const std::string& value) const;
    Status keepResume(Json handle) const;
};

struct Action {
    std::string_view name;
    Status (*carryOut)(StepContext& context);
    Status (*takeAway)(StepContext& context); // null: nothing is left behind
};

// Null when there is no such action.
const Action* findAction(std::string_view name);

} // namespace lapidary::deploy

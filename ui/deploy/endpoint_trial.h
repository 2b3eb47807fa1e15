// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an endpoint called many times with the same inputs, and the same run on this computer beside it.
// On a worker thread.
#pragma once

#include "engine/deploy/endpoint.h"
#include "engine/ir/model.h"
#include "engine/ir/value.h"
#include "ui/deploy/azure_account.h"

namespace lapidary {

struct TrialRequest {
    deploy::Endpoint endpoint;
    std::shared_ptr<const Model> model; // null: read from the file
    std::filesystem::path modelFile;
    std::vector<Value> inputs; // of Graph::requiredInputs; empty: reproducible ones that are made up
    int calls = 20;
};

struct TrialResult {
    std::string body;    // of each request
    std::string answer;  // to the first
    std::string verdict; // of the comparison with the engine's own outputs
    bool same = false;
    std::vector<double> endpointMs; // of calls that were answered with 200
    double serverMs = -1;           // mean of what the server says it took; negative: it does not say
    std::vector<double> localMs;
    int failures = 0;
    std::string failure; // the first
};

// called: after each call, with its latency. Errors: of the endpoint's key, NetworkFailure when not one call
// was answered, of makeSample; Cancelled.
Result<TrialResult> tryEndpoint(const TrialRequest& request, const AzureAccess& access,
                                const std::function<void(double latencyMs)>& called, JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an endpoint that a deployment made, wherever it is: how it is called, what it prints, how it does.
#pragma once

#include "engine/deploy/actions.h"
#include "engine/deploy/arm.h"

namespace lapidary::deploy {

struct Endpoint {
    std::string url;      // of scoring
    std::string authMode; // "Key", "AMLToken", "AADToken", "ApiKey" (the user's); empty: callers need nothing
    std::string keysUrl;  // where Azure gives what callers need
    std::string deployment; // of the endpoint, when there may be several; empty: whichever has the traffic
    std::string logsUrl;    // of Azure; empty: the log is in the run's folder
    std::string resource;   // URL of the deployment at Azure, without a version; empty: none
};

// As far as the run has come. Errors: NotFound (there is none yet).
Result<Endpoint> endpointOf(const DeployRun& run);

// What callers send as "Authorization: Bearer KEY"; empty: nothing. Fetched when it is needed, kept nowhere.
// Errors: AuthFailure (also: nobody is signed in), of ArmClient, of askedSecret.
Result<std::string> endpointKey(const Endpoint& endpoint, const Services& services, JobContext& job);

HttpRequest scoringRequest(const Endpoint& endpoint, const std::string& key, const std::string& body);

struct EndpointAnswer {
    int status = 0;
    double elapsedMs = 0; // from the request to the whole answer
    double serverMs = -1; // of it in the server's run, as it says; negative: it does not
    std::string requestId;
    std::string body;
};
// One request, never repeated: it is timed. Errors: NetworkFailure, Cancelled.
Result<EndpointAnswer> callEndpoint(const Endpoint& endpoint, const std::string& key, const std::string& body,
                                    HttpClient& http, JobContext& job);

// The end of what the server printed. Errors: of ArmClient, NotFound.
Result<std::string> endpointLog(const DeployRun& run, ArmClient* arm, JobContext& job);

// How the calls of an online endpoint are divided: percents by deployment; empty for other targets.
Result<std::map<std::string, int>> endpointTraffic(const Endpoint& endpoint, ArmClient* arm, JobContext& job);
// The deployment gets this share from now on, the others the rest as they had it. percent: 1 to 100.
Status changeTraffic(const Endpoint& endpoint, int percent, ArmClient* arm, JobContext& job);

// A number of the endpoint over time. From Azure Monitor or from the server's own /metrics (one point).
struct Metric {
    struct Point {
        int64_t timeMs = 0; // since 1970
        double value = 0;
    };
    std::string name; // "RequestsPerMinute"
    std::string unit; // "Count", "Milliseconds", "Percent"
    std::vector<Point> points;
};
Result<std::vector<Metric>> endpointMetrics(const Endpoint& endpoint, HttpClient& http, ArmClient* arm,
                                            JobContext& job);

} // namespace lapidary::deploy

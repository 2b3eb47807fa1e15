// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/endpoint.h"

#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/secrets.h"
#include "engine/deploy/traffic.h"

#include <sstream>

namespace lapidary::deploy {

namespace {

Status needsAccount(ArmClient* arm)
{
    if (!arm)
        return makeError(ErrorCode::AuthFailure, "nobody is signed in to Azure", "Sign in, then resume.");
    return {};
}

double numberAt(const Json& json, const char* name)
{
    const Json& found = at(json, name);
    return found.is_number() ? found.get<double>() : 0;
}

// What Azure Monitor has of the last hour.
Result<std::vector<Metric>> monitored(const Endpoint& endpoint, ArmClient& arm, JobContext& job)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const std::string span =
        (now.addSecs(-3600).toString(Qt::ISODate) + QLatin1Char('/') + now.toString(Qt::ISODate))
            .toStdString();
    const bool isGroup = endpoint.resource.find("/containerGroups/") != std::string::npos;
    const std::string names = isGroup ? "CpuUsage,MemoryUsage"
                                      : "RequestsPerMinute,RequestLatency_P50,RequestLatency_P99,"
                                        "CpuUtilizationPercentage,CpuMemoryUtilizationPercentage";
    const std::string url = endpoint.resource + "/providers/Microsoft.Insights/metrics?metricnames=" + names +
                            "&interval=PT1M&aggregation=Average&timespan=" + span;
    TRY_ASSIGN(const Json answer, arm.get(withVersion(url, api::metrics), job));
    std::vector<Metric> metrics;
    for (const Json& entry : at(answer, "value")) {
        Metric metric{textAt(entry, "name", "value"), textAt(entry, "unit"), {}};
        for (const Json& series : at(entry, "timeseries")) {
            for (const Json& point : at(series, "data")) {
                const QDateTime time =
                    QDateTime::fromString(QString::fromStdString(textAt(point, "timeStamp")), Qt::ISODate);
                if (at(point, "average").is_number() && time.isValid())
                    metric.points.push_back({time.toMSecsSinceEpoch(), numberAt(point, "average")});
            }
        }
        metrics.push_back(std::move(metric));
    }
    return metrics;
}

// With a version; empty when there is none.
std::string onlineEndpointOf(const Endpoint& endpoint)
{
    const size_t end = endpoint.resource.find("/deployments/");
    if (end == std::string::npos)
        return {};
    return withVersion(endpoint.resource.substr(0, end), api::machineLearning);
}

// The sum of all samples of this name in Prometheus' text format whose labels have the part.
double sumOf(const std::string& text, const std::string& name, const std::string& labels = {})
{
    double sum = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const size_t end = line.find_first_of("{ ");
        if (line.substr(0, end) == name && line.find(labels) != std::string::npos)
            sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
    }
    return sum;
}

// What the server itself counts, on every target that lets it be asked.
Result<std::vector<Metric>> counted(const Endpoint& endpoint, HttpClient& http, JobContext& job)
{
    const std::string url = endpoint.url.substr(0, endpoint.url.rfind('/')) + "/metrics";
    TRY_ASSIGN(const HttpResponse response, http.send({.url = url, .silence = std::chrono::seconds(5)}, job));
    if (!response.ok())
        return makeError(ErrorCode::NetworkFailure, "the server gives no metrics: " + failureText(response))
            .at(url);
    const std::string text = response.body.toStdString();
    const int64_t now = QDateTime::currentMSecsSinceEpoch();
    const double runs = sumOf(text, "lapidary_run_seconds_count");
    const auto mean = [&](const char* sum) { return runs > 0 ? 1000 * sumOf(text, sum) / runs : 0; };
    const std::string score = "route=\"/score\"";
    return std::vector<Metric>{
        {"Requests", "Count", {{now, sumOf(text, "lapidary_requests_total", score)}}},
        {"Failures",
         "Count",
         {{now, sumOf(text, "lapidary_requests_total", score) -
                    sumOf(text, "lapidary_requests_total", score + ",status=\"200\"")}}},
        {"WaitingRequests", "Count", {{now, sumOf(text, "lapidary_waiting_requests")}}},
        {"MeanRun", "Milliseconds", {{now, mean("lapidary_run_seconds_sum")}}},
        {"MeanQueue", "Milliseconds", {{now, mean("lapidary_queue_seconds_sum")}}}};
}

} // namespace

Result<Endpoint> endpointOf(const DeployRun& run)
{
    Endpoint endpoint;
    for (const Step& step : run.plan.steps) {
        if (step.action == "compare-score") {
            auto url = fill(textAt(step.input, "url"), run.values);
            if (!url.ok())
                return makeError(ErrorCode::NotFound, "the deployment has no endpoint yet",
                                 "Let it go on until its endpoint is there.");
            endpoint.url = *url;
            endpoint.authMode = textAt(step.input, "authMode");
            endpoint.keysUrl = textAt(step.input, "keys");
            endpoint.deployment = textAt(step.input, "deployment");
        }
        if (const std::string logs = textAt(step.input, "logs"); !logs.empty()) {
            endpoint.logsUrl = logs;
            const std::string resource = step.requests.empty() ? std::string() : step.requests.front().url;
            endpoint.resource = resource.substr(0, resource.find('?'));
        }
    }
    if (endpoint.url.empty())
        return makeError(ErrorCode::NotFound, "a deployment of this kind has no endpoint that can be called");
    return endpoint;
}

Result<std::string> endpointKey(const Endpoint& endpoint, const Services& services, JobContext& job)
{
    if (endpoint.authMode.empty())
        return std::string();
    if (endpoint.authMode == "ApiKey")
        return askedSecret(services, "apiKey");
    ArmClient* arm = services.arm;
    TRY(needsAccount(arm));
    if (endpoint.authMode == "AADToken")
        return arm->credentials().token(arm->cloud().endpointScope, arm->http(), job);
    TRY_ASSIGN(const Json keys, arm->post(endpoint.keysUrl, {}, job));
    const std::string key = textAt(keys, endpoint.authMode == "Key" ? "primaryKey" : "accessToken");
    if (key.empty())
        return makeError(ErrorCode::AuthFailure, "Azure gives no key of the endpoint");
    return key;
}

HttpRequest scoringRequest(const Endpoint& endpoint, const std::string& key, const std::string& body)
{
    HttpRequest request{.method = "POST", .url = endpoint.url, .body = QByteArray::fromStdString(body)};
    request.headers = {{"Content-Type", "application/json"}};
    if (!key.empty())
        request.headers.emplace_back("Authorization", "Bearer " + key);
    if (!endpoint.deployment.empty())
        request.headers.emplace_back("azureml-model-deployment", endpoint.deployment);
    return request;
}

Result<EndpointAnswer> callEndpoint(const Endpoint& endpoint, const std::string& key, const std::string& body,
                                    HttpClient& http, JobContext& job)
{
    const HttpRequest request = scoringRequest(endpoint, key, body);
    QElapsedTimer time;
    time.start();
    TRY_ASSIGN(const HttpResponse response, http.send(request, job));
    EndpointAnswer answer{.status = response.status,
                          .elapsedMs = static_cast<double>(time.nsecsElapsed()) / 1e6,
                          .requestId = response.header("x-request-id"),
                          .body = response.body.toStdString()};
    if (const std::string ran = response.header("x-ms-run-fn-exec-ms"); !ran.empty())
        answer.serverMs = std::strtod(ran.c_str(), nullptr);
    return answer;
}

Result<std::string> endpointLog(const DeployRun& run, ArmClient* arm, JobContext& job)
{
    const auto endpoint = endpointOf(run);
    if (!endpoint.ok()) // a cluster's, as kubectl gave it
        return readTextFile(run.folder / "endpoint.log");
    if (endpoint->logsUrl.empty())
        return readTextFile(run.folder / "server.log");
    TRY(needsAccount(arm));
    if (endpoint->logsUrl.find("/containerGroups/") != std::string::npos) {
        TRY_ASSIGN(const Json answer, arm->get(endpoint->logsUrl, job));
        return textAt(answer, "content");
    }
    TRY_ASSIGN(const Json answer,
               arm->post(endpoint->logsUrl, {{"containerType", "InferenceServer"}, {"tail", 1000}}, job));
    return textAt(answer, "content");
}

Result<std::map<std::string, int>> endpointTraffic(const Endpoint& endpoint, ArmClient* arm, JobContext& job)
{
    std::map<std::string, int> shares;
    const std::string url = onlineEndpointOf(endpoint);
    if (url.empty())
        return shares;
    TRY(needsAccount(arm));
    TRY_ASSIGN(const Json found, arm->get(url, job));
    const Json& traffic = at(found, "properties", "traffic");
    for (auto share = traffic.begin(); traffic.is_object() && share != traffic.end(); ++share)
        shares[share.key()] = share->is_number_integer() ? share->get<int>() : 0;
    return shares;
}

Status changeTraffic(const Endpoint& endpoint, int percent, ArmClient* arm, JobContext& job)
{
    const std::string url = onlineEndpointOf(endpoint);
    if (url.empty())
        return makeError(ErrorCode::InvalidArgument, "only online endpoints of Azure divide their calls");
    TRY(needsAccount(arm));
    TRY_ASSIGN(const Json found, arm->get(url, job));
    const std::string deployment = endpoint.resource.substr(endpoint.resource.rfind('/') + 1);
    const Json wanted = trafficWith(at(found, "properties", "traffic"), deployment, percent);
    return putTraffic(found, wanted, url, *arm, job);
}

Result<std::vector<Metric>> endpointMetrics(const Endpoint& endpoint, HttpClient& http, ArmClient* arm,
                                            JobContext& job)
{
    if (endpoint.resource.empty())
        return counted(endpoint, http, job);
    TRY(needsAccount(arm));
    return monitored(endpoint, *arm, job);
}

} // namespace lapidary::deploy

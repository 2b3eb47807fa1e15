// SPDX-License-Identifier: GPL-3.0-or-later
// Azure Monitor: metrics of endpoints and deployments (counted from real calls of the fake) and of container
// groups.
#include "areas.h"
#include "clock.h"

#include <algorithm>
#include <ctime>
#include <regex>
#include <set>
#include <sstream>

namespace fake_azure {

namespace {

struct Metric {
    const char* name;
    const char* unit;
    std::vector<const char*> dimensions;
};

const std::vector<Metric> endpointMetrics{
    {"RequestLatency", "MilliSeconds", {"deployment", "statusCode", "statusCodeClass"}},
    {"RequestLatency_P50", "MilliSeconds", {"deployment"}},
    {"RequestLatency_P90", "MilliSeconds", {"deployment"}},
    {"RequestLatency_P95", "MilliSeconds", {"deployment"}},
    {"RequestLatency_P99", "MilliSeconds", {"deployment"}},
    {"RequestsPerMinute", "Count", {"deployment", "statusCode", "statusCodeClass", "modelStatusCode"}},
    {"NewConnectionsPerSecond", "CountPerSecond", {}},
    {"ConnectionsActive", "Count", {}},
    {"NetworkBytes", "BytesPerSecond", {}}};
const std::vector<Metric> deploymentMetrics{{"CpuUtilizationPercentage", "Percent", {"instanceId"}},
                                            {"CpuMemoryUtilizationPercentage", "Percent", {"instanceId"}},
                                            {"DiskUtilization", "Percent", {"instanceId", "disk"}},
                                            {"DeploymentCapacity", "Count", {"instanceId", "State"}},
                                            {"RequestLatency_P50", "MilliSeconds", {}},
                                            {"RequestLatency_P90", "MilliSeconds", {}},
                                            {"RequestLatency_P95", "MilliSeconds", {}},
                                            {"RequestLatency_P99", "MilliSeconds", {}},
                                            {"RequestsPerMinute", "Count", {"envoy_response_code"}}};
const std::vector<Metric> containerMetrics{{"CpuUsage", "Count", {"containerName"}},
                                           {"MemoryUsage", "Bytes", {"containerName"}},
                                           {"NetworkBytesReceivedPerSecond", "Bytes", {}},
                                           {"NetworkBytesTransmittedPerSecond", "Bytes", {}}};

struct Source {
    std::string id;         // of the resource
    std::string endpointId; // calls of this endpoint
    std::string deployment; // and of this deployment, if not empty
    const std::vector<Metric>& metrics;
};

int64_t timeOf(const std::string& text)
{
    std::tm utc{};
    // Fractions and the final Z do not matter to minutes.
    if (!strptime(text.c_str(), "%Y-%m-%dT%H:%M", &utc))
        throw ArmError(400, "BadRequest", "Invalid time in timespan: " + text);
    return static_cast<int64_t>(timegm(&utc)) * 1000;
}

int64_t minutesOf(const std::string& interval)
{
    static const std::map<std::string, int64_t> grains{{"PT1M", 1},    {"PT5M", 5},  {"PT15M", 15},
                                                       {"PT30M", 30},  {"PT1H", 60}, {"PT6H", 360},
                                                       {"PT12H", 720}, {"P1D", 1440}};
    const auto found = grains.find(interval.empty() ? "PT1M" : interval);
    if (found == grains.end())
        throw ArmError(400, "BadRequest", "Detected invalid time grain input: " + interval);
    return found->second;
}

struct Filter {
    std::string deployment;
    std::string codeClass;
    bool notClass = false;
};

// deployment eq 'green' and statusCodeClass ne '2xx'
Filter filterOf(const std::string& text)
{
    Filter filter;
    static const std::regex clause(R"((\w+)\s+(eq|ne)\s+'([^']*)')");
    for (std::sregex_iterator it(text.begin(), text.end(), clause), end; it != end; ++it) {
        if ((*it)[1] == "deployment" && (*it)[3] != "*")
            filter.deployment = (*it)[3];
        if ((*it)[1] == "statusCodeClass" && (*it)[3] != "*") {
            filter.codeClass = (*it)[3];
            filter.notClass = (*it)[2] == "ne";
        }
    }
    return filter;
}

bool counts(const ScoringCall& call, const Source& source, const Filter& filter)
{
    const std::string codeClass = std::to_string(call.status / 100) + "xx";
    return sameText(call.endpointId, source.endpointId) &&
           (source.deployment.empty() || sameText(call.deployment, source.deployment)) &&
           (filter.deployment.empty() || call.deployment == filter.deployment) &&
           (filter.codeClass.empty() || (codeClass == filter.codeClass) != filter.notClass);
}

// The value of one metric in one interval; null if there is nothing to tell.
Json valueOf(const std::string& metric, std::vector<int64_t> latencies, int64_t minutes, int64_t at)
{
    if (metric == "RequestsPerMinute")
        return static_cast<double>(latencies.size()) / static_cast<double>(minutes);
    if (metric.compare(0, 14, "RequestLatency") == 0) {
        if (latencies.empty())
            return nullptr;
        std::sort(latencies.begin(), latencies.end());
        const double share = metric.size() > 16 ? std::stod(metric.substr(16)) / 100 : 0.5;
        return latencies[std::min(latencies.size() - 1,
                                  static_cast<size_t>(share * static_cast<double>(latencies.size())))];
    }
    if (metric == "DeploymentCapacity")
        return 1;
    // Nothing real to measure: something that moves.
    const double wave = static_cast<double>(at / 60'000 % 10);
    return metric == "MemoryUsage" ? 2e8 + 1e6 * wave : 5 + wave;
}

Reply metrics(const Cloud& cloud, const Call& call, const Source& source)
{
    const std::string span = call.parameter("timespan");
    const size_t slash = span.find('/');
    const int64_t end = slash == std::string::npos ? now() : timeOf(span.substr(slash + 1));
    const int64_t start = slash == std::string::npos ? end - 3'600'000 : timeOf(span.substr(0, slash));
    const int64_t minutes = minutesOf(call.parameter("interval"));
    if (end < start || (end - start) / (minutes * 60'000) > 10'000)
        throw ArmError(400, "BadRequest", "The timespan is not valid for the interval.", "timespan");
    const Filter filter = filterOf(call.parameter("$filter"));
    Json list = Json::array();
    std::istringstream names(call.parameter("metricnames"));
    std::string name;
    while (std::getline(names, name, ',')) {
        const auto metric = std::find_if(source.metrics.begin(), source.metrics.end(),
                                         [&](const Metric& each) { return sameText(each.name, name); });
        if (metric == source.metrics.end())
            throw ArmError(400, "BadRequest",
                           "Failed to find metric configuration for provider: metric " + name +
                               " does not exist.");
        Json data = Json::array();
        for (int64_t at = start; at < end; at += minutes * 60'000) {
            std::vector<int64_t> latencies;
            for (const ScoringCall& scored : cloud.scoringCalls) {
                if (scored.time >= at && scored.time < at + minutes * 60'000 &&
                    counts(scored, source, filter))
                    latencies.push_back(scored.milliseconds);
            }
            Json point{{"timeStamp", isoSeconds(at)}};
            const Json value = valueOf(metric->name, latencies, minutes, at);
            std::istringstream aggregations(
                call.parameter("aggregation").empty() ? "Average" : call.parameter("aggregation"));
            std::string aggregation;
            while (std::getline(aggregations, aggregation, ',')) {
                if (!value.is_null())
                    point[lower(aggregation)] = value;
            }
            data.push_back(point);
        }
        list.push_back({{"id", source.id + "/providers/Microsoft.Insights/metrics/" + metric->name},
                        {"type", "Microsoft.Insights/metrics"},
                        {"name", {{"value", metric->name}, {"localizedValue", metric->name}}},
                        {"unit", metric->unit},
                        {"errorCode", "Success"},
                        {"timeseries", {{{"metadatavalues", Json::array()}, {"data", data}}}}});
    }
    return reply(200, {{"cost", 0},
                       {"timespan", isoSeconds(start) + '/' + isoSeconds(end)},
                       {"interval", call.parameter("interval").empty() ? "PT1M" : call.parameter("interval")},
                       {"value", list}});
}

Reply definitions(const Source& source)
{
    Json list = Json::array();
    for (const Metric& metric : source.metrics) {
        Json dimensions = Json::array();
        for (const char* dimension : metric.dimensions)
            dimensions.push_back({{"value", dimension}, {"localizedValue", dimension}});
        list.push_back({{"id", source.id + "/providers/Microsoft.Insights/metricDefinitions/" + metric.name},
                        {"resourceId", source.id},
                        {"name", {{"value", metric.name}, {"localizedValue", metric.name}}},
                        {"unit", metric.unit},
                        {"primaryAggregationType", "Average"},
                        {"supportedAggregationTypes", {"Average", "Maximum", "Minimum", "Total", "Count"}},
                        {"metricAvailabilities", {{{"timeGrain", "PT1M"}, {"retention", "P93D"}}}},
                        {"dimensions", dimensions}});
    }
    return reply(200, {{"value", list}});
}

} // namespace

void addMetrics(Router& router, Cloud& cloud)
{
    const auto add = [&](const std::string& resource,
                         const std::function<Source(const Call&, const std::string&)>& source) {
        const auto found = [&cloud, source](const Call& call) {
            // The resource is what stands before the last provider.
            const std::string id =
                call.path.substr(0, lower(call.path).rfind("/providers/microsoft.insights"));
            const Json& of = cloud.existing(id, "resource", id);
            return source(call, of["id"]);
        };
        router.add("GET", resource + "/providers/Microsoft.Insights/metrics", Area::Metrics,
                   [&cloud, found](Call& call) { return metrics(cloud, call, found(call)); });
        router.add("GET", resource + "/providers/Microsoft.Insights/metricDefinitions", Area::Metrics,
                   [found](Call& call) { return definitions(found(call)); });
    };
    const std::string endpoint = workspacePath + "/onlineEndpoints/{endpoint}";
    add(endpoint, [](const Call&, const std::string& id) { return Source{id, id, {}, endpointMetrics}; });
    add(endpoint + "/deployments/{deployment}", [](const Call& call, const std::string& id) {
        return Source{id, id.substr(0, id.find("/deployments/")), call.name("deployment"), deploymentMetrics};
    });
    add(groupPath + "/providers/Microsoft.ContainerInstance/containerGroups/{group}",
        [](const Call&, const std::string& id) {
            return Source{id, {}, {}, containerMetrics};
        });
}

} // namespace fake_azure

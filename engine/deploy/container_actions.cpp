// SPDX-License-Identifier: GPL-3.0-or-later
// Container groups of Azure: that the group "succeeded" only says that it is scheduled.
#include "engine/deploy/action_table.h"
#include "engine/deploy/arm.h"
#include "engine/deploy/files.h"
#include "engine/deploy/local_server.h"

using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

void fetchLog(StepContext& context, ArmClient& arm)
{
    const auto url = context.input("logs");
    if (!url.ok())
        return;
    const auto answer = arm.find(*url, context.job);
    if (!answer.ok() || textAt(*answer, "content").empty())
        return;
    if (!writeTextFile(context.run.folder / "endpoint.log", textAt(*answer, "content")).ok())
        context.log("the container's log cannot be written");
}

// Tells what is new. Errors: BackendFailure, when the container will not run without help.
Status lookAtEvents(StepContext& context, const Json& view, size_t& told)
{
    const Json& events = at(view, "events");
    for (; events.is_array() && told < events.size(); ++told) {
        const std::string name = textAt(events[told], "name");
        const std::string message = textAt(events[told], "message");
        context.log(std::string(name).append(": ").append(message));
        if (name == "Failed" && message.find("pull") != std::string::npos)
            return makeError(
                ErrorCode::BackendFailure, "the image cannot be pulled: " + message,
                "The registry's admin user must be on, or the identity needs AcrPull; then resume.");
    }
    const Json& restarts = at(view, "restartCount");
    const std::string detail = textAt(view, "currentState", "detailStatus");
    if (detail.find("CrashLoopBackOff") != std::string::npos ||
        (restarts.is_number_integer() && restarts.get<int>() >= 3)) {
        const Json& code = at(view, "previousState", "exitCode");
        return makeError(ErrorCode::BackendFailure,
                         "the container ends again and again" +
                             (code.is_null() ? std::string() : ", with code " + code.dump()) + ": " +
                             lastLines(context.run.folder / "endpoint.log", 5),
                         "See its log; run the image on this machine first. Then delete and deploy again.");
    }
    return {};
}

Status waitContainers(StepContext& context)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const std::string url, context.input("group"));
    const Json& seconds = at(context.step.input, "seconds");
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::seconds(seconds.is_number_integer() ? seconds.get<int>() : 1800);
    size_t told = 0;
    for (;;) {
        TRY_ASSIGN(const Json group, arm->get(url, context.job));
        fetchLog(context, *arm);
        const Json& containers = at(group, "properties", "containers");
        const Json container = containers.is_array() && !containers.empty() ? containers[0] : Json();
        const Json& view = at(container, "properties", "instanceView");
        TRY(lookAtEvents(context, view, told));
        if (textAt(view, "currentState", "state") == "Running") {
            const Json& address = at(group, "properties", "ipAddress");
            const std::string host =
                textAt(address, "fqdn").empty() ? textAt(address, "ip") : textAt(address, "fqdn");
            if (host.empty())
                return makeError(ErrorCode::BackendFailure, "the container group has no address");
            return context.keep("server.url", "http://" + host + ":" + at(context.step.input, "port").dump());
        }
        if (std::chrono::steady_clock::now() > end)
            return makeError(ErrorCode::BackendFailure,
                             "the container does not run after " + seconds.dump() + " s",
                             "See its events in the portal; then resume.");
        TRY(context.services.http.pause(2s, context.job));
    }
}

} // namespace

std::span<const Action> containerActions()
{
    static constexpr Action rows[] = {{"wait-containers", waitContainers, nullptr}};
    return rows;
}

} // namespace lapidary::deploy

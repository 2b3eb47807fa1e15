// SPDX-License-Identifier: GPL-3.0-or-later
// Where clients ask about long-running operations: status monitors and results.
#include "areas.h"
#include "clock.h"

namespace fake_azure {

namespace {

std::shared_ptr<Operation> operationOf(const Cloud& cloud, const Call& call)
{
    auto operation = cloud.operations.find(call.name("operation"));
    if (!operation)
        throw ArmError(404, "OperationNotFound",
                       "The operation '" + call.name("operation") + "' was not found.");
    return operation;
}

// The monitor answers 200 for failures too.
Reply status(const Cloud& cloud, const Call& call)
{
    const auto operation = operationOf(cloud, call);
    Json body{{"id", call.path},
              {"name", operation->id},
              {"status", operation->status},
              {"startTime", isoTime(operation->start)},
              {"percentComplete", static_cast<int>(operation->fraction() * 100)}};
    if (operation->finished) {
        body["endTime"] = isoTime(operation->end);
        if (!operation->error.is_null())
            body["error"] = operation->error;
    }
    Reply answer = reply(200, body);
    if (!operation->finished)
        addRetryAfter(cloud, answer);
    return answer;
}

Reply result(const Cloud& cloud, const Call& call)
{
    const auto operation = operationOf(cloud, call);
    if (!operation->finished)
        return accepted(cloud, *operation);
    if (!operation->error.is_null())
        return reply(operation->status == "Canceled" ? 409 : 400, {{"error", operation->error}});
    return operation->plan.result ? operation->plan.result() : emptyReply(204);
}

} // namespace

void addOperations(Router& router, Cloud& cloud)
{
    struct Provider {
        const char* name;
        const char* prefix;
        Area area;
    };
    for (const Provider& provider :
         {Provider{"Microsoft.MachineLearningServices", "mfeOperations", Area::MachineLearning},
          Provider{"Microsoft.ContainerRegistry", "operation", Area::Registry},
          Provider{"Microsoft.ContainerInstance", "operation", Area::ContainerInstance},
          Provider{"Microsoft.Resources", "operation", Area::Resources}}) {
        const std::string base =
            subscriptionPath + "/providers/" + provider.name + "/locations/{location}/" + provider.prefix;
        const bool machineLearning = provider.area == Area::MachineLearning;
        router.add("GET", base + (machineLearning ? "Status" : "Statuses") + "/{operation}", provider.area,
                   [&](Call& call) { return status(cloud, call); });
        router.add("GET", base + "Results/{operation}", provider.area,
                   [&](Call& call) { return result(cloud, call); });
    }
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations.h"

#include "clock.h"
#include "crypto.h"

#include <algorithm>
#include <limits>

namespace fake_azure {

double Operation::fraction() const
{
    if (finished)
        return 1;
    const double total = static_cast<double>(std::max<int64_t>(plan.milliseconds, 1));
    return std::min(0.99, static_cast<double>(now() - start) / total);
}

std::shared_ptr<Operation> Operations::start(const Call& call, OperationPlan plan)
{
    auto operation = std::make_shared<Operation>();
    operation->id = plan.prefix + ':' + randomGuid() + ':' + randomGuid();
    operation->version = call.parameter("api-version");
    operation->start = now();
    operation->end = operation->start + plan.milliseconds;
    if (call.operationFault) {
        operation->faultKind = call.operationFault->kind;
        operation->error = call.operationFault->error;
        if (operation->error.is_null())
            operation->end = std::numeric_limits<int64_t>::max();
    }
    operation->plan = std::move(plan);
    m_operations[operation->id] = operation;
    return operation;
}

void Operations::settle()
{
    std::vector<std::shared_ptr<Operation>> due;
    for (const auto& [id, operation] : m_operations) {
        if (!operation->finished && operation->end <= now())
            due.push_back(operation);
    }
    std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return a->end < b->end; });
    for (const auto& operation : due) {
        operation->finished = true;
        operation->status = operation->error.is_null()                    ? "Succeeded"
                            : operation->faultKind == "operationCanceled" ? "Canceled"
                                                                          : "Failed";
        if (operation->plan.finish)
            operation->plan.finish(operation->error);
    }
}

std::shared_ptr<Operation> Operations::find(const std::string& id) const
{
    const auto found = m_operations.find(id);
    return found == m_operations.end() ? nullptr : found->second;
}

std::shared_ptr<Operation> Operations::running(const std::string& resourceId) const
{
    const std::string id = lower(resourceId);
    for (const auto& [key, operation] : m_operations) {
        const std::string other = lower(operation->plan.resourceId);
        if (!operation->finished && (other == id || other.compare(0, id.size() + 1, id + '/') == 0))
            return operation;
    }
    return nullptr;
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/browse.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

// The segment after "/NAME/" in an ARM id, whose fixed parts may be in any case.
std::string segmentAfter(const std::string& id, const QString& name)
{
    const QStringList parts = QString::fromStdString(id).split(QLatin1Char('/'));
    for (qsizetype i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i].compare(name, Qt::CaseInsensitive) == 0)
            return parts[i + 1].toStdString();
    }
    return {};
}

} // namespace

Result<std::vector<Subscription>> subscriptions(ArmClient& arm, JobContext& job)
{
    TRY_ASSIGN(const std::vector<Json> found,
               arm.list(withVersion(arm.cloud().arm + "/subscriptions", api::subscriptions), job));
    std::vector<Subscription> result;
    for (const Json& item : found)
        result.push_back({textAt(item, "subscriptionId"), textAt(item, "displayName"), textAt(item, "state"),
                          textAt(item, "tenantId")});
    std::ranges::sort(result, {}, &Subscription::name);
    return result;
}

Result<std::vector<FoundWorkspace>> workspacesOf(const std::string& subscription, ArmClient& arm,
                                                 JobContext& job)
{
    const std::string url = arm.cloud().arm + "/subscriptions/" + subscription +
                            "/providers/Microsoft.MachineLearningServices/workspaces";
    TRY_ASSIGN(const std::vector<Json> found, arm.list(withVersion(url, api::machineLearning), job));
    std::vector<FoundWorkspace> result;
    for (const Json& item : found)
        result.push_back({{subscription, segmentAfter(textAt(item, "id"), QStringLiteral("resourceGroups")),
                           textAt(item, "name")},
                          textAt(item, "location"),
                          textAt(item, "kind")});
    std::ranges::sort(result, {}, [](const FoundWorkspace& one) { return one.workspace.name; });
    return result;
}

} // namespace lapidary::deploy

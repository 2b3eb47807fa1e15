// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/plan_difference.h"

#include "engine/base/text.h"
#include "engine/deploy/export_plan.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

// "West Europe" is "westeurope", and the parts of an ARM id are the same in any case.
std::string comparable(const std::string& text)
{
    std::string plain = lowerCase(text);
    plain.erase(std::remove(plain.begin(), plain.end(), ' '), plain.end());
    return plain;
}

bool fits(const std::string& now, const std::string& planned)
{
    const std::vector<TextPart> parts = partsOf(planned);
    const bool hasValues =
        std::any_of(parts.begin(), parts.end(), [](const TextPart& part) { return part.isValue; });
    if (!hasValues) {
        const bool isPlace = planned.rfind("/subscriptions/", 0) == 0 || planned.rfind("azureml://", 0) == 0;
        return now == planned ||
               ((isPlace || now.find(' ') != std::string::npos) && comparable(now) == comparable(planned));
    }
    size_t from = 0;
    for (const TextPart& part : parts) {
        if (part.isValue)
            continue;
        const size_t found = now.find(part.text, from);
        if (found == std::string::npos || (&part == &parts.front() && found != 0))
            return false;
        from = found + part.text.size();
    }
    return true;
}

void compare(const Json& now, const Json& planned, const std::string& path,
             std::vector<ChangedMember>& changed)
{
    if (planned.is_object()) {
        for (auto member = planned.begin(); member != planned.end(); ++member) {
            // Whose run it is, is no property of the thing.
            if (member.key() == "lapidaryRun")
                continue;
            static const Json none;
            const bool there = now.is_object() && now.contains(member.key());
            compare(there ? now[member.key()] : none, member.value(),
                    path + (path.empty() ? "" : ".") + member.key(), changed);
        }
        return;
    }
    const bool same = now.is_string() && planned.is_string()
                          ? fits(now.get_ref<const std::string&>(), planned.get_ref<const std::string&>())
                          : now == planned;
    // Azure does not store what is empty.
    const bool bothEmpty = now.is_null() && (planned.is_null() || planned == Json(std::string()));
    if (!same && !bothEmpty)
        changed.push_back({path, now, planned});
}

std::string whatTheRunDoes(const Step& step, bool same)
{
    const std::string rule = textAt(step.input, "whenThere");
    if (rule == "reuse" || (rule == "reuse-if-same" && same))
        return "it is there already, and is used as it is";
    return "it is there already: the run stops before it changes what others made";
}

// "…/workspaces/ws/onlineEndpoints/digits?..." -> "onlineEndpoints/digits": below the workspace or group.
std::string shortName(const std::string& url)
{
    const std::string path = url.substr(0, url.find('?'));
    const size_t workspace = path.find("/workspaces/");
    const size_t below =
        workspace == std::string::npos ? path.rfind("/providers/") + 10 : path.find('/', workspace + 12);
    return below == std::string::npos ? path : path.substr(below + 1);
}

} // namespace

std::string kindName(ResourceDifference::Kind kind)
{
    constexpr const char* names[] = {"Create", "NoChange", "Modify"};
    return names[static_cast<size_t>(kind)];
}

std::vector<ChangedMember> changedMembers(const Json& now, const Json& planned)
{
    std::vector<ChangedMember> changed;
    compare(now, planned, {}, changed);
    return changed;
}

Result<std::vector<ResourceDifference>> planDifferences(const DeployPlan& plan, ArmClient& arm,
                                                        JobContext& job)
{
    std::vector<ResourceDifference> differences;
    for (const Step& step : plan.steps) {
        if (step.requests.empty())
            continue;
        const PlannedRequest& request = step.requests.front();
        const bool isResource =
            request.method == "PUT" && !request.body.is_null() && request.url.rfind(arm.cloud().arm, 0) == 0;
        if (!isResource)
            continue;
        TRY_ASSIGN(const Json now, arm.find(request.url, job));
        ResourceDifference difference{
            .step = step.id, .resource = shortName(request.url), .note = {}, .members = {}};
        if (step.action == "set-traffic") {
            // The endpoint itself is another step's.
            if (now.is_null())
                continue;
            difference.resource += ": traffic";
            compare(at(now, "properties", "traffic"), at(request.body, "properties", "traffic"),
                    "properties.traffic", difference.members);
            difference.kind = difference.members.empty() ? ResourceDifference::Kind::NoChange
                                                         : ResourceDifference::Kind::Modify;
        } else if (now.is_null()) {
            difference.kind = ResourceDifference::Kind::Create;
        } else {
            difference.members = changedMembers(now, request.body);
            difference.kind = difference.members.empty() ? ResourceDifference::Kind::NoChange
                                                         : ResourceDifference::Kind::Modify;
            bool same = true;
            if (const Json& path = at(step.input, "same"); path.is_array()) {
                const Json* before = &now;
                const Json* after = &request.body;
                for (const Json& name : path) {
                    before = &at(*before, name.get_ref<const std::string&>().c_str());
                    after = &at(*after, name.get_ref<const std::string&>().c_str());
                }
                same = !after->is_null() && *before == *after;
            }
            difference.note = whatTheRunDoes(step, same);
        }
        differences.push_back(std::move(difference));
    }
    return differences;
}

} // namespace lapidary::deploy

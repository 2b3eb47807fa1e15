// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults.h"

#include "crypto.h"

#include <set>

namespace fake_azure {

namespace {

const std::set<std::string> knownKinds{"answer",
                                       "throttled",
                                       "throttledSilent",
                                       "serverError",
                                       "unavailable",
                                       "conflict",
                                       "forbidden",
                                       "nameTaken",
                                       "expiredToken",
                                       "claimsChallenge",
                                       "wrongTenant",
                                       "notRegistered",
                                       "subscriptionNotRegistered",
                                       "tasksNotAllowed",
                                       "sasExpired",
                                       "cutUpload",
                                       "drop",
                                       "malformedJson",
                                       "emptyBody",
                                       "htmlPage",
                                       "cut",
                                       "lost",
                                       "operationFailed",
                                       "operationCanceled",
                                       "operationStuck",
                                       "outOfQuota",
                                       "imageBuildFailure",
                                       "probeNeverReady",
                                       "containerCrash",
                                       "imageNotPulled",
                                       "runFailed",
                                       "delay"};

bool isMachineLearning(const Call& call)
{
    return lower(call.path).find("/providers/microsoft.machinelearningservices/") != std::string::npos;
}

Reply unauthorized(const std::string& code, const std::string& message, const std::string& challenge)
{
    ArmError error(401, code, message);
    error.headers.emplace("WWW-Authenticate", challenge);
    return errorReply(error, false);
}

} // namespace

void Faults::add(const Fault& fault)
{
    if (!knownKinds.count(fault.kind))
        throw std::invalid_argument("no such kind of fault: " + fault.kind);
    const std::lock_guard lock(m_mutex);
    m_rules.push_back({fault, std::regex(fault.path, std::regex::icase)});
}

void Faults::add(const Json& fault)
{
    Fault rule;
    rule.kind = fault.at("kind");
    rule.method = fault.value("method", rule.method);
    rule.path = fault.value("path", rule.path);
    rule.after = fault.value("after", rule.after);
    rule.times = fault.value("times", rule.times);
    rule.status = fault.value("status", rule.status);
    rule.seconds = fault.value("seconds", rule.seconds);
    rule.milliseconds = fault.value("milliseconds", rule.milliseconds);
    rule.bytes = fault.value("bytes", rule.bytes);
    rule.body = fault.value("body", Json());
    rule.text = fault.value("text", rule.text);
    rule.headers = fault.value("headers", rule.headers);
    add(rule);
}

void Faults::clear()
{
    const std::lock_guard lock(m_mutex);
    m_rules.clear();
}

std::vector<Fault> Faults::take(const Call& call)
{
    std::vector<Fault> acting;
    const std::lock_guard lock(m_mutex);
    bool decided = false; // delays go together with one other fault
    for (Rule& rule : m_rules) {
        if (!rule.fault.method.empty() && !sameText(rule.fault.method, call.method))
            continue;
        if (!std::regex_search(call.target, rule.path))
            continue;
        if (++rule.seen <= rule.fault.after || rule.fault.times == 0)
            continue;
        const bool delay = rule.fault.kind == "delay";
        if (!delay && decided)
            continue;
        decided = decided || !delay;
        if (rule.fault.times > 0)
            --rule.fault.times;
        acting.push_back(rule.fault);
    }
    return acting;
}

std::optional<Reply> answerOf(const Fault& fault, const Call& call, const std::string& authority)
{
    const auto arm = [&](int status, const char* code, const std::string& message) {
        return errorReply(ArmError(status, code, message), isMachineLearning(call));
    };
    const std::string& kind = fault.kind;
    if (kind == "answer") {
        Reply answer{fault.status ? fault.status : 200,
                     fault.body.is_null() ? fault.text : fault.body.dump()};
        for (const auto& [name, value] : fault.headers) {
            if (sameText(name, "Content-Type"))
                answer.type = value;
            else
                answer.set(name, value);
        }
        return answer;
    }
    if (kind == "throttled" || kind == "throttledSilent") {
        Reply answer = arm(429, "TooManyRequests", "Number of requests exceeded the limit. Try again later.");
        answer.set("x-ms-ratelimit-remaining-subscription-reads", "0");
        if (kind == "throttled")
            answer.set("Retry-After", std::to_string(fault.seconds));
        return answer;
    }
    if (kind == "serverError")
        return arm(500, "InternalServerError", "The server encountered an internal error. Please retry.");
    if (kind == "unavailable")
        return arm(503, "ServiceUnavailable", "The service is unavailable now.");
    if (kind == "conflict")
        return arm(409, "Conflict", "Another operation is in progress on this resource.");
    if (kind == "forbidden")
        return arm(403, "AuthorizationFailed",
                   "The client 'user@contoso.com' with object id '" + randomGuid() +
                       "' does not have authorization to perform this action over scope '" + call.path +
                       "' or the scope is invalid. If access was recently granted, please refresh your "
                       "credentials.");
    if (kind == "nameTaken")
        return arm(409, "NameAlreadyExists", "The name is already in use. Choose another one.");
    if (kind == "expiredToken")
        return unauthorized(
            "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now.",
            "Bearer authorization_uri=\"" + authority +
                "\", error=\"invalid_token\", error_description=\"The access token has expired.\"");
    if (kind == "claimsChallenge")
        return unauthorized(
            "AuthenticationFailed", "Continuous access evaluation asks for a new sign-in.",
            "Bearer authorization_uri=\"" + authority + "\", error=\"insufficient_claims\", claims=\"" +
                base64(R"({"access_token":{"nbf":{"essential":true,"value":"1700000000"}}})") + '"');
    if (kind == "wrongTenant")
        return unauthorized("InvalidAuthenticationTokenTenant",
                            "The access token is from the wrong issuer. It must match the tenant '" +
                                authority + "' associated with this subscription.",
                            "Bearer authorization_uri=\"" + authority + "\", error=\"invalid_token\"");
    if (kind == "notRegistered")
        return arm(409, "MissingSubscriptionRegistration",
                   "The subscription is not registered to use namespace 'Microsoft.PolicyInsights'.");
    if (kind == "subscriptionNotRegistered")
        return arm(400, "SubscriptionNotRegistered",
                   "Resource provider [N/A] isn't registered with Subscription [N/A].");
    if (kind == "tasksNotAllowed")
        return arm(
            400, "TasksOperationsNotAllowed",
            "ACR Tasks requests for the registry are not permitted. Please file an Azure support request.");
    if (kind == "sasExpired") {
        Reply answer{
            403,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>"
            "Server failed to authenticate the request. Make sure the value of Authorization header is "
            "formed correctly including the signature.</Message><AuthenticationErrorDetail>Signature not "
            "valid in the specified time frame</AuthenticationErrorDetail></Error>",
            "application/xml"};
        answer.set("x-ms-error-code", "AuthenticationFailed");
        return answer;
    }
    if (kind == "cutUpload" || kind == "drop") {
        Reply answer;
        answer.dropped = true;
        return answer;
    }
    return {};
}

std::optional<OperationFault> operationFaultOf(const Fault& fault)
{
    const auto error = [&](const char* code, const char* message) {
        ArmError built(200, code, message);
        return OperationFault{fault.kind, fault.body.is_null() ? errorBody(built, true) : fault.body};
    };
    const std::string& kind = fault.kind;
    if (kind == "operationStuck")
        return OperationFault{kind, nullptr};
    if (kind == "operationFailed")
        return error("InternalServerError", "The operation failed.");
    if (kind == "operationCanceled")
        return error("OperationCanceled", "The operation was canceled by another operation.");
    if (kind == "outOfQuota")
        return error("OutOfQuota", "Not enough quota available for Standard_DS3_v2 in this region. "
                                   "Current usage/limit: 24/24. Additional needed: 5.");
    if (kind == "imageBuildFailure")
        return error("ImageBuildFailure",
                     "Image build failed. For more details log link: ImageLogs/{image}/build.log");
    if (kind == "probeNeverReady")
        return error("ResourceNotReady",
                     "User container has crashed or terminated: Liveness probe failed: connection refused.");
    if (kind == "containerCrash")
        return error("ResourceNotReady", "User container has crashed or terminated. Please see the logs.");
    if (kind == "imageNotPulled")
        return error("BadArgument", "Unable to pull the image: authorization failed for the registry.");
    if (kind == "runFailed")
        return error("RunFailed", "failed to run step ID: build: exit status 1");
    return {};
}

void spoil(Reply& answer, const Fault& fault)
{
    if (fault.kind == "malformedJson") {
        answer.body = "{\"value\":[{\"name\":\"half";
    } else if (fault.kind == "emptyBody") {
        answer.body.clear();
    } else if (fault.kind == "htmlPage") {
        answer.type = "text/html";
        answer.status = fault.status ? fault.status : answer.status;
        answer.body = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head>"
                      "<body>Please accept the terms.</body></html>";
    } else if (fault.kind == "cut") {
        answer.cutAfter = fault.bytes;
    } else if (fault.kind == "lost") {
        answer.dropped = true;
    }
}

} // namespace fake_azure

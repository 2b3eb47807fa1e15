// SPDX-License-Identifier: GPL-3.0-or-later
// Rules by which the fake misbehaves. Safe to use from any thread.
#pragma once

#include "call.h"

#include <mutex>
#include <regex>

namespace fake_azure {

// Which requests: `method` (empty: any) and `path`, an ECMAScript expression found in the path with its
// query. The first `after` matches pass; then it acts `times` times (-1: always).
//
// Kinds that answer instead of the fake:
//   answer             status, headers, body or text, as given
//   throttled          429 with Retry-After: seconds; throttledSilent: 429 without the header
//   serverError 500, unavailable 503, conflict 409, forbidden 403, nameTaken 409
//   expiredToken       401 ExpiredAuthenticationToken; claimsChallenge: 401 with insufficient_claims
//   wrongTenant        401 InvalidAuthenticationTokenTenant with the right authorization_uri
//   notRegistered      409 MissingSubscriptionRegistration; subscriptionNotRegistered: ML's own code, 400
//   tasksNotAllowed    400 TasksOperationsNotAllowed
//   sasExpired         403 AuthenticationFailed, as XML
//   cutUpload          the connection ends after `bytes` of the request's body
//   drop               the connection ends without an answer; nothing was done
// Kinds that spoil the fake's own answer:
//   malformedJson, emptyBody, htmlPage
//   cut                the connection ends after `bytes` of the answer's body
//   lost               the request is carried out, but the connection ends without an answer
// Kinds that spoil the operation which the request starts (it still answers 201 or 202):
//   operationFailed    ends as Failed with `body` as error; operationCanceled; operationStuck: never ends
//   outOfQuota, imageBuildFailure, probeNeverReady, containerCrash, imageNotPulled, runFailed
// And: delay            `milliseconds`, then as ever
struct Fault {
    std::string kind;
    std::string method = {};
    std::string path = ".";
    int after = 0;
    int times = 1;
    int status = 0;
    int seconds = 1;
    int milliseconds = 0;
    size_t bytes = 0;
    Json body = nullptr;
    std::string text = {};
    std::map<std::string, std::string> headers = {};
};

class Faults {
public:
    void add(const Fault& fault); // throws std::invalid_argument for an unknown kind, std::regex_error
    void add(const Json& fault);
    void clear();
    // Those that act on this request, counted as used.
    std::vector<Fault> take(const Call& call);

private:
    struct Rule {
        Fault fault;
        std::regex path;
        int seen = 0;
    };
    std::mutex m_mutex;
    std::vector<Rule> m_rules;
};

// The answer of a fault that answers itself.
std::optional<Reply> answerOf(const Fault& fault, const Call& call, const std::string& authority);
// The error of an operation that a fault lets fail; nothing for other kinds. Null: never ends.
std::optional<OperationFault> operationFaultOf(const Fault& fault);
// What becomes of the fake's own answer.
void spoil(Reply& answer, const Fault& fault);

} // namespace fake_azure

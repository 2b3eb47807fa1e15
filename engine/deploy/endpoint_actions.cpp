// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of every endpoint, wherever it is: whether it is ready, and whether it computes the right
// thing.
#include "engine/deploy/action_table.h"
#include "engine/deploy/endpoint.h"
#include "engine/deploy/http.h"
#include "engine/deploy/local_server.h"
#include "engine/deploy/sample_request.h"
#include "engine/deploy/secrets.h"
#include "engine/onnx/reader.h"

using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

Status waitReady(StepContext& context)
{
    TRY_ASSIGN(const std::string url, context.input("url"));
    const Json& seconds = at(context.step.input, "seconds");
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::seconds(seconds.is_number_integer() ? seconds.get<int>() : 60);
    std::string last = "no answer";
    for (const char* probe : {"live", "ready"}) {
        TRY_ASSIGN(const std::string path, context.input(probe));
        for (;;) {
            auto response = context.services.http.send({.url = url + path, .silence = 5s}, context.job);
            if (!response.ok() && response.error().code == ErrorCode::Cancelled)
                return response.error();
            if (response.ok() && response->status == 200)
                break;
            last = response.ok() ? failureText(*response) : response.error().toString();
            if (std::chrono::steady_clock::now() > end)
                return makeError(ErrorCode::NetworkFailure,
                                 std::string("the ") + probe + " probe " + path + " never came true: " +
                                     last + "\n" + lastLines(context.run.folder / "server.log", 5),
                                 "See the log of the server; a large model may only need longer.");
            TRY(context.services.http.pause(200ms, context.job));
        }
        context.log(std::string(probe) + " probe " + path + " answers 200");
    }
    return {};
}

Status compareScore(StepContext& context)
{
    TRY_ASSIGN(const std::string url, context.input("url"));
    TRY_ASSIGN(const auto model, loadModel(context.run.plan.modelFile, context.job));
    TRY_ASSIGN(const SampleRequest sample, makeSample(model, {}, context.job));
    Endpoint endpoint;
    endpoint.url = url;
    endpoint.authMode = textAt(context.step.input, "authMode");
    endpoint.keysUrl = textAt(context.step.input, "keys");
    // This deployment, whatever the traffic of the others.
    endpoint.deployment = textAt(context.step.input, "deployment");
    TRY_ASSIGN(const std::string key, endpointKey(endpoint, context.services, context.job));
    const HttpRequest request = scoringRequest(endpoint, key, sample.body);
    TRY_ASSIGN(HttpResponse response, context.services.http.sendPatiently(request, context.job));
    // Azure's word for a container that does not answer well: a new one may need a moment more.
    for (int attempt = 0; response.status == 424 && attempt < 20; ++attempt) {
        TRY(context.services.http.pause(1s, context.job));
        TRY_ASSIGN(response, context.services.http.sendPatiently(request, context.job));
    }
    if (response.status == 401 && textAt(context.step.input, "authMode") == "ApiKey")
        return makeError(ErrorCode::AuthFailure,
                         "the endpoint was made with another key: " + failureText(response),
                         "Set LAPIDARY_API_KEY to that key; or delete, and deploy again with a new one.");
    if (!response.ok())
        return makeError(ErrorCode::NetworkFailure, "the sample request fails: " + failureText(response));
    TRY_ASSIGN(const std::string words, compareAnswer(*model, sample, response.body.toStdString()));
    context.log("the answer is " + words);
    return {};
}

} // namespace

std::span<const Action> endpointActions()
{
    static constexpr Action rows[] = {
        {"wait-ready", waitReady, nullptr},
        {"compare-score", compareScore, nullptr},
    };
    return rows;
}

} // namespace lapidary::deploy

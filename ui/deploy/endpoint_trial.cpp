// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/endpoint_trial.h"

#include "engine/benchmark/benchmark.h"
#include "engine/deploy/sample_request.h"
#include "engine/onnx/reader.h"
#include "engine/session/session.h"

namespace lapidary {

namespace {

// The same inputs on this computer, after the endpoint: neither is to disturb the other.
Result<std::vector<double>> runHere(std::shared_ptr<const Model> model, const std::vector<Value>& inputs,
                                    int runs, JobContext& job)
{
    TRY_ASSIGN(const auto session, Session::create(std::move(model), {}, job));
    TRY_ASSIGN(BenchmarkResult result, runBenchmark(*session, inputs, {.warmupRuns = 3, .runs = runs}, job));
    return std::move(result.latenciesMs);
}

void note(TrialResult& result, const Result<deploy::EndpointAnswer>& answer)
{
    ++result.failures;
    if (!result.failure.empty())
        return;
    result.failure = answer.ok()
                         ? "status " + std::to_string(answer->status) + ": " + answer->body.substr(0, 500)
                         : answer.error().toString();
}

} // namespace

Result<TrialResult> tryEndpoint(const TrialRequest& request, const AzureAccess& access,
                                const std::function<void(double)>& called, JobContext& job)
{
    std::shared_ptr<const Model> model = request.model;
    if (!model) {
        TRY_ASSIGN(model, loadModel(request.modelFile, job));
    }
    TRY_ASSIGN(const deploy::SampleRequest sample, deploy::makeSample(model, request.inputs, job));
    TRY_ASSIGN(const auto connection, access.open());
    TRY_ASSIGN(const std::string key,
               deploy::endpointKey(request.endpoint, access.services(*connection), job));
    TrialResult result;
    result.body = sample.body;
    double serverMs = 0;
    for (int i = 0; i < request.calls; ++i) {
        auto answer = deploy::callEndpoint(request.endpoint, key, sample.body, *connection->http, job);
        if (!answer.ok() && answer.error().code == ErrorCode::Cancelled)
            break; // what was measured counts
        job.report(static_cast<double>(i + 1) / (request.calls + 1));
        if (!answer.ok() || answer->status != 200) {
            note(result, answer);
            continue;
        }
        if (result.endpointMs.empty()) {
            result.answer = answer->body;
            auto verdict = deploy::compareAnswer(*model, sample, answer->body);
            result.same = verdict.ok();
            result.verdict = verdict.ok() ? *verdict : verdict.error().toString();
        }
        result.endpointMs.push_back(answer->elapsedMs);
        serverMs += answer->serverMs;
        called(answer->elapsedMs);
    }
    if (result.endpointMs.empty())
        return job.stopRequested() ? cancelled()
                                   : makeError(ErrorCode::NetworkFailure,
                                               "the endpoint answers no request: " + result.failure);
    if (serverMs > 0)
        result.serverMs = serverMs / static_cast<double>(result.endpointMs.size());
    if (!job.stopRequested()) {
        TRY_ASSIGN(result.localMs, runHere(model, sample.inputs, request.calls, job));
    }
    return result;
}

} // namespace lapidary

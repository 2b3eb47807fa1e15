// SPDX-License-Identifier: GPL-3.0-or-later
// Manifests, and kubectl, which knows the user's clusters and how to sign in to them.
#include "engine/deploy/action_table.h"
#include "engine/deploy/export_plan.h"
#include "engine/deploy/files.h"
#include "engine/deploy/process.h"

#include <cstdlib>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

constexpr const char* kinds = "deployment,service,horizontalpodautoscaler";

Result<fs::path> manifestFile(const StepContext& context)
{
    TRY_ASSIGN(const std::string name, context.input("file"));
    return context.run.folder / name;
}

Status writeManifests(StepContext& context)
{
    TRY_ASSIGN(const fs::path file, manifestFile(context));
    TRY_ASSIGN(const std::string text, fill(manifestsOf(context.step), context.run.values));
    TRY(writeTextFile(file, text));
    context.log("written to " + file.string());
    return context.keep("kubernetes.file", file.string());
}

Status removeManifests(StepContext& context)
{
    TRY_ASSIGN(const fs::path file, manifestFile(context));
    std::error_code problem;
    fs::remove(file, problem);
    return {};
}

// LAPIDARY_KUBECTL names another program. Errors: NotFound, Cancelled.
Result<ProcessOutput> callKubectl(StepContext& context, std::vector<std::string> arguments, bool tell = false)
{
    const char* other = std::getenv("LAPIDARY_KUBECTL");
    ProcessCall call{.program = other && *other ? other : "kubectl"};
    TRY_ASSIGN(const std::string cluster, context.input("context"));
    TRY_ASSIGN(const std::string space, context.input("namespace"));
    call.arguments = {"--namespace", space};
    if (!cluster.empty())
        call.arguments.insert(call.arguments.end(), {"--context", cluster});
    call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
    if (tell)
        call.onLine = [&context](const std::string& line) { context.log(line); };
    call.ifMissing = "Install kubectl, or apply the file kubernetes.yaml of the run yourself.";
    return runProcess(call, context.job);
}

Error kubectlError(const ProcessOutput& output)
{
    return makeError(ErrorCode::BackendFailure, "kubectl: " + output.errors.substr(0, 2000),
                     "See: kubectl config get-contexts; then resume.");
}

// Names in the cluster, one in a line. Errors: BackendFailure.
Result<std::string> found(StepContext& context, const std::vector<std::string>& arguments)
{
    TRY_ASSIGN(const ProcessOutput output, callKubectl(context, arguments));
    if (output.exitCode != 0)
        return kubectlError(output);
    return output.output;
}

// What others made under our name is not taken over.
Status checkNames(StepContext& context)
{
    TRY_ASSIGN(const std::string name, context.input("name"));
    TRY_ASSIGN(const std::string label, context.input("label"));
    TRY_ASSIGN(const std::string others,
               found(context, {"get", kinds, "--output", "name", "--field-selector", "metadata.name=" + name,
                               "--selector", "lapidary-run!=" + label}));
    if (!others.empty())
        return makeError(ErrorCode::InvalidArgument,
                         "the cluster has a '" + name +
                             "' that this run did not make: " + others.substr(0, others.find('\n')),
                         "Choose another endpoint name. What is there is left as it is.");
    TRY_ASSIGN(const std::string secret, context.input("keySecret"));
    if (secret.empty())
        return {};
    TRY_ASSIGN(const ProcessOutput there,
               callKubectl(context, {"get", "secret", secret, "--output", "name"}));
    if (there.exitCode != 0)
        return makeError(ErrorCode::NotFound,
                         "the cluster has no secret '" + secret + "' with the key of callers",
                         "Make it: kubectl create secret generic " + secret +
                             " --from-literal=api-key=$(openssl rand -hex 32); then resume.");
    return {};
}

Status applyManifests(StepContext& context)
{
    TRY_ASSIGN(const fs::path file, manifestFile(context));
    TRY_ASSIGN(const std::string name, context.input("name"));
    TRY(checkNames(context));
    TRY_ASSIGN(const ProcessOutput applied,
               callKubectl(context, {"apply", "--filename", file.string()}, true));
    if (applied.exitCode != 0)
        return kubectlError(applied);
    TRY_ASSIGN(const ProcessOutput ready,
               callKubectl(context,
                           {"rollout", "status", "deployment/" + name,
                            "--timeout=" + at(context.step.input, "seconds").dump() + "s"},
                           true));
    if (ready.exitCode != 0) {
        TRY_ASSIGN(const ProcessOutput logs,
                   callKubectl(context, {"logs", "deployment/" + name, "--tail=1000"}));
        TRY(writeTextFile(context.run.folder / "endpoint.log", logs.output + logs.errors));
        return makeError(ErrorCode::BackendFailure, "the pods do not become ready: " + ready.errors,
                         "See: kubectl describe pods, and endpoint.log in the run's folder; then resume.");
    }
    return {};
}

// By the run's label: nothing of others has it.
Status deleteApplied(StepContext& context)
{
    TRY_ASSIGN(const std::string label, context.input("label"));
    TRY_ASSIGN(const ProcessOutput removed,
               callKubectl(context,
                           {"delete", kinds, "--selector", "lapidary-run=" + label, "--ignore-not-found"},
                           true));
    if (removed.exitCode != 0)
        return kubectlError(removed);
    return {};
}

} // namespace

std::span<const Action> kubernetesActions()
{
    static constexpr Action rows[] = {
        {"write-manifests", writeManifests, removeManifests},
        {"apply-manifests", applyManifests, deleteApplied},
    };
    return rows;
}

} // namespace lapidary::deploy

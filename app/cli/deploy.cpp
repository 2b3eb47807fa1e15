// SPDX-License-Identifier: GPL-3.0-or-later
// lapidary deploy: the same plan and run as the window's Deploy page.
#include "app/cli/command_line.h"
#include "app/cli/deploy_models.h"
#include "engine/deploy/actions.h"
#include "engine/deploy/choices.h"
#include "engine/deploy/export_plan.h"
#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/plan_difference.h"
#include "engine/deploy/preflight.h"
#include "engine/deploy/prices.h"
#include "engine/deploy/python_image.h"
#include "engine/deploy/run.h"
#include "engine/deploy/workspace.h"

#include <QCoreApplication>

#include <iostream>

namespace fs = std::filesystem;

namespace lapidary::cli {

namespace {

using namespace deploy;

struct DeployArguments {
    std::string model;
    std::string run; // an id, or a folder
    std::string runs;
    std::string resume;
    std::string out;
    std::string exported; // a format of export_plan.h
    bool difference = false;
    std::string filesFolder; // where the files of the image are written, to be changed
    ConnectionArguments connection;
    ModelsArguments models;
    Choices choices;
    std::vector<std::string> tags;
};

fs::path runsFolder(const DeployArguments& arguments)
{
    return arguments.runs.empty() ? defaultRunsFolder() : fs::path(arguments.runs);
}

bool isAzure(const std::string& target) { return target.rfind("azure", 0) == 0; }

// What is not named gets a name from the model's file. kept: gets the connection, so that a person signs in
// once.
Result<DeployPlan> planOf(const DeployArguments& arguments, JobContext& job,
                          std::unique_ptr<Connection>* kept = nullptr)
{
    Choices choices = arguments.choices;
    const Choices usual = defaultsFor(arguments.model);
    choices.modelFile = usual.modelFile;
    for (auto [chosen, fallback] :
         {std::pair{&choices.modelName, &usual.modelName}, {&choices.endpoint, &usual.endpoint}}) {
        if (chosen->empty())
            *chosen = *fallback;
    }
    if (isAzure(choices.target)) {
        TRY_ASSIGN(choices.cloud, cloudOf(arguments.connection));
        TRY_ASSIGN(choices.workspace, workspaceOf(arguments.connection));
        TRY_ASSIGN(auto use, outside(arguments.connection, choices.cloud, true, job));
        TRY(fillFromWorkspace(choices, *use->arm, job));
        if (kept)
            *kept = std::move(use);
    }
    for (const std::string& text : arguments.tags) {
        TRY_ASSIGN(const auto tag, splitPair(text, "--tag"));
        choices.tags[tag.first] = tag.second;
    }
    if (choices.modelVersion.empty())
        choices.modelVersion = "1";
    TRY_ASSIGN(const ModelFiles files, modelFiles(choices, job));
    return makePlan(choices, files, newRunId(choices.modelName));
}

Result<DeployRun> runNamed(const DeployArguments& arguments)
{
    const std::string& name = arguments.run;
    if (name.empty()) {
        std::vector<DeployRun> runs = listRuns(runsFolder(arguments));
        if (runs.empty())
            return makeError(ErrorCode::NotFound, "there is no deployment yet",
                             "Start one with: lapidary deploy run MODEL")
                .at(runsFolder(arguments).string());
        return std::move(runs.front());
    }
    const bool isFolder = fs::exists(fs::path(name) / "run.json");
    return loadRun(isFolder ? fs::path(name) : runsFolder(arguments) / name);
}

Json summaryOf(const DeployRun& run)
{
    Json json = {{"id", run.plan.id}, {"target", run.plan.target}, {"model", run.plan.modelFile}};
    json["state"] = run.deleted    ? "deleted"
                    : run.isDone() ? "done"
                                   : stepStateName(run.steps[run.currentStep()].state);
    json["folder"] = run.folder.string();
    json["values"] = run.values;
    for (size_t i = 0; i < run.steps.size(); ++i) {
        Json step = {{"id", run.plan.steps[i].id},
                     {"title", run.plan.steps[i].title},
                     {"state", stepStateName(run.steps[i].state)}};
        if (!run.steps[i].error.empty())
            step["error"] = run.steps[i].error;
        json["steps"].push_back(std::move(step));
    }
    return json;
}

void printPlan(const DeployPlan& plan)
{
    std::cout << plan.id << ": " << plan.target << "\n";
    for (size_t i = 0; i < plan.steps.size(); ++i) {
        const Step& step = plan.steps[i];
        std::cout << "\n" << i + 1 << ". " << step.title << "\n";
        for (const PlannedRequest& request : step.requests) {
            std::cout << "   " << request.method << " " << request.url;
            std::cout << (request.note.empty() ? "" : "   (" + request.note + ")") << "\n";
            if (request.body.is_null())
                continue;
            std::istringstream lines(request.body.dump(2));
            for (std::string line; std::getline(lines, line);)
                std::cout << "   " << line << "\n";
        }
    }
}

void printSteps(const DeployRun& run)
{
    for (size_t i = 0; i < run.steps.size(); ++i) {
        const StepRecord& record = run.steps[i];
        std::cout << "  " << stepStateName(record.state) << "\t" << run.plan.steps[i].title << "\n";
        if (!record.error.empty())
            std::cout << "\t" << record.error << "\n";
        if (!record.nextStep.empty())
            std::cout << "\t" << record.nextStep << "\n";
    }
    for (const char* value : {"server.url", "endpoint.scoringUri", "kubernetes.file"}) {
        if (run.values.contains(value))
            std::cout << "  " << run.values.at(value) << "\n";
    }
}

// Steps and log go to standard error while it runs, the result to standard output.
Status carryOut(const DeployArguments& arguments, DeployRun& run, bool json,
                Status (*work)(DeployRun&, Services&, const RunObserver&, JobContext&))
{
    JobContext job(stopOnInterrupt(), {});
    const Choices choices = choicesFromJson(run.plan.choices);
    TRY_ASSIGN(const auto use, outside(arguments.connection, choices.cloud, needsAzure(choices), job));
    Services services{.http = *use->http, .arm = use->arm.get(), .serverProgram = {}};
    RunObserver observer;
    observer.logged = [](const std::string& line) { std::cerr << line << std::endl; };
    Status status = work(run, services, observer, job);
    if (json)
        print(summaryOf(run));
    else
        printSteps(run);
    if (!status.ok() && !run.deleted)
        std::cerr << "To go on from here: lapidary deploy run --resume " << run.plan.id << "\n";
    return status;
}

Json toJson(const ResourceDifference& difference)
{
    Json json = {{"change", kindName(difference.kind)},
                 {"step", difference.step},
                 {"resource", difference.resource},
                 {"note", difference.note},
                 {"members", Json::array()}};
    for (const ChangedMember& member : difference.members)
        json["members"].push_back({{"path", member.path}, {"now", member.now}, {"planned", member.planned}});
    return json;
}

Status printDifference(const DeployPlan& plan, const Connection* use, bool json)
{
    if (!use)
        return makeError(ErrorCode::InvalidArgument, "this target changes nothing in Azure",
                         "--diff is for targets in Azure.");
    JobContext job;
    TRY_ASSIGN(const auto differences, planDifferences(plan, *use->arm, job));
    Json list = Json::array();
    for (const ResourceDifference& difference : differences) {
        list.push_back(toJson(difference));
        if (json)
            continue;
        std::cout << kindName(difference.kind) << "  " << difference.resource
                  << (difference.note.empty() ? "" : "   (" + difference.note + ")") << "\n";
        for (const ChangedMember& member : difference.members)
            std::cout << "  " << member.path << ": " << member.now.dump() << " -> " << member.planned.dump()
                      << "\n";
    }
    if (json)
        print(list);
    return {};
}

Json toJson(const Check& check)
{
    Json json = {{"id", check.id},
                 {"state", checkStateName(check.state)},
                 {"title", check.title},
                 {"text", check.text},
                 {"nextStep", check.nextStep}};
    if (check.mend)
        json["mend"] = {{"method", check.mend->method}, {"url", check.mend->url}};
    return json;
}

// Cost and checks of a plan for Azure, as members of a JSON object or as lines.
Result<Json> costAndChecks(const DeployPlan& plan, const Connection& use, bool json)
{
    const Choices choices = choicesFromJson(plan.choices);
    JobContext job;
    Json result;
    const auto price = listPrice(choices, *use.http, job);
    if (price.ok())
        result["cost"] = {{"perHour", price->perHour},
                          {"perMonth", price->perMonth()},
                          {"currency", price->currency},
                          {"source", price->source}};
    char line[160];
    if (price.ok())
        std::snprintf(line, sizeof line, "%.3f %s an hour, %.2f a month, until it is deleted", price->perHour,
                      price->currency.c_str(), price->perMonth());
    if (!json)
        std::cout << "\nCost: "
                  << (price.ok() ? line + (" (" + price->source + ")") : "unknown: " + price.error().message)
                  << "\n\nChecks\n";
    TRY_ASSIGN(const std::vector<Check> checks, preflight(choices, *use.arm, job));
    result["checks"] = Json::array();
    for (const Check& check : checks) {
        result["checks"].push_back(toJson(check));
        if (!json)
            std::cout << "  " << checkStateName(check.state) << "\t" << check.title << ": " << check.text
                      << "\n";
        if (!json && !check.nextStep.empty())
            std::cout << "\t" << check.nextStep << "\n";
    }
    return result;
}

Status doPlan(const DeployArguments& arguments, bool json)
{
    JobContext job;
    std::unique_ptr<Connection> use;
    TRY_ASSIGN(const DeployPlan plan, planOf(arguments, job, &use));
    if (arguments.difference)
        return printDifference(plan, use.get(), json);
    if (!arguments.filesFolder.empty()) {
        Choices choices = choicesFromJson(plan.choices);
        choices.flavour = "python";
        TRY_ASSIGN(const auto texts, imageTextsFor(choices, job));
        return writeImageTexts(texts, arguments.filesFolder);
    }
    if (const auto format = exportFormatNamed(arguments.exported)) {
        TRY_ASSIGN(const std::string text, exportPlan(plan, *format));
        if (!arguments.out.empty())
            return writeTextFile(arguments.out, text);
        std::cout << text;
        return {};
    }
    if (!arguments.out.empty())
        return writeTextFile(arguments.out, deploy::toJson(plan).dump(2) + "\n");
    Json shown = deploy::toJson(plan);
    if (!json)
        printPlan(plan);
    if (use) {
        TRY_ASSIGN(const Json more, costAndChecks(plan, *use, json));
        shown.update(more);
    }
    if (json)
        print(shown);
    return {};
}

Status doRun(const DeployArguments& arguments, bool json)
{
    JobContext job;
    if (!arguments.resume.empty()) {
        DeployArguments named = arguments;
        named.run = arguments.resume;
        TRY_ASSIGN(DeployRun run, runNamed(named));
        return carryOut(arguments, run, json, execute);
    }
    if (arguments.model.empty())
        return makeError(ErrorCode::InvalidArgument, "there is no model to deploy",
                         "lapidary deploy run MODEL, or --resume ID");
    TRY_ASSIGN(DeployPlan plan, planOf(arguments, job));
    TRY_ASSIGN(DeployRun run, createRun(std::move(plan), runsFolder(arguments)));
    std::cerr << "deployment " << run.plan.id << std::endl;
    return carryOut(arguments, run, json, execute);
}

Status doStatus(const DeployArguments& arguments, bool json)
{
    std::vector<DeployRun> runs;
    if (arguments.run.empty()) {
        runs = listRuns(runsFolder(arguments));
    } else {
        TRY_ASSIGN(DeployRun run, runNamed(arguments));
        runs.push_back(std::move(run));
    }
    Json list = Json::array();
    for (const DeployRun& run : runs) {
        if (json) {
            list.push_back(summaryOf(run));
            continue;
        }
        std::cout << run.plan.id << "  " << run.plan.target << "  " << textAt(summaryOf(run), "state")
                  << "\n";
        if (runs.size() == 1)
            printSteps(run);
    }
    if (json)
        print(list);
    return {};
}

Status doLogs(const DeployArguments& arguments, bool)
{
    TRY_ASSIGN(const DeployRun run, runNamed(arguments));
    for (const char* file : {"log.txt", "server.log", "endpoint.log"}) {
        if (auto text = readTextFile(run.folder / file); text.ok())
            std::cout << *text;
    }
    return {};
}

Status doDelete(const DeployArguments& arguments, bool json)
{
    TRY_ASSIGN(DeployRun run, runNamed(arguments));
    return carryOut(arguments, run, json, deleteCreated);
}

// The run's own test step, once more.
Status doTest(const DeployArguments& arguments, bool json)
{
    TRY_ASSIGN(DeployRun run, runNamed(arguments));
    const size_t test = stepWithAction(run, "compare-score");
    if (test < run.steps.size() && run.currentStep() >= test) {
        repeatFrom(run, test);
        return carryOut(arguments, run, json, execute);
    }
    return makeError(ErrorCode::InvalidArgument, "the deployment has no endpoint yet",
                     "Finish it with: lapidary deploy run --resume " + run.plan.id);
}

void addChoices(CLI::App& command, DeployArguments& arguments)
{
    Choices& choices = arguments.choices;
    command.add_option("--target", choices.target, allTargets)->capture_default_str();
    command.add_option("--name", choices.modelName, "of the registered model; else from the file's");
    command.add_option("--version", choices.modelVersion, "of the registered model");
    command.add_option("--description", choices.description, "of the registered model");
    command.add_option("--tag", arguments.tags, "of the registered model, NAME=TEXT");
    arguments.connection.addWorkspaceTo(command);
    command.add_option("--registry", choices.registry, "Azure: NAME.azurecr.io; else the workspace's");
    command.add_option("--endpoint", choices.endpoint, "Azure; else from the file's name");
    command.add_option("--deployment", choices.deployment, "of the endpoint")->capture_default_str();
    command.add_option("--instance-type", choices.instanceType, "Azure")->capture_default_str();
    command.add_option("--instances", choices.instances, "Azure")->capture_default_str();
    command.add_option("--auth", choices.authMode, "what callers of the endpoint send")
        ->check(CLI::IsMember({"Key", "AMLToken", "AADToken"}))
        ->capture_default_str();
    command
        .add_option("--traffic", choices.trafficPercent, "percent of the endpoint's calls for the deployment")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    command.add_option("--cpu", choices.cpu, "processors of an instance: azure-aci, Kubernetes")
        ->capture_default_str();
    command.add_option("--memory", choices.memoryGb, "GB of an instance: azure-aci, Kubernetes")
        ->capture_default_str();
    command.add_option("--most-instances", choices.mostInstances, "Kubernetes: scales by load up to these");
    command.add_option("--compute", choices.compute, "azure-kubernetes: the cluster's name in the workspace");
    command.add_option("--cluster", choices.cluster,
                       "azure-kubernetes: id of a cluster to attach under that name");
    command.add_option("--cluster-instance-type", choices.clusterInstanceType,
                       "azure-kubernetes: one that the compute defines");
    command.add_option("--pull-identity", choices.pullIdentity,
                       "azure-aci: id of an identity with AcrPull; else the registry's admin user");
    command.add_option("--namespace", choices.kubeNamespace, "Kubernetes")->capture_default_str();
    command.add_flag("--apply", choices.kubeApply,
                     "kubernetes: by kubectl; else the manifests are only written");
    command.add_option("--context", choices.kubeContext, "kubernetes: of kubectl; else the current one");
    command.add_option("--key-secret", choices.keySecret,
                       "kubernetes: secret whose 'api-key' callers send; else anybody may call");
    command.add_option("--pull-secret", choices.pullSecret, "kubernetes: lets the cluster pull the image");
    command.add_option("--flavour", choices.flavour, "of the image: our server, or ONNX Runtime in Python")
        ->check(CLI::IsMember({"lapidary", "python"}))
        ->capture_default_str();
    command
        .add_option("--build", choices.buildRoute, "python: by Azure, by the registry, or on this machine")
        ->check(CLI::IsMember({"environment", "acr-task", "local"}))
        ->capture_default_str();
    command.add_option("--image-files", choices.imageFiles, "python: folder of files that you have changed");
    command.add_option("--base-image", choices.baseImage, "python, built by Azure")->capture_default_str();
    command.add_option("--engine", choices.engine, "local: process, podman or docker")
        ->check(CLI::IsMember({"process", "podman", "docker"}))
        ->capture_default_str();
    command.add_option("--port", choices.port, "local; 0: any free one; azure-aci; 0: 5001")
        ->check(CLI::Range(0, 65535));
}

struct Subcommand {
    const char* name;
    const char* summary;
    Status (*work)(const DeployArguments& arguments, bool json);
    enum { Model, ModelOrResume, Run } about;
};

constexpr Subcommand subcommands[] = {
    {"plan", "every step and request, without doing anything", doPlan, Subcommand::Model},
    {"run", "carries a plan out, or goes on with one", doRun, Subcommand::ModelOrResume},
    {"status", "deployments and how far they are", doStatus, Subcommand::Run},
    {"test", "sends a sample request and compares with the engine", doTest, Subcommand::Run},
    {"logs", "of the deployment and its server", doLogs, Subcommand::Run},
    {"delete", "takes away what a deployment made, and only that", doDelete, Subcommand::Run},
};

} // namespace

int runDeploy(const Arguments& arguments)
{
    CommandLine line("deploy",
                     "Puts a model behind an endpoint: on this machine, on Azure or on Kubernetes.");
    DeployArguments parsed;
    line.app().require_subcommand(1);
    line.app().fallthrough();
    line.app().add_option("--runs", parsed.runs, "folder of deployments; else in the user's data folder");
    parsed.connection.addTo(line.app());
    for (const Subcommand& subcommand : subcommands) {
        CLI::App* command = line.app().add_subcommand(subcommand.name, subcommand.summary);
        if (subcommand.about == Subcommand::Run) {
            command->add_option("RUN", parsed.run, "id or folder; else the newest");
            continue;
        }
        auto* model = command->add_option("MODEL", parsed.model, "the .onnx file");
        if (subcommand.about == Subcommand::Model)
            model->required();
        else
            command->add_option("--resume", parsed.resume, "goes on with the deployment of this id");
        addChoices(*command, parsed);
        if (subcommand.about == Subcommand::Model) {
            command->add_option("--out", parsed.out, "writes the plan as JSON, or the export, into a file");
            command
                ->add_option("--export", parsed.exported, "the plan as something that others can carry out")
                ->check(CLI::IsMember({"curl", "azure-cli", "bicep", "kubernetes"}));
            command->add_option("--write-image-files", parsed.filesFolder,
                                "writes the files of the flavour python into a folder, to be changed");
            command->add_flag("--diff", parsed.difference, "Azure: what would change, beside what is there");
        }
    }
    CLI::App* models = addModelsTo(line.app(), parsed.models, parsed.connection);
    if (!line.parse(arguments))
        return line.exitCode();
    int argc = 1;
    char name[] = "lapidary";
    char* argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    if (line.app().got_subcommand(models)) {
        const Status status = doModels(*models, parsed.models, parsed.connection, line.json());
        return status.ok() ? exitOk : fail(status.error(), line.json());
    }
    for (const Subcommand& subcommand : subcommands) {
        if (line.app().got_subcommand(subcommand.name)) {
            const Status status = subcommand.work(parsed, line.json());
            return status.ok() ? exitOk : fail(status.error(), line.json());
        }
    }
    return exitUsage;
}

} // namespace lapidary::cli

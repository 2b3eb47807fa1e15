// SPDX-License-Identifier: GPL-3.0-or-later
// The local target: the image runs as a process from its unpacked files, or in a container.
#include "engine/deploy/action_table.h"
#include "engine/deploy/container_engine.h"
#include "engine/deploy/http.h"
#include "engine/deploy/local_server.h"
#include "engine/deploy/oci_image.h"

#include <QProcess>

#include <csignal>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace lapidary::deploy {

namespace {

fs::path rootFolder(const StepContext& context) { return context.run.folder / "rootfs"; }

fs::path serverLog(const StepContext& context) { return context.run.folder / "server.log"; }

Status startServer(StepContext& context)
{
    const fs::path root = rootFolder(context);
    TRY_ASSIGN(const Image image, readImage(context.run.folder / "image"));
    TRY_ASSIGN(const ImageConfig config, configOf(image));
    std::error_code problem;
    fs::remove_all(root, problem);
    TRY(unpackImage(image, root, context.job));
    // Absolute paths of the image lie below its root here.
    const auto inRoot = [&](const std::string& text) {
        return QString::fromStdString(text.rfind('/', 0) == 0 ? root.string() + text : text);
    };
    QStringList command;
    for (const std::string& part : config.entrypoint)
        command << inRoot(part);
    const Json& port = at(context.step.input, "port");
    command << QStringLiteral("--host") << QStringLiteral("127.0.0.1") << QStringLiteral("--port")
            << QString::number(port.is_number_integer() ? port.get<int>() : 0);
    QProcess process;
    QProcessEnvironment environment;
    for (const auto& [name, value] : config.environment)
        environment.insert(QString::fromStdString(name), inRoot(value));
    process.setProcessEnvironment(environment);
    process.setProgram(command.takeFirst());
    process.setArguments(command);
    process.setWorkingDirectory(QString::fromStdString(root.string()));
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QString::fromStdString(serverLog(context).string()));
    process.setStandardErrorFile(QString::fromStdString(serverLog(context).string()), QIODevice::Append);
    if (!process.startDetached())
        return makeError(ErrorCode::IoError,
                         "the server does not start: " + process.errorString().toStdString())
            .at(process.program().toStdString());
    return {};
}

Status startProcess(StepContext& context)
{
    if (findServer(rootFolder(context)) == 0)
        TRY(startServer(context));
    for (int i = 0; i < 200; ++i) {
        const std::string url = addressIn(serverLog(context));
        if (!url.empty()) {
            context.log("the server is at " + url + ", process " +
                        std::to_string(findServer(rootFolder(context))));
            return context.keep("server.url", url);
        }
        TRY(context.services.http.pause(100ms, context.job));
        if (i > 2 && findServer(rootFolder(context)) == 0)
            break;
    }
    return makeError(ErrorCode::NetworkFailure, "the server ended: " + lastLines(serverLog(context), 5),
                     "Its whole output is in " + serverLog(context).string());
}

Status stopProcess(StepContext& context)
{
    for (int i = 0; const int process = findServer(rootFolder(context)); ++i) {
        kill(process, i < 100 ? SIGTERM : SIGKILL);
        TRY(context.services.http.pause(100ms, context.job));
    }
    std::error_code problem;
    fs::remove_all(rootFolder(context), problem);
    return {};
}

std::string containerName(const StepContext& context) { return "lapidary-" + context.run.plan.id; }

// What the engine knows of the container, as its --format says; empty if there is none.
Result<std::string> inspectContainer(StepContext& context, const char* format)
{
    TRY_ASSIGN(const ProcessOutput found,
               callEngine(context, {"inspect", "--format", format, containerName(context)}));
    return found.exitCode == 0 ? found.output.substr(0, found.output.find('\n')) : std::string();
}

bool isDocker(const StepContext& context)
{
    const auto engine = context.input("engine");
    return engine.ok() && engine->find("docker") != std::string::npos;
}

Status removeContainer(StepContext& context)
{
    const std::string name = containerName(context);
    if (isDocker(context)) // whose "rm" knows no time to end in
        TRY(callEngine(context, {"stop", "-t", "10", name}));
    std::vector<std::string> arguments{"rm", "-f"};
    if (!isDocker(context))
        arguments.insert(arguments.end(), {"-t", "10"});
    arguments.push_back(name);
    TRY_ASSIGN(const ProcessOutput removed, callEngine(context, arguments));
    if (removed.exitCode != 0)
        return makeError(ErrorCode::BackendFailure, "the container cannot be removed: " + removed.errors);
    return {};
}

Status stopContainer(StepContext& context)
{
    TRY_ASSIGN(const std::string image, inspectContainer(context, "{{.Image}}"));
    if (!image.empty())
        TRY(removeContainer(context));
    // The engine's own copy of the image; it stays where another container of the same bytes runs. What the
    // engine has built goes with the step that built it.
    if (!textAt(context.step.input, "tag").empty())
        return {};
    if (isDocker(context)) // also one that was loaded, and then nothing more
        TRY(callEngine(context, {"rmi", dockerName(context.run)}));
    else if (!image.empty())
        TRY(callEngine(context, {"rmi", image}));
    return {};
}

// Returns what "docker run" takes.
Result<std::string> loadIntoDocker(StepContext& context, const Image& image)
{
    const fs::path file = context.run.folder / "image.tar";
    TRY(archiveImage(image, file, context.job));
    const auto loaded = callEngine(context, {"load", "--input", file.string()});
    std::error_code problem;
    fs::remove(file, problem);
    TRY(loaded);
    if (loaded->exitCode != 0)
        return makeError(ErrorCode::BackendFailure, "Docker does not take the image: " + loaded->errors,
                         "See that its daemon runs and that you may use it; or run the image as a process.");
    return dockerName(context.run);
}

// Options of run come from LAPIDARY_CONTAINER_RUN_OPTIONS ("--network host").
Status startContainer(StepContext& context)
{
    const Json& wanted = at(context.step.input, "port");
    const int port = wanted.is_number_integer() && wanted.get<int>() > 0 ? wanted.get<int>() : 5001;
    TRY_ASSIGN(const std::string state, inspectContainer(context, "{{.State.Status}}"));
    if (state != "running") {
        TRY_ASSIGN(const Image image, readImage(context.run.folder / "image"));
        if (!state.empty())
            TRY(stopContainer(context));
        std::vector<std::string> arguments{"run", "-d", "--name", containerName(context)};
        const QStringList more =
            QProcess::splitCommand(qEnvironmentVariable("LAPIDARY_CONTAINER_RUN_OPTIONS"));
        if (more.contains(QStringLiteral("host")))
            arguments.insert(arguments.end(), {"--env", "SERVER_PORT=" + std::to_string(port)});
        else
            arguments.insert(arguments.end(), {"-p", "127.0.0.1:" + std::to_string(port) + ":5001"});
        for (const QString& option : more)
            arguments.push_back(option.toStdString());
        // What the engine has built itself it knows by name. A relative path: podman names its copy after it,
        // and names have neither capitals nor spaces.
        std::string reference = textAt(context.step.input, "tag");
        if (reference.empty() && isDocker(context)) {
            TRY_ASSIGN(reference, loadIntoDocker(context, image));
        }
        arguments.push_back(reference.empty() ? "oci:image:" + image.tag : reference);
        TRY_ASSIGN(const ProcessOutput started, callEngine(context, arguments));
        if (started.exitCode != 0)
            return makeError(ErrorCode::BackendFailure, "the container does not start: " + started.errors,
                             "Try the same with: run the image as a process.");
    }
    return context.keep("server.url", "http://127.0.0.1:" + std::to_string(port));
}

} // namespace

std::span<const Action> localActions()
{
    static constexpr Action rows[] = {
        {"start-process", startProcess, stopProcess},
        {"start-container", startContainer, stopContainer},
    };
    return rows;
}

} // namespace lapidary::deploy

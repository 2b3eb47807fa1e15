// SPDX-License-Identifier: GPL-3.0-or-later
// lapidary-serve: a model behind HTTP, without a window and without Qt.
#include "app/cli/command_line.h"
#include "engine/base/log.h"
#include "engine/onnx/reader.h"
#include "engine/serve/http_server.h"
#include "engine/serve/sessions.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <link.h>
#include <malloc.h>
#include <set>
#include <thread>

using namespace lapidary;

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string model;
    serve::ScorerOptions scorer;
    serve::ServerOptions server;
    std::vector<std::string> dims;
    int sessions = 0;
    int threads = 0;
    int64_t waitMs = 5000;
    int64_t runMs = 0;
    int64_t gatherUs = 0;
    size_t largestRequestMb = 100;
    bool noWarmUp = false;
    bool libraries = false;
};

int fail(const Error& error)
{
    std::fprintf(stderr, "lapidary-serve: %s\n", error.toString().c_str());
    if (!error.nextStep.empty())
        std::fprintf(stderr, "                %s\n", error.nextStep.c_str());
    return 1;
}

// The one .onnx file in the folder that Azure puts the registered model into.
Result<fs::path> modelInFolder(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code problem;
    for (auto entry = fs::recursive_directory_iterator(folder, problem);
         !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        if (entry->path().extension() == ".onnx")
            found.push_back(entry->path());
    }
    if (found.size() == 1)
        return found.front();
    return makeError(found.empty() ? ErrorCode::NotFound : ErrorCode::InvalidArgument,
                     "expected one .onnx file in " + folder.string() + ", found " +
                         std::to_string(found.size()),
                     "Name the file: lapidary-serve MODEL");
}

Result<fs::path> modelFile(const std::string& argument)
{
    if (!argument.empty())
        return fs::is_directory(argument) ? modelInFolder(argument) : fs::path(argument);
    if (const char* folder = std::getenv("AZUREML_MODEL_DIR"))
        return modelInFolder(folder);
    return makeError(ErrorCode::InvalidArgument,
                     "no model: neither an argument nor AZUREML_MODEL_DIR names one");
}

// Never an argument: those can be read by everybody on the machine.
Result<std::string> apiKey()
{
    if (const char* key = std::getenv("LAPIDARY_API_KEY"))
        return std::string(key);
    const char* path = std::getenv("LAPIDARY_API_KEY_FILE");
    if (!path)
        return std::string();
    std::ifstream file(path);
    std::string key;
    if (!std::getline(file, key) || key.empty())
        return makeError(ErrorCode::IoError, "cannot read a key from LAPIDARY_API_KEY_FILE").at(path);
    return key;
}

// The files that the process has loaded, the dynamic loader among them: what an image of the server needs
// beside the program, under the names by which they are looked for. The program itself has no name there,
// the kernel's vDSO no file.
void printLibraries()
{
    std::set<std::string> files;
    dl_iterate_phdr(
        [](dl_phdr_info* info, size_t, void* data) {
            std::error_code problem;
            const fs::path file = fs::absolute(info->dlpi_name, problem).lexically_normal();
            if (!problem && fs::is_regular_file(file, problem))
                static_cast<std::set<std::string>*>(data)->insert(file.string());
            return 0;
        },
        &files);
    for (const std::string& file : files)
        std::printf("%s\n", file.c_str());
}

// Each run asks for the same memory as the one before. Unless told so, glibc gives it back to the system in
// between and gets it again page by page, which takes a quarter of the time of a run of squeezenet.
void keepMemory()
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // the most that it takes
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

void writeLog(LogLevel level, std::string_view category, std::string_view text)
{
    if (level >= LogLevel::Info)
        std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(category.size()), category.data(),
                     static_cast<int>(text.size()), text.data());
}

uint64_t weightBytes(const Model& model)
{
    uint64_t bytes = 0;
    for (const Initializer& initializer : model.graph.initializers)
        bytes += initializer.tensor.sizeBytes();
    return bytes;
}

Status serveModel(Options options)
{
    JobContext job;
    TRY_ASSIGN(const fs::path path, modelFile(options.model));
    TRY_ASSIGN(options.scorer.session.dims, cli::parseDims(options.dims));
    options.scorer.longestWait = std::chrono::milliseconds(options.waitMs);
    options.scorer.gathering = std::chrono::microseconds(options.gatherUs);
    options.scorer.longestRun = std::chrono::milliseconds(options.runMs);
    options.server.largestRequestBytes = options.largestRequestMb << 20;
    TRY_ASSIGN(options.server.apiKey, apiKey());
    TRY_ASSIGN(const auto model, loadModel(path, job));
    const serve::Division division =
        serve::divide(serve::usableProcessors(), options.sessions, options.threads, weightBytes(*model));
    options.scorer.sessions = division.sessions;
    options.scorer.session.threads = division.threads;
    TRY_ASSIGN(const auto scorer, serve::Scorer::create(model, options.scorer, job));
    serve::HttpServer server(*scorer, options.server);
    TRY_ASSIGN(const int port, server.bind());

    // Signals go to one thread, which may lock.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([&server, signals] {
        int which = 0;
        sigwait(&signals, &which);
        std::fprintf(stderr, "stopping\n");
        server.stop();
    }).detach();
    std::fprintf(stderr, "%s at http://%s:%d\n", path.filename().c_str(), options.server.host.c_str(), port);
    // Alive while the first run is under way, ready after it.
    Status warm;
    std::thread warmUp([&] {
        warm = scorer->start(!options.noWarmUp, job);
        if (!warm.ok())
            server.stop();
        else
            std::fprintf(stderr, "ready\n");
    });
    server.serve();
    warmUp.join();
    if (!warm.ok())
        return Error(warm.error()).at("the first run, on made-up inputs");
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App app(
        "Serves a model over HTTP: /score, /swagger.json, the Open Inference Protocol (/v2), /metrics.\n"
        "A key that callers must send is read from LAPIDARY_API_KEY or the file LAPIDARY_API_KEY_FILE.",
        "lapidary-serve");
    app.set_version_flag("--version", LAPIDARY_VERSION);
    app.add_option("MODEL", options.model, "the .onnx file, or a folder with one; else AZUREML_MODEL_DIR");
    app.add_option("--host", options.server.host, "address to listen on")->capture_default_str();
    app.add_option("--port", options.server.port, "0: any free one")
        ->envname("SERVER_PORT")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    app.add_option("--name", options.server.modelName, "of the model, in /v2; else the file's");
    app.add_option("--sessions", options.sessions, "runs at the same time; 0: one for each processor")
        ->envname("WORKER_COUNT")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    app.add_option("--threads", options.threads, "of one run; 0: what sessions leave")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    app.add_option("--queue", options.scorer.queue, "requests that may wait; more get 429")
        ->check(CLI::Range(0, 100000))
        ->capture_default_str();
    app.add_option("--wait-ms", options.waitMs, "the longest that a request waits")
        ->check(CLI::Range(0, 3600000))
        ->capture_default_str();
    app.add_option("--run-ms", options.runMs, "the longest that a run takes; 0: no limit")
        ->check(CLI::Range(0, 3600000))
        ->capture_default_str();
    app.add_option("--max-batch", options.scorer.mostInRun,
                   "requests that are joined along the first axis for one run, if the model has it free")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--max-wait-us", options.gatherUs, "the longest that a run waits for more of them")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app.add_option("--connections", options.server.connections, "open at the same time; more get 503")
        ->check(CLI::Range(1, 65536))
        ->capture_default_str();
    app.add_option("--max-request-mb", options.largestRequestMb, "larger requests get 413")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    app.add_option("--dim", options.dims, "size of a named dimension, NAME=N");
    app.add_flag("--no-warm-up", options.noWarmUp, "ready at once, without a first run on made-up inputs");
    app.add_flag("--libraries", options.libraries, "print the shared objects that the program uses, and end");
    CLI11_PARSE(app, argc, argv);
    if (options.libraries) {
        printLibraries();
        return 0;
    }
    keepMemory();
    setLogSink(writeLog);
    const Status status = serveModel(std::move(options));
    return status.ok() ? 0 : fail(status.error());
}

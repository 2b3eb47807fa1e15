// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <charconv>
#include <cstdio>
#include <iostream>

namespace lapidary::cli {

CommandLine::CommandLine(std::string_view command, std::string description)
    : m_app(std::move(description), "lapidary " + std::string(command))
{
    m_app.add_flag("--json", m_json, "print one JSON object");
}

bool CommandLine::parse(const Arguments& arguments)
{
    Arguments reversed(arguments.rbegin(), arguments.rend()); // CLI11 takes them from the back
    try {
        m_app.parse(reversed);
        return true;
    } catch (const CLI::ParseError& problem) {
        m_exitCode = m_app.exit(problem) == 0 ? exitOk : exitUsage;
        return false;
    }
}

void RunArguments::addTo(CLI::App& app)
{
    app.add_option("MODEL", model, "the .onnx file")->required();
    app.add_option("--device", device, "cpu or cuda")->capture_default_str();
    app.add_option("--threads", threads, "0: one for each core")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    app.add_option(
           "--precision", precision,
           "arithmetic of the run: float32, or exact, which is float32 without Winograd's convolutions")
        ->capture_default_str();
    app.add_option("--dim", dims, "size of a named dimension, NAME=N");
    app.add_option("--passes", passes,
                   "rewrites of the graph before it runs: all, none, or without some, -NAME,-NAME")
        ->capture_default_str();
}

Result<SessionOptions> RunArguments::sessionOptions() const
{
    SessionOptions options;
    options.device = device;
    options.threads = threads;
    if (precision == "exact")
        options.precision = Precision::Exact;
    else if (precision != "float32")
        return makeError(ErrorCode::InvalidArgument,
                         "--precision must be float32 or exact, found '" + precision + "'");
    TRY_ASSIGN(options.dims, parseDims(dims));
    TRY_ASSIGN(options.passes, parsePasses(passes));
    return options;
}

Result<std::map<std::string, int64_t>> parseDims(const std::vector<std::string>& texts)
{
    std::map<std::string, int64_t> dims;
    for (const std::string& text : texts) {
        TRY_ASSIGN(const auto pair, splitPair(text, "--dim"));
        int64_t size = -1;
        const char* end = pair.second.data() + pair.second.size();
        const auto [next, problem] = std::from_chars(pair.second.data(), end, size);
        if (problem != std::errc() || next != end || size < 0)
            return makeError(ErrorCode::InvalidArgument,
                             "--dim needs NAME=N with N >= 0, found '" + text + "'");
        dims[pair.first] = size;
    }
    return dims;
}

Result<std::pair<std::string, std::string>> splitPair(const std::string& text, const std::string& option)
{
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return makeError(ErrorCode::InvalidArgument, option + " needs NAME=VALUE, found '" + text + "'");
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

int fail(const Error& error, bool json)
{
    if (json) {
        print(Json{{"error", toJson(error)}});
        return exitFailed;
    }
    std::cerr << "error: " << error.toString() << "\n";
    if (!error.nextStep.empty())
        std::cerr << "       " << error.nextStep << "\n";
    return exitFailed;
}

Json toJson(const Error& error)
{
    return {{"code", errorCodeName(error.code)},
            {"message", error.message},
            {"where", error.where},
            {"next_step", error.nextStep}};
}

void print(const Json& json)
{
    // Names in a model need not be valid UTF-8: they are shown with replacement characters.
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

} // namespace lapidary::cli

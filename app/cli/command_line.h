// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what all commands share: reading options, printing errors and JSON.
#pragma once

#include "app/cli/commands.h"
#include "engine/base/result.h"
#include "engine/base/size_text.h"
#include "engine/session/session.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace lapidary::cli {

using Json = nlohmann::ordered_json;

// A command's parser with --json; parse() prints help or the usage error itself.
class CommandLine {
public:
    CommandLine(std::string_view command, std::string description);

    CLI::App& app() { return m_app; }
    // True: go on. False: stop with exitCode().
    bool parse(const Arguments& arguments);
    int exitCode() const { return m_exitCode; }
    bool json() const { return m_json; }

private:
    CLI::App m_app;
    bool m_json = false;
    int m_exitCode = exitOk;
};

// Options of commands that run a model.
struct RunArguments {
    std::string model;
    std::string device = "cpu";
    int threads = 0;
    std::string precision = "float32";
    std::vector<std::string> dims; // NAME=N
    std::string passes = "all";

    void addTo(CLI::App& app);
    Result<SessionOptions> sessionOptions() const;
};

// Sizes of named dimensions from "NAME=N". Errors: InvalidArgument.
Result<std::map<std::string, int64_t>> parseDims(const std::vector<std::string>& texts);

// "name=value" split at the first '='. Errors: InvalidArgument naming option.
Result<std::pair<std::string, std::string>> splitPair(const std::string& text, const std::string& option);

// Prints the error (as JSON on standard output when json) and returns exitFailed.
int fail(const Error& error, bool json);
Json toJson(const Error& error);
void print(const Json& json);

} // namespace lapidary::cli

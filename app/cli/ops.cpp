// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/session/backends.h"
#include "engine/session/op_support.h"

#include <iostream>

namespace lapidary::cli {

namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

bool runsEverywhere(const OpSupport& support)
{
    for (const BackendStatus& status : backends()) {
        if (status.backend && !support.runsOn(status.name))
            return false;
    }
    return true;
}

Json toJson(const OpSupport& support)
{
    return {{"domain", support.domain},
            {"operator", support.name},
            {"version", support.version},
            {"implementations", support.implementations}};
}

void printRow(const OpSupport& support)
{
    std::printf("%-26s %-32s %7d", support.domain.c_str(), support.name.c_str(), support.version);
    for (const BackendStatus& status : backends()) {
        const auto found = support.implementations.find(status.name);
        const bool served = found != support.implementations.end();
        std::printf("  %-20s", served ? joined(found->second).c_str() : status.backend ? "missing" : "-");
    }
    std::printf("\n");
}

void printHeader()
{
    std::printf("%-26s %-32s %7s", "domain", "operator", "version");
    for (const BackendStatus& status : backends())
        std::printf("  %-20s", status.name.c_str());
    std::printf("\n");
}

} // namespace

int runOps(const Arguments& arguments)
{
    CommandLine line("ops", "Lists every operator, version by version, and what runs it on each backend.");
    bool missing = false;
    line.app().add_flag(
        "--missing", missing,
        "only those that a backend of this machine does not run; exit code 1 if there are any");
    if (!line.parse(arguments))
        return line.exitCode();

    std::vector<OpSupport> table = operatorSupport();
    if (missing)
        std::erase_if(table, runsEverywhere);
    if (line.json()) {
        Json rows = Json::array();
        for (const OpSupport& support : table)
            rows.push_back(toJson(support));
        print({{"operators", rows}});
    } else if (table.empty()) {
        std::cout << "none\n";
    } else {
        printHeader();
        for (const OpSupport& support : table)
            printRow(support);
    }
    return missing && !table.empty() ? exitFailed : exitOk;
}

} // namespace lapidary::cli

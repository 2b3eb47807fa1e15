// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/conformance.h"
#include "app/cli/command_line.h"

#include <iostream>

namespace lapidary::cli {

int runConformance(const Arguments& arguments)
{
    CommandLine line("conformance",
                     "Runs each ONNX backend test folder under a folder. A test whose operators cannot "
                     "run here is counted as failed.");
    std::string root;
    line.app().add_option("DIR", root, "folder that holds test folders")->required();
    if (!line.parse(arguments))
        return line.exitCode();

    const auto tests = findConformanceTests(root);
    if (tests.empty())
        return fail(makeError(ErrorCode::NotFound, "there is no model.onnx under the folder").at(root),
                    line.json());
    JobContext job;
    Json failures = Json::array();
    Json corrected = Json::array();
    for (const ConformanceTest& test : tests) {
        if (const std::string_view correction = correctionOf(test); !correction.empty()) {
            corrected.push_back({{"test", test.name}, {"how", correction}});
            if (!line.json())
                std::cout << "corrected: " << test.name << ": " << correction << std::endl;
        }
        const Status status = runConformanceTest(test, {}, job);
        if (status.ok())
            continue;
        failures.push_back({{"test", test.name}, {"error", toJson(status.error())}});
        if (!line.json())
            std::cout << "failed: " << test.name << ": " << status.error().toString() << std::endl;
    }
    const size_t passed = tests.size() - failures.size();
    if (line.json())
        print({{"passed", passed},
               {"failed", failures.size()},
               {"skipped", 0},
               {"failures", failures},
               {"corrected", corrected}});
    else
        std::cout << passed << " passed, " << failures.size() << " failed, 0 skipped\n";
    return failures.empty() ? exitOk : exitFailed;
}

} // namespace lapidary::cli

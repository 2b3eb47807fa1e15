// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the ONNX backend tests: folders with a model.onnx and test_data_set_N folders.
#pragma once

#include "engine/base/job_context.h"
#include "engine/session/session.h"

#include <filesystem>
#include <functional>

namespace lapidary {

struct ConformanceTest {
    std::filesystem::path folder;
    std::string name; // of the folder, relative to the root
};

// Every folder under root that holds a model.onnx, sorted by name.
std::vector<ConformanceTest> findConformanceTests(const std::filesystem::path& root);

// What a test is run with instead of what its files say, because these contradict each other; empty for
// nearly all. Whoever counts tests says so.
std::string_view correctionOf(const ConformanceTest& test);

// Loads, runs every data set and compares; outputs of random operators are compared by type, shape and
// range. Errors: what failed; a difference is ErrorCode::Internal
// with the output in its trail.
Status runConformanceTest(const ConformanceTest& test, const SessionOptions& options, JobContext& job);

} // namespace lapidary

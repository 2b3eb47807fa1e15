// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: folders of stored inputs and outputs, as model zoos and the ONNX backend tests lay them
// out: test_data_set_N/input_I.pb, output_J.pb. I and J count the required inputs and the outputs.
#pragma once

#include "engine/ir/model.h"
#include "engine/ir/value.h"
#include "engine/session/compare.h"

#include <map>

namespace lapidary {

struct TestDataSet {
    std::filesystem::path folder;
    std::map<std::string, Value> inputs;   // by the name of the model's input
    std::map<std::string, Value> expected; // by the name of the model's output; may be partial
};

// The data sets of a folder: itself if it holds input files, or its test_data_set_* in order of number.
std::vector<std::filesystem::path> findTestDataSets(const std::filesystem::path& folder);

// Errors: NotFound (no input_*.pb or output_*.pb in the folder), those of loadValueFile.
Result<TestDataSet> loadTestDataSet(const Graph& graph, const std::filesystem::path& folder);

struct OutputComparison {
    std::string name;
    Comparison comparison;
};

// One entry for each expected output. outputs: in the order of Graph::outputs.
std::vector<OutputComparison> compareOutputs(const Graph& graph, std::span<const Value> outputs,
                                             const std::map<std::string, Value>& expected,
                                             const ToleranceRule& rule = modelTolerance);

} // namespace lapidary

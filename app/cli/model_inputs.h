// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the inputs of a run as the command line gives them.
#pragma once

#include "engine/session/session.h"
#include "engine/session/test_data.h"

namespace CLI {
class App;
}

namespace lapidary::cli {

struct InputArguments {
    std::vector<std::string> files; // NAME=FILE
    std::string dataFolder;
    uint64_t seed = 0;

    void addTo(CLI::App& app);
};

struct ModelInputs {
    std::vector<Value> values; // in the order of Graph::requiredInputs
    std::map<std::string, Value> expected;
};

// Files first, then the data folder, the rest random. Errors: of the files; NotFound (the folder).
Result<ModelInputs> collectInputs(const Model& model, const SessionOptions& options,
                                  const InputArguments& arguments);

} // namespace lapidary::cli

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Models become .onnx files. Weights are copied from where they are, one at a time.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"

#include <set>

namespace lapidary {

enum class WeightStorage {
    Inside,   // one file; at most 2 GB
    External, // weights of 1 KB and more in NAME.data beside the model
};

// Replaces the file only when everything is written. What the file that the model came from had and Model
// does not know is kept (OtherFields), but for: descriptions of tensors (metadata_props), denotations of
// dimensions, the names of opaque types. Errors: InvalidArgument (path is a file that the model or its
// weights are read from), InvalidModel (over 2 GB inside one file; a weight that cannot be read), IoError,
// Cancelled.
Status saveModel(const Model& model, const std::filesystem::path& path, WeightStorage storage,
                 JobContext& job);

// The model's file, and those of its external weights, wherever in the model they are.
std::set<std::filesystem::path> filesOf(const Model& model);

// Where saveModel puts external weights.
std::filesystem::path externalFile(const std::filesystem::path& modelPath);

} // namespace lapidary

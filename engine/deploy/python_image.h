// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the flavour "python" of an image: ONNX Runtime behind Azure's inference server, as a folder of
// files that people read and change. Source of the contract: microsoft/azureml-inference-server 1.5.
#pragma once

#include "engine/base/job_context.h"
#include "engine/deploy/choices.h"
#include "engine/ir/model.h"

namespace lapidary::deploy {

// Small files by their names, which are relative: "score.py".
using TextFiles = std::map<std::string, std::string>;

// score.py, conda.yml (and the same as myenv.yml), Dockerfile, .dockerignore, README.md: for this model and
// these choices. Versions of packages are fixed.
TextFiles pythonImageTexts(const Model& model, const Choices& choices);

// Those of choices.imageFiles, else made for the model. Errors: NotFound (no such folder, no score.py,
// nothing to build it by), InvalidArgument (too large, not text), of loadModel.
Result<TextFiles> imageTextsFor(const Choices& choices, JobContext& job);

// Into a folder, for a person to change. What is there stays. Errors: IoError; InvalidArgument (a file is
// there).
Status writeImageTexts(const TextFiles& texts, const std::filesystem::path& folder);

// The text of the conda file among them; empty when there is none.
std::string condaFileIn(const TextFiles& texts);

// Whether the .dockerignore among the texts keeps a file out of the build.
bool isIgnored(const std::string& dockerignore, const std::string& name);

} // namespace lapidary::deploy

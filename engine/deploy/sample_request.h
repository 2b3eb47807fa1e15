// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a request that an endpoint can be tried with, and whether its answer is the engine's own.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/ir/value.h"

namespace lapidary::deploy {

struct SampleRequest {
    std::string body;            // of POST /score
    std::vector<Value> inputs;   // in the order of Graph::requiredInputs
    std::vector<Value> expected; // the engine's outputs, in the order of the graph
};

// inputs: in the order of Graph::requiredInputs; empty: reproducible ones that are made up.
// Errors: of Session; InvalidArgument (an input that has no JSON form).
Result<SampleRequest> makeSample(std::shared_ptr<const Model> model, std::vector<Value> inputs,
                                 JobContext& job);

// The answer of /score against the sample's outputs, with the tolerance of stored model outputs. Returns the
// comparison in words. Errors: ShapeMismatch, InvalidArgument: what is different, or no such answer.
Result<std::string> compareAnswer(const Model& model, const SampleRequest& sample, const std::string& answer);

} // namespace lapidary::deploy

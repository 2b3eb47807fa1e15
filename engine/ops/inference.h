// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: types and shapes of every value of a model, as far as they can be known without running.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ops/op_def.h"

#include <functional>

namespace lapidary {

// Inference of nodes that the op table does not know. Same contract as InferFunction.
using InferenceFallback = std::function<Status(InferenceContext&)>;

struct InferenceOptions {
    // Sizes for named dimensions: "batch" -> 4.
    std::map<std::string, int64_t> dims;
    // Types that replace those declared for the main graph's inputs (concrete inputs of a run).
    std::unordered_map<ValueId, TypeInfo> inputTypes = {};
    InferenceFallback fallback = {}; // may be empty
};

struct InferenceFinding {
    NodeId node = noNode;
    Error error;
};

// Result for one graph. Bodies of If, Loop, ... have results of their own.
struct InferredTypes {
    std::vector<TypeInfo> types;            // by ValueId: inferred if possible, else as declared
    std::vector<InferenceFinding> findings; // contradictions; inference went on past them

    const TypeInfo& type(ValueId id) const { return types[static_cast<size_t>(id)]; }
};

// Errors: Cancelled only.
Result<InferredTypes> inferTypes(const Model& model, const InferenceOptions& options, JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: bodies of the Open Inference Protocol v2 (KServe, Triton, OpenVINO): JSON, and tensors as bytes
// behind it. Source: kserve/open-inference-protocol, Triton's binary tensor data extension.
#pragma once

#include "engine/serve/json_values.h"
#include "engine/serve/scorer.h"

namespace lapidary::serve {

struct InferRequest {
    std::string id;
    std::vector<Value> inputs;        // in the order of Scorer::inputs()
    std::vector<std::string> outputs; // asked for; empty: all
    bool binary = false;              // outputs as bytes
};

// jsonBytes: of the body, when bytes of tensors follow; else npos. Errors: InvalidArgument (no such JSON, an
// unknown, missing or repeated name, a wrong data type or size), ShapeMismatch.
Result<InferRequest> parseInfer(const Scorer& scorer, std::string body, size_t jsonBytes);

struct InferAnswer {
    std::string body;
    size_t jsonBytes = 0; // less than the body when bytes follow
};
// Errors: InvalidArgument (an output that the model has not, or that is no tensor).
Result<InferAnswer> inferAnswer(const Scorer& scorer, const std::string& modelName,
                                const InferRequest& request, const std::vector<Value>& outputs);

// GET /v2/models/NAME
Json modelMetadata(const Scorer& scorer, const std::string& modelName);

} // namespace lapidary::serve

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how far apart the results of two compared models are, to colour their graphs by.
#pragma once

#include "engine/session/compare_runs.h"
#include "ui/document/model_comparison.h"
#include "ui/document/model_document.h"

namespace lapidary {

struct ResultErrors {
    std::vector<NodeError> nodes; // in the order of the second model
    // By the logarithm of the relative error.
    std::shared_ptr<const NodeData> merged;
    std::shared_ptr<const NodeData> before;
    std::shared_ptr<const NodeData> after;

    const NodeError* largest() const; // null: no results to compare
    // The first result that is further apart than float32 arithmetic explains; null: none is.
    const NodeError* firstFar() const;
};

// Runs both models on the inputs of the request, which are those of one of them: asked. Any thread. Errors:
// of Session::create and compareRuns.
Result<std::shared_ptr<const ResultErrors>> compareResults(const ModelComparison& comparison,
                                                           const Model* asked, const RunRequest& request,
                                                           JobContext& job);

// "12 %", "1.3e-5"; a result of another shape, or not finite, is infinitely far.
QString errorText(double relative);

} // namespace lapidary

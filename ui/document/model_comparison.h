// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two models side by side: what differs, and both as one graph to look at.
#pragma once

#include "engine/diff/merged_model.h"
#include "viewers/graph/node_data.h"

#include <QString>

namespace lapidary {

struct ModelComparison {
    QString beforePath;
    QString afterPath;
    std::shared_ptr<const Model> before;
    std::shared_ptr<const Model> after;
    GraphDiff diff;
    MergedModel merged;
    std::shared_ptr<const NodeData> colours; // of the merged graph, by status
};

// Reads the file of the first model. Any thread. Errors: of loadModel and diffGraphs.
Result<std::shared_ptr<const ModelComparison>> compareModels(const QString& beforePath,
                                                             const QString& afterPath,
                                                             std::shared_ptr<const Model> after,
                                                             JobContext& job);
// What was before becomes what is after.
Result<std::shared_ptr<const ModelComparison>> swapped(const ModelComparison& comparison, JobContext& job);

QString statusText(NodeStatus status);

} // namespace lapidary

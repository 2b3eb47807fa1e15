// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: two models side by side: what differs, and both as one graph to look at.
#pragma once

#include "engine/diff/merged_model.h"
#include "viewers/graph/node_data.h"

#include <QString>

namespace lapidary {

// One of the two models.
struct ComparedModel {
    QString path;
    std::shared_ptr<const Model> model;
    std::vector<NodeId> inMerged;            // by node of its graph: the node of the merged one
    std::shared_ptr<const NodeData> colours; // by status
};

struct ModelComparison {
    ComparedModel before;
    ComparedModel after;
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
QRgb statusColour(NodeStatus status, bool dark);
// The file; two of the same name are told apart by their folders.
QString shortName(const ComparedModel& model, const ComparedModel& other);

} // namespace lapidary

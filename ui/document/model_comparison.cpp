// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/model_comparison.h"

#include "engine/onnx/reader.h"

#include <QCoreApplication>

namespace lapidary {

namespace {

// Grey, green, red, amber; Changed last: what a group with several kinds shows.
constexpr NodeStatus statusOrder[] = {NodeStatus::Same, NodeStatus::Added, NodeStatus::Removed,
                                      NodeStatus::Changed};
const std::vector<QRgb> statusColours{0xff68717b, 0xff2e7d4f, 0xffb3372e, 0xffb07a16};

NodeData coloursOf(const std::vector<NodeStatus>& status)
{
    NodeData data;
    data.title = QCoreApplication::translate("model comparison", "Differences");
    data.combine = NodeData::Combine::Most;
    for (const NodeStatus kind : statusOrder)
        data.kinds << statusText(kind);
    data.kindColours = statusColours;
    for (const NodeStatus one : status) {
        const auto* found = std::find(std::begin(statusOrder), std::end(statusOrder), one);
        data.values.push_back(static_cast<double>(found - std::begin(statusOrder)));
    }
    return data;
}

Result<std::shared_ptr<const ModelComparison>> compared(std::shared_ptr<ModelComparison> comparison,
                                                        JobContext& job)
{
    TRY_ASSIGN(comparison->diff, diffGraphs(comparison->before->graph, comparison->after->graph, {}, job));
    comparison->merged = mergeModels(*comparison->before, *comparison->after, comparison->diff);
    comparison->colours = std::make_shared<const NodeData>(coloursOf(comparison->merged.status));
    return std::shared_ptr<const ModelComparison>(std::move(comparison));
}

} // namespace

QString statusText(NodeStatus status)
{
    switch (status) {
    case NodeStatus::Added: return QCoreApplication::translate("model comparison", "added");
    case NodeStatus::Removed: return QCoreApplication::translate("model comparison", "removed");
    case NodeStatus::Changed: return QCoreApplication::translate("model comparison", "changed");
    case NodeStatus::Same: break;
    }
    return QCoreApplication::translate("model comparison", "the same");
}

Result<std::shared_ptr<const ModelComparison>> compareModels(const QString& beforePath,
                                                             const QString& afterPath,
                                                             std::shared_ptr<const Model> after,
                                                             JobContext& job)
{
    auto comparison = std::make_shared<ModelComparison>();
    comparison->beforePath = beforePath;
    comparison->afterPath = afterPath;
    comparison->after = std::move(after);
    TRY_ASSIGN(comparison->before, loadModel(beforePath.toStdString(), job));
    return compared(std::move(comparison), job);
}

Result<std::shared_ptr<const ModelComparison>> swapped(const ModelComparison& other, JobContext& job)
{
    auto comparison = std::make_shared<ModelComparison>();
    comparison->beforePath = other.afterPath;
    comparison->afterPath = other.beforePath;
    comparison->before = other.after;
    comparison->after = other.before;
    return compared(std::move(comparison), job);
}

} // namespace lapidary

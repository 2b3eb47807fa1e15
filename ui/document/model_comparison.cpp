// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/model_comparison.h"

#include "engine/onnx/reader.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace lapidary {

namespace {

// Grey, green, red, amber; Changed last: what a group with several kinds shows.
constexpr NodeStatus statusOrder[] = {NodeStatus::Same, NodeStatus::Added, NodeStatus::Removed,
                                      NodeStatus::Changed};
const std::vector<QRgb> statusColours{0xff68717b, 0xff2e7d4f, 0xffb3372e, 0xffb07a16};

double kindOf(NodeStatus status)
{
    return static_cast<double>(std::ranges::find(statusOrder, status) - std::begin(statusOrder));
}

std::shared_ptr<const NodeData> coloursOf(const std::vector<NodeStatus>& status)
{
    NodeData data;
    data.title = QCoreApplication::translate("model comparison", "Differences");
    data.combine = NodeData::Combine::Most;
    for (const NodeStatus kind : statusOrder)
        data.kinds << statusText(kind);
    data.kindColours = statusColours;
    for (const NodeStatus one : status)
        data.values.push_back(kindOf(one));
    return std::make_shared<const NodeData>(std::move(data));
}

// nodes: of the model, by node of the merged graph.
void placeInMerged(ComparedModel& model, const std::vector<NodeId>& nodes, const MergedModel& merged)
{
    const size_t count = model.model->graph.nodes.size();
    model.inMerged.assign(count, noNode);
    std::vector<NodeStatus> status(count, NodeStatus::Same);
    for (size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] == noNode)
            continue;
        model.inMerged[static_cast<size_t>(nodes[i])] = static_cast<NodeId>(i);
        status[static_cast<size_t>(nodes[i])] = merged.status[i];
    }
    model.colours = coloursOf(status);
}

Result<std::shared_ptr<const ModelComparison>> compared(std::shared_ptr<ModelComparison> comparison,
                                                        JobContext& job)
{
    ComparedModel& before = comparison->before;
    ComparedModel& after = comparison->after;
    TRY_ASSIGN(comparison->diff, diffGraphs(before.model->graph, after.model->graph, {}, job));
    comparison->merged = mergeModels(*before.model, *after.model, comparison->diff);
    comparison->colours = coloursOf(comparison->merged.status);
    placeInMerged(before, comparison->merged.before, comparison->merged);
    placeInMerged(after, comparison->merged.after, comparison->merged);
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

QRgb statusColour(NodeStatus status, bool dark)
{
    static const NodeData colours = [] {
        NodeData data;
        data.kindColours = statusColours;
        return data;
    }();
    return kindFill(colours, kindOf(status), dark);
}

QString shortName(const ComparedModel& model, const ComparedModel& other)
{
    const QFileInfo file(model.path);
    return file.fileName() == QFileInfo(other.path).fileName()
               ? file.dir().dirName() + QLatin1Char('/') + file.fileName()
               : file.fileName();
}

Result<std::shared_ptr<const ModelComparison>> compareModels(const QString& beforePath,
                                                             const QString& afterPath,
                                                             std::shared_ptr<const Model> after,
                                                             JobContext& job)
{
    auto comparison = std::make_shared<ModelComparison>();
    comparison->before.path = beforePath;
    comparison->after = {afterPath, std::move(after), {}, {}};
    TRY_ASSIGN(comparison->before.model, loadModel(beforePath.toStdString(), job));
    return compared(std::move(comparison), job);
}

Result<std::shared_ptr<const ModelComparison>> swapped(const ModelComparison& other, JobContext& job)
{
    auto comparison = std::make_shared<ModelComparison>();
    comparison->before = {other.after.path, other.after.model, {}, {}};
    comparison->after = {other.before.path, other.before.model, {}, {}};
    return compared(std::move(comparison), job);
}

} // namespace lapidary

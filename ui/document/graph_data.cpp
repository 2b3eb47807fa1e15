// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/graph_data.h"

#include "ui/text/numbers.h"
#include "viewers/tensor/element_text.h"

#include <QCoreApplication>
#include <QFile>

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

QString translated(const char* text) { return QCoreApplication::translate("graph data", text); }

std::vector<double> noValues(const Model& model)
{
    return std::vector<double>(model.graph.nodes.size(), notKnown);
}

// Values become numbers of kinds, in the order in which they come.
class Kinds {
public:
    double numberOf(const QString& name)
    {
        qsizetype index = m_names.indexOf(name);
        if (index < 0) {
            index = m_names.size();
            m_names << name;
        }
        return static_cast<double>(index);
    }
    QStringList take() { return std::move(m_names); }

private:
    QStringList m_names;
};

NodeData byType(const Model& model, const InferredTypes& types)
{
    NodeData data;
    data.title = translated(QT_TRANSLATE_NOOP("graph data", "Type of the first result"));
    data.values = noValues(model);
    Kinds kinds;
    for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
        const Node& node = model.graph.nodes[i];
        if (node.outputs.empty() || node.outputs[0] == noValue)
            continue;
        const TypeInfo& type = types.type(node.outputs[0]);
        if (type.isTensor())
            data.values[i] = kinds.numberOf(QString::fromStdString(std::string(dataTypeName(type.dataType))));
    }
    data.kinds = kinds.take();
    return data;
}

NodeData byMemory(const Model& model, const InferredTypes& types)
{
    NodeData data;
    data.title = translated(QT_TRANSLATE_NOOP("graph data", "Memory of results"));
    data.values = noValues(model);
    data.text = [](double bytes) { return bytesText(static_cast<uint64_t>(bytes)); };
    for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
        for (const ValueId output : model.graph.nodes[i].outputs) {
            const auto bytes = output == noValue ? std::nullopt : storageBytes(types.type(output));
            if (bytes)
                data.values[i] =
                    (std::isnan(data.values[i]) ? 0 : data.values[i]) + static_cast<double>(*bytes);
        }
    }
    return data;
}

NodeData byTime(const Model& model, const Profile& profile)
{
    NodeData data;
    data.title = translated(QT_TRANSLATE_NOOP("graph data", "Time in the last run"));
    data.values = noValues(model);
    data.text = [](double ms) { return durationText(ms); };
    for (const NodeTiming& timing : profile.nodes) {
        if (timing.node == noNode)
            continue;
        double& value = data.values[static_cast<size_t>(timing.node)];
        value = (std::isnan(value) ? 0 : value) + static_cast<double>(timing.durationNs) / 1e6;
    }
    return data;
}

NodeData byDevice(const Model& model, const std::vector<NodePlacement>& placements)
{
    NodeData data;
    data.title = translated(QT_TRANSLATE_NOOP("graph data", "Where the last run computed it"));
    data.values = noValues(model);
    std::unordered_map<NodeId, const NodePlacement*> byNode;
    for (const NodePlacement& placement : placements)
        byNode.emplace(placement.node, &placement);
    Kinds kinds;
    for (const NodePlacement& placement : placements) {
        // A node that another one takes in has the colour of that one.
        const auto other = placement.within == noNode ? byNode.end() : byNode.find(placement.within);
        const NodePlacement& kernel = other == byNode.end() ? placement : *other->second;
        const QString name = kernel.backend.empty()
                                 ? translated(QT_TRANSLATE_NOOP("graph data", "computed beforehand"))
                                 : QString::fromStdString(kernel.backend + " · " + kernel.implementation);
        if (placement.node != noNode)
            data.values[static_cast<size_t>(placement.node)] = kinds.numberOf(name);
    }
    data.kinds = kinds.take();
    return data;
}

std::unordered_map<std::string, NodeId> nodesByName(const Graph& graph)
{
    std::unordered_map<std::string, NodeId> names;
    for (size_t i = 0; i < graph.values.size(); ++i) {
        if (graph.values[i].producer != noNode)
            names.emplace(graph.values[i].name, graph.values[i].producer);
    }
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        names.insert_or_assign("#" + std::to_string(i), static_cast<NodeId>(i));
        if (!graph.nodes[i].name.empty())
            names.insert_or_assign(graph.nodes[i].name, static_cast<NodeId>(i));
    }
    return names;
}

} // namespace

bool hasGraphData(ColourBy by, const ModelDocument& document)
{
    const auto run = document.lastRun();
    switch (by) {
    case ColourBy::Type:
    case ColourBy::Memory: return document.model() && document.types();
    case ColourBy::Time: return document.model() && run && !run->result.profile.nodes.empty();
    case ColourBy::Device: return document.model() && run;
    case ColourBy::Operator:
    case ColourBy::File: break;
    }
    return false;
}

std::shared_ptr<const NodeData> graphData(ColourBy by, const ModelDocument& document)
{
    if (!hasGraphData(by, document))
        return nullptr;
    const Model& model = *document.model();
    const auto made = [](NodeData data) { return std::make_shared<const NodeData>(std::move(data)); };
    switch (by) {
    case ColourBy::Type: return made(byType(model, *document.types()));
    case ColourBy::Memory: return made(byMemory(model, *document.types()));
    case ColourBy::Time: return made(byTime(model, document.lastRun()->result.profile));
    case ColourBy::Device: return made(byDevice(model, document.lastRun()->placements));
    case ColourBy::Operator:
    case ColourBy::File: break;
    }
    return nullptr;
}

Result<NodeData> readNodeData(const std::filesystem::path& path, const Model& model)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return makeError(file.exists() ? ErrorCode::IoError : ErrorCode::NotFound,
                         path.string() + ": cannot open the file: " + file.errorString().toStdString() + ".");
    const auto names = nodesByName(model.graph);
    NodeData data;
    data.title = QString::fromStdString(path.stem().string());
    data.values = noValues(model);
    std::vector<std::pair<NodeId, QString>> found;
    for (int line = 0; !file.atEnd(); ++line) {
        const QString text = QString::fromUtf8(file.readLine()).trimmed();
        // Names may hold commas; values do not.
        const qsizetype comma = text.lastIndexOf(QLatin1Char(','));
        QString name = text.left(comma).trimmed();
        if (name.size() > 1 && name.startsWith(QLatin1Char('"')) && name.endsWith(QLatin1Char('"')))
            name = name.mid(1, name.size() - 2).replace(QStringLiteral("\"\""), QStringLiteral("\""));
        const QString value = text.mid(comma + 1).trimmed();
        const auto node = names.find(name.toStdString());
        if (comma > 0 && node != names.end())
            found.emplace_back(node->second, value);
        else if (line == 0 && comma > 0 && !value.isEmpty())
            data.title = value;
    }
    if (found.empty())
        return makeError(ErrorCode::InvalidArgument,
                         path.string() + ": no line names a node of the model. Expected lines such as \"" +
                             (model.graph.nodes.empty() ? std::string("conv1") : model.graph.nodes[0].name) +
                             ",12.5\".");
    bool numbers = true;
    for (const auto& [node, value] : found) {
        bool isNumber = false;
        value.toDouble(&isNumber);
        numbers = numbers && isNumber;
    }
    Kinds kinds;
    for (const auto& [node, value] : found)
        data.values[static_cast<size_t>(node)] = numbers ? value.toDouble() : kinds.numberOf(value);
    data.kinds = kinds.take();
    data.text = [](double value) { return numberText(value); };
    return data;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/selection_text.h"

#include "ui/text/attribute_text.h"
#include "viewers/graph/graph_types.h"

#include <QCoreApplication>
#include <QStringList>

namespace lapidary {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("selection text", text); }

QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

struct Source {
    const Model& model;
    const Graph& graph;
    const InferredTypes* types; // of the graph; may be null

    QString typed(ValueId id) const
    {
        if (id == noValue)
            return translated(QT_TRANSLATE_NOOP("selection text", "not connected"));
        const TypeInfo& type = typeOf(graph, types, id);
        const QString name = fromStd(graph.value(id).name);
        if (type.kind == TypeInfo::Kind::Unknown)
            return name;
        return name + QStringLiteral(": ") + fromStd(toString(type));
    }
    QString nodeName(NodeId id) const
    {
        const Node& node = graph.node(id);
        const QString op = fromStd(node.opType);
        return node.name.empty() ? QStringLiteral("%1 #%2").arg(op).arg(id)
                                 : op + QLatin1Char(' ') + fromStd(node.name);
    }
};

void addValues(QStringList& lines, const QString& title, const Source& source,
               const std::vector<ValueId>& values)
{
    if (values.empty())
        return;
    lines << title;
    for (const ValueId id : values) {
        const bool weight = id != noValue && source.graph.initializerOf(id) != nullptr;
        lines << QStringLiteral("  ") + source.typed(id) +
                     (weight ? translated(QT_TRANSLATE_NOOP("selection text", " (weight)")) : QString());
    }
}

QString nodeText(const Source& source, NodeId id)
{
    const Node& node = source.graph.node(id);
    QStringList lines{source.nodeName(id)};
    const int64_t opset = source.model.opsetVersion(node.domain);
    const QString op = fromStd(domainName(node.domain)) + QLatin1Char('.') + fromStd(node.opType);
    lines << translated(QT_TRANSLATE_NOOP("selection text", "Operator: %1"))
                 .arg(opset > 0 ? QStringLiteral("%1, opset %2").arg(op).arg(opset) : op);
    addValues(lines, translated(QT_TRANSLATE_NOOP("selection text", "Inputs:")), source, node.inputs);
    addValues(lines, translated(QT_TRANSLATE_NOOP("selection text", "Outputs:")), source, node.outputs);
    if (!node.attributes.empty())
        lines << translated(QT_TRANSLATE_NOOP("selection text", "Attributes:"));
    for (const Attribute& attribute : node.attributes)
        lines << QStringLiteral("  ") + fromStd(attribute.name) + QStringLiteral(" = ") +
                     attributeValueText(attribute);
    return lines.join(QLatin1Char('\n'));
}

QString valueText(const Source& source, ValueId id)
{
    const GraphValue& value = source.graph.value(id);
    QStringList lines{source.typed(id)};
    if (source.graph.initializerOf(id) != nullptr)
        lines << translated(QT_TRANSLATE_NOOP("selection text", "Weight of the model"));
    if (value.producer != noNode)
        lines << translated(QT_TRANSLATE_NOOP("selection text", "Made by: %1"))
                     .arg(source.nodeName(value.producer));
    if (!value.consumers.empty())
        lines << translated(QT_TRANSLATE_NOOP("selection text", "Used by:"));
    for (const NodeId consumer : value.consumers)
        lines << QStringLiteral("  ") + source.nodeName(consumer);
    return lines.join(QLatin1Char('\n'));
}

QString groupText(const Source& source, const NodeGroup& group)
{
    QStringList lines{fromStd(group.name), translated(QT_TRANSLATE_NOOP("selection text", "Nodes:"))};
    for (const NodeId id : group.nodes)
        lines << QStringLiteral("  ") + source.nodeName(id);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString selectionText(const Model& model, const InferredTypes* types, const Selection& selection)
{
    const Graph& graph = selection.graphIn(model);
    const Source source{model, graph, typesIn(model, types, graph)};
    switch (selection.kind) {
    case Selection::Kind::Node: return nodeText(source, selection.node);
    case Selection::Kind::Value: return valueText(source, selection.value);
    case Selection::Kind::Group: return groupText(source, *selection.group);
    case Selection::Kind::None: break;
    }
    return {};
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/op_histogram.h"
#include "ui/docks/property_list.h"
#include "ui/docks/property_pages.h"
#include "ui/text/numbers.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace lapidary {

namespace {

constexpr size_t mostListed = 30;

QString translated(const char* text) { return QCoreApplication::translate("group properties", text); }

struct Boundary {
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    int64_t parameters = 0;
};

// What the group reads from outside, gives to the outside, and holds.
Boundary boundaryOf(const Graph& graph, const std::vector<NodeId>& nodes)
{
    Boundary boundary;
    std::set<ValueId> seen;
    const auto inside = [&nodes](NodeId node) {
        return std::binary_search(nodes.begin(), nodes.end(), node);
    };
    for (const NodeId id : nodes) {
        for (const ValueId input : graph.node(id).inputs) {
            if (input == noValue || !seen.insert(input).second)
                continue;
            if (const TensorRef* weight = graph.initializerOf(input))
                boundary.parameters += elementCount(weight->dims).value_or(0);
            else if (!inside(graph.value(input).producer))
                boundary.inputs.push_back(input);
        }
        for (const ValueId output : graph.node(id).outputs) {
            if (output == noValue)
                continue;
            const GraphValue& value = graph.value(output);
            if (value.isOutput || !std::all_of(value.consumers.begin(), value.consumers.end(), inside))
                boundary.outputs.push_back(output);
        }
    }
    return boundary;
}

void addValues(PropertyList& list, const PropertySource& source, const QString& title,
               const std::vector<ValueId>& values)
{
    if (values.empty())
        return;
    list.addSection(title);
    for (size_t i = 0; i < std::min(values.size(), mostListed); ++i) {
        const ValueId id = values[i];
        PropertyField* field = list.addField(QString::fromStdString(source.graph().value(id).name));
        field->setDetail(typeText(source.type(id)));
        field->setLink(true);
        QObject::connect(field, &PropertyField::activated, field,
                         [go = source.go, id, inner = source.inner] { go(Selection::ofValue(id, inner)); });
    }
    if (values.size() > mostListed) {
        const auto more = static_cast<int>(values.size() - mostListed);
        list.addText(QCoreApplication::translate("group properties", "and %n more", nullptr, more));
    }
}

} // namespace

void fillGroupProperties(PropertyList& list, const PropertySource& source, const NodeGroup& group)
{
    const Boundary boundary = boundaryOf(source.graph(), group.nodes);
    list.begin(translated(QT_TRANSLATE_NOOP("group properties", "Group")),
               QString::fromStdString(group.name));
    list.addRow(translated(QT_TRANSLATE_NOOP("group properties", "Nodes")),
                wholeNumberText(static_cast<int64_t>(group.nodes.size())));
    if (boundary.parameters > 0)
        list.addRow(translated(QT_TRANSLATE_NOOP("group properties", "Parameters")),
                    wholeNumberText(boundary.parameters));
    if (group.alike > 1)
        list.addRow(translated(QT_TRANSLATE_NOOP("group properties", "Alike")),
                    QCoreApplication::translate("group properties", "%n group(s) of this make", nullptr,
                                                group.alike));
    addValues(list, source, translated(QT_TRANSLATE_NOOP("group properties", "Reads")), boundary.inputs);
    addValues(list, source, translated(QT_TRANSLATE_NOOP("group properties", "Gives")), boundary.outputs);
    list.addSection(translated(QT_TRANSLATE_NOOP("group properties", "Operators")));
    list.addWidget(new OpHistogram(countOperators(source.graph(), group.nodes)));
    list.end();
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_pages.h"

#include "ui/docks/property_list.h"
#include "ui/docks/quantization_text.h"
#include "ui/docks/weight_summary.h"
#include "ui/errors/engine_texts.h"
#include "ui/errors/error_text.h"
#include "ui/text/numbers.h"
#include "viewers/tensor/element_text.h"

#include <QCoreApplication>

#include <climits>

namespace lapidary {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("value properties", text); }

QString kindText(const GraphValue& value, bool isWeight)
{
    if (isWeight)
        return translated(QT_TRANSLATE_NOOP("value properties", "Weight"));
    if (value.isInput)
        return translated(QT_TRANSLATE_NOOP("value properties", "Model input"));
    if (value.isOutput)
        return translated(QT_TRANSLATE_NOOP("value properties", "Model output"));
    return translated(QT_TRANSLATE_NOOP("value properties", "Value"));
}

void addNode(PropertyList& list, const PropertySource& source, NodeId id)
{
    const Node& node = source.graph().node(id);
    PropertyField* field = list.addField(QString::fromStdString(node.opType));
    field->setDetail(nodeTitle(node, id));
    field->setLink(true);
    QObject::connect(field, &PropertyField::activated, field,
                     [go = source.go, id, inner = source.inner] { go(Selection::ofNode(id, inner)); });
}

void addWeightRows(PropertyList& list, const TensorRef& weight)
{
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Elements")),
                wholeNumberText(elementCount(weight.dims).value_or(0)));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Size")), bytesText(weight.sizeBytes()));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Stored")),
                inUsersLanguage(weight.location()));
}

void addQuantization(PropertyList& list, const PropertySource& source, ValueId id)
{
    const Graph& graph = source.graph();
    const auto annotated = graph.quantization.find(graph.value(id).name);
    const std::vector<QuantizationFormula> formulas = quantizationFormulas(graph, id);
    if (annotated == graph.quantization.end() && formulas.empty())
        return;
    list.addSection(translated(QT_TRANSLATE_NOOP("value properties", "Quantization")));
    for (const QuantizationFormula& formula : formulas)
        list.addField(formula.formula)->setDetail(formula.detail);
    if (annotated == graph.quantization.end())
        return;
    for (const auto& [role, tensor] : annotated->second)
        list.addRow(QString::fromStdString(role), QString::fromStdString(tensor));
}

void addConsumers(PropertyList& list, const PropertySource& source, const GraphValue& value)
{
    constexpr size_t shown = 50;
    list.addSection(translated(QT_TRANSLATE_NOOP("value properties", "Used by")));
    for (size_t i = 0; i < std::min(value.consumers.size(), shown); ++i)
        addNode(list, source, value.consumers[i]);
    if (value.consumers.size() > shown) {
        const auto more = static_cast<int>(value.consumers.size() - shown);
        list.addText(QCoreApplication::translate("value properties", "and %n more node(s)", nullptr, more));
    }
}

void addStatistics(PropertyList& list, const WeightSummary& summary)
{
    const TensorStatistics& numbers = summary.statistics;
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Minimum")), numberText(numbers.minimum));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Maximum")), numberText(numbers.maximum));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Mean")), numberText(numbers.mean));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Std. deviation")),
                numberText(numbers.standardDeviation));
    const double zeroShare = static_cast<double>(numbers.zeros) / static_cast<double>(numbers.count);
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Zeros")),
                translated(QT_TRANSLATE_NOOP("value properties", "%1 (%2)"))
                    .arg(wholeNumberText(numbers.zeros), percentText(zeroShare, 1)));
    if (numbers.nans > 0)
        list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "NaN")), wholeNumberText(numbers.nans));
    if (numbers.infinities > 0)
        list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Infinite")),
                    wholeNumberText(numbers.infinities));
}

void addWeight(PropertyList& list, const WeightView& view)
{
    list.addSection(translated(QT_TRANSLATE_NOOP("value properties", "Values")));
    if (view.picture)
        list.addWidget(view.picture);
    if (view.open) {
        PropertyField* field =
            list.addField(translated(QT_TRANSLATE_NOOP("value properties", "Heat map, table, save…")));
        field->setLink(true);
        QObject::connect(field, &PropertyField::activated, field, view.open);
    }
    if (!view.summary) {
        list.addText(translated(QT_TRANSLATE_NOOP("value properties", "Reading…")));
        return;
    }
    if (!view.summary->ok()) {
        const Error& error = view.summary->error();
        list.addText(errorTitle(error.code));
        list.addText(errorMessage(error));
        list.addText(errorNextStep(error));
        return;
    }
    const WeightSummary& summary = view.summary->value();
    if (summary.hasStatistics) {
        if (view.histogram)
            list.addWidget(view.histogram);
        const int64_t beyond = summary.histogram.below + summary.histogram.above;
        const auto few = static_cast<int>(std::min<int64_t>(beyond, INT_MAX));
        if (beyond > 0 && view.histogram)
            list.addText(QCoreApplication::translate(
                "value properties", "%n element(s) beyond five deviations are not in the plot", nullptr,
                few));
        addStatistics(list, summary);
    }
    QString first = summary.firstValues.join(listSeparator());
    if (summary.count > summary.firstValues.size())
        first += listSeparator() + QStringLiteral("…");
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "First values")), first);
}

} // namespace

void fillValueProperties(PropertyList& list, const PropertySource& source, ValueId id, const WeightView& view)
{
    const GraphValue& value = source.graph().value(id);
    const TensorRef* weight = source.graph().constantOf(id);
    list.begin(kindText(value, weight != nullptr), QString::fromStdString(value.name));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Name")),
                QString::fromStdString(value.name));
    list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Type")), typeText(source.type(id)));
    const std::string& denotation = source.type(id).denotation;
    if (!denotation.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Denotation")),
                    QString::fromStdString(denotation));
    if (!value.doc.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("value properties", "Description")),
                    QString::fromStdString(value.doc));
    if (weight)
        addWeightRows(list, *weight);
    addQuantization(list, source, id);
    if (weight)
        addWeight(list, view);
    if (value.producer != noNode) {
        list.addSection(translated(QT_TRANSLATE_NOOP("value properties", "Made by")));
        addNode(list, source, value.producer);
    }
    if (!value.consumers.empty())
        addConsumers(list, source, value);
    list.end();
}

} // namespace lapidary

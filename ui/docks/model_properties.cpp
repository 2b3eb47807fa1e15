// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_pages.h"

#include "engine/session/model_summary.h"
#include "ui/docks/op_histogram.h"
#include "ui/docks/property_list.h"
#include "ui/text/numbers.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace lapidary {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("model properties", text); }

QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void addIfSet(PropertyList& list, const char* label, const std::string& text)
{
    if (!text.empty())
        list.addRow(translated(label), fromStd(text));
}

void addSize(PropertyList& list, const Model& model)
{
    const ModelSize size = sizeOf(model);
    const auto inMainGraph = static_cast<int64_t>(model.graph.nodes.size());
    PropertyField* nodes =
        list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Nodes")), wholeNumberText(size.nodes));
    if (size.nodes != inMainGraph)
        nodes->setDetail(translated(QT_TRANSLATE_NOOP("model properties", "%1 in the main graph"))
                             .arg(wholeNumberText(inMainGraph)),
                         PropertyField::Beside);
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Parameters")),
                wholeNumberText(size.parameters));
    const auto tensors = static_cast<int>(size.weights);
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Weights")),
                QCoreApplication::translate("model properties", "%1 in %n tensor(s)", nullptr, tensors)
                    .arg(bytesText(size.weightBytes)));
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "File size")),
                bytesText(model.fileSizeBytes));
}

void addWork(PropertyList& list, const ModelSummary& summary)
{
    PropertyField* field = list.addRow(
        translated(QT_TRANSLATE_NOOP("model properties", "Work")),
        workText(static_cast<uint64_t>(summary.flops)),
        translated(QT_TRANSLATE_NOOP("model properties",
                                     "Operations of one run: a multiplication and an addition are two, an "
                                     "elementwise operator is one for each element")));
    QStringList missing;
    const auto unknown = static_cast<int>(summary.flopsUnknownShapes);
    if (unknown > 0)
        missing << QCoreApplication::translate("model properties", "without %n node(s) of unknown shape",
                                               nullptr, unknown);
    const auto other = static_cast<int>(summary.flopsWithoutRule);
    if (other > 0)
        missing << QCoreApplication::translate(
            "model properties", "without %n node(s) whose work depends on the values", nullptr, other);
    field->setDetail(missing.join(QLatin1Char('\n')));
}

void addMemory(PropertyList& list, const PropertySource& source, const ActivationMemory& memory,
               QWidget* plot)
{
    const Graph& graph = source.model.graph;
    PropertyField* field = list.addRow(
        translated(QT_TRANSLATE_NOOP("model properties", "Peak of values")), bytesText(memory.peakBytes),
        translated(QT_TRANSLATE_NOOP(
            "model properties", "Most memory that values between nodes need at one time, weights apart")));
    QString detail = translated(QT_TRANSLATE_NOOP("model properties", "at %1"))
                         .arg(fromStd(nodeLabel(graph.node(memory.peakNode), memory.peakNode)));
    const auto uncounted = static_cast<int>(memory.uncountedValues);
    if (uncounted > 0)
        detail += QStringLiteral(", ") + QCoreApplication::translate("model properties",
                                                                     "without %n value(s) of unknown size",
                                                                     nullptr, uncounted);
    field->setDetail(detail);
    field->setLink(true);
    QObject::connect(field, &PropertyField::activated, field,
                     [go = source.go, node = memory.peakNode] { go(Selection::ofNode(node)); });
    if (plot)
        list.addWidget(plot);
    constexpr size_t shown = 3;
    for (size_t i = 0; i < std::min(shown, memory.valuesAtPeak.size()); ++i) {
        const auto& [id, bytes] = memory.valuesAtPeak[i];
        PropertyField* value = list.addField(fromStd(graph.value(id).name));
        value->setDetail(bytesText(bytes), PropertyField::Beside);
        value->setLink(true);
        QObject::connect(value, &PropertyField::activated, value,
                         [go = source.go, id = id] { go(Selection::ofValue(id)); });
    }
    if (memory.valuesAtPeak.size() > shown) {
        const auto more = static_cast<int>(memory.valuesAtPeak.size() - shown);
        list.addText(QCoreApplication::translate("model properties", "and %n more value(s) at the peak",
                                                 nullptr, more));
    }
}

// What one run costs, as far as the shapes are known.
void addCost(PropertyList& list, const PropertySource& source, const ModelSummary* summary, QWidget* memory,
             QWidget* sizes)
{
    list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "One run")));
    if (sizes)
        list.addWidget(sizes);
    if (!summary) {
        list.addText(translated(QT_TRANSLATE_NOOP("model properties", "Counting…")));
        return;
    }
    addWork(list, *summary);
    if (summary->activations.peakNode != noNode)
        addMemory(list, source, summary->activations, memory);
}

void addOperators(PropertyList& list, const PropertySource& source, const ModelSummary* summary)
{
    list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "Operators")));
    QList<OpCount> counts = countOperators(source.model.graph);
    for (OpCount& count : counts) {
        for (const OperatorSummary& op : summary ? summary->operators : std::vector<OperatorSummary>()) {
            if (op.name == count.opType.toStdString())
                count.flops = op.flops;
        }
    }
    auto* histogram = new OpHistogram(std::move(counts));
    QObject::connect(histogram, &OpHistogram::picked, histogram,
                     [go = source.go](NodeId first) { go(Selection::ofNode(first)); });
    list.addWidget(histogram);
}

void addOrigin(PropertyList& list, const Model& model)
{
    list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "Origin")));
    addIfSet(list, QT_TRANSLATE_NOOP("model properties", "Graph"), model.graph.name);
    const std::string producer =
        model.producerVersion.empty() ? model.producerName : model.producerName + " " + model.producerVersion;
    addIfSet(list, QT_TRANSLATE_NOOP("model properties", "Producer"), producer);
    addIfSet(list, QT_TRANSLATE_NOOP("model properties", "Domain"), model.domain);
    if (model.modelVersion != 0)
        list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Version")),
                    QString::number(model.modelVersion));
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "ONNX IR")),
                QString::number(model.irVersion));
    QStringList opsets;
    for (const OpSetImport& opset : model.opsets)
        opsets << QStringLiteral("%1 %2").arg(fromStd(domainName(opset.domain))).arg(opset.version);
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Operator sets")),
                opsets.join(QStringLiteral(", ")));
    addIfSet(list, QT_TRANSLATE_NOOP("model properties", "Description"), model.doc);
    addIfSet(list, QT_TRANSLATE_NOOP("model properties", "Graph notes"), model.graph.doc);
}

void addValues(PropertyList& list, const PropertySource& source, const QString& title,
               const std::vector<ValueId>& values)
{
    if (values.empty())
        return;
    list.addSection(title);
    for (const ValueId id : values) {
        PropertyField* field = list.addField(fromStd(source.model.graph.value(id).name));
        field->setDetail(typeText(source.type(id)));
        field->setLink(true);
        QObject::connect(field, &PropertyField::activated, field,
                         [go = source.go, id] { go(Selection::ofValue(id)); });
    }
}

} // namespace

void fillModelProperties(PropertyList& list, const PropertySource& source, const ModelSummary* summary,
                         QWidget* memory, QWidget* sizes)
{
    const Model& model = source.model;
    list.begin(translated(QT_TRANSLATE_NOOP("model properties", "Model")),
               QFileInfo(QString::fromStdU16String(model.path.u16string())).fileName());
    addSize(list, model);
    if (!model.graph.nodes.empty())
        addCost(list, source, summary, memory, sizes);
    addValues(list, source, translated(QT_TRANSLATE_NOOP("model properties", "Inputs")),
              model.graph.requiredInputs());
    addValues(list, source, translated(QT_TRANSLATE_NOOP("model properties", "Outputs")),
              model.graph.outputs);
    addOrigin(list, model);
    if (!model.metadata.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "Metadata")));
        for (const auto& [key, value] : model.metadata)
            list.addRow(fromStd(key), fromStd(value));
    }
    if (!model.functions.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "Functions")));
        for (const Function& function : model.functions) {
            const auto nodes = static_cast<int>(function.body.nodes.size());
            list.addRow(fromStd(function.name),
                        QCoreApplication::translate("model properties", "%n node(s)", nullptr, nodes))
                ->setDetail(fromStd(domainName(function.domain)));
        }
    }
    if (!model.graph.nodes.empty())
        addOperators(list, source, summary);
    list.end();
}

} // namespace lapidary

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
    int64_t parameters = 0;
    uint64_t weightBytes = 0;
    for (const Initializer& weight : model.graph.initializers) {
        parameters += elementCount(weight.tensor.dims).value_or(0);
        weightBytes += weight.tensor.sizeBytes();
    }
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Nodes")),
                wholeNumberText(static_cast<int64_t>(model.graph.nodes.size())));
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Parameters")), wholeNumberText(parameters));
    const auto tensors = static_cast<int>(model.graph.initializers.size());
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Weights")),
                QCoreApplication::translate("model properties", "%1 in %n tensor(s)", nullptr, tensors)
                    .arg(bytesText(weightBytes)));
    list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "File size")),
                bytesText(model.fileSizeBytes));
}

// What one run costs, as far as the shapes are known.
void addWork(PropertyList& list, const ModelSummary& summary)
{
    if (summary.flops > 0) {
        PropertyField* field = list.addRow(
            translated(QT_TRANSLATE_NOOP("model properties", "Work per run")), workText(static_cast<uint64_t>(summary.flops)),
            translated(QT_TRANSLATE_NOOP(
                "model properties", "Multiplications and additions of convolutions and matrix products")));
        const auto unknown = static_cast<int>(summary.flopsUnknownShapes + summary.flopsWithoutRule);
        if (unknown > 0)
            field->setDetail(QCoreApplication::translate(
                "model properties", "without %n node(s) of unknown shape", nullptr, unknown));
    }
    if (summary.activations.peakBytes > 0)
        list.addRow(translated(QT_TRANSLATE_NOOP("model properties", "Activations")),
                    bytesText(summary.activations.peakBytes),
                    translated(QT_TRANSLATE_NOOP("model properties",
                                                 "Most memory that values between nodes need at one time")));
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

void fillModelProperties(PropertyList& list, const PropertySource& source, const ModelSummary* summary)
{
    const Model& model = source.model;
    list.begin(translated(QT_TRANSLATE_NOOP("model properties", "Model")),
               QFileInfo(QString::fromStdU16String(model.path.u16string())).fileName());
    addSize(list, model);
    if (summary)
        addWork(list, *summary);
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
    if (!model.graph.nodes.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("model properties", "Operators")));
        list.addWidget(new OpHistogram(countOperators(model.graph)));
    }
    list.end();
}

} // namespace lapidary

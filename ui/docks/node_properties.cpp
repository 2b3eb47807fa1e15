// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_pages.h"

#include "engine/session/model_summary.h"
#include "ui/docks/property_list.h"
#include "ui/docks/quantization_text.h"
#include "ui/text/attribute_text.h"
#include "ui/text/numbers.h"

#include <QCoreApplication>

namespace lapidary {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("node properties", text); }

QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// The last formal parameter of a variadic operator stands for all that follow.
const OpParameter* formalParameter(const std::vector<OpParameter>* parameters, size_t index)
{
    if (!parameters || parameters->empty())
        return nullptr;
    if (index < parameters->size())
        return &(*parameters)[index];
    return parameters->back().variadic ? &parameters->back() : nullptr;
}

void addParameters(PropertyList& list, const PropertySource& source, const std::vector<ValueId>& values,
                   const std::vector<OpParameter>* formal)
{
    for (size_t i = 0; i < values.size(); ++i) {
        const OpParameter* parameter = formalParameter(formal, i);
        const QString label = parameter ? fromStd(parameter->name) : QString::number(i);
        const QString hint = parameter ? fromStd(parameter->doc).simplified().left(400) : QString();
        if (values[i] == noValue) {
            list.addRow(label, translated(QT_TRANSLATE_NOOP("node properties", "not connected")), hint);
            continue;
        }
        const ValueId id = values[i];
        PropertyField* field = list.addRow(label, fromStd(source.graph().value(id).name), hint);
        QString detail = typeText(source.type(id));
        if (const TensorRef* weight = source.graph().initializerOf(id))
            detail = translated(QT_TRANSLATE_NOOP("node properties", "%1 · weight, %2"))
                         .arg(detail, bytesText(weight->sizeBytes()));
        field->setDetail(detail);
        field->setLink(true);
        QObject::connect(field, &PropertyField::activated, field,
                         [go = source.go, id, inner = source.inner] { go(Selection::ofValue(id, inner)); });
    }
}

QString attributeHint(const std::string& doc) { return fromStd(doc).simplified().left(400); }

// Those of the node, then, quietly, those that it leaves out, with what holds instead.
void addAttributes(PropertyList& list, const Node& node, const OpDocumentation* documentation)
{
    static const std::vector<OpAttributeDoc> none;
    const std::vector<OpAttributeDoc>& known = documentation ? documentation->attributes : none;
    if (node.attributes.empty() && known.empty())
        return;
    list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Attributes")));
    for (const Attribute& attribute : node.attributes) {
        QString hint = fromStd(attribute.doc);
        for (const OpAttributeDoc& documented : known) {
            if (documented.name == attribute.name)
                hint = attributeHint(documented.doc);
        }
        list.addRow(fromStd(attribute.name), attributeValueText(attribute), hint)
            ->setDetail(attributeTypeText(attribute), PropertyField::Beside);
    }
    for (const OpAttributeDoc& absent : known) {
        if (node.attribute(absent.name) || absent.required)
            continue;
        const bool hasDefault = !absent.defaultText.empty();
        PropertyField* field =
            list.addRow(fromStd(absent.name),
                        hasDefault ? fromStd(absent.defaultText)
                                   : translated(QT_TRANSLATE_NOOP("node properties", "not set")),
                        attributeHint(absent.doc));
        field->setQuiet(true);
        if (hasDefault)
            field->setDetail(translated(QT_TRANSLATE_NOOP("node properties", "default")),
                             PropertyField::Beside);
    }
}

void addQuantization(PropertyList& list, const PropertySource& source, const Node& node)
{
    const std::vector<QuantizationFormula> formulas = quantizationFormulas(source.graph(), node);
    if (formulas.empty())
        return;
    list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Quantization")));
    for (const QuantizationFormula& formula : formulas)
        list.addRow(formula.operand, formula.formula)->setDetail(formula.detail);
}

void addWork(PropertyList& list, const NodeWork& work)
{
    if (work.state == NodeWork::State::Counted && work.flops == 0)
        return;
    const QString label = translated(QT_TRANSLATE_NOOP("node properties", "Work"));
    if (work.flops > 0)
        list.addRow(label, workText(static_cast<uint64_t>(work.flops)));
    else
        list.addRow(label,
                    work.state == NodeWork::State::UnknownShapes
                        ? translated(QT_TRANSLATE_NOOP("node properties", "shapes are not known"))
                        : translated(QT_TRANSLATE_NOOP("node properties", "does not follow from shapes")))
            ->setQuiet(true);
}

} // namespace

QString nodeTitle(const Node& node, NodeId id)
{
    return node.name.empty() ? QStringLiteral("#%1").arg(id) : fromStd(node.name);
}

QString typeText(const TypeInfo& type)
{
    if (type.kind == TypeInfo::Kind::Unknown)
        return translated(QT_TRANSLATE_NOOP("node properties", "type not known"));
    return QString::fromStdString(toString(type));
}

void fillNodeProperties(PropertyList& list, const PropertySource& source, NodeId id,
                        const OpDocumentation* documentation, const ModelSummary* summary)
{
    const Node& node = source.graph().node(id);
    list.begin(translated(QT_TRANSLATE_NOOP("node properties", "Node")), fromStd(node.opType));
    list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Name")), nodeTitle(node, id));
    const int64_t opset = source.model.opsetVersion(node.domain);
    PropertyField* set =
        list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Operator set")),
                    opset > 0 ? translated(QT_TRANSLATE_NOOP("node properties", "%1, version %2"))
                                    .arg(fromStd(domainName(node.domain)))
                                    .arg(opset)
                              : fromStd(domainName(node.domain)));
    if (documentation)
        set->setDetail(translated(QT_TRANSLATE_NOOP("node properties", "operator of version %1"))
                           .arg(documentation->sinceVersion));
    // Work is counted for the model's own nodes.
    if (summary && source.inner == nullptr && static_cast<size_t>(id) < summary->workOfNodes.size())
        addWork(list, summary->workOfNodes[static_cast<size_t>(id)]);
    if (!node.overload.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Overload")), fromStd(node.overload));
    if (!node.doc.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Description")), fromStd(node.doc));
    addQuantization(list, source, node);
    addAttributes(list, node, documentation);
    if (!node.inputs.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Inputs")));
        addParameters(list, source, node.inputs, documentation ? &documentation->inputs : nullptr);
    }
    if (!node.outputs.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Outputs")));
        addParameters(list, source, node.outputs, documentation ? &documentation->outputs : nullptr);
    }
    if (!node.metadata.empty()) {
        list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Metadata")));
        for (const auto& [key, value] : node.metadata)
            list.addRow(fromStd(key), fromStd(value));
    }
    list.end();
}

} // namespace lapidary

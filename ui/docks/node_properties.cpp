// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_pages.h"

#include "ui/docks/property_list.h"
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

void addAttributes(PropertyList& list, const Node& node, const OpDocumentation* documentation)
{
    list.addSection(translated(QT_TRANSLATE_NOOP("node properties", "Attributes")));
    for (const Attribute& attribute : node.attributes) {
        QString hint = fromStd(attribute.doc);
        if (documentation) {
            for (const OpAttributeDoc& known : documentation->attributes) {
                if (known.name == attribute.name)
                    hint = fromStd(known.doc).simplified().left(400);
            }
        }
        list.addRow(fromStd(attribute.name), attributeValueText(attribute), hint)
            ->setDetail(attributeTypeText(attribute), PropertyField::Beside);
    }
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
                        const OpDocumentation* documentation)
{
    const Node& node = source.graph().node(id);
    list.begin(translated(QT_TRANSLATE_NOOP("node properties", "Node")), fromStd(node.opType));
    list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Name")), nodeTitle(node, id));
    const int64_t opset = source.model.opsetVersion(node.domain);
    list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Operator set")),
                opset > 0 ? translated(QT_TRANSLATE_NOOP("node properties", "%1, version %2"))
                                .arg(fromStd(domainName(node.domain)))
                                .arg(opset)
                          : fromStd(domainName(node.domain)));
    if (!node.overload.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Overload")), fromStd(node.overload));
    if (!node.doc.empty())
        list.addRow(translated(QT_TRANSLATE_NOOP("node properties", "Description")), fromStd(node.doc));
    if (!node.attributes.empty())
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

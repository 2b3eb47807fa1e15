// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/attribute_text.h"

#include "engine/ir/model.h"
#include "viewers/tensor/element_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace lapidary {

namespace {

// Enough to tell long texts apart; some models keep megabytes in a string attribute.
constexpr size_t maxTextLength = 4000;

QString itemText(std::monostate) { return QCoreApplication::translate("attributes", "undefined"); }
QString itemText(float value) { return numberText(static_cast<double>(value), 7); }
QString itemText(int64_t value) { return QString::number(value); }
QString itemText(const std::string& value)
{
    const QString text =
        QString::fromUtf8(value.data(), static_cast<qsizetype>(std::min(value.size(), maxTextLength)));
    return value.size() > maxTextLength ? text + QStringLiteral(" …") : text;
}
QString itemText(const TensorRef& tensor)
{
    const std::string_view type = dataTypeName(tensor.type);
    return QStringLiteral("%1[%2]").arg(QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size())),
                                        QString::fromStdString(toString(tensor.dims)));
}
QString itemText(const SparseTensorRef& tensor) { return itemText(tensor.values); }
QString itemText(const std::shared_ptr<const Graph>& graph)
{
    if (!graph)
        return {};
    const auto nodes = static_cast<int>(graph->nodes.size());
    const QString size = QCoreApplication::translate("attributes", "%n node(s)", nullptr, nodes);
    const QString name = QString::fromStdString(graph->name);
    return name.isEmpty()
               ? size
               : QCoreApplication::translate("attributes", "%1 (%2)", "graph name, size").arg(name, size);
}
QString itemText(const TypeInfo& type) { return QString::fromStdString(toString(type)); }
template <typename T>
QString itemText(const std::vector<T>& items, size_t maxItems)
{
    QStringList texts;
    for (size_t i = 0; i < std::min(items.size(), maxItems); ++i)
        texts << itemText(items[i]);
    const QString text = texts.join(std::is_same_v<T, float> ? listSeparator() : QStringLiteral(", "));
    if (items.size() <= maxItems)
        return text;
    const auto more = static_cast<int>(items.size() - maxItems);
    return QCoreApplication::translate("attributes", "%1, … and %n more", nullptr, more).arg(text);
}

} // namespace

QString attributeTypeText(const Attribute& attribute)
{
    // In the order of Attribute::Data; names of AttributeProto.AttributeType.
    static constexpr const char* names[] = {
        "undefined", "float", "int",     "string",  "tensor", "graph", "type",          "sparse tensor",
        "floats",    "ints",  "strings", "tensors", "graphs", "types", "sparse tensors"};
    static_assert(std::size(names) == std::variant_size_v<Attribute::Data>);
    return QLatin1String(names[attribute.data.index()]);
}

QString attributeValueText(const Attribute& attribute, size_t maxItems)
{
    if (!attribute.referredName.empty())
        return QCoreApplication::translate("attributes", "value of %1")
            .arg(QString::fromStdString(attribute.referredName));
    return std::visit(
        [maxItems](const auto& data) {
            if constexpr (requires { itemText(data, maxItems); })
                return itemText(data, maxItems);
            else
                return itemText(data);
        },
        attribute.data);
}

} // namespace lapidary

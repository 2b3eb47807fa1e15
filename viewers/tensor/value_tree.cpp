// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/value_tree.h"

#include "viewers/tensor/element_text.h"

#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace lapidary {

namespace {

constexpr size_t mostItems = 1'000;  // of one container: enough to look at, quick to build
constexpr int64_t mostElements = 16; // of a tensor written in one line

// A small tensor as its elements, a big one as its type.
QString tensorText(const Tensor& tensor)
{
    if (tensor.count() > mostElements)
        return QString::fromStdString(describe(Value(tensor)));
    QStringList elements;
    for (int64_t i = 0; i < tensor.count(); ++i)
        elements << elementText(tensor, i);
    return tensor.rank() == 0 ? elements.join(QString())
                              : QLatin1Char('[') + elements.join(listSeparator()) + QLatin1Char(']');
}

void addChildren(QTreeWidgetItem* parent, const Value& value);

void addItem(QTreeWidgetItem* parent, const QString& key, const Value& value)
{
    const QString text =
        value.isTensor() ? tensorText(*value.tensor()) : QString::fromStdString(describe(value));
    auto* item = new QTreeWidgetItem(parent, {key, text});
    addChildren(item, value);
}

template <typename KeyOf>
void addItems(QTreeWidgetItem* parent, const std::vector<Value>& values, KeyOf keyOf)
{
    for (size_t i = 0; i < std::min(values.size(), mostItems); ++i)
        addItem(parent, keyOf(i), values[i]);
    if (values.size() > mostItems)
        new QTreeWidgetItem(
            parent, {QStringLiteral("…"),
                     ValueTree::tr("%Ln more", nullptr, static_cast<int>(values.size() - mostItems))});
}

void addChildren(QTreeWidgetItem* parent, const Value& value)
{
    if (const Sequence* sequence = value.sequence()) {
        addItems(parent, sequence->items, [](size_t i) { return QString::number(i); });
    } else if (const Map* map = value.map()) {
        addItems(parent, map->values,
                 [map](size_t i) { return elementText(map->keys, static_cast<int64_t>(i)); });
    } else if (const SparseTensor* sparse = value.sparseTensor()) {
        addItem(parent, ValueTree::tr("Values"), sparse->values);
        addItem(parent, ValueTree::tr("Indices"), sparse->indices);
    }
}

} // namespace

ValueTree::ValueTree(QWidget* parent) : QTreeWidget(parent)
{
    setColumnCount(2);
    setFrameShape(QFrame::NoFrame);
    setAlternatingRowColors(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    retranslate();
}

void ValueTree::setValue(const Value& value)
{
    m_value = value;
    clear();
    addChildren(invisibleRootItem(), value);
    if (topLevelItemCount() == 0)
        new QTreeWidgetItem(invisibleRootItem(), {tr("Nothing"), QString::fromStdString(describe(value))});
    if (topLevelItemCount() <= 20)
        expandAll();
}

void ValueTree::retranslate()
{
    setHeaderLabels({tr("Key"), tr("Value")});
    setAccessibleName(tr("Items of the value"));
}

void ValueTree::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        setValue(Value(m_value));
    }
    QTreeWidget::changeEvent(event);
}

} // namespace lapidary

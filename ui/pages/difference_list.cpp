// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/difference_list.h"

#include "engine/diff/change_text.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPixmap>
#include <QSignalBlocker>

#include <map>

namespace lapidary {

namespace {

constexpr int nodeRole = Qt::UserRole;
constexpr int mostRows = 5000; // more differences than this nobody reads
constexpr int dotSize = 10;

QIcon dot(QRgb colour)
{
    QPixmap pixmap(dotSize * 2, dotSize * 2);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor::fromRgb(colour));
    painter.drawEllipse(QRectF(1, 1, dotSize - 2, dotSize - 2));
    painter.end();
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected); // not tinted
    return icon;
}

// In the colours of the theme; of what is not the same.
std::map<NodeStatus, QIcon> statusDots()
{
    std::map<NodeStatus, QIcon> dots;
    for (const NodeStatus status : {NodeStatus::Changed, NodeStatus::Added, NodeStatus::Removed})
        dots[status] = dot(statusColour(status, Theme::instance().isDark()));
    return dots;
}

} // namespace

DifferenceList::DifferenceList(QWidget* parent) : QTreeWidget(parent)
{
    setHeaderHidden(true);
    setColumnCount(1);
    setUniformRowHeights(true);
    setRootIsDecorated(true);
    setTextElideMode(Qt::ElideMiddle);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Differences"));
    connect(&Theme::instance(), &Theme::changed, this, &DifferenceList::updateDots);
    connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item)
            emit picked(item->data(0, nodeRole).toInt());
    });
}

QTreeWidgetItem* DifferenceList::makeRow(NodeId node) const
{
    const MergedModel& merged = m_comparison->merged;
    const auto index = static_cast<size_t>(node);
    auto* item = new QTreeWidgetItem;
    item->setText(0, QString::fromStdString(nodeLabel(merged.model->graph.node(node), node)));
    item->setToolTip(0, statusText(merged.status[index]));
    item->setData(0, nodeRole, node);
    if (merged.changes[index] == nullptr)
        return item;
    for (const std::string& text : changeTexts(*merged.changes[index], m_comparison->before.model->graph,
                                               m_comparison->after.model->graph)) {
        auto* detail = new QTreeWidgetItem(item);
        detail->setText(0, QString::fromStdString(text));
        detail->setToolTip(0, detail->text(0));
        detail->setData(0, nodeRole, node);
    }
    return item;
}

void DifferenceList::setComparison(std::shared_ptr<const ModelComparison> comparison)
{
    const QSignalBlocker blocker(this);
    clear();
    m_comparison = std::move(comparison);
    if (!m_comparison)
        return;
    const auto& status = m_comparison->merged.status;
    const auto dots = statusDots();
    QList<QTreeWidgetItem*> rows; // added at once: the tree then looks at them once
    for (size_t i = 0; i < status.size() && rows.size() < mostRows; ++i) {
        if (status[i] == NodeStatus::Same)
            continue;
        rows << makeRow(static_cast<NodeId>(i));
        rows.last()->setIcon(0, dots.at(status[i]));
    }
    addTopLevelItems(rows);
    if (topLevelItemCount() <= 40)
        expandAll();
}

void DifferenceList::updateDots()
{
    const auto dots = statusDots();
    for (int i = 0; i < topLevelItemCount(); ++i) {
        const auto node = static_cast<size_t>(topLevelItem(i)->data(0, nodeRole).toInt());
        topLevelItem(i)->setIcon(0, dots.at(m_comparison->merged.status[node]));
    }
}

void DifferenceList::mark(NodeId node)
{
    const QSignalBlocker blocker(this);
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->data(0, nodeRole).toInt() == node) {
            setCurrentItem(topLevelItem(i));
            return;
        }
    }
    setCurrentItem(nullptr);
}

void DifferenceList::step(int direction)
{
    if (topLevelItemCount() == 0)
        return;
    QTreeWidgetItem* item = currentItem();
    while (item && item->parent())
        item = item->parent();
    const int at = item ? indexOfTopLevelItem(item) : (direction > 0 ? -1 : 0);
    setCurrentItem(topLevelItem((at + direction + topLevelItemCount()) % topLevelItemCount()));
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_profile.h"

#include "ui/text/numbers.h"
#include "viewers/tensor/bar_delegate.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace lapidary {

namespace {

enum Column {
    NodeColumn,
    OperatorColumn,
    TimeColumn,
    ShareColumn,
    PercentColumn,
    ImplementationColumn,
    columnCount
};
constexpr size_t rowsShown = 10;

} // namespace

RunProfile::RunProfile(QWidget* parent)
    : Card(parent), m_title(new QLabel(this)), m_list(new QTreeWidget(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_list->setColumnCount(columnCount);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setItemDelegateForColumn(ShareColumn, new BarDelegate(m_list));
    QHeaderView* header = m_list->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(NodeColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(ShareColumn, QHeaderView::Fixed);
    header->setMinimumSectionSize(24);
    m_list->setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    column()->addWidget(m_title);
    column()->addWidget(m_list);
    const auto select = [this](const QTreeWidgetItem* item) {
        emit nodeActivated(item->data(NodeColumn, Qt::UserRole).toInt());
    };
    connect(m_list, &QTreeWidget::itemClicked, this, select);
    connect(m_list, &QTreeWidget::itemActivated, this, select);
    retranslate();
}

void RunProfile::setProfile(std::shared_ptr<const Model> model, const Profile& profile)
{
    m_model = std::move(model);
    m_list->clear();
    std::vector<NodeTiming> slowest = profile.nodes;
    const size_t shown = std::min(rowsShown, slowest.size());
    std::partial_sort(slowest.begin(), slowest.begin() + static_cast<std::ptrdiff_t>(shown), slowest.end(),
                      [](const NodeTiming& a, const NodeTiming& b) { return a.durationNs > b.durationNs; });
    slowest.resize(shown);
    for (const NodeTiming& timing : slowest)
        addRow(timing, profile.totalNs);
    const int rowHeight = shown > 0 ? m_list->sizeHintForRow(0) : 0;
    m_list->setFixedHeight(m_list->header()->sizeHint().height() + rowHeight * static_cast<int>(shown) + 2);
    setVisible(shown > 0);
}

void RunProfile::addRow(const NodeTiming& timing, int64_t totalNs)
{
    const bool known = timing.node >= 0 && static_cast<size_t>(timing.node) < m_model->graph.nodes.size();
    if (!known)
        return;
    const Node& node = m_model->graph.node(timing.node);
    const double share =
        totalNs > 0 ? static_cast<double>(timing.durationNs) / static_cast<double>(totalNs) : 0;
    auto* item = new QTreeWidgetItem(m_list);
    const QString name =
        node.name.empty() ? QStringLiteral("#%1").arg(timing.node) : QString::fromStdString(node.name);
    item->setText(NodeColumn, name);
    item->setToolTip(NodeColumn, tr("%1. Click to select it in the graph.").arg(name));
    item->setData(NodeColumn, Qt::UserRole, timing.node);
    item->setText(OperatorColumn, QString::fromStdString(node.opType));
    item->setText(TimeColumn, durationText(static_cast<double>(timing.durationNs) / 1e6));
    item->setData(ShareColumn, BarDelegate::shareRole, share);
    item->setText(PercentColumn, percentText(share, 1));
    item->setText(ImplementationColumn, QString::fromStdString(timing.implementation));
    for (const int numeric : {TimeColumn, PercentColumn})
        item->setTextAlignment(numeric, Qt::AlignRight | Qt::AlignVCenter);
}

void RunProfile::retranslate()
{
    m_title->setText(tr("Slowest nodes"));
    m_list->setAccessibleName(m_title->text());
    m_list->setHeaderLabels(
        {tr("Node"), tr("Operator"), tr("Time"), tr("Share of the run"), QString(), tr("Done by")});
    m_list->headerItem()->setTextAlignment(TimeColumn, Qt::AlignRight | Qt::AlignVCenter);
    constexpr int barWidth = 110;
    m_list->setColumnWidth(ShareColumn, std::max(barWidth, m_list->header()->sectionSizeHint(ShareColumn)));
}

void RunProfile::resizeEvent(QResizeEvent* event)
{
    // Names and times come first where there is little room.
    m_list->setColumnHidden(ImplementationColumn, width() < 640);
    const bool narrow = width() < 480;
    m_list->setColumnHidden(ShareColumn, narrow);
    m_list->header()->setSectionResizeMode(OperatorColumn,
                                           narrow ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    Card::resizeEvent(event);
}

void RunProfile::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

} // namespace lapidary

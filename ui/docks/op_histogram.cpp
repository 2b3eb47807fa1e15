// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/op_histogram.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <map>
#include <numeric>

namespace lapidary {

QList<OpCount> countOperators(const Graph& graph)
{
    std::vector<NodeId> nodes(graph.nodes.size());
    std::iota(nodes.begin(), nodes.end(), 0);
    return countOperators(graph, nodes);
}

QList<OpCount> countOperators(const Graph& graph, std::span<const NodeId> nodes)
{
    std::map<std::pair<std::string, std::string>, OpCount> byName; // domain, operator
    for (const NodeId node : nodes) {
        OpCount& found = byName[{graph.node(node).domain, graph.node(node).opType}];
        if (found.count++ == 0)
            found.first = node;
    }
    QList<OpCount> counts;
    for (const auto& [key, count] : byName) {
        const QString op = QString::fromStdString(key.second);
        const QString domain = QString::fromStdString(key.first);
        counts << count;
        counts.back().opType = domain.isEmpty() || domain == "ai.onnx" ? op : domain + QLatin1Char('.') + op;
    }
    std::stable_sort(counts.begin(), counts.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    return counts;
}

OpHistogram::OpHistogram(QList<OpCount> counts, QWidget* parent)
    : QWidget(parent), m_counts(std::move(counts))
{
    QStringList words;
    for (const OpCount& count : m_counts)
        words << tr("%1: %2", "operator: count").arg(count.opType, wholeNumberText(count.count));
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Operators of the model"));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
}

int OpHistogram::rowAt(const QPoint& position) const
{
    const int row = position.y() / rowHeight();
    return rect().contains(position) && row < m_counts.size() ? row : -1;
}

void OpHistogram::mouseReleaseEvent(QMouseEvent* event)
{
    const int row = rowAt(event->position().toPoint());
    if (row >= 0 && event->button() == Qt::LeftButton && m_counts[row].first != noNode)
        emit picked(m_counts[row].first);
}

void OpHistogram::mouseMoveEvent(QMouseEvent* event)
{
    m_hovered = rowAt(event->position().toPoint());
    update();
}

void OpHistogram::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

int OpHistogram::rowHeight() const { return fontMetrics().height() + 6; }

QSize OpHistogram::sizeHint() const { return {200, rowHeight() * static_cast<int>(m_counts.size())}; }

void OpHistogram::paintEvent(QPaintEvent*)
{
    if (m_counts.isEmpty())
        return;
    const ThemeColors& colors = Theme::instance().colors();
    int nameWidth = 0, countWidth = 0, workWidth = 0;
    for (const OpCount& count : m_counts) {
        if (count.flops > 0)
            workWidth =
                std::max(workWidth,
                         fontMetrics().horizontalAdvance(workText(static_cast<uint64_t>(count.flops))) + 10);
        nameWidth = std::max(nameWidth, fontMetrics().horizontalAdvance(count.opType) + 1);
        countWidth = std::max(countWidth, fontMetrics().horizontalAdvance(wholeNumberText(count.count)));
    }
    nameWidth = std::min(nameWidth, width() * (workWidth > 0 ? 40 : 55) / 100);
    const int barLeft = nameWidth + 10;
    const int barSpace = std::max(10, width() - barLeft - countWidth - 8 - workWidth);

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor bar = colors.accent;
    bar.setAlphaF(0.75f);
    for (int i = 0; i < m_counts.size(); ++i) {
        const QRect row(0, i * rowHeight(), width(), rowHeight());
        if (i == m_hovered) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.field);
            painter.drawRoundedRect(row, 3, 3);
        }
        const double share = static_cast<double>(m_counts[i].count) / m_counts.front().count;
        const double length = std::max(3.0, share * barSpace);
        painter.setPen(palette().color(QPalette::WindowText));
        const QString name = fontMetrics().elidedText(m_counts[i].opType, Qt::ElideMiddle, nameWidth);
        painter.drawText(row.adjusted(0, 0, -(width() - nameWidth), 0), Qt::AlignLeft | Qt::AlignVCenter,
                         name);
        painter.setPen(Qt::NoPen);
        painter.setBrush(bar);
        painter.drawRoundedRect(QRectF(barLeft, row.top() + 4, length, row.height() - 8), 2, 2);
        painter.setPen(colors.mutedText);
        painter.drawText(QRectF(barLeft + length + 6, row.top(), width(), row.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, wholeNumberText(m_counts[i].count));
        if (m_counts[i].flops > 0)
            painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                             workText(static_cast<uint64_t>(m_counts[i].flops)));
    }
}

} // namespace lapidary

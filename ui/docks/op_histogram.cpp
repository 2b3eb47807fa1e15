// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/op_histogram.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

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
    std::map<std::pair<std::string, std::string>, int> byName; // domain, operator
    for (const NodeId node : nodes)
        ++byName[{graph.node(node).domain, graph.node(node).opType}];
    QList<OpCount> counts;
    for (const auto& [key, count] : byName) {
        const QString op = QString::fromStdString(key.second);
        const QString domain = QString::fromStdString(key.first);
        counts << OpCount{domain.isEmpty() || domain == "ai.onnx" ? op : domain + QLatin1Char('.') + op,
                          count};
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
    setAccessibleName(tr("Operators of the model"));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
}

int OpHistogram::rowHeight() const { return fontMetrics().height() + 6; }

QSize OpHistogram::sizeHint() const { return {200, rowHeight() * static_cast<int>(m_counts.size())}; }

void OpHistogram::paintEvent(QPaintEvent*)
{
    if (m_counts.isEmpty())
        return;
    const ThemeColors& colors = Theme::instance().colors();
    int nameWidth = 0, countWidth = 0;
    for (const OpCount& count : m_counts) {
        nameWidth = std::max(nameWidth, fontMetrics().horizontalAdvance(count.opType) + 1);
        countWidth = std::max(countWidth, fontMetrics().horizontalAdvance(wholeNumberText(count.count)));
    }
    nameWidth = std::min(nameWidth, width() * 55 / 100);
    const int barLeft = nameWidth + 10;
    const int barSpace = std::max(10, width() - barLeft - countWidth - 8);

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor bar = colors.accent;
    bar.setAlphaF(0.75f);
    for (int i = 0; i < m_counts.size(); ++i) {
        const QRect row(0, i * rowHeight(), width(), rowHeight());
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
    }
}

} // namespace lapidary

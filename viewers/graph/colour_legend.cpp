// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/colour_legend.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <set>

namespace lapidary {

namespace {

constexpr double padding = 10;
constexpr double rampWidth = 150;
constexpr double rampHeight = 9;
constexpr double swatch = 10;
constexpr qsizetype mostKinds = 12;

double lineHeight(const QFontMetricsF& metrics) { return std::ceil(metrics.height()) + 3; }

// Kinds that some box shows, as many as fit.
QList<int> kindsShown(const NodeData& data, const DataColours& colours)
{
    std::set<int> kinds;
    for (const double value : colours.values) {
        if (!std::isnan(value) && value >= 0 && value < static_cast<double>(data.kinds.size()))
            kinds.insert(static_cast<int>(value));
    }
    return QList<int>(kinds.begin(), kinds.end()).mid(0, mostKinds);
}

void paintGround(QPainter& painter, const QRectF& rect, const GraphTheme& theme)
{
    QColor ground = theme.canvas;
    ground.setAlphaF(0.94f);
    painter.setPen(theme.border);
    painter.setBrush(ground);
    painter.drawRoundedRect(rect, 6, 6);
}

void paintRamp(QPainter& painter, const QRectF& rect, const GraphTheme& theme)
{
    QLinearGradient gradient(rect.topLeft(), rect.topRight());
    for (int i = 0; i <= 12; ++i)
        gradient.setColorAt(i / 12.0, QColor::fromRgb(rampColour(i / 12.0, theme.dark)));
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(rect, 2, 2);
}

} // namespace

QSizeF legendSize(const QFont& font, const NodeData& data, const DataColours& colours)
{
    const QFontMetricsF metrics(font);
    const QList<int> kinds = kindsShown(data, colours);
    double width = std::max(metrics.horizontalAdvance(data.title), rampWidth);
    for (const int kind : kinds)
        width = std::max(width, swatch + 6 + metrics.horizontalAdvance(data.kinds[kind]));
    const double line = lineHeight(metrics);
    const double body =
        data.kinds.isEmpty() ? rampHeight + 4 + line : line * static_cast<double>(kinds.size());
    return {width + 2 * padding, line + 4 + body + 2 * padding};
}

void paintLegend(QPainter& painter, const QPointF& topRight, const QFont& font, const NodeData& data,
                 const DataColours& colours, const GraphTheme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    const double line = lineHeight(metrics);
    const QSizeF size = legendSize(font, data, colours);
    const QPointF topLeft = topRight - QPointF(size.width(), 0);
    const double width = size.width() - 2 * padding;
    paintGround(painter, QRectF(topLeft, size), theme);

    double y = topLeft.y() + padding;
    const double x = topLeft.x() + padding;
    painter.setPen(theme.rowName);
    painter.drawText(QPointF(x, y + metrics.ascent()), data.title);
    y += line + 4;
    if (data.kinds.isEmpty()) {
        paintRamp(painter, QRectF(x, y, width, rampHeight), theme);
        y += rampHeight + 4;
        painter.setPen(theme.rowText);
        const QString most = data.text(colours.most);
        painter.drawText(QPointF(x, y + metrics.ascent()), data.text(colours.least));
        painter.drawText(QPointF(x + width - metrics.horizontalAdvance(most), y + metrics.ascent()), most);
    }
    for (const int kind : kindsShown(data, colours)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor::fromRgb(kindFill(data, kind, theme.dark)));
        painter.drawRoundedRect(QRectF(x, y + (line - 3 - swatch) / 2, swatch, swatch), 2, 2);
        painter.setPen(theme.rowText);
        painter.drawText(QPointF(x + swatch + 6, y + metrics.ascent()), data.kinds[kind]);
        y += line;
    }
    painter.restore();
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/plot_theme.h"

#include <qcustomplot.h>

#include <cmath>

namespace lapidary {

namespace {

void styleAxis(QCPAxis* axis, const QPalette& palette, const QFont& font)
{
    const QColor text = mixedColour(palette, 0.65);
    axis->setBasePen(Qt::NoPen);
    axis->setTickPen(Qt::NoPen);
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(text);
    axis->setLabelColor(text);
    axis->setTickLabelFont(font);
    axis->setLabelFont(font);
    axis->setLabelPadding(6);
    axis->setTickLabelPadding(6);
    axis->grid()->setPen(QPen(mixedColour(palette, 0.10), 1));
    axis->grid()->setZeroLinePen(QPen(mixedColour(palette, 0.25), 1));
}

} // namespace

QColor mixedColour(const QPalette& palette, double share)
{
    const QColor ground = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const auto mix = [share](float a, float b) { return static_cast<float>(a + (b - a) * share); };
    return QColor::fromRgbF(mix(ground.redF(), text.redF()), mix(ground.greenF(), text.greenF()),
                            mix(ground.blueF(), text.blueF()));
}

void applyPlotTheme(QCustomPlot& plot, const QPalette& palette, const QFont& font)
{
    QFont small = font;
    if (small.pointSizeF() > 0)
        small.setPointSizeF(std::max(7.0, font.pointSizeF() * 0.9));
    plot.setBackground(QBrush(palette.color(QPalette::Base)));
    styleAxis(plot.xAxis, palette, small);
    styleAxis(plot.yAxis, palette, small);
    plot.xAxis->grid()->setVisible(false);
}

QString millisecondsText(double milliseconds)
{
    const double size = std::abs(milliseconds);
    const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return QCustomPlot::tr("%1 ms").arg(QLocale().toString(milliseconds, 'f', decimals));
}

} // namespace lapidary

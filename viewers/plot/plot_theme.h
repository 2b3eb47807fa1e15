// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one calm look for every plot, taken from the palette, so that light and dark follow the
// application.
#pragma once

#include <QColor>
#include <QPalette>

class QCustomPlot;
class QString;

namespace lapidary {

// Text mixed into the background: 0 is the background, 1 the text.
QColor mixedColour(const QPalette& palette, double share);

// Background, axes, grid, fonts. Call again when the palette or the font changes, then replot.
void applyPlotTheme(QCustomPlot& plot, const QPalette& palette, const QFont& font);

// "0.25 ms": the y or x label and the ticks share the unit. Text for an axis of milliseconds.
QString millisecondsText(double milliseconds);

} // namespace lapidary

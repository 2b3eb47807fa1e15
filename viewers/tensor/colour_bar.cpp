// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/colour_bar.h"

#include "viewers/image/colour_map.h"
#include "viewers/tensor/element_text.h"

#include <QPainter>

#include <algorithm>

namespace lapidary {

ColourBar::ColourBar(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ColourBar::setLimit(double limit)
{
    m_limit = limit;
    setVisible(limit > 0);
    setAccessibleName(tr("Colours from %1 to %2").arg(text(-1), text(1)));
    updateGeometry();
    update();
}

QString ColourBar::text(int sign) const
{
    return (sign < 0 ? QStringLiteral("≤ ") : QStringLiteral("≥ ")) + numberText(sign * m_limit, 3);
}

QSize ColourBar::sizeHint() const
{
    const int words = fontMetrics().horizontalAdvance(text(-1)) + fontMetrics().horizontalAdvance(text(1));
    return {words + 120 + 16, fontMetrics().height() + 4};
}

void ColourBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int left = fontMetrics().horizontalAdvance(text(-1)) + 8;
    const int right = width() - fontMetrics().horizontalAdvance(text(1)) - 8;
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, text(-1));
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, text(1));
    const int top = (height() - 10) / 2;
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    for (int x = left; x < right; ++x)
        painter.fillRect(x, top, 1, 10,
                         QColor(diverging(2.0 * (x - left) / std::max(1, right - left) - 1, dark)));
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/bar_delegate.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace lapidary {

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const double share = std::clamp(index.data(shareRole).toDouble(), 0.0, 1.0);
    const int height = std::min(10, option.rect.height() - 6);
    QRectF track(option.rect.adjusted(4, 0, -4, 0));
    track.setTop(option.rect.center().y() - height / 2.0);
    track.setHeight(height);

    QColor background = option.palette.color(QPalette::Text);
    background.setAlphaF(0.08F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(background);
    QPainterPath shape;
    shape.addRoundedRect(track, height / 2.0, height / 2.0);
    painter->drawPath(shape);
    QRectF filled = track;
    filled.setWidth(track.width() * share);
    painter->setClipPath(shape);
    painter->fillRect(filled, option.palette.color(QPalette::Highlight));
    painter->restore();
}

} // namespace lapidary

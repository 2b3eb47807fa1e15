// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/image_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace lapidary {

ImageView::ImageView(QWidget* parent) : QWidget(parent)
{
    setMinimumSize(64, 64);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ImageView::setImage(const QImage& image)
{
    if (image.size() != m_image.size()) {
        m_zoom = 1;
        m_shift = {};
    }
    m_image = image;
    update();
}

QSize ImageView::sizeHint() const { return {320, 280}; }

double ImageView::fittedScale() const
{
    if (m_image.isNull())
        return 1;
    const double scale = std::min(static_cast<double>(width()) / m_image.width(),
                                  static_cast<double>(height()) / m_image.height());
    return scale >= 2 ? std::floor(scale) : scale; // whole factors keep the pixels square
}

QRectF ImageView::imageRect() const
{
    const QSizeF size = QSizeF(m_image.size()) * (fittedScale() * m_zoom);
    const QPointF centre = QRectF(rect()).center() + m_shift;
    return {centre.x() - size.width() / 2, centre.y() - size.height() / 2, size.width(), size.height()};
}

void ImageView::paintEvent(QPaintEvent*)
{
    if (m_image.isNull())
        return;
    QPainter painter(this);
    const QRectF target = imageRect();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, fittedScale() * m_zoom < 2);
    if (m_image.hasAlphaChannel()) {
        painter.fillRect(target, palette().color(QPalette::Base));
        painter.fillRect(target, QBrush(palette().color(QPalette::Mid), Qt::Dense6Pattern));
    }
    painter.drawImage(target, m_image);
}

void ImageView::wheelEvent(QWheelEvent* event)
{
    if (m_image.isNull())
        return event->ignore();
    // Over a page that scrolls the plain wheel belongs to the page.
    if (!(event->modifiers() & Qt::ControlModifier) && m_zoom == 1)
        return event->ignore();
    const double factor = std::pow(1.0015, event->angleDelta().y());
    const double zoom = std::clamp(m_zoom * factor, 1.0, 64.0);
    const QPointF fromCentre = event->position() - (QRectF(rect()).center() + m_shift);
    m_shift -= fromCentre * (zoom / m_zoom - 1);
    m_zoom = zoom;
    if (m_zoom == 1)
        m_shift = {};
    update();
}

void ImageView::mousePressEvent(QMouseEvent* event) { m_dragFrom = event->position(); }

void ImageView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_zoom == 1)
        return;
    m_shift += event->position() - m_dragFrom;
    m_dragFrom = event->position();
    update();
}

void ImageView::mouseDoubleClickEvent(QMouseEvent*)
{
    m_zoom = 1;
    m_shift = {};
    update();
}

} // namespace lapidary

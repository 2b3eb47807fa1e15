// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/minimap.h"

#include "viewers/graph/hit_marks.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {
constexpr double mostWidth = 180;
constexpr double mostHeight = 260;
constexpr double leastSide = 34;
constexpr double margin = 12;
constexpr double padding = 6;
} // namespace

void Minimap::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_scene = std::move(scene);
    m_hits.clear();
    m_pixmap = {};
}

void Minimap::setTheme(const GraphTheme& theme)
{
    m_theme = theme;
    m_pixmap = {};
}

void Minimap::setData(std::shared_ptr<const DataColours> data)
{
    m_data = std::move(data);
    m_pixmap = {};
}

void Minimap::setHits(const std::vector<BoxId>& hits)
{
    m_hits = hits;
    m_pixmap = {};
}

QRectF Minimap::rect(const QSizeF& canvas, const ViewTransform& view) const
{
    if (!m_scene || m_scene->display().boxes.empty())
        return {};
    const GraphLayout& layout = m_scene->layout();
    const Bounds visible = view.sceneArea({QPointF(0, 0), canvas});
    if (visible.left <= 1 && visible.top <= 1 && visible.right >= layout.width - 1 &&
        visible.bottom >= layout.height - 1)
        return {};
    const double roomWidth = std::min(mostWidth, canvas.width() * 0.3);
    const double roomHeight = std::min(mostHeight, canvas.height() * 0.5);
    if (roomWidth < leastSide || roomHeight < leastSide)
        return {};
    const double scale =
        std::min(roomWidth / std::max(layout.width, 1.0), roomHeight / std::max(layout.height, 1.0));
    const double width = std::clamp(std::round(layout.width * scale), leastSide, roomWidth);
    const double height = std::clamp(std::round(layout.height * scale), leastSide, roomHeight);
    const QSizeF size(width + 2 * padding, height + 2 * padding);
    return {QPointF(canvas.width() - margin - size.width(), canvas.height() - margin - size.height()), size};
}

QRectF Minimap::picture(const QRectF& rect) const
{
    return rect.adjusted(padding, padding, -padding, -padding);
}

void Minimap::paint(QPainter& painter, const QSizeF& canvas, const ViewTransform& view, double pixelRatio)
{
    const QRectF place = rect(canvas, view);
    if (place.isEmpty())
        return;
    const QRectF inside = picture(place);
    const QSize pixels = (inside.size() * pixelRatio).toSize();
    if (m_pixmap.size() != pixels) {
        m_pixmap = QPixmap(pixels);
        m_pixmap.setDevicePixelRatio(pixelRatio);
        m_pixmap.fill(Qt::transparent);
        QPainter inner(&m_pixmap);
        GraphPainter::paintOverview(inner, *m_scene, {QPointF(0, 0), inside.size()}, m_theme, m_data.get());
        const double scaleX = inside.width() / std::max(m_scene->layout().width, 1.0);
        const double scaleY = inside.height() / std::max(m_scene->layout().height, 1.0);
        const auto spot = [&](const BoxRect& box) {
            return QRectF(box.x * scaleX, box.y * scaleY, box.width * scaleX, box.height * scaleY);
        };
        paintHitDots(inner, *m_scene, m_hits, spot, {QPointF(0, 0), inside.size()}, m_theme.hit);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = m_theme.canvas;
    ground.setAlphaF(0.92f);
    painter.setPen(m_theme.border);
    painter.setBrush(ground);
    painter.drawRoundedRect(place, 6, 6);
    painter.drawPixmap(inside.topLeft(), m_pixmap);

    const GraphLayout& layout = m_scene->layout();
    const Bounds visible = view.sceneArea({QPointF(0, 0), canvas});
    const auto part = [](double value, double size) {
        return std::clamp(value / std::max(size, 1.0), 0.0, 1.0);
    };
    QRectF frame(QPointF(inside.left() + part(visible.left, layout.width) * inside.width(),
                         inside.top() + part(visible.top, layout.height) * inside.height()),
                 QPointF(inside.left() + part(visible.right, layout.width) * inside.width(),
                         inside.top() + part(visible.bottom, layout.height) * inside.height()));
    if (frame.height() < 4)
        frame.setHeight(4);
    if (frame.width() < 4)
        frame.setWidth(4);
    QColor fill = m_theme.minimapFrame;
    fill.setAlphaF(0.14f);
    painter.setPen(QPen(m_theme.minimapFrame, 1.2));
    painter.setBrush(fill);
    painter.drawRoundedRect(frame, 2, 2);
    painter.restore();
}

QPointF Minimap::scenePoint(const QPointF& point, const QRectF& rect) const
{
    const QRectF inside = picture(rect);
    return {(point.x() - inside.left()) / inside.width() * m_scene->layout().width,
            (point.y() - inside.top()) / inside.height() * m_scene->layout().height};
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/plane_view.h"

#include "engine/base/job_queue.h"
#include "viewers/tensor/element_text.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

constexpr double thinnest = 20; // pixels of a plane with few rows or columns

bool isDark(const QPalette& palette) { return palette.color(QPalette::Base).lightness() < 128; }

QString indexText(const Dims& dims, int64_t element)
{
    QStringList parts;
    for (size_t axis = dims.size(); axis-- > 0;) {
        parts.prepend(QString::number(element % dims[axis]));
        element /= dims[axis];
    }
    return QLatin1Char('[') + parts.join(QStringLiteral(", ")) + QLatin1Char(']');
}

} // namespace

PlaneView::PlaneView(JobQueue& jobs, QWidget* parent) : QWidget(parent), m_jobs(jobs)
{
    setMinimumSize(80, 40);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setAccessibleName(tr("Elements as colours"));
}

void PlaneView::setPlane(Tensor tensor, TensorPlane plane, double limit)
{
    const bool sameSize = plane.rows == m_plane.rows && plane.columns == m_plane.columns;
    m_tensor = std::move(tensor);
    m_plane = plane;
    m_limit = limit;
    if (!sameSize) {
        m_picture = {};
        m_zoom = 1;
        m_shift = {};
    }
    requestPicture();
    update();
}

void PlaneView::setInteractive(bool interactive)
{
    m_interactive = interactive; // while it is not, it takes no keys but those of a button
    setCursor(interactive ? Qt::CrossCursor : Qt::PointingHandCursor);
    setFocusPolicy(interactive ? Qt::StrongFocus : Qt::TabFocus);
}

QRectF PlaneView::planeRect() const
{
    const auto columns = static_cast<double>(std::max<int64_t>(m_plane.columns, 1));
    const auto rows = static_cast<double>(std::max<int64_t>(m_plane.rows, 1));
    double scale = std::min(width() / columns, height() / rows);
    if (scale >= 2)
        scale = std::floor(scale); // whole factors keep the cells alike
    QSizeF size(columns * scale, rows * scale);
    size.setWidth(std::max(size.width(), std::min<double>(thinnest, width())));
    size.setHeight(std::max(size.height(), std::min<double>(thinnest, height())));
    size *= m_zoom;
    const QPointF centre = QRectF(rect()).center() + m_shift;
    return {centre.x() - size.width() / 2, centre.y() - size.height() / 2, size.width(), size.height()};
}

QRectF PlaneView::visibleCells() const
{
    const QRectF all = planeRect();
    const QRectF seen = all.intersected(QRectF(rect()));
    const double perColumn = all.width() / static_cast<double>(std::max<int64_t>(m_plane.columns, 1));
    const double perRow = all.height() / static_cast<double>(std::max<int64_t>(m_plane.rows, 1));
    return {(seen.left() - all.left()) / perColumn, (seen.top() - all.top()) / perRow,
            seen.width() / perColumn, seen.height() / perRow};
}

void PlaneView::requestPicture()
{
    if (m_plane.empty() || m_tensor.empty() || size().isEmpty()) {
        m_picture = {};
        return;
    }
    JobOptions options;
    options.title = tr("Picture").toStdString();
    options.lane = "pictures";
    options.replaceKey = "plane " + std::to_string(reinterpret_cast<uintptr_t>(this));
    options.withOwner(m_alive);
    const QSize pixels = planeRect().intersected(QRectF(rect())).size().toSize() * devicePixelRatioF();
    m_jobs.start(
        std::move(options),
        [tensor = m_tensor, plane = m_plane, cells = visibleCells(), pixels, limit = m_limit,
         dark = isDark(palette())](JobContext& job) {
            return planePicture(tensor, plane, cells, pixels, limit, dark, job);
        },
        [this](Result<PlanePicture> picture) {
            if (!picture.ok())
                return; // a newer one is on its way
            m_picture = std::move(picture).value();
            update();
            emit pictureShown();
        });
}

void PlaneView::fit()
{
    m_zoom = 1;
    m_shift = {};
    requestPicture();
    update();
}

void PlaneView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF all = planeRect();
    if (m_picture.image.isNull())
        return;
    const double perColumn = all.width() / static_cast<double>(m_plane.columns);
    const double perRow = all.height() / static_cast<double>(m_plane.rows);
    const QRectF& cells = m_picture.cells;
    const QRectF target(all.left() + cells.left() * perColumn, all.top() + cells.top() * perRow,
                        cells.width() * perColumn, cells.height() * perRow);
    paintGround(painter, all);
    // Cells of one to three pixels would come out of uneven size.
    painter.setRenderHint(QPainter::SmoothPixmapTransform,
                          perColumn > 1.001 && perColumn < 3 && perColumn != 2);
    painter.drawImage(target, m_picture.image);
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

// Something around the cells: weak elements are nearly as pale as the window. Large tiles get a hairline
// each, small ones a ground that shows in the gaps between them.
void PlaneView::paintGround(QPainter& painter, const QRectF& all) const
{
    QColor line = palette().color(QPalette::Text);
    line.setAlphaF(0.22F);
    const double perColumn = all.width() / static_cast<double>(m_plane.columns);
    const double perRow = all.height() / static_cast<double>(m_plane.rows);
    constexpr double largeCell = 6;
    if (m_plane.tileRows == 0 || std::min(perColumn, perRow) < largeCell) {
        painter.fillRect(all.adjusted(-1, -1, 1, 1), palette().color(QPalette::Base));
        painter.fillRect(all.adjusted(-1, -1, 1, 1), line);
        return;
    }
    const QRectF seen = visibleCells();
    const int64_t high = m_plane.tileRows + 1;
    const int64_t wide = m_plane.tileColumns + 1;
    painter.setPen(line);
    for (int64_t y = static_cast<int64_t>(seen.top()) / high;
         y * high < m_plane.rows && y * high <= seen.bottom(); ++y) {
        for (int64_t x = static_cast<int64_t>(seen.left()) / wide;
             x * wide < m_plane.columns && x * wide <= seen.right(); ++x) {
            if (m_plane.element(y * high, x * wide) < 0)
                continue; // the last row of tiles may be short
            const QRectF tile(all.left() + static_cast<double>(x * wide) * perColumn,
                              all.top() + static_cast<double>(y * high) * perRow,
                              static_cast<double>(m_plane.tileColumns) * perColumn,
                              static_cast<double>(m_plane.tileRows) * perRow);
            painter.drawRect(tile.adjusted(-0.5, -0.5, 0.5, 0.5));
        }
    }
}

QString PlaneView::textAt(const QPointF& position) const
{
    const QRectF all = planeRect();
    if (m_plane.empty() || m_tensor.empty() || !all.contains(position))
        return {};
    const auto column = static_cast<int64_t>((position.x() - all.left()) / all.width() *
                                             static_cast<double>(m_plane.columns));
    const auto row =
        static_cast<int64_t>((position.y() - all.top()) / all.height() * static_cast<double>(m_plane.rows));
    const int64_t element = m_plane.element(row, column);
    if (element < 0)
        return {};
    QStringList values{elementText(m_tensor, element)};
    for (int channel = 1; channel < 3 && m_plane.colourStride != 0; ++channel)
        values << elementText(m_tensor, element + channel * m_plane.colourStride);
    return indexText(m_tensor.dims(), element) + QStringLiteral(" = ") + values.join(listSeparator());
}

void PlaneView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    requestPicture();
}

void PlaneView::wheelEvent(QWheelEvent* event)
{
    if (!m_interactive || m_plane.empty())
        return event->ignore();
    zoomAround(event->position(), std::pow(1.0015, event->angleDelta().y()));
}

void PlaneView::zoomAround(const QPointF& position, double factor)
{
    const double most = 64.0 * static_cast<double>(std::max({m_plane.rows, m_plane.columns, int64_t{1}})) /
                        std::max(1, std::min(width(), height()));
    const double zoom = std::clamp(m_zoom * factor, 1.0, std::max(1.0, most));
    const QPointF fromCentre = position - (QRectF(rect()).center() + m_shift);
    m_shift -= fromCentre * (zoom / m_zoom - 1);
    m_zoom = zoom;
    if (m_zoom == 1)
        m_shift = {};
    requestPicture();
    update();
}

void PlaneView::moveBy(const QPointF& pixels)
{
    if (m_zoom == 1)
        return;
    m_shift += pixels;
    requestPicture();
    update();
}

void PlaneView::keyPressEvent(QKeyEvent* event)
{
    const double step = 40;
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_interactive)
            return QWidget::keyPressEvent(event);
        emit clicked();
        return;
    case Qt::Key_Plus: return zoomAround(QRectF(rect()).center(), 1.5);
    case Qt::Key_Minus: return zoomAround(QRectF(rect()).center(), 1 / 1.5);
    case Qt::Key_0: return fit();
    case Qt::Key_Left: return moveBy({step, 0});
    case Qt::Key_Right: return moveBy({-step, 0});
    case Qt::Key_Up: return moveBy({0, step});
    case Qt::Key_Down: return moveBy({0, -step});
    default: QWidget::keyPressEvent(event);
    }
}

void PlaneView::mousePressEvent(QMouseEvent* event) { m_dragFrom = event->position(); }

void PlaneView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_interactive)
        return;
    if (event->buttons() & Qt::LeftButton)
        moveBy(event->position() - std::exchange(m_dragFrom, event->position()));
    emit pointed(textAt(event->position()));
}

void PlaneView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_interactive && event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        emit clicked();
}

void PlaneView::mouseDoubleClickEvent(QMouseEvent*)
{
    if (m_interactive)
        fit();
}

void PlaneView::leaveEvent(QEvent* event)
{
    emit pointed({});
    QWidget::leaveEvent(event);
}

void PlaneView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        requestPicture();
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Elements as colours"));
    QWidget::changeEvent(event);
}

} // namespace lapidary

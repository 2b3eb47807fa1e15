// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas does on wheel, mouse and keys.
#include "viewers/graph/graph_canvas.h"

#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_walk.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPointingDevice>
#include <QVariantAnimation>
#include <QWheelEvent>

#include <cmath>

namespace lapidary {

namespace {

constexpr double zoomStep = 1.25;
constexpr double zoomPerWheelUnit = 1.0017; // a notch is 120 units
constexpr double openerScale = 0.4;         // from which on the triangles of groups can be hit

bool isTouchpad(const QWheelEvent& event)
{
    return event.pointingDevice() != nullptr &&
           event.pointingDevice()->type() == QInputDevice::DeviceType::TouchPad;
}

WalkStep stepOf(int key)
{
    switch (key) {
    case Qt::Key_Up: return WalkStep::Up;
    case Qt::Key_Down: return WalkStep::Down;
    case Qt::Key_Left: return WalkStep::Left;
    default: return WalkStep::Right;
    }
}

} // namespace

void GraphCanvas::wheelEvent(QWheelEvent* event)
{
    event->accept();
    const bool zooming = event->modifiers().testFlag(Qt::ControlModifier);
    if (isTouchpad(*event) && !zooming) {
        panBy(event->pixelDelta().isNull() ? QPointF(event->angleDelta()) / 2 : QPointF(event->pixelDelta()));
        return;
    }
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const bool horizontal = m_scene && m_scene->horizontal();
        panBy(horizontal ? QPointF(delta, 0) : QPointF(0, delta));
        return;
    }
    const bool running = m_animation->state() == QAbstractAnimation::Running && m_anchored;
    const double from = running ? m_target.scale : m_view.scale;
    zoomAbout(event->position(), from * std::pow(zoomPerWheelUnit, delta), true);
}

void GraphCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    m_pressed = m_dragged = event->position();
    if (m_minimap.rect(size(), m_view).contains(m_pressed)) {
        m_drag = Drag::Minimap;
        dragMinimap(m_pressed);
    } else {
        m_drag = event->button() == Qt::MiddleButton ? Drag::Pan : Drag::Maybe;
    }
}

void GraphCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_drag == Drag::Maybe && (at - m_pressed).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::Pan)
        panBy(at - m_dragged);
    else if (m_drag == Drag::Minimap)
        dragMinimap(at);
    else if (m_drag == Drag::None)
        updateHover(at);
    m_dragged = at;
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_drag == Drag::Maybe && event->button() == Qt::LeftButton) {
        const BoxId box = hitAt(event->position()).box;
        if (isOpener(event->position(), box))
            toggle(box);
        else
            pick(selectionAt(event->position()));
    }
    m_drag = Drag::None;
    updateHover(event->position());
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position());
    if (event->button() == Qt::LeftButton && hit.box != noBox && m_scene->box(hit.box).expandable &&
        !isOpener(event->position(), hit.box))
        toggle(hit.box);
    else if (event->button() == Qt::LeftButton && hit.box == noBox && hit.wire >= 0)
        goToFarEnd(hit.wire, event->position());
    else if (event->button() == Qt::LeftButton && hit.box == noBox && hit.wire < 0 &&
             !m_minimap.rect(size(), m_view).contains(event->position()))
        fit();
    else
        mousePressEvent(event);
}

// Of the boxes that a wire joins the one farthest from here.
void GraphCanvas::goToFarEnd(WireId id, const QPointF& point)
{
    const QPointF at = m_view.toScene(point);
    const SceneWire& wire = m_scene->wire(id);
    BoxId farthest = noBox;
    double distance = -1;
    const auto consider = [&](BoxId box) {
        const BoxRect& rect = m_scene->rect(box);
        const double away = std::hypot(rect.centerX() - at.x(), rect.centerY() - at.y());
        if (away > distance) {
            distance = away;
            farthest = box;
        }
    };
    consider(wire.source);
    for (const EdgeId edge : m_scene->edgesOf(wire))
        consider(m_scene->edge(edge).to);
    pick(m_scene->selectionOf(farthest));
    revealSelection();
}

void GraphCanvas::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_scene)
        return;
    if (event->reason() == QContextMenuEvent::Mouse)
        pick(selectionAt(event->pos()));
    emit contextMenuWanted(event->globalPos());
}

void GraphCanvas::leaveEvent(QEvent*)
{
    m_emphasis.hoveredBox = noBox;
    m_emphasis.hoveredWire = -1;
    update();
}

bool GraphCanvas::zoomKey(int key)
{
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomBy(zoomStep); return true;
    case Qt::Key_Minus: zoomBy(1 / zoomStep); return true;
    case Qt::Key_0: zoomTo(1); return true;
    case Qt::Key_F: fit(); return true;
    default: return false;
    }
}

void GraphCanvas::keyPressEvent(QKeyEvent* event)
{
    if (zoomKey(event->key()))
        return;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: walk(event->key()); return;
    case Qt::Key_PageUp: panBy({0, height() * 0.8}); return;
    case Qt::Key_PageDown: panBy({0, -height() * 0.8}); return;
    case Qt::Key_Space: toggleSelected(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: revealSelection(); return;
    case Qt::Key_Escape:
        if (m_traceWay != TraceWay::None) {
            trace(TraceWay::None);
            return;
        }
        if (m_selection.kind != Selection::Kind::None) {
            pick({});
            return;
        }
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

// Opening and closing

bool GraphCanvas::isOpener(const QPointF& point, BoxId box) const
{
    if (box == noBox || !m_scene->box(box).expandable || m_view.scale < openerScale)
        return false;
    const QPointF at = m_view.toScene(point);
    const BoxRect& rect = m_scene->rect(box);
    return at.y() < rect.y + CardStyle::headerHeight &&
           at.x() < rect.x + CardStyle::sidePadding + CardStyle::openerWidth;
}

void GraphCanvas::toggle(BoxId box)
{
    emit toggled(QString::fromStdString(m_scene->display().placeKey(box)));
}

// What is selected, or else the frame around it.
void GraphCanvas::toggleSelected()
{
    BoxId box = m_scene ? m_scene->boxOf(m_selection) : noBox;
    while (box != noBox && !m_scene->box(box).expandable)
        box = m_scene->box(box).frame;
    if (box != noBox)
        toggle(box);
}

// Walking along edges

void GraphCanvas::walk(int key)
{
    if (!m_scene || m_scene->display().boxes.empty())
        return;
    const BoxId from = m_scene->boxOf(m_selection);
    const QPointF center = m_view.toScene(QRectF(rect()).center());
    const BoxId next =
        from == noBox ? nearestBox(*m_scene, center.x(), center.y()) : nextBox(*m_scene, from, stepOf(key));
    if (next == noBox)
        return;
    pick(m_scene->selectionOf(next));
    setAccessibleDescription(QString::fromStdString(m_scene->nameOf(m_selection)));
    revealSelection();
}

} // namespace lapidary

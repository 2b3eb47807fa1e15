// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_canvas.h"

#include "viewers/graph/card_metrics.h"
#include "viewers/graph/colour_legend.h"
#include "viewers/graph/hit_marks.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPointingDevice>
#include <QStyle>
#include <QToolTip>
#include <QVariantAnimation>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double mostScale = 8;
constexpr double mostFitScale = 1.25; // a tiny model is not blown up
constexpr double readableScale = 0.6; // a model that would be smaller when fitted is shown from its start
constexpr double fitMargin = 24;      // pixels
constexpr double zoomStep = 1.25;
constexpr double zoomPerWheelUnit = 1.0017; // a notch is 120 units
constexpr double wireReach = 6;             // pixels
constexpr int animationMs = 160;
constexpr double legendMargin = 14; // pixels
constexpr double openerScale = 0.4; // from which on the triangles of groups can be hit

bool isTouchpad(const QWheelEvent& event)
{
    return event.pointingDevice() != nullptr &&
           event.pointingDevice()->type() == QInputDevice::DeviceType::TouchPad;
}

} // namespace

GraphCanvas::GraphCanvas(QWidget* parent)
    : QWidget(parent),
      m_theme(GraphTheme::of(palette())),
      m_painter(font()),
      m_animation(new QVariantAnimation(this)),
      m_fade(new QVariantAnimation(this))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Model graph"));
    m_minimap.setTheme(m_theme);
    for (QVariantAnimation* animation : {m_animation, m_fade}) {
        animation->setDuration(animationMs);
        animation->setStartValue(0.0);
        animation->setEndValue(1.0);
        animation->setEasingCurve(QEasingCurve::OutCubic);
    }
    connect(m_fade, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(m_fade, &QVariantAnimation::finished, this, [this] { m_past = {}; });
    connect(m_animation, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        const double t = value.toDouble();
        ViewTransform view = m_from;
        view.scale = m_from.scale * std::pow(m_target.scale / m_from.scale, t);
        if (m_anchored) {
            view = m_from;
            view.zoomAbout(m_anchor, m_from.scale * std::pow(m_target.scale / m_from.scale, t));
        } else {
            // Moves evenly in units of the scene that fit the view, so that zoom and pan end together.
            const double whole = 1 / m_target.scale - 1 / m_from.scale;
            const double part = std::abs(whole) > 1e-9 ? (1 / view.scale - 1 / m_from.scale) / whole : t;
            view.left = m_from.left + (m_target.left - m_from.left) * part;
            view.top = m_from.top + (m_target.top - m_from.top) * part;
        }
        applyView(t >= 1 && !m_anchored ? m_target : view);
    });
}

GraphCanvas::~GraphCanvas() = default;

void GraphCanvas::useScene(std::shared_ptr<const GraphScene> scene)
{
    m_scene = std::move(scene);
    if (!m_scene)
        m_before = {}; // of the model before
    m_scopeTypes = m_scene ? m_scene->typesOf(m_types.get()) : ScopeTypes();
    m_minimap.setScene(m_scene);
    m_emphasis = {};
    updateEmphasis();
    updateTrace();
    updateData();
    updateHits();
    m_animation->stop();
    update();
}

void GraphCanvas::setScene(std::shared_ptr<const GraphScene> scene)
{
    m_fade->stop();
    m_past = {};
    const std::optional<ViewPlace> held = std::exchange(m_held, {});
    const Follow follow = m_follow;
    useScene(std::move(scene));
    if (!m_scene)
        return;
    if (!held)
        showStart();
    else if (follow == Follow::Whole)
        fit(false);
    else
        setView(viewAt(*held, *m_scene));
}

void GraphCanvas::holdForNewVersion()
{
    if (!m_scene)
        return;
    ViewPlace place = placeOf(*m_scene, m_view, size());
    QPixmap picture = grab();
    setScene(nullptr);
    m_held = std::move(place);
    m_past = std::move(picture);
}

void GraphCanvas::replaceScene(std::shared_ptr<const GraphScene> scene, const std::string& place)
{
    if (!m_scene || !scene) {
        setScene(std::move(scene));
        return;
    }
    const BoxId before = m_scene->boxOfPlace(place);
    const BoxId after = scene->boxOfPlace(place);
    const QRectF shown = before == noBox ? QRectF() : m_view.toView(m_scene->rect(before));
    const QPointF middle = m_view.toScene(QRectF(rect()).center());
    const double alongX = middle.x() / std::max(m_scene->layout().width, 1.0);
    const double alongY = middle.y() / std::max(m_scene->layout().height, 1.0);
    m_fade->stop();
    m_past = animates() ? grab() : QPixmap();
    useScene(std::move(scene));
    ViewTransform view = m_view;
    if (before != noBox && after != noBox) {
        view.left = m_scene->rect(after).x - shown.left() / view.scale;
        view.top = m_scene->rect(after).y - shown.top() / view.scale;
        setView(view);
    } else if (m_follow == Follow::Whole) {
        fit(false);
    } else if (m_follow == Follow::Start) {
        showStart();
    } else {
        view.left = alongX * m_scene->layout().width - width() / 2.0 / view.scale;
        view.top = alongY * m_scene->layout().height - height() / 2.0 / view.scale;
        setView(view);
    }
    if (!m_past.isNull())
        m_fade->start();
}

// Not under reduced motion, which the style reports.
bool GraphCanvas::animates() const
{
    return isVisible() && style()->styleHint(QStyle::SH_Widget_Animate, nullptr, this) > 0;
}

void GraphCanvas::setTypes(std::shared_ptr<const InferredTypes> types)
{
    m_types = std::move(types);
    if (m_scene)
        m_scopeTypes = m_scene->typesOf(m_types.get());
    update();
}

// Selection

void GraphCanvas::select(const Selection& selection)
{
    if (selection == m_selection)
        return;
    if (m_selection.kind != Selection::Kind::None)
        m_before = m_selection;
    m_selection = selection;
    updateEmphasis();
    update();
}

void GraphCanvas::pick(const Selection& selection)
{
    if (selection == m_selection)
        return;
    select(selection);
    emit selectionChanged(m_selection);
}

void GraphCanvas::updateEmphasis()
{
    m_emphasis.selectedBox = noBox;
    m_emphasis.selectedWire = -1;
    m_emphasis.selectedRow = noValue;
    if (!m_scene)
        return;
    const BoxId box = m_scene->boxOf(m_selection);
    if (m_selection.kind != Selection::Kind::Value) {
        m_emphasis.selectedBox = box;
        return;
    }
    m_emphasis.selectedWire = m_scene->wireOf(m_selection);
    if (m_emphasis.selectedWire < 0) {
        m_emphasis.selectedBox = box;
        m_emphasis.selectedRow = m_selection.value;
    }
}

void GraphCanvas::setData(std::shared_ptr<const NodeData> nodeData)
{
    m_data = std::move(nodeData);
    updateData();
    update();
}

void GraphCanvas::updateData()
{
    m_emphasis.data = m_scene && m_data
                          ? std::make_shared<const DataColours>(coloursOf(*m_scene, *m_data, m_theme.dark))
                          : nullptr;
    m_minimap.setData(m_emphasis.data);
}

bool GraphCanvas::canTraceBetween() const
{
    return m_scene && m_scene->boxOf(m_selection) != noBox && m_scene->boxOf(m_before) != noBox &&
           m_scene->boxOf(m_selection) != m_scene->boxOf(m_before);
}

void GraphCanvas::trace(TraceWay way)
{
    m_traceWay = way;
    m_traceFrom = m_before;
    m_traceTo = m_selection;
    updateTrace();
    update();
}

void GraphCanvas::updateTrace()
{
    const BoxId from = m_scene ? m_scene->boxOf(m_traceFrom) : noBox;
    const BoxId to = m_scene ? m_scene->boxOf(m_traceTo) : noBox;
    m_emphasis.trace = nullptr;
    if (to == noBox)
        return;
    if (m_traceWay == TraceWay::Upstream)
        m_emphasis.trace = std::make_shared<const Trace>(traceUpstream(*m_scene, to));
    else if (m_traceWay == TraceWay::Downstream)
        m_emphasis.trace = std::make_shared<const Trace>(traceDownstream(*m_scene, to));
    else if (m_traceWay == TraceWay::Between && from != noBox)
        m_emphasis.trace = std::make_shared<const Trace>(traceBetween(*m_scene, from, to));
}

void GraphCanvas::setHits(std::vector<HitMark> hits)
{
    m_hits = std::move(hits);
    updateHits();
    update();
}

void GraphCanvas::updateHits()
{
    m_emphasis.hits = m_scene ? boxesOf(*m_scene, m_hits) : std::vector<BoxId>();
    m_minimap.setHits(m_emphasis.hits);
}

void GraphCanvas::revealSelection()
{
    const BoxId box = m_scene ? m_scene->boxOf(m_selection) : noBox;
    if (box == noBox)
        return;
    const BoxRect& rect = m_scene->rect(box);
    const QRectF shown = m_view.toView(rect);
    const QRectF room = QRectF(this->rect()).adjusted(fitMargin, fitMargin, -fitMargin, -fitMargin);
    if (m_view.scale >= readableScale && room.contains(shown))
        return;
    ViewTransform target = m_view;
    target.scale = std::clamp(m_view.scale, readableScale + 0.2, 2.0);
    target.left = rect.centerX() - width() / 2.0 / target.scale;
    target.top = rect.centerY() - height() / 2.0 / target.scale;
    moveTo(target, true);
}

GraphCanvas::Hit GraphCanvas::hitAt(const QPointF& point) const
{
    if (!m_scene)
        return {};
    const QPointF at = m_view.toScene(point);
    Hit hit;
    hit.box = m_scene->boxAt(at.x(), at.y());
    if (hit.box == noBox)
        hit.wire = m_scene->wireAt(at.x(), at.y(), wireReach / m_view.scale);
    return hit;
}

Selection GraphCanvas::selectionAt(const QPointF& point) const
{
    const Hit hit = hitAt(point);
    if (hit.wire >= 0)
        return m_scene->selectionOf(m_scene->wire(hit.wire).scope, m_scene->wire(hit.wire).value);
    if (hit.box == noBox)
        return {};
    // The row of a weight, where rows can be told apart.
    if (m_view.scale >= 0.5) {
        const double fromTop = m_view.toScene(point).y() - m_scene->rect(hit.box).y;
        if (const ValueId value = m_scene->rowValueAt(hit.box, fromTop); value != noValue)
            return m_scene->selectionOf(m_scene->box(hit.box).scope, value);
    }
    return m_scene->selectionOf(hit.box);
}

void GraphCanvas::updateHover(const QPointF& point)
{
    const bool overMinimap = m_minimap.rect(size(), m_view).contains(point);
    const Hit hit = overMinimap ? Hit() : hitAt(point);
    setCursor(hit.box != noBox || hit.wire >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (hit.box == m_emphasis.hoveredBox && hit.wire == m_emphasis.hoveredWire)
        return;
    m_emphasis.hoveredBox = hit.box;
    m_emphasis.hoveredWire = hit.wire;
    update();
}

// View

double GraphCanvas::fitScale() const
{
    if (!m_scene)
        return 1;
    const GraphLayout& layout = m_scene->layout();
    const double across = std::max(1.0, width() - 2 * fitMargin) / std::max(layout.width, 1.0);
    const double along = std::max(1.0, height() - 2 * fitMargin) / std::max(layout.height, 1.0);
    return std::min({across, along, mostFitScale});
}

double GraphCanvas::leastScale() const { return std::min(0.1, fitScale() * 0.8); }

ViewTransform GraphCanvas::fitView() const
{
    ViewTransform view;
    view.scale = fitScale();
    view.left = m_scene->layout().width / 2 - width() / 2.0 / view.scale;
    view.top = m_scene->layout().height / 2 - height() / 2.0 / view.scale;
    return view;
}

// Some of the graph always stays in sight.
ViewTransform GraphCanvas::limited(ViewTransform view) const
{
    view.scale = std::clamp(view.scale, leastScale(), mostScale);
    if (!m_scene)
        return view;
    const double keep = std::min(80.0, std::min(width(), height()) / 3.0) / view.scale;
    const GraphLayout& layout = m_scene->layout();
    view.left = std::clamp(view.left, keep - width() / view.scale,
                           std::max(layout.width - keep, keep - width() / view.scale));
    view.top = std::clamp(view.top, keep - height() / view.scale,
                          std::max(layout.height - keep, keep - height() / view.scale));
    return view;
}

void GraphCanvas::applyView(const ViewTransform& view)
{
    const double before = m_view.scale;
    m_view = limited(view);
    update();
    if (m_view.scale != before)
        emit zoomChanged(m_view.scale);
}

void GraphCanvas::setView(const ViewTransform& view)
{
    m_animation->stop();
    m_follow = Follow::Center;
    applyView(view);
}

void GraphCanvas::moveTo(const ViewTransform& target, bool animated)
{
    m_follow = Follow::Center;
    m_anchored = false;
    m_animation->stop();
    m_from = m_view;
    m_target = limited(target);
    if (animated && animates())
        m_animation->start();
    else
        applyView(m_target);
}

void GraphCanvas::zoomAbout(const QPointF& anchor, double scale, bool animated)
{
    scale = std::clamp(scale, leastScale(), mostScale);
    m_follow = Follow::Center;
    m_animation->stop();
    m_from = m_view;
    m_target = m_view;
    m_target.zoomAbout(anchor, scale);
    m_anchor = anchor;
    m_anchored = true;
    if (animated && animates())
        m_animation->start();
    else
        applyView(m_target);
}

void GraphCanvas::zoomBy(double factor)
{
    const bool running = m_animation->state() == QAbstractAnimation::Running;
    zoomAbout(QRectF(rect()).center(), (running ? m_target.scale : m_view.scale) * factor, true);
}

void GraphCanvas::zoomTo(double scale) { zoomAbout(QRectF(rect()).center(), scale, true); }

void GraphCanvas::fit(bool animated)
{
    if (!m_scene)
        return;
    moveTo(fitView(), animated);
    m_follow = Follow::Whole;
}

void GraphCanvas::showStart()
{
    if (!m_scene)
        return;
    const double fitted = fitScale();
    if (fitted >= readableScale || m_scene->display().boxes.empty()) {
        fit(false);
        m_follow = Follow::Start;
        return;
    }
    const GraphLayout& layout = m_scene->layout();
    ViewTransform view;
    view.scale = 1;
    // The first box along the flow; of several, the first of the model.
    size_t first = 0;
    for (size_t box = 1; box < layout.boxes.size(); ++box) {
        const bool earlier = m_scene->horizontal() ? layout.boxes[box].x < layout.boxes[first].x
                                                   : layout.boxes[box].y < layout.boxes[first].y;
        if (earlier)
            first = box;
    }
    const BoxRect& start = layout.boxes[first];
    if (m_scene->horizontal()) {
        view.left = start.x - fitMargin;
        view.top = start.centerY() - height() / 2.0;
    } else {
        view.left = start.centerX() - width() / 2.0;
        view.top = start.y - fitMargin;
    }
    moveTo(view, false);
    m_follow = Follow::Start;
}

void GraphCanvas::panBy(const QPointF& pixels)
{
    ViewTransform view = m_view;
    view.left -= pixels.x() / view.scale;
    view.top -= pixels.y() / view.scale;
    setView(view);
}

void GraphCanvas::dragMinimap(const QPointF& point)
{
    const QRectF place = m_minimap.rect(size(), m_view);
    if (place.isEmpty())
        return;
    const QPointF center = m_minimap.scenePoint(point, place);
    ViewTransform view = m_view;
    view.left = center.x() - width() / 2.0 / view.scale;
    view.top = center.y() - height() / 2.0 / view.scale;
    setView(view);
}

// Events

void GraphCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.canvas);
    if (!m_scene) {
        painter.drawPixmap(0, 0, m_past);
        return;
    }
    m_painter.paint(painter, *m_scene, m_scopeTypes, m_view, rect(), m_theme, m_emphasis);
    m_minimap.paint(painter, size(), m_view, devicePixelRatioF());
    if (m_data && m_emphasis.data)
        paintLegend(painter, {width() - legendMargin, legendMargin}, font(), *m_data, *m_emphasis.data,
                    m_theme);
    if (!m_past.isNull()) {
        painter.setOpacity(1 - m_fade->currentValue().toDouble());
        painter.drawPixmap(0, 0, m_past);
    }
}

void GraphCanvas::resizeEvent(QResizeEvent* event)
{
    if (!m_scene)
        return;
    if (m_follow == Follow::Whole) {
        fit(false);
        return;
    }
    if (m_follow == Follow::Start) {
        showStart();
        return;
    }
    if (!event->oldSize().isValid())
        return;
    ViewTransform view = m_view;
    view.left += (event->oldSize().width() - width()) / 2.0 / view.scale;
    m_animation->stop();
    applyView(view);
}

void GraphCanvas::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_theme = GraphTheme::of(palette());
        m_minimap.setTheme(m_theme);
        updateData();
        update();
    } else if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Model graph"));
    }
}

bool GraphCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::NativeGesture) {
        auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomAbout(gesture->position(), m_view.scale * (1 + gesture->value()), false);
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip && m_scene) {
        auto* help = static_cast<QHelpEvent*>(event);
        const Selection under = selectionAt(help->pos());
        const std::string name = m_scene->nameOf(under);
        const QString text = QString::fromStdString(name).left(200).toHtmlEscaped();
        QToolTip::showText(help->globalPos(), text.isEmpty() ? text : "<span>" + text + "</span>", this);
        return true;
    }
    return QWidget::event(event);
}

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
    for (const EdgeId edge : m_scene->outEdges(wire.source)) {
        if (m_scene->edge(edge).value == wire.value && m_scene->edge(edge).scope == wire.scope)
            consider(m_scene->edge(edge).to);
    }
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
    case Qt::Key_Down: walk(static_cast<Qt::Key>(event->key())); return;
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

void GraphCanvas::walk(Qt::Key key)
{
    if (!m_scene || m_scene->display().boxes.empty())
        return;
    const BoxId from = m_scene->boxOf(m_selection);
    BoxId next = noBox;
    if (from == noBox) {
        const QPointF center = m_view.toScene(QRectF(rect()).center());
        double nearest = std::numeric_limits<double>::max();
        for (size_t i = 0; i < m_scene->display().boxes.size(); ++i) {
            const BoxRect& rect = m_scene->rect(static_cast<BoxId>(i));
            const double distance = std::hypot(rect.centerX() - center.x(), rect.centerY() - center.y());
            if (distance < nearest) {
                nearest = distance;
                next = static_cast<BoxId>(i);
            }
        }
    } else {
        next = nextBox(from, key);
    }
    if (next == noBox)
        return;
    pick(m_scene->selectionOf(next));
    setAccessibleDescription(QString::fromStdString(m_scene->nameOf(m_selection)));
    revealSelection();
}

BoxId GraphCanvas::nextBox(BoxId from, Qt::Key key) const
{
    const bool horizontal = m_scene->horizontal();
    const bool along =
        horizontal ? key == Qt::Key_Left || key == Qt::Key_Right : key == Qt::Key_Up || key == Qt::Key_Down;
    const bool forward = key == Qt::Key_Right || key == Qt::Key_Down;
    if (!along)
        return neighbourInRank(from, forward);
    // Of several edges the one that goes straightest.
    const auto edges = forward ? m_scene->outEdges(from) : m_scene->inEdges(from);
    const BoxRect& here = m_scene->rect(from);
    BoxId best = forward && m_scene->box(from).open ? firstInside(from) : noBox;
    double nearest = std::numeric_limits<double>::max();
    for (const EdgeId edge : edges) {
        const BoxId other = forward ? m_scene->edge(edge).to : m_scene->edge(edge).from;
        const BoxRect& there = m_scene->rect(other);
        const double distance =
            std::hypot(there.centerX() - here.centerX(), there.centerY() - here.centerY());
        if (distance < nearest) {
            nearest = distance;
            best = other;
        }
    }
    return best;
}

BoxId GraphCanvas::firstInside(BoxId frame) const
{
    const auto& boxes = m_scene->display().boxes;
    const auto inside = static_cast<size_t>(frame) + 1; // what is in a frame follows it
    return inside < boxes.size() && boxes[inside].frame == frame ? static_cast<BoxId>(inside) : noBox;
}

BoxId GraphCanvas::neighbourInRank(BoxId from, bool forward) const
{
    const BoxRect& here = m_scene->rect(from);
    const bool horizontal = m_scene->horizontal();
    const double far = std::max(m_scene->layout().width, m_scene->layout().height);
    const Bounds band = horizontal ? Bounds{here.x, -far, here.right(), 2 * far}
                                   : Bounds{-far, here.y, 2 * far, here.bottom()};
    BoxId best = noBox;
    double nearest = std::numeric_limits<double>::max();
    m_scene->boxIndex().query(band, [&](int32_t other) {
        const BoxRect& there = m_scene->rect(other);
        const double step = horizontal ? there.centerY() - here.centerY() : there.centerX() - here.centerX();
        const double distance = forward ? step : -step;
        const bool sibling = m_scene->box(other).frame == m_scene->box(from).frame;
        if (other != from && sibling && distance > 0 && distance < nearest) {
            nearest = distance;
            best = other;
        }
    });
    return best;
}

} // namespace lapidary

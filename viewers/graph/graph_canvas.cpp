// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_canvas.h"

#include "viewers/graph/colour_legend.h"
#include "viewers/graph/hit_marks.h"

#include <QHelpEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>
#include <QVariantAnimation>

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

constexpr double mostScale = 8;
constexpr double mostFitScale = 1.25; // a tiny model is not blown up
constexpr double readableScale = 0.6; // a model that would be smaller when fitted is shown from its start
constexpr double fitMargin = 24;      // pixels
constexpr double wireReach = 6;       // pixels
constexpr int animationMs = 160;
constexpr double legendMargin = 14; // pixels

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
        view.centre(alongX * m_scene->layout().width, alongY * m_scene->layout().height, size());
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

void GraphCanvas::setLegendShown(bool shown)
{
    m_legendShown = shown;
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
    target.centre(rect.centerX(), rect.centerY(), size());
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
    view.centre(m_scene->layout().width / 2, m_scene->layout().height / 2, size());
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
    emit viewChanged();
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

// While it is on its way to such a place it keeps on moving to where that place is by now.
void GraphCanvas::follow(const ViewTransform& view, bool jump)
{
    moveTo(view, jump || m_animation->state() == QAbstractAnimation::Running);
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
    view.centre(center.x(), center.y(), size());
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
    if (m_legendShown && m_data && m_emphasis.data)
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

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_painter.h"

#include "viewers/graph/card_metrics.h"
#include "viewers/graph/hit_marks.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

namespace lapidary {

namespace {

// From which scale on each detail is drawn.
constexpr double cardScale = 0.30;  // rounded cards, arrow heads
constexpr double curveScale = 0.10; // curved edges, headers apart from bodies
constexpr double barScale = 0.18;   // bars in place of rows
constexpr double titleScale = 0.42;
constexpr double rowScale = 0.50;
constexpr double labelScale = 0.55;

constexpr double leastFrame = 3; // pixels
constexpr double faded = 0.2;    // opacity of what is not on a trace

// Rectangles of one colour are painted at once.
using ColouredRects = std::map<QRgb, QList<QRectF>>;

QColor headerColour(const GraphScene& scene, BoxId id, const GraphTheme& theme, const DataColours* data)
{
    const DisplayBox& box = scene.box(id);
    if (data == nullptr || box.isPill())
        return theme.header(box.category);
    const QRgb fill = data->fills[static_cast<size_t>(id)];
    return fill != 0 ? QColor::fromRgb(fill) : theme.noData;
}

QColor blended(const QColor& a, const QColor& b, double part)
{
    const auto blend = [part](int from, int to) { return static_cast<int>(from + (to - from) * part); };
    return {blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue())};
}

void fillRects(QPainter& painter, const ColouredRects& rects)
{
    painter.setPen(Qt::NoPen);
    for (const auto& [colour, list] : rects) {
        painter.setBrush(QColor::fromRgb(colour));
        painter.drawRects(list);
    }
}

constexpr double arrowLength = 7;
constexpr double arrowHalfWidth = 3.2;
constexpr double labelOffset = 5; // from the line
constexpr double offscreen = 64;  // pixels beyond the edge at which lines are cut

} // namespace

struct GraphPainter::Frame {
    QPainter& painter;
    const GraphScene& scene;
    const ScopeTypes& types;
    const ViewTransform& view;
    QRectF area;
    const GraphTheme& theme;
    const GraphEmphasis& emphasis;
    Bounds visible; // area in the scene
    QTransform base;

    QPointF point(double across, double along) const
    {
        return scene.horizontal() ? view.toView(along, across) : view.toView(across, along);
    }
    // The visible range along the flow, with a margin.
    std::pair<double, double> alongRange() const
    {
        const double margin = offscreen / view.scale;
        return scene.horizontal() ? std::pair(visible.left - margin, visible.right + margin)
                                  : std::pair(visible.top - margin, visible.bottom + margin);
    }
    bool fades(BoxId id) const
    {
        return emphasis.trace != nullptr && !emphasis.trace->boxes[static_cast<size_t>(id)];
    }
    bool traces(WireId id) const
    {
        return emphasis.trace != nullptr && emphasis.trace->wires[static_cast<size_t>(id)];
    }
    QColor header(BoxId id) const { return headerColour(scene, id, theme, emphasis.data.get()); }
    QColor headerText(BoxId id) const
    {
        if (emphasis.data == nullptr || scene.box(id).isPill())
            return theme.headerText(scene.box(id).category);
        return header(id).lightness() > 130 ? QColor(0x1b1e23) : QColor(0xffffff);
    }
    double pen(double width) const { return width * std::clamp(view.scale, 0.75, 4.0); }

    // Adds the visible part; a new subpath unless the last point is its start.
    void addLine(QPainterPath& path, double across, double start, double end, bool connected) const
    {
        const auto [low, high] = alongRange();
        if (std::max(start, end) < low || std::min(start, end) > high)
            return;
        const QPointF from = point(across, std::clamp(start, low, high));
        if (!connected || path.isEmpty())
            path.moveTo(from);
        path.lineTo(point(across, std::clamp(end, low, high)));
    }
    void addCurve(QPainterPath& path, const WirePiece& piece) const
    {
        const auto [low, high] = alongRange();
        if (std::max(piece.start, piece.end) < low || std::min(piece.start, piece.end) > high)
            return;
        const double middle = (piece.start + piece.end) / 2;
        path.moveTo(point(piece.a0, piece.start));
        path.cubicTo(point(piece.a0, middle), point(piece.a1, middle), point(piece.a1, piece.end));
    }
    void addPiece(QPainterPath& path, const WirePiece& piece) const
    {
        if (piece.isCurve())
            addCurve(path, piece);
        else
            addLine(path, piece.a0, piece.start, piece.end, false);
    }
    void addRoute(QPainterPath& path, std::span<const RouteRun> runs) const
    {
        for (size_t i = 0; i < runs.size(); ++i) {
            if (i > 0)
                addCurve(path, {runs[i - 1].across, runs[i - 1].end, runs[i].across, runs[i].start, -1});
            addLine(path, runs[i].across, runs[i].start, runs[i].end, false);
        }
    }
    void addArrow(QPainterPath& path, EdgeId edge) const
    {
        const auto route = scene.layout().route(static_cast<size_t>(edge));
        if (route.empty())
            return;
        const double sign = route.back().end >= route.front().start ? 1 : -1;
        const RouteRun& last = route.back();
        const QPointF tip = point(last.across, last.end);
        if (!area.adjusted(-offscreen, -offscreen, offscreen, offscreen).contains(tip))
            return;
        path.moveTo(tip);
        path.lineTo(point(last.across - arrowHalfWidth, last.end - sign * arrowLength));
        path.lineTo(point(last.across, last.end - sign * arrowLength * 0.72));
        path.lineTo(point(last.across + arrowHalfWidth, last.end - sign * arrowLength));
        path.closeSubpath();
    }
};

GraphPainter::GraphPainter(const QFont& base)
    : m_title(CardMetrics::titleFont(base)),
      m_rowName(CardMetrics::rowNameFont(base)),
      m_row(CardMetrics::rowFont(base)),
      m_label(CardMetrics::labelFont(base))
{
}

void GraphPainter::paint(QPainter& painter, const GraphScene& scene, const ScopeTypes& types,
                         const ViewTransform& view, const QRectF& area, const GraphTheme& theme,
                         const GraphEmphasis& emphasis)
{
    Frame frame{
        painter, scene, types, view, area, theme, emphasis, view.sceneArea(area), painter.transform()};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, view.scale >= curveScale);
    paintFrames(frame);
    paintPieces(frame);
    paintEmphasis(frame);
    paintBoxes(frame);
    painter.restore();
}

// The ground of open groups and bodies; their headers come later, above the wires.
void GraphPainter::paintFrames(Frame& frame)
{
    QPainter& painter = frame.painter;
    const GraphScene& scene = frame.scene;
    for (const BoxId id : scene.frames()) {
        const BoxRect& place = scene.rect(id);
        const Bounds bounds{place.x, place.y, place.right(), place.bottom()};
        const QRectF rect = frame.view.toView(place);
        if (!bounds.meets(frame.visible) || rect.width() < leastFrame || rect.height() < leastFrame)
            continue;
        bool inner = false;
        for (BoxId around = scene.box(id).frame; around != noBox; around = scene.box(around).frame)
            inner = !inner;
        const double radius = frame.view.scale < cardScale ? 0 : CardStyle::radius * frame.view.scale;
        painter.setPen(QPen(frame.theme.border, frame.view.scale < cardScale ? 0.5 : frame.pen(1)));
        painter.setBrush(inner ? frame.theme.innerFrame : frame.theme.frame);
        painter.drawRoundedRect(rect, radius, radius);
    }
}

void GraphPainter::paintPieces(Frame& frame)
{
    const bool curved = frame.view.scale >= curveScale;
    QPainterPath solid;
    QPainterPath dashed;
    QPainterPath traced;
    QList<QLineF> lines;
    const double coarse = curved ? 0 : 2 / frame.view.scale; // far away, short edges vanish between boxes
    frame.scene.pieceIndex().queryCoarse(
        frame.visible, coarse,
        [&](int32_t index) {
            const WirePiece& piece = frame.scene.pieces()[static_cast<size_t>(index)];
            if (frame.traces(piece.wire)) {
                frame.addPiece(traced, piece);
            } else if (curved) {
                frame.addPiece(frame.scene.wire(piece.wire).captured ? dashed : solid, piece);
            } else {
                const auto [low, high] = frame.alongRange();
                lines.append({frame.point(piece.a0, std::clamp(piece.start, low, high)),
                              frame.point(piece.a1, std::clamp(piece.end, low, high))});
            }
        },
        [](const Bounds&, int32_t) {});
    QColor color = curved ? frame.theme.edge : frame.theme.farEdge;
    if (frame.emphasis.trace)
        color = blended(frame.theme.canvas, color, faded);
    QPen pen(color, curved ? frame.pen(1) : 1);
    frame.painter.setBrush(Qt::NoBrush);
    frame.painter.setPen(pen);
    if (!lines.isEmpty())
        frame.painter.drawLines(lines);
    frame.painter.drawPath(solid);
    if (!dashed.isEmpty()) {
        pen.setDashPattern({5, 4});
        frame.painter.setPen(pen);
        frame.painter.drawPath(dashed);
    }
    if (!traced.isEmpty()) {
        frame.painter.setPen(QPen(frame.theme.selection, std::max(1.2, frame.pen(1.6))));
        frame.painter.drawPath(traced);
    }
}

void GraphPainter::paintEmphasis(Frame& frame)
{
    const GraphScene& scene = frame.scene;
    const auto stroke = [&](const QPainterPath& path, const QColor& color, double width) {
        frame.painter.setPen(QPen(color, std::max(1.5, frame.pen(width)), Qt::SolidLine, Qt::RoundCap));
        frame.painter.setBrush(Qt::NoBrush);
        frame.painter.drawPath(path);
    };
    const auto routes = [&](std::span<const EdgeId> edges) {
        QPainterPath path;
        for (const EdgeId edge : edges)
            frame.addRoute(path, scene.layout().route(static_cast<size_t>(edge)));
        return path;
    };
    const auto wire = [&](WireId id) {
        QPainterPath path;
        const auto first = static_cast<size_t>(scene.wire(id).firstPiece);
        for (size_t i = 0; i < static_cast<size_t>(scene.wire(id).pieceCount); ++i)
            frame.addPiece(path, scene.pieces()[first + i]);
        return path;
    };
    const GraphEmphasis& emphasis = frame.emphasis;
    if (emphasis.hoveredBox != noBox && emphasis.hoveredBox != emphasis.selectedBox) {
        stroke(routes(scene.inEdges(emphasis.hoveredBox)), frame.theme.hover, 1.5);
        stroke(routes(scene.outEdges(emphasis.hoveredBox)), frame.theme.hover, 1.5);
    }
    if (emphasis.selectedBox != noBox) {
        stroke(routes(scene.inEdges(emphasis.selectedBox)), frame.theme.inputs, 2);
        stroke(routes(scene.outEdges(emphasis.selectedBox)), frame.theme.outputs, 2);
    }
    if (emphasis.selectedWire >= 0)
        stroke(wire(emphasis.selectedWire), frame.theme.selection, 2.2);
    if (emphasis.hoveredWire >= 0 && emphasis.hoveredWire != emphasis.selectedWire)
        stroke(wire(emphasis.hoveredWire), frame.theme.hover, 2);
}

void GraphPainter::paintBoxes(Frame& frame)
{
    if (frame.view.scale < curveScale) {
        paintPoints(frame);
        paintHitDots(
            frame.painter, frame.scene, frame.emphasis.hits,
            [&](const BoxRect& rect) { return frame.view.toView(rect); }, frame.area, frame.theme.hit);
    } else {
        std::vector<BoxId> boxes;
        Bounds area = frame.visible;
        area.top -= 60; // labels and arrow heads of boxes just outside
        area.left -= 60;
        frame.scene.boxIndex().query(area, [&](int32_t box) { boxes.push_back(box); });
        std::sort(boxes.begin(), boxes.end());
        for (const BoxId box : boxes) {
            frame.painter.setOpacity(frame.fades(box) ? faded : 1);
            paintCard(frame, box);
        }
        frame.painter.setOpacity(1);
        if (frame.view.scale >= cardScale)
            paintArrows(frame, boxes);
        if (frame.view.scale >= titleScale) {
            for (const BoxId box : boxes) {
                frame.painter.setOpacity(frame.fades(box) ? faded : 1);
                paintTexts(frame, box);
            }
            frame.painter.setOpacity(1);
            frame.painter.setTransform(frame.base);
        }
        if (frame.view.scale >= labelScale)
            paintLabels(frame, boxes);
        paintHits(frame, boxes);
    }
    const GraphScene& scene = frame.scene;
    const GraphEmphasis& emphasis = frame.emphasis;
    if (emphasis.selectedBox != noBox) {
        for (const EdgeId edge : scene.inEdges(emphasis.selectedBox))
            paintRing(frame, scene.edge(edge).from, frame.theme.inputs, 2);
        for (const EdgeId edge : scene.outEdges(emphasis.selectedBox))
            paintRing(frame, scene.edge(edge).to, frame.theme.outputs, 2);
        paintRing(frame, emphasis.selectedBox, frame.theme.selection, 2.5);
    }
    if (emphasis.selectedWire >= 0) {
        const SceneWire& wire = scene.wire(emphasis.selectedWire);
        paintRing(frame, wire.source, frame.theme.inputs, 2);
        for (const EdgeId edge : scene.edgesOf(wire))
            paintRing(frame, scene.edge(edge).to, frame.theme.outputs, 2);
    }
    if (emphasis.hoveredBox != noBox && emphasis.hoveredBox != emphasis.selectedBox)
        paintRing(frame, emphasis.hoveredBox, frame.theme.hover, 1.5);
}

// boxes: those that are visible.
void GraphPainter::paintHits(Frame& frame, const std::vector<BoxId>& boxes)
{
    const std::vector<BoxId>& hits = frame.emphasis.hits;
    QColor tint = frame.theme.hit;
    tint.setAlphaF(0.2f);
    for (const BoxId box : boxes) {
        if (!std::binary_search(hits.begin(), hits.end(), box))
            continue;
        if (!frame.scene.box(box).open)
            frame.painter.fillRect(frame.view.toView(frame.scene.rect(box)), tint);
        paintRing(frame, box, frame.theme.hit, 2.5);
    }
}

// Far away: boxes without borders, at least a pixel each way; groups within a pixel as one point.
void GraphPainter::paintPoints(Frame& frame)
{
    ColouredRects rects;
    ColouredRects pale;
    const auto add = [&](const Bounds& bounds, int32_t box) {
        const double width = std::max(1.0, (bounds.right - bounds.left) * frame.view.scale);
        const double height = std::max(1.0, (bounds.bottom - bounds.top) * frame.view.scale);
        const QRectF rect(frame.view.toX(bounds.left), frame.view.toY(bounds.top), width, height);
        if (frame.fades(box))
            pale[blended(frame.theme.canvas, frame.header(box), faded).rgb()].append(rect);
        else
            rects[frame.header(box).rgb()].append(rect);
    };
    const SpatialIndex& index = frame.scene.boxIndex();
    const auto addBox = [&](int32_t box) {
        if (!frame.scene.box(box).open)
            add(index.bounds(box), box);
    };
    // On a trace, one of several within a pixel may count.
    index.queryCoarse(frame.visible, frame.emphasis.trace ? 0 : 1 / frame.view.scale, addBox, add);
    fillRects(frame.painter, pale);
    fillRects(frame.painter, rects);
}

void GraphPainter::paintCard(Frame& frame, BoxId id)
{
    QPainter& painter = frame.painter;
    const DisplayBox& box = frame.scene.box(id);
    const QRectF rect = frame.view.toView(frame.scene.rect(id));
    const QColor header = frame.header(id);
    const bool card = !box.rows.empty();
    const double headerHeight = CardStyle::headerHeight * frame.view.scale;
    if (box.open) {
        paintHeader(frame, rect, header);
        return;
    }
    if (frame.view.scale < cardScale) {
        painter.fillRect(rect, card ? frame.theme.card : header);
        if (card) {
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), headerHeight), header);
            painter.setPen(QPen(frame.theme.border, 0.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(rect);
            paintBars(frame, box, rect);
        }
        return;
    }
    const double radius = (box.isPill() ? CardStyle::headerHeight / 2 : CardStyle::radius) * frame.view.scale;
    const bool paleHeader = box.isPill() || box.category == OpCategory::Constant;
    const QColor border =
        card || paleHeader ? frame.theme.border : header.darker(frame.theme.dark ? 80 : 115);
    painter.setPen(QPen(border, frame.pen(1)));
    painter.setBrush(card ? frame.theme.card : header);
    painter.drawRoundedRect(rect, radius, radius);
    if (!card)
        return;
    paintHeader(frame, rect, header);
    paintBars(frame, box, rect);
    if (id == frame.emphasis.selectedBox && frame.emphasis.selectedRow != noValue) {
        QColor fill = frame.theme.selection;
        fill.setAlphaF(0.22f);
        for (size_t i = 0; i < box.rows.size(); ++i) {
            if (box.rows[i].value != frame.emphasis.selectedRow)
                continue;
            const double top = CardStyle::headerHeight + CardStyle::rowsPadding +
                               static_cast<double>(i) * CardStyle::rowHeight;
            painter.fillRect(QRectF(rect.left() + 1, rect.top() + top * frame.view.scale, rect.width() - 2,
                                    CardStyle::rowHeight * frame.view.scale),
                             fill);
        }
    }
}

// Within the border, with its upper corners round.
void GraphPainter::paintHeader(Frame& frame, const QRectF& rect, const QColor& color)
{
    const double scale = frame.view.scale;
    const double radius = CardStyle::radius * scale;
    const double bottom = rect.top() + CardStyle::headerHeight * scale;
    if (scale < cardScale) {
        frame.painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), bottom - rect.top()), color);
        return;
    }
    QPainterPath path;
    path.moveTo(rect.left(), bottom);
    path.lineTo(rect.left(), rect.top() + radius);
    path.quadTo(rect.left(), rect.top(), rect.left() + radius, rect.top());
    path.lineTo(rect.right() - radius, rect.top());
    path.quadTo(rect.right(), rect.top(), rect.right(), rect.top() + radius);
    path.lineTo(rect.right(), bottom);
    path.closeSubpath();
    frame.painter.setPen(Qt::NoPen);
    frame.painter.setBrush(color);
    frame.painter.drawPath(path);
}

// A triangle that points to the right when closed and down when open.
void GraphPainter::paintOpener(Frame& frame, BoxId id)
{
    const DisplayBox& box = frame.scene.box(id);
    constexpr double size = 3.5;
    const QPointF center(CardStyle::sidePadding + size, CardStyle::headerHeight / 2);
    QPolygonF triangle;
    if (box.open)
        triangle << center + QPointF(-size, -size / 2) << center + QPointF(size, -size / 2)
                 << center + QPointF(0, size);
    else
        triangle << center + QPointF(-size / 2, -size) << center + QPointF(size, 0)
                 << center + QPointF(-size / 2, size);
    frame.painter.setPen(Qt::NoPen);
    frame.painter.setBrush(frame.headerText(id));
    frame.painter.drawPolygon(triangle);
}

// Bars in place of rows that are too small to read.
void GraphPainter::paintBars(Frame& frame, const DisplayBox& box, const QRectF& rect)
{
    const double scale = frame.view.scale;
    if (scale >= rowScale || scale < barScale)
        return;
    for (size_t i = 0; i < box.rows.size(); ++i) {
        const double top = CardStyle::headerHeight + CardStyle::rowsPadding + 5 +
                           static_cast<double>(i) * CardStyle::rowHeight;
        const double letters = static_cast<double>(box.rows[i].name.size() + box.rows[i].text.size());
        const double width = std::min(letters * 5, rect.width() / scale - 2 * CardStyle::sidePadding);
        frame.painter.fillRect(QRectF(rect.left() + CardStyle::sidePadding * scale, rect.top() + top * scale,
                                      width * scale, std::max(1.0, 4 * scale)),
                               frame.theme.bar);
    }
}

void GraphPainter::drawText(Frame& frame, const QFont& font, const QColor& color, double x, double y,
                            double width, const QString& text)
{
    frame.painter.setFont(font);
    frame.painter.setPen(color);
    if (width <= 0)
        frame.painter.drawText(QPointF(x, y), text);
    else
        frame.painter.drawText(QPointF(x, y), QFontMetricsF(font).elidedText(text, Qt::ElideMiddle, width));
}

// In coordinates of the box, with the painter scaled, so that glyphs stay sharp and in place.
void GraphPainter::paintTexts(Frame& frame, BoxId id)
{
    const DisplayBox& box = frame.scene.box(id);
    const BoxRect& rect = frame.scene.rect(id);
    const double scale = frame.view.scale;
    frame.painter.setTransform(
        QTransform(scale, 0, 0, scale, frame.view.toX(rect.x), frame.view.toY(rect.y)) * frame.base);
    // Only the widest boxes cut their texts.
    const bool cut = rect.width >= CardStyle::mostWidth;
    const double width = rect.width - 2 * CardStyle::sidePadding;
    const QString title = QString::fromUtf8(box.title.data(), static_cast<qsizetype>(box.title.size()));
    const QColor titleColor = frame.headerText(id);
    double x = CardStyle::sidePadding;
    if (box.expandable) {
        paintOpener(frame, id);
        x += CardStyle::openerWidth;
    } else if (box.rows.empty() && !cut && !box.open) {
        x = (rect.width - QFontMetricsF(m_title).horizontalAdvance(title)) / 2;
    }
    double titleWidth = rect.width - x - CardStyle::sidePadding;
    if (box.alike > 1) {
        const QString alike = QStringLiteral("×%1").arg(box.alike);
        const double used = QFontMetricsF(m_row).horizontalAdvance(alike);
        drawText(frame, m_row, titleColor, rect.width - CardStyle::sidePadding - used, 15, 0, alike);
        titleWidth -= used + CardStyle::sidePadding;
    }
    drawText(frame, m_title, titleColor, x, 15.4, cut ? titleWidth : 0, title);
    if (scale < rowScale)
        return;
    const QFontMetricsF nameMetrics(m_rowName);
    double y = CardStyle::headerHeight + CardStyle::rowsPadding + 10.5;
    for (const DisplayRow& row : box.rows) {
        const QString name = QString::fromStdString(row.name);
        drawText(frame, m_rowName, frame.theme.rowName, CardStyle::sidePadding, y, 0, name);
        const double used = name.isEmpty() ? 0 : nameMetrics.horizontalAdvance(name) + CardStyle::nameGap;
        if (!row.text.empty())
            drawText(frame, m_row, frame.theme.rowText, CardStyle::sidePadding + used, y,
                     cut ? width - used : 0, QString::fromStdString(row.text));
        y += CardStyle::rowHeight;
    }
}

void GraphPainter::paintRing(Frame& frame, BoxId id, const QColor& color, double width)
{
    QRectF rect = frame.view.toView(frame.scene.rect(id));
    const double grow = frame.view.scale >= cardScale ? 1.5 : 1;
    rect.adjust(-grow, -grow, grow, grow);
    // A box that is smaller than the ring would not be found.
    if (rect.width() < 6)
        rect.adjust(-(6 - rect.width()) / 2, 0, (6 - rect.width()) / 2, 0);
    if (rect.height() < 6)
        rect.adjust(0, -(6 - rect.height()) / 2, 0, (6 - rect.height()) / 2);
    if (!rect.intersects(frame.area.adjusted(-8, -8, 8, 8)))
        return;
    frame.painter.setRenderHint(QPainter::Antialiasing);
    frame.painter.setPen(QPen(color, std::max(1.2, frame.pen(width))));
    frame.painter.setBrush(Qt::NoBrush);
    const bool pill = frame.scene.box(id).isPill();
    const double radius =
        std::min((pill ? CardStyle::headerHeight / 2 : CardStyle::radius) * frame.view.scale + grow,
                 rect.height() / 2);
    frame.painter.drawRoundedRect(rect, radius, radius);
}

void GraphPainter::paintArrows(Frame& frame, const std::vector<BoxId>& boxes)
{
    QPainterPath heads;
    heads.setFillRule(Qt::WindingFill);
    for (const BoxId box : boxes) {
        if (frame.fades(box))
            continue;
        for (const EdgeId edge : frame.scene.inEdges(box))
            frame.addArrow(heads, edge);
    }
    frame.painter.setPen(Qt::NoPen);
    frame.painter.setBrush(frame.theme.edge);
    frame.painter.drawPath(heads);
    const BoxId selected = frame.emphasis.selectedBox;
    if (selected == noBox)
        return;
    for (const auto& [edges, color] : {std::pair(frame.scene.inEdges(selected), frame.theme.inputs),
                                       std::pair(frame.scene.outEdges(selected), frame.theme.outputs)}) {
        QPainterPath colored;
        for (const EdgeId edge : edges)
            frame.addArrow(colored, edge);
        frame.painter.setBrush(color);
        frame.painter.drawPath(colored);
    }
}

LabelPlaces labelPlaces(const GraphScene& scene, const SceneWire& wire, double width)
{
    constexpr double ascent = 9;
    constexpr double descent = 2;
    const auto at = [&](double x, double baseline) {
        return Bounds{x, baseline - ascent, x + width, baseline + descent};
    };
    if (scene.horizontal())
        return {at(wire.labelAlong + 2, wire.labelAcross - labelOffset), std::nullopt};
    const double baseline = wire.labelAlong + 15;
    const Bounds left = at(wire.labelAcross - labelOffset - width, baseline);
    if (wire.side > 0)
        return {left, std::nullopt};
    return {at(wire.labelAcross + labelOffset, baseline), left};
}

// One label for each wire; left out where a line or another label is in the way.
void GraphPainter::paintLabels(Frame& frame, const std::vector<BoxId>& boxes)
{
    const QFontMetricsF metrics(m_label);
    const GraphScene& scene = frame.scene;
    // By their height in the scene: a picture of a whole graph has very many.
    constexpr double band = 32;
    std::unordered_map<int64_t, std::vector<Bounds>> taken;
    const auto isFree = [&](const Bounds& bounds) {
        for (auto y = std::llround(bounds.top / band) - 1; y <= std::llround(bounds.bottom / band) + 1; ++y) {
            const auto others = taken.find(y);
            if (others == taken.end())
                continue;
            for (const Bounds& other : others->second) {
                if (other.meets(bounds))
                    return false;
            }
        }
        bool clear = true;
        scene.boxIndex().query(bounds, [&](int32_t box) {
            const BoxRect& rect = scene.rect(box);
            const bool within = scene.box(box).open && bounds.left > rect.x && bounds.right < rect.right() &&
                                bounds.top > rect.y + CardStyle::headerHeight &&
                                bounds.bottom < rect.bottom();
            clear = clear && within;
        });
        scene.pieceIndex().query(bounds, [&](int32_t index) {
            const WirePiece& piece = scene.pieces()[static_cast<size_t>(index)];
            if (!piece.isCurve())
                clear = false;
            for (int i = 0; clear && i <= 16; ++i) {
                const FlowPoint point = pointOn(piece, i / 16.0);
                clear = scene.horizontal() ? !bounds.contains(point.along, point.across)
                                           : !bounds.contains(point.across, point.along);
            }
        });
        return clear;
    };
    for (const BoxId box : boxes) {
        if (frame.fades(box))
            continue;
        for (const WireId id : scene.outWires(box)) {
            const SceneWire& wire = scene.wire(id);
            const auto scope = static_cast<size_t>(wire.scope);
            const QString text = QString::fromStdString(
                edgeLabel(scene.graphOf(wire.scope),
                          scope < frame.types.size() ? frame.types[scope] : nullptr, wire.value));
            if (text.isEmpty())
                continue;
            const LabelPlaces places = labelPlaces(scene, wire, metrics.horizontalAdvance(text));
            const bool firstIsFree = isFree(places.first);
            if (!firstIsFree && (!places.second || !isFree(*places.second)))
                continue;
            const Bounds& bounds = firstIsFree ? places.first : *places.second;
            taken[std::llround(bounds.top / band)].push_back(bounds);
            const double scale = frame.view.scale;
            frame.painter.setTransform(QTransform(scale, 0, 0, scale, frame.view.toX(bounds.left),
                                                  frame.view.toY(bounds.bottom - 2)) *
                                       frame.base);
            drawText(frame, m_label, frame.theme.label, 0, 0, 0, text);
        }
    }
    frame.painter.setTransform(frame.base);
}

void GraphPainter::paintOverview(QPainter& painter, const GraphScene& scene, const QRectF& target,
                                 const GraphTheme& theme, const DataColours* data)
{
    const GraphLayout& layout = scene.layout();
    const double scaleX = target.width() / std::max(layout.width, 1.0);
    const double scaleY = target.height() / std::max(layout.height, 1.0);
    ColouredRects rects;
    const auto add = [&](const Bounds& bounds, int32_t box) {
        rects[headerColour(scene, box, theme, data).rgb()].append(
            QRectF(target.left() + bounds.left * scaleX, target.top() + bounds.top * scaleY,
                   std::max(1.0, (bounds.right - bounds.left) * scaleX),
                   std::max(1.0, (bounds.bottom - bounds.top) * scaleY)));
    };
    const SpatialIndex& index = scene.boxIndex();
    index.queryCoarse(
        {0, 0, layout.width, layout.height}, 1 / std::max(scaleX, scaleY),
        [&](int32_t box) {
            if (!scene.box(box).open)
                add(index.bounds(box), box);
        },
        add);
    fillRects(painter, rects);
}

} // namespace lapidary

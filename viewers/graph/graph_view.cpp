// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_view.h"

#include "engine/base/job_queue.h"
#include "engine/base/log.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/graph_picture.h"
#include "viewers/graph/linked_view.h"
#include "viewers/graph/place_path.h"

#include <QElapsedTimer>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr size_t largeGraph = 600; // nodes
constexpr int mostBoxes = 150;     // that a large graph should have at first

// A large graph is drawn with its groups, opened as far as few enough boxes are to be seen.
void chooseGroups(const Graph& graph, DisplayOptions& display)
{
    if (graph.nodes.size() < largeGraph)
        return;
    const auto tree = std::make_shared<const GroupTree>(
        buildGroupTree(graph, FoldedValues(graph, nullptr, display.foldQuantization)));
    if (tree->depth == 0)
        return;
    display.known = std::make_shared<const KnownGroups>(KnownGroups{{&graph, tree}});
    display.open.grouped = true;
    for (int level = 1; level < tree->depth && boxesAtLevel(*tree, level) <= mostBoxes; ++level)
        display.open.level = level;
}

} // namespace

struct GraphView::Private {
    explicit Private(JobQueue& queue) : jobs(queue) {}
    JobQueue& jobs;
    GraphCanvas* canvas = nullptr;
    std::shared_ptr<const Model> model;
    DisplayOptions display;
    LayoutOptions layout;
    bool groupsLargeGraphs = true;
    bool reveal = false;                                          // the selection, after the next layout
    bool revealWhenDrawn = false;                                 // the same, after the first layout
    bool chooseGroups = false;                                    // the next layout decides whether to group
    std::shared_ptr<const void> alive = std::make_shared<int>(0); // jobs deliver only while the view lives
    int layouts = 0;                                              // started so far
    std::string replaceKey;                                       // newest layout of this view wins
};

GraphView::GraphView(JobQueue& jobs, QWidget* parent) : QWidget(parent), d(new Private(jobs))
{
    static std::atomic<int> views = 0;
    d->replaceKey = "layout" + std::to_string(++views);
    d->canvas = new GraphCanvas(this);
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(d->canvas);
    setFocusProxy(d->canvas);
    connect(d->canvas, &GraphCanvas::selectionChanged, this, &GraphView::selectionChanged);
    connect(d->canvas, &GraphCanvas::zoomChanged, this, &GraphView::zoomChanged);
    connect(d->canvas, &GraphCanvas::viewChanged, this, &GraphView::viewChanged);
    connect(d->canvas, &GraphCanvas::toggled, this, &GraphView::togglePlace);
    connect(d->canvas, &GraphCanvas::contextMenuWanted, this, &GraphView::contextMenuWanted);
}

GraphView::~GraphView() = default;

void GraphView::setModel(std::shared_ptr<const Model> model, std::shared_ptr<const InferredTypes> types)
{
    d->model = std::move(model);
    d->canvas->trace(GraphCanvas::TraceWay::None);
    d->canvas->select({});
    d->canvas->setScene(nullptr);
    d->canvas->setTypes(std::move(types));
    d->display.open = {};
    d->display.known = nullptr;
    d->chooseGroups = d->groupsLargeGraphs;
    d->revealWhenDrawn = false;
    emit groupsChanged();
    startLayout();
}

void GraphView::replaceModel(std::shared_ptr<const Model> model, std::shared_ptr<const InferredTypes> types)
{
    d->model = std::move(model);
    d->canvas->trace(GraphCanvas::TraceWay::None);
    d->canvas->select({});
    d->canvas->holdForNewVersion();
    d->canvas->setTypes(std::move(types));
    d->display.known = nullptr; // of the graph before
    startLayout();
}

void GraphView::startLayout(const std::string& anchor)
{
    JobOptions job;
    job.title = tr("Laying out the graph").toStdString();
    job.lane = "layout";
    job.replaceKey = d->replaceKey;
    job.withOwner(d->alive);
    auto model = d->model;
    if (model)
        emit layoutStarted();
    QElapsedTimer timer;
    timer.start();
    struct Drawn {
        std::shared_ptr<const GraphScene> scene;
        DisplayOptions display;
    };
    d->jobs.start(
        std::move(job),
        [model, display = d->display, choose = d->chooseGroups, layout = d->layout,
         metrics = CardMetrics::of(font())](JobContext& context) mutable -> Result<Drawn> {
            if (!model)
                return Drawn();
            if (choose)
                chooseGroups(model->graph, display);
            TRY_ASSIGN(auto scene, GraphScene::build(model, model->graph, metrics, display, layout, context));
            display.known = scene->display().groups;
            return Drawn{std::move(scene), std::move(display)};
        },
        [this, timer, anchor, number = ++d->layouts](Result<Drawn> drawn) {
            // It may have been done when it was replaced.
            if (number != d->layouts)
                return;
            if (!drawn.ok()) {
                if (drawn.error().code != ErrorCode::Cancelled)
                    log(LogLevel::Error, "layout", drawn.error().message);
                return;
            }
            const bool shown = drawn->scene != nullptr;
            const bool fresh = d->canvas->scene() == nullptr;
            d->display = std::move(drawn->display);
            d->chooseGroups = false;
            if (fresh)
                d->canvas->setScene(std::move(drawn->scene));
            else
                d->canvas->replaceScene(std::move(drawn->scene), anchor);
            if (std::exchange(d->reveal, false))
                d->canvas->revealSelection();
            if (shown && std::exchange(d->revealWhenDrawn, false))
                revealSelection();
            emit groupsChanged();
            if (shown)
                emit layoutFinished(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        });
}

void GraphView::setTypes(std::shared_ptr<const InferredTypes> types)
{
    d->canvas->setTypes(std::move(types));
}

const Selection& GraphView::selection() const { return d->canvas->selection(); }
void GraphView::select(const Selection& selection) { d->canvas->select(selection); }

void GraphView::revealSelection()
{
    const GraphScene* scene = d->canvas->scene();
    const Selection& selection = d->canvas->selection();
    d->revealWhenDrawn = scene == nullptr;
    if (scene == nullptr || selection.kind == Selection::Kind::None)
        return;
    OpenPlaces& open = d->display.open;
    bool hidden = false;
    for (const std::string& place : placesAround(*d->model, selection, d->display)) {
        const BoxId box = scene->boxOfPlace(place);
        if (box != noBox && scene->box(box).open)
            continue;
        open.places[place] = true;
        hidden = true;
    }
    if (hidden) {
        d->reveal = true;
        startLayout();
    } else {
        d->canvas->revealSelection();
    }
}

void GraphView::setHits(std::vector<HitMark> hits) { d->canvas->setHits(std::move(hits)); }
double GraphView::zoom() const { return d->canvas->view().scale; }
GraphDrawing GraphView::drawing() const
{
    return {d->canvas->sharedScene(), d->canvas->types(), font(), d->canvas->data(), d->canvas->trace()};
}
QRectF GraphView::shownArea() const
{
    const Bounds area = d->canvas->view().sceneArea(d->canvas->rect());
    return {QPointF(area.left, area.top), QPointF(area.right, area.bottom)};
}
ShownPart GraphView::shownPart() const
{
    return {d->canvas->sharedScene(), d->canvas->view(), d->canvas->size()};
}
void GraphView::follow(const ViewTransform& view, bool jump) { d->canvas->follow(view, jump); }
void GraphView::fit() { d->canvas->fit(); }
void GraphView::zoomIn() { d->canvas->zoomBy(1.25); }
void GraphView::zoomOut() { d->canvas->zoomBy(1 / 1.25); }
void GraphView::actualSize() { d->canvas->zoomTo(1); }

void GraphView::setHorizontal(bool horizontal)
{
    const auto direction = horizontal ? LayoutDirection::Horizontal : LayoutDirection::Vertical;
    if (d->layout.direction == direction)
        return;
    d->layout = LayoutOptions::along(direction);
    if (d->model)
        startLayout();
}

int GraphView::groupLevel() const { return d->display.open.shownLevel(); }

int GraphView::groupDepth() const
{
    const GraphScene* scene = d->canvas->scene();
    const auto tree = scene != nullptr ? scene->display().scope(0).groups : nullptr;
    return tree != nullptr ? tree->depth : 0;
}

void GraphView::setGroupsLargeGraphs(bool on) { d->groupsLargeGraphs = on; }

void GraphView::setGroupLevel(int level)
{
    d->display.open = OpenPlaces::atLevel(level);
    d->chooseGroups = false;
    emit groupsChanged();
    if (d->model)
        startLayout();
}

void GraphView::setData(std::shared_ptr<const NodeData> nodeData) { d->canvas->setData(std::move(nodeData)); }
void GraphView::setLegendShown(bool shown) { d->canvas->setLegendShown(shown); }
bool GraphView::canTraceBetween() const { return d->canvas->canTraceBetween(); }
bool GraphView::isTracing() const { return d->canvas->traced() != GraphCanvas::TraceWay::None; }
void GraphView::traceUpstream() { d->canvas->trace(GraphCanvas::TraceWay::Upstream); }
void GraphView::traceDownstream() { d->canvas->trace(GraphCanvas::TraceWay::Downstream); }
void GraphView::traceBetween() { d->canvas->trace(GraphCanvas::TraceWay::Between); }
void GraphView::endTrace() { d->canvas->trace(GraphCanvas::TraceWay::None); }

QList<Crumb> GraphView::crumbs() const
{
    QList<Crumb> crumbs;
    const GraphScene* scene = d->canvas->scene();
    const BoxId box = scene != nullptr ? scene->boxOf(d->canvas->selection()) : noBox;
    if (box == noBox || scene->box(box).frame == noBox)
        return crumbs;
    for (BoxId around = box; around != noBox; around = scene->box(around).frame)
        crumbs.prepend({QString::fromStdString(scene->box(around).title), scene->selectionOf(around)});
    return crumbs;
}

QString GraphView::placeNamed(const QString& name) const
{
    const GraphScene* scene = d->canvas->scene();
    for (size_t i = 0; scene != nullptr && i < scene->display().boxes.size(); ++i) {
        const DisplayBox& box = scene->display().boxes[i];
        const bool named = box.kind == DisplayBox::Kind::Node &&
                           scene->graphOf(box.scope).node(box.node).name == name.toStdString();
        if (box.expandable && (box.title == name.toStdString() || named))
            return QString::fromStdString(scene->display().placeKey(static_cast<BoxId>(i)));
    }
    return {};
}

bool GraphView::foldsQuantization() const { return d->display.foldQuantization; }

void GraphView::setFoldQuantization(bool fold)
{
    d->display.foldQuantization = fold;
    d->display.known = nullptr; // groups are of what is drawn
    if (d->model)
        startLayout();
}

void GraphView::openLevel()
{
    if (groupLevel() == 0 || groupLevel() <= groupDepth())
        setGroupLevel(groupLevel() + 1);
}

void GraphView::closeLevel()
{
    if (groupLevel() > 0)
        setGroupLevel(groupLevel() - 1);
}

void GraphView::toggleGroups() { setGroupLevel(groupLevel() > 0 ? 0 : 1); }

void GraphView::togglePlace(const QString& place)
{
    const GraphScene* scene = d->canvas->scene();
    const std::string key = place.toStdString();
    const BoxId box = scene != nullptr ? scene->boxOfPlace(key) : noBox;
    if (box == noBox)
        return;
    d->display.open.places[key] = !scene->box(box).open;
    startLayout(key);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_view.h"

#include "engine/base/job_queue.h"
#include "engine/base/log.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_canvas.h"

#include <QElapsedTimer>
#include <QVBoxLayout>

namespace lapidary {

struct GraphView::Private {
    explicit Private(JobQueue& queue) : jobs(queue) {}
    JobQueue& jobs;
    GraphCanvas* canvas = nullptr;
    std::shared_ptr<const Model> model;
    LayoutOptions options;
    std::shared_ptr<const void> alive = std::make_shared<int>(0); // jobs deliver only while the view lives
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
}

GraphView::~GraphView() = default;

void GraphView::setModel(std::shared_ptr<const Model> model, std::shared_ptr<const InferredTypes> types)
{
    d->model = std::move(model);
    d->canvas->select({});
    d->canvas->setScene(nullptr);
    d->canvas->setTypes(std::move(types));
    startLayout();
}

void GraphView::startLayout()
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
    d->jobs.start(
        std::move(job),
        [model, options = d->options, metrics = CardMetrics::of(font())](
            JobContext& context) -> Result<std::shared_ptr<const GraphScene>> {
            if (!model)
                return std::shared_ptr<const GraphScene>();
            return GraphScene::build(model, model->graph, metrics, options, context);
        },
        [this, timer](Result<std::shared_ptr<const GraphScene>> scene) {
            if (!scene.ok()) {
                if (scene.error().code != ErrorCode::Cancelled)
                    log(LogLevel::Error, "layout", scene.error().message);
                return;
            }
            const bool shown = *scene != nullptr;
            d->canvas->setScene(std::move(*scene));
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
void GraphView::revealSelection() { d->canvas->revealSelection(); }
double GraphView::zoom() const { return d->canvas->view().scale; }
void GraphView::fit() { d->canvas->fit(); }
void GraphView::zoomIn() { d->canvas->zoomBy(1.25); }
void GraphView::zoomOut() { d->canvas->zoomBy(1 / 1.25); }
void GraphView::actualSize() { d->canvas->zoomTo(1); }

void GraphView::setHorizontal(bool horizontal)
{
    const auto direction = horizontal ? LayoutDirection::Horizontal : LayoutDirection::Vertical;
    if (d->options.direction == direction)
        return;
    d->options.direction = direction;
    // Shapes beside edges that run sideways need room between the boxes.
    d->options.rankGap = horizontal ? 64 : LayoutOptions().rankGap;
    if (d->model)
        startLayout();
}

} // namespace lapidary

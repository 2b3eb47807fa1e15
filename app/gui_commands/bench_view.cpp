// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/gui_commands/gui_commands.h"
#include "app/gui_commands/gui_process.h"
#include "engine/benchmark/benchmark.h"
#include "ui/docks/search_panel.h"
#include "ui/pages/graph_page.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_docks.h"
#include "ui/window/workbench.h"
#include "viewers/graph/graph_view.h"

#include <QElapsedTimer>

#include <cstdio>

namespace lapidary {

namespace {

double elapsedMs(const QElapsedTimer& timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e6; }

// Values that flow between two nodes, or from an input or to an output: what is drawn as an edge.
size_t countEdges(const Graph& graph)
{
    size_t edges = 0;
    for (const GraphValue& value : graph.values) {
        if (value.initializer < 0)
            edges += value.consumers.size() + (value.isOutput ? 1 : 0);
    }
    return edges;
}

constexpr int animationMs = 200;
constexpr double nearest = 2; // pixels for a unit of the scene: the closest that the frames go

// Frames of a person looking around: from the whole graph step by step to a few cards, a drag at each
// step, and back.
std::vector<double> measureFrames(GraphView& view)
{
    std::vector<double> frames;
    const auto frame = [&](const auto& change) {
        QElapsedTimer timer;
        timer.start();
        change();
        QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
        view.repaint();
        frames.push_back(elapsedMs(timer));
    };
    QWidget* canvas = view.childAt(view.rect().center());
    if (!canvas)
        canvas = &view;
    const auto mouse = [&](QEvent::Type type, const QPointF& at, Qt::MouseButtons buttons) {
        QMouseEvent event(type, at, canvas->mapToGlobal(at),
                          type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, buttons, Qt::NoModifier);
        QCoreApplication::sendEvent(canvas, &event);
    };
    const auto drag = [&](double step) {
        QPointF at = canvas->rect().center();
        mouse(QEvent::MouseButtonPress, at, Qt::LeftButton);
        for (int i = 0; i < 4; ++i) {
            at += QPointF(step / 4, step);
            frame([&] { mouse(QEvent::MouseMove, at, Qt::LeftButton); });
        }
        mouse(QEvent::MouseButtonRelease, at, Qt::NoButton);
    };
    const auto rest = [] { // until an animation is over
        QElapsedTimer timer;
        timer.start();
        waitUntil([&] { return timer.elapsed() > animationMs; }, "an animation to end");
    };
    view.fit();
    rest();
    const double whole = view.zoom();
    while (view.zoom() < nearest) {
        frame([&] { view.zoomIn(); });
        rest();
        drag(12);
    }
    while (view.zoom() > whole * 1.01) {
        const double before = view.zoom();
        frame([&] { view.zoomOut(); });
        rest();
        drag(-12);
        if (view.zoom() >= before)
            break;
    }
    return frames;
}

// Each key of somebody who types a query, until what it finds is painted in list, graph and minimap.
std::vector<double> measureKeys(MainWindow& window, const QString& query)
{
    if (query.isEmpty())
        return {};
    window.actions().find->trigger();
    SearchPanel& panel = *window.docks().searchPanel;
    waitUntil([&] { return panel.isReady(); }, "the search to be prepared");
    std::vector<double> keys;
    for (qsizetype length = 1; length <= query.size(); ++length) {
        QElapsedTimer timer;
        timer.start();
        panel.setText(query.first(length));
        waitUntil([&] { return !panel.isSearching(); }, "the search to end");
        panel.repaint();
        window.graphPage().view().repaint();
        keys.push_back(elapsedMs(timer));
        QCoreApplication::processEvents();
    }
    return keys;
}

Result<cli::Json> measure(const std::string& path, bool groups, const std::string& query)
{
    OffscreenApplication application;
    applyAppearance();
    Workbench workbench;
    workbench.window().graphPage().view().setGroupsLargeGraphs(groups);
    FirstPaint firstPaint(workbench.tabs);
    workbench.tabs.show();
    firstPaint.wait();
    cli::Json figures;

    QElapsedTimer timer;
    std::optional<Error> failure;
    double parseMs = 0, layoutMs = 0, drawnMs = -1;
    QObject::connect(&workbench.document(), &ModelDocument::openFailed,
                     [&](const QString&, const Error& error) { failure = error; });
    // Connected after the window, so that its own work on the new model is not counted as parsing.
    QObject::connect(&workbench.document(), &ModelDocument::modelChanged,
                     [&] { parseMs = elapsedMs(timer); });
    QObject::connect(&workbench.window().graphPage(), &GraphPage::drawn, [&](double ms) {
        layoutMs = ms;
        drawnMs = elapsedMs(timer);
    });
    timer.start();
    workbench.document().open(QString::fromStdString(path));
    waitUntil([&] { return failure || drawnMs >= 0; }, "the graph to be drawn");
    if (failure)
        return *failure;
    workbench.window().repaint();
    const double openMs = elapsedMs(timer);
    waitUntil([&] { return !workbench.window().isBusy(); }, "the jobs to end");

    const std::vector<double> frames = measureFrames(workbench.window().graphPage().view());
    const LatencyStatistics statistics = latencyStatistics(frames);
    const std::vector<double> keys = measureKeys(workbench.window(), QString::fromStdString(query));
    const Graph& graph = workbench.document().model()->graph;
    figures["start_ms"] = firstPaint.sinceProcessStartMs();
    figures["parse_ms"] = parseMs;
    figures["layout_ms"] = layoutMs;
    figures["first_paint_ms"] = openMs - drawnMs;
    figures["open_ms"] = openMs;
    figures["frame_p50_ms"] = statistics.p50Ms;
    figures["frame_p95_ms"] = statistics.p95Ms;
    if (!keys.empty()) {
        figures["key_p50_ms"] = latencyStatistics(keys).p50Ms;
        figures["key_max_ms"] = latencyStatistics(keys).maxMs;
    }
    figures["peak_rss_mb"] = static_cast<double>(peakResidentBytes()) / 1e6;
    figures["nodes"] = graph.nodes.size();
    figures["edges"] = countEdges(graph);
    return figures;
}

void print(const cli::Json& figures, bool json)
{
    if (json) {
        cli::print(figures);
        return;
    }
    for (const auto& [name, value] : figures.items()) {
        if (value.is_number_float())
            std::printf("%-15s %.2f\n", name.c_str(), value.get<double>());
        else
            std::printf("%-15s %s\n", name.c_str(), value.dump().c_str());
    }
}

} // namespace

int runBenchView(const cli::Arguments& arguments)
{
    std::string model;
    std::string query;
    bool groups = false;
    cli::CommandLine line(
        "bench-view", "Opens a model in the real window, drawn into memory, and measures it:\n"
                      "start_ms        from the start of the process to the first painted empty window\n"
                      "parse_ms        from asking for the file to the model in memory\n"
                      "layout_ms       placing the boxes and edges\n"
                      "first_paint_ms  painting the graph for the first time\n"
                      "open_ms         from asking for the file to the painted graph\n"
                      "frame_*_ms      one frame while zooming and dragging through all levels of detail\n"
                      "key_*_ms        with --search: from a key to its hits in list, graph and minimap");
    line.app().add_option("MODEL", model, "the .onnx file")->required();
    line.app().add_flag(
        "--groups", groups,
        "draw a large graph with its groups, as the window does; without, every node is drawn");
    line.app().add_option("--search", query, "type this query into the search, letter by letter");
    addTimeLimit(line.app());
    if (!line.parse(arguments))
        return line.exitCode();
    const Result<cli::Json> figures = measure(model, groups, query);
    if (!figures.ok())
        return cli::fail(figures.error(), line.json());
    print(figures.value(), line.json());
    return cli::exitOk;
}

} // namespace lapidary

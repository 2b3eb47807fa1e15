// SPDX-License-Identifier: GPL-3.0-or-later
// Groups and bodies on the canvas: opening, finding, tracing, colouring.
#include "engine/base/job_queue.h"
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/graph_view.h"
#include "viewers/graph/place_path.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace lapidary;

namespace {

// x -> /a/MatMul -> /a/Relu -> /b/in/Exp -> /b/in/Log -> /b/Add with what Relu gave -> y, and Relu -> side
std::shared_ptr<Model> groupedModel()
{
    GraphBuilder builder;
    builder.input("x", {4, 4}).weight("W", {4, 4});
    builder.node("MatMul", {"x", "W"}, {"m"}).name = "/a/MatMul";
    builder.node("Relu", {"m"}, {"r"}).name = "/a/Relu";
    builder.node("Exp", {"r"}, {"e"}).name = "/b/in/Exp";
    builder.node("Log", {"e"}, {"l"}).name = "/b/in/Log";
    builder.node("Add", {"r", "l"}, {"y"}).name = "/b/Add";
    builder.node("Neg", {"r"}, {"side"}).name = "/Neg";
    return builder.output("y").output("side").build();
}

std::shared_ptr<const GraphScene> sceneOf(const std::shared_ptr<const Model>& model, const OpenPlaces& open)
{
    JobContext job;
    DisplayOptions display;
    display.open = open;
    return GraphScene::build(model, model->graph, CardMetrics::of(QApplication::font()), display, {}, job)
        .value();
}

QStringList titles(const GraphScene& scene, const std::vector<char>& boxes)
{
    QStringList list;
    for (size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i])
            list << QString::fromStdString(scene.box(static_cast<BoxId>(i)).title);
    }
    list.sort();
    return list;
}

BoxId boxNamed(const GraphScene& scene, const std::string& title)
{
    for (size_t i = 0; i < scene.display().boxes.size(); ++i) {
        if (scene.display().boxes[i].title == title)
            return static_cast<BoxId>(i);
    }
    return noBox;
}

void onGuiThread(std::function<void()> task)
{
    QMetaObject::invokeMethod(qApp, std::move(task), Qt::QueuedConnection);
}

class GraphGroupsTest : public QObject {
    Q_OBJECT
private slots:
    void openerAndDoubleClickToggle()
    {
        GraphCanvas canvas;
        canvas.resize(500, 500);
        const auto scene = sceneOf(groupedModel(), {.grouped = true});
        canvas.setScene(scene);
        ViewTransform view;
        canvas.setView(view);
        QSignalSpy toggled(&canvas, &GraphCanvas::toggled);
        QSignalSpy selected(&canvas, &GraphCanvas::selectionChanged);
        const BoxRect& rect = scene->rect(boxNamed(*scene, "b"));
        const QPointF corner = canvas.view().toView(rect).topLeft();
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, (corner + QPointF(12, 11)).toPoint());
        QCOMPARE(toggled.count(), 1);
        QCOMPARE(toggled[0][0].toString(), QString("/b"));
        QCOMPARE(selected.count(), 0);
        // Beside the triangle: selects, and a double click toggles.
        const QPoint title = (corner + QPointF(rect.width - 10, 11)).toPoint();
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, title);
        QCOMPARE(selected.count(), 1);
        QCOMPARE(canvas.selection().kind, Selection::Kind::Group);
        QCOMPARE(canvas.selection().group->nodes, (std::vector<NodeId>{2, 3, 4}));
        QTest::mouseDClick(&canvas, Qt::LeftButton, {}, title);
        QCOMPARE(toggled.count(), 2);
        QTest::keyClick(&canvas, Qt::Key_Space);
        QCOMPARE(toggled.count(), 3);
    }

    void levelsAndPlaces()
    {
        JobQueue jobs(onGuiThread);
        GraphView view(jobs);
        view.resize(500, 500);
        QSignalSpy finished(&view, &GraphView::layoutFinished);
        view.setModel(groupedModel(), nullptr);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(view.groupLevel(), 0);
        view.openLevel();
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(view.groupDepth(), 2);
        QCOMPARE(view.placeNamed("in"), QString()); // hidden in b
        view.togglePlace(view.placeNamed("b"));
        QTRY_COMPARE(finished.count(), 3);
        QCOMPARE(view.placeNamed("in"), QString("/b/in"));
        view.togglePlace(view.placeNamed("b"));
        QTRY_COMPARE(finished.count(), 4);
        QCOMPARE(view.placeNamed("in"), QString());
        // What is hidden is opened to show it.
        view.select(Selection::ofNode(3));
        view.revealSelection();
        QTRY_COMPARE(finished.count(), 5);
        QStringList crumbs;
        for (const Crumb& crumb : view.crumbs())
            crumbs << crumb.title;
        QCOMPARE(crumbs, QStringList({"b", "in", "Log"}));
        view.toggleGroups();
        QTRY_COMPARE(finished.count(), 6);
        QCOMPARE(view.groupLevel(), 0);
        QVERIFY(view.crumbs().isEmpty());
    }

    void largeGraphsStartGrouped()
    {
        GraphBuilder builder;
        builder.input("v0");
        for (int i = 0; i < 1000; ++i)
            builder.node("Relu", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)}).name =
                "/layer." + std::to_string(i / 50) + "/part." + std::to_string(i / 5) + "/Relu";
        const auto model = builder.output("v1000").build();
        JobQueue jobs(onGuiThread);
        GraphView view(jobs);
        QSignalSpy finished(&view, &GraphView::layoutFinished);
        view.setModel(model, nullptr);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(view.groupLevel(), 1); // 20 layers; their 200 parts would be too many
        view.setGroupsLargeGraphs(false);
        view.setModel(model, nullptr);
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(view.groupLevel(), 0);
    }

    void placesAroundBodies()
    {
        GraphBuilder inner;
        inner.node("Exp", {"x"}, {"t"});
        inner.output("t");
        GraphBuilder other;
        other.node("Log", {"x"}, {"e"});
        other.output("e");
        GraphBuilder builder;
        builder.input("c").input("x");
        builder.node("If", {"c"}, {"y"}).attributes = {inner.body("then_branch"), other.body("else_branch")};
        const auto model = builder.output("y").build();
        const Graph* body = model->graph.nodes[0].bodies()[1].get();
        QCOMPARE(placesAround(*model, Selection::ofNode(0, body), {}), std::vector<std::string>{"#0"});
        QVERIFY(placesAround(*model, Selection::ofNode(0), {}).empty());
        const auto scene = sceneOf(model, {.places = {{"#0", true}}});
        const Selection selected = Selection::ofNode(0, body);
        QCOMPARE(scene->box(scene->boxOf(selected)).title, std::string("Log"));
        QCOMPARE(scene->selectionOf(scene->boxOf(selected)), selected);
        QCOMPARE(scene->nameOf(selected), std::string("#0 (Log)"));
    }

    void traces()
    {
        const auto flat = sceneOf(groupedModel(), {});
        QCOMPARE(titles(*flat, traceUpstream(*flat, boxNamed(*flat, "Exp")).boxes),
                 QStringList({"Exp", "MatMul", "Relu", "x"}));
        QCOMPARE(titles(*flat, traceDownstream(*flat, boxNamed(*flat, "Exp")).boxes),
                 QStringList({"Add", "Exp", "Log", "y"}));
        const QStringList between({"Add", "Exp", "Log", "Relu"});
        QCOMPARE(titles(*flat, traceBetween(*flat, boxNamed(*flat, "Relu"), boxNamed(*flat, "Add")).boxes),
                 between);
        QCOMPARE(titles(*flat, traceBetween(*flat, boxNamed(*flat, "Add"), boxNamed(*flat, "Relu")).boxes),
                 between); // either way round
        QCOMPARE(titles(*flat, traceBetween(*flat, boxNamed(*flat, "Neg"), boxNamed(*flat, "Add")).boxes),
                 QStringList({"Add", "Neg"})); // nothing leads from one to the other
        // Of a frame: from all that is in it; the frames on the way are part of the picture.
        const auto open = sceneOf(groupedModel(), {.grouped = true, .level = 2});
        QCOMPARE(titles(*open, traceDownstream(*open, boxNamed(*open, "in")).boxes),
                 QStringList({"Add", "Exp", "Log", "b", "in", "y"}));
    }

    void coloursAddUp()
    {
        const auto scene = sceneOf(groupedModel(), {.grouped = true});
        NodeData data;
        data.values = {1, 2, 3, 4, std::numeric_limits<double>::quiet_NaN(), 5};
        const DataColours sums = coloursOf(*scene, data, false);
        const auto at = [&](const char* title) { return static_cast<size_t>(boxNamed(*scene, title)); };
        QCOMPARE(sums.values[at("a")], 3.0);
        QCOMPARE(sums.values[at("b")], 7.0);
        QCOMPARE(sums.values[at("Neg")], 5.0);
        QVERIFY(std::isnan(sums.values[at("x")]));
        QCOMPARE(sums.least, 0.0);
        QCOMPARE(sums.most, 7.0);
        QCOMPARE(sums.fills[at("b")], rampColour(1, false));
        data.combine = NodeData::Combine::Mean;
        QCOMPARE(coloursOf(*scene, data, false).values[at("b")], 3.5);
        // Kinds: a group of two has none, unless the last kind speaks for it.
        data.kinds = {"p", "q", "r"};
        data.values = {0, 0, 1, 1, 0, 2};
        const DataColours kinds = coloursOf(*scene, data, false);
        QCOMPARE(kinds.values[at("a")], 0.0);
        QVERIFY(std::isnan(kinds.values[at("b")]));
        data.combine = NodeData::Combine::Most;
        QCOMPARE(coloursOf(*scene, data, false).values[at("b")], 2.0);
    }

    // Every state is painted at every level of detail, in both directions.
    void paintsEverything()
    {
        GraphBuilder inner;
        inner.node("Exp", {"x"}, {"t"});
        inner.output("t");
        GraphBuilder builder;
        builder.input("c").input("x");
        builder.node("If", {"c"}, {"y"}).attributes = {inner.body("then_branch"), inner.body("else_branch")};
        const auto model = builder.output("y").build();
        auto data = std::make_shared<NodeData>();
        data->values = {1};
        data->text = [](double value) { return QString::number(value); };
        for (const bool horizontal : {false, true}) {
            JobContext job;
            DisplayOptions display;
            display.open.places = {{"#0", true}};
            const auto scene = GraphScene::build(
                model, model->graph, CardMetrics::of(QApplication::font()), display,
                LayoutOptions::along(horizontal ? LayoutDirection::Horizontal : LayoutDirection::Vertical),
                job);
            GraphCanvas canvas;
            canvas.resize(300, 300);
            canvas.setScene(scene.value());
            canvas.select(Selection::ofNode(0));
            canvas.setData(data);
            for (const auto way : {GraphCanvas::TraceWay::None, GraphCanvas::TraceWay::Upstream}) {
                canvas.trace(way);
                for (const double scale : {0.05, 0.15, 0.35, 1.0, 4.0}) {
                    ViewTransform view;
                    view.scale = scale;
                    canvas.setView(view);
                    QImage image(canvas.size(), QImage::Format_RGB32);
                    canvas.render(&image);
                    QVERIFY(image.pixelColor(0, 0).isValid());
                }
            }
        }
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createGraphGroupsTest() { return std::make_unique<GraphGroupsTest>(); }

#include "graph_groups_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/job_queue.h"
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/graph_view.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <random>

using namespace lapidary;

namespace {

// x -> Conv (with weight W) -> Relu -> Add with the Conv's result -> y
std::shared_ptr<const Model> residualModel()
{
    GraphBuilder builder;
    builder.input("x", {1, 3, 32, 32}).weight("W", {8, 3, 3, 3});
    builder.node("Conv", {"x", "W"}, {"c"});
    builder.node("Relu", {"c"}, {"r"});
    builder.node("Add", {"c", "r"}, {"y"});
    return builder.output("y").build();
}

std::shared_ptr<const Model> longModel(int nodes)
{
    GraphBuilder builder;
    builder.input("v0", {1, 8});
    for (int i = 0; i < nodes; ++i)
        builder.node(i % 2 ? "Relu" : "Sigmoid", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
    return builder.output("v" + std::to_string(nodes)).build();
}

std::shared_ptr<const GraphScene> sceneOf(const std::shared_ptr<const Model>& model)
{
    JobContext job;
    return GraphScene::build(model, model->graph, CardMetrics::of(QApplication::font()), {}, {}, job).value();
}

QImage painted(GraphCanvas& canvas)
{
    QImage image(canvas.size(), QImage::Format_RGB32);
    canvas.render(&image);
    return image;
}

int pixelsOf(const QImage& image, const QColor& color, int tolerance = 6)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - color.red()) <= tolerance &&
                     std::abs(pixel.green() - color.green()) <= tolerance &&
                     std::abs(pixel.blue() - color.blue()) <= tolerance;
        }
    }
    return count;
}

BoxId boxNamed(const GraphScene& scene, const std::string& title)
{
    for (size_t i = 0; i < scene.display().boxes.size(); ++i) {
        if (scene.display().boxes[i].title == title)
            return static_cast<BoxId>(i);
    }
    return noBox;
}

class GraphCanvasTest : public QObject {
    Q_OBJECT
private:
    // A canvas of 400 x 400 that shows the scene without animation.
    struct Shown {
        explicit Shown(const std::shared_ptr<const Model>& model) : scene(sceneOf(model))
        {
            canvas.resize(400, 400);
            canvas.setScene(scene);
            canvas.fit(false);
        }
        QPoint at(BoxId box, double fromTop = 10) const
        {
            const BoxRect& rect = scene->rect(box);
            return canvas.view().toView(rect.centerX(), rect.y + fromTop).toPoint();
        }
        std::shared_ptr<const GraphScene> scene;
        GraphCanvas canvas;
    };

private slots:
    void emptyIsBackground()
    {
        GraphCanvas canvas;
        canvas.resize(100, 80);
        const QImage image = painted(canvas);
        QCOMPARE(pixelsOf(image, GraphTheme::of(canvas.palette()).canvas, 0), 100 * 80);
    }

    void paintsCardsInTheirColors()
    {
        Shown shown(residualModel());
        const GraphTheme theme = GraphTheme::of(shown.canvas.palette());
        const QImage image = painted(shown.canvas);
        const QColor header = image.pixelColor(shown.at(boxNamed(*shown.scene, "Conv"), 3));
        QCOMPARE(header.rgb(), theme.header(OpCategory::Layer).rgb());
        const QColor relu = image.pixelColor(shown.at(boxNamed(*shown.scene, "Relu"), 3));
        QCOMPARE(relu.rgb(), theme.header(OpCategory::Activation).rgb());
        QVERIFY(pixelsOf(image, theme.edge, 40) > 30);
    }

    void darkFollowsThePalette()
    {
        Shown shown(residualModel());
        shown.canvas.setPalette(QPalette(QColor(40, 42, 46)));
        const QImage image = painted(shown.canvas);
        QVERIFY(image.pixelColor(2, 2).lightness() < 60);
        shown.canvas.setPalette(QPalette(QColor(240, 240, 240)));
        QVERIFY(painted(shown.canvas).pixelColor(2, 2).lightness() > 200);
    }

    void clickSelects()
    {
        Shown shown(residualModel());
        QSignalSpy spy(&shown.canvas, &GraphCanvas::selectionChanged);
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, shown.at(boxNamed(*shown.scene, "Relu")));
        QCOMPARE(shown.canvas.selection(), Selection::ofNode(1));
        QCOMPARE(spy.count(), 1);
        // The row of a weight selects the weight.
        const double row = CardStyle::headerHeight + CardStyle::rowsPadding + 5;
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, shown.at(boxNamed(*shown.scene, "Conv"), row));
        QCOMPARE(shown.canvas.selection(), Selection::ofValue(shown.scene->graphOf(0).findValue("W")));
        // A pill is its value; empty ground selects nothing.
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, shown.at(boxNamed(*shown.scene, "x")));
        QCOMPARE(shown.canvas.selection(), Selection::ofValue(shown.scene->graphOf(0).findValue("x")));
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(shown.canvas.selection(), Selection());
    }

    void clickOnAnEdgeSelectsItsValue()
    {
        Shown shown(residualModel());
        const BoxRect& from = shown.scene->rect(boxNamed(*shown.scene, "x"));
        const QPoint below = shown.canvas.view().toView(from.centerX(), from.bottom() + 9).toPoint();
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, below);
        QCOMPARE(shown.canvas.selection(), Selection::ofValue(shown.scene->graphOf(0).findValue("x")));
    }

    void selectionColorsInputsAndOutputs()
    {
        Shown shown(residualModel());
        const GraphTheme theme = GraphTheme::of(shown.canvas.palette());
        const QImage plain = painted(shown.canvas);
        QCOMPARE(pixelsOf(plain, theme.outputs, 20), 0);
        shown.canvas.select(Selection::ofNode(1));
        const QImage image = painted(shown.canvas);
        QVERIFY(pixelsOf(image, theme.selection, 20) > 20);
        QVERIFY(pixelsOf(image, theme.inputs, 20) > 20);
        QVERIFY(pixelsOf(image, theme.outputs, 20) > 20);
    }

    void keysWalkAlongEdges()
    {
        Shown shown(residualModel());
        shown.canvas.select(Selection::ofNode(0));
        QTest::keyClick(&shown.canvas, Qt::Key_Down);
        QCOMPARE(shown.canvas.selection(), Selection::ofNode(1));
        QTest::keyClick(&shown.canvas, Qt::Key_Down);
        QCOMPARE(shown.canvas.selection(), Selection::ofNode(2));
        QTest::keyClick(&shown.canvas, Qt::Key_Up);
        QCOMPARE(shown.canvas.selection(), Selection::ofNode(1));
        QTest::keyClick(&shown.canvas, Qt::Key_Escape);
        QCOMPARE(shown.canvas.selection(), Selection());
    }

    void wheelZoomsAboutThePointer()
    {
        Shown shown(longModel(200));
        shown.canvas.setView({0.5, -300, 300});
        const QPointF pointer(130, 210);
        const QPointF before = shown.canvas.view().toScene(pointer);
        QWheelEvent wheel(pointer, pointer, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                          false);
        QApplication::sendEvent(&shown.canvas, &wheel);
        QTRY_VERIFY(shown.canvas.view().scale > 0.58);
        const QPointF after = shown.canvas.view().toScene(pointer);
        QVERIFY((after - before).manhattanLength() < 0.01);
    }

    void anyModelFitsTheWindow()
    {
        Shown shown(longModel(20000));
        const BoxRect last = shown.scene->rect(static_cast<BoxId>(shown.scene->display().boxes.size() - 1));
        QVERIFY(shown.canvas.view().toY(last.bottom()) <= 400);
        QVERIFY(shown.canvas.view().toY(0) >= 0);
        const GraphTheme theme = GraphTheme::of(shown.canvas.palette());
        const QImage image = painted(shown.canvas);
        QVERIFY(pixelsOf(image, theme.header(OpCategory::Activation)) > 300); // a point in nearly every row
    }

    void startStaysInSightWhenTheWindowGrows()
    {
        Shown shown(longModel(500));
        shown.canvas.show();
        shown.canvas.showStart();
        shown.canvas.resize(900, 700);
        const QRectF first = shown.canvas.view().toView(shown.scene->rect(0));
        QVERIFY(std::abs(first.center().x() - 450) < 1);
        QVERIFY(first.top() >= 0 && first.top() < 60);
    }

    void revealBringsTheBoxIntoSight()
    {
        Shown shown(longModel(500));
        shown.canvas.showStart();
        shown.canvas.select(Selection::ofNode(480));
        shown.canvas.revealSelection();
        const QRectF box =
            shown.canvas.view().toView(shown.scene->rect(shown.scene->boxOf(Selection::ofNode(480))));
        QVERIFY(QRectF(shown.canvas.rect()).contains(box));
        QVERIFY(shown.canvas.view().scale >= 0.6);
    }

    void minimapMovesTheView()
    {
        Shown shown(longModel(500));
        shown.canvas.showStart();
        const double before = shown.canvas.view().top;
        QTest::mouseClick(&shown.canvas, Qt::LeftButton, {}, QPoint(400 - 12 - 10, 400 - 12 - 30));
        QVERIFY(shown.canvas.view().top > before + 1000);
    }

    void indexFindsWhatASearchFinds()
    {
        std::mt19937 random(3);
        std::uniform_real_distribution<double> uniform(0, 1000);
        std::vector<Bounds> items;
        for (int i = 0; i < 500; ++i) {
            const double x = uniform(random);
            const double y = uniform(random);
            items.push_back({x, y, x + uniform(random) / 20, y + uniform(random) / 20});
        }
        const SpatialIndex index(items);
        for (int i = 0; i < 50; ++i) {
            const double x = uniform(random);
            const double y = uniform(random);
            const Bounds area{x, y, x + 100, y + 100};
            size_t found = 0;
            index.query(area, [&](int32_t item) {
                ++found;
                QVERIFY(items[static_cast<size_t>(item)].meets(area));
            });
            QCOMPARE(found,
                     static_cast<size_t>(std::count_if(
                         items.begin(), items.end(), [&](const Bounds& item) { return item.meets(area); })));
        }
    }

    void viewLaysOutInTheBackground()
    {
        JobQueue jobs([](std::function<void()> task) {
            QMetaObject::invokeMethod(qApp, std::move(task), Qt::QueuedConnection);
        });
        GraphView view(jobs);
        view.resize(400, 400);
        QSignalSpy started(&view, &GraphView::layoutStarted);
        QSignalSpy finished(&view, &GraphView::layoutFinished);
        view.setModel(longModel(2000), nullptr);
        view.setModel(residualModel(), nullptr); // newest wins
        view.select(Selection::ofNode(1));
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(started.count() >= 1);
        QCOMPARE(view.selection(), Selection::ofNode(1));
        QImage image(400, 400, QImage::Format_RGB32);
        view.render(&image);
        QVERIFY(pixelsOf(image, GraphTheme::of(view.palette()).header(OpCategory::Layer)) > 200);
        view.setHorizontal(true);
        QTRY_COMPARE(finished.count(), 2);
        view.setModel(nullptr, nullptr);
        QTest::qWait(20);
        view.render(&image);
        QCOMPARE(pixelsOf(image, GraphTheme::of(view.palette()).canvas, 0), 400 * 400);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createGraphCanvasTest() { return std::make_unique<GraphCanvasTest>(); }

#include "graph_canvas_test.moc"

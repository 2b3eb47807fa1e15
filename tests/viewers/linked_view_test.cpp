// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/linked_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace lapidary;

namespace {

constexpr QSizeF canvas(500, 400);

// Chains beside each other, so that cards lie in all directions.
std::shared_ptr<const GraphScene> sceneOf(int chains, int length)
{
    GraphBuilder builder;
    for (int chain = 0; chain < chains; ++chain) {
        const std::string name = "c" + std::to_string(chain) + "_";
        builder.input(name + "0", {1, 8});
        for (int i = 0; i < length; ++i)
            builder.node("Relu", {name + std::to_string(i)}, {name + std::to_string(i + 1)});
        builder.output(name + std::to_string(length));
    }
    const auto model = builder.build();
    JobContext job;
    return GraphScene::build(model, model->graph, CardMetrics::of(QApplication::font()), {}, {}, job).value();
}

QPointF middleOf(const ShownPart& part, NodeId node)
{
    return part.view.toView(part.scene->rect(part.scene->boxOf(Selection::ofNode(node)))).center() -
           QPointF(part.canvas.width() / 2, part.canvas.height() / 2);
}

double distanceOf(const ShownPart& part, NodeId node)
{
    const QPointF from = middleOf(part, node);
    return std::hypot(from.x(), from.y());
}

// The same by looking at all nodes.
NodeId nearestOfAll(const ShownPart& part, const Counterparts& counterparts)
{
    NodeId nearest = noNode;
    for (NodeId node = 0; node < static_cast<NodeId>(counterparts.size()); ++node) {
        if (counterparts[static_cast<size_t>(node)] != noNode && isInSight(part, node) &&
            (nearest == noNode || distanceOf(part, node) < distanceOf(part, nearest)))
            nearest = node;
    }
    return nearest;
}

class LinkedViewTest : public QObject {
    Q_OBJECT
private slots:
    void findsTheNearest()
    {
        const auto scene = sceneOf(6, 40);
        std::mt19937 random(7);
        const auto between = [&random](double least, double most) {
            return std::uniform_real_distribution<double>(least, most)(random);
        };
        int found = 0;
        for (int i = 0; i < 300; ++i) {
            Counterparts counterparts(240, noNode);
            for (NodeId& counterpart : counterparts)
                counterpart = between(0, 1) < 0.1 ? 0 : noNode;
            ShownPart part{scene, {}, canvas};
            part.view.scale = between(0.1, 2);
            part.view.centre(between(0, scene->layout().width), between(0, scene->layout().height), canvas);
            const NodeId near = nodeNearMiddle(part, counterparts);
            const NodeId expected = nearestOfAll(part, counterparts);
            QCOMPARE(near == noNode, expected == noNode);
            if (near != noNode)
                QCOMPARE(distanceOf(part, near), distanceOf(part, expected));
            found += near != noNode;
        }
        QCOMPARE_GT(found, 100);
    }

    void nothingInSight()
    {
        ShownPart part{sceneOf(1, 5), {}, canvas};
        part.view.centre(5000, 5000, canvas);
        QCOMPARE(nodeNearMiddle(part, Counterparts(5, 0)), noNode);
        QVERIFY(!isInSight(part, 0));
        QCOMPARE(nodeNearMiddle({nullptr, {}, canvas}, {}), noNode);
    }

    void standsAtTheSamePlace()
    {
        ShownPart leading{sceneOf(1, 20), {}, canvas};
        leading.view.scale = 1.3;
        leading.view.centre(40, 700, canvas);
        ShownPart other{sceneOf(3, 30), {}, QSizeF(300, 400)};
        other.view = viewBeside(leading, 9, other, 44);
        QCOMPARE(other.view.scale, 1.3);
        QCOMPARE_LT((middleOf(leading, 9) - middleOf(other, 44)).manhattanLength(), 1e-6);
    }

    void withoutNodeOnlyTheScale()
    {
        ShownPart leading{sceneOf(1, 20), {}, canvas};
        leading.view.scale = 0.5;
        ShownPart other{sceneOf(1, 20), {}, canvas};
        other.view.centre(30, 300, canvas);
        const QPointF middle(canvas.width() / 2, canvas.height() / 2);
        const ViewTransform view = viewBeside(leading, noNode, other, noNode);
        QCOMPARE(view.scale, 0.5);
        QCOMPARE(view.toScene(middle), other.view.toScene(middle));
    }

    // A step of a drag must leave time to paint.
    void cheapOnLargeGraphs()
    {
        const auto scene = sceneOf(50, 1000);
        const Counterparts all(50'000, 1);
        const Counterparts none(50'000, noNode);
        ShownPart part{scene, {}, QSizeF(1000, 800)};
        part.view.scale = std::min(1000 / scene->layout().width, 800 / scene->layout().height);
        part.view.centre(scene->layout().width / 2, scene->layout().height / 2, part.canvas);
        for (const Counterparts* counterparts : {&all, &none}) {
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < 10; ++i)
                nodeNearMiddle(part, *counterparts);
            const double each = static_cast<double>(timer.nsecsElapsed()) / 1e7;
            qInfo("%.3f ms", each);
            QCOMPARE_LT(each, 10.0);
        }
    }
};

} // namespace

namespace lapidary {
std::unique_ptr<QObject> createLinkedViewTest() { return std::make_unique<LinkedViewTest>(); }
} // namespace lapidary

#include "linked_view_test.moc"

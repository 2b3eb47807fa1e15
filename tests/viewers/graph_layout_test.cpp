// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "viewers/graph/layout.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

LayoutInput boxesOf(size_t count, double width = 60, double height = 22)
{
    LayoutInput input;
    input.boxes.assign(count, {width, height});
    return input;
}

// Each box is also its wire: all edges from it carry one value.
void connectBoxes(LayoutInput& input, int from, int to) { input.edges.push_back({from, to, from}); }

LayoutInput chain(int count)
{
    LayoutInput input = boxesOf(static_cast<size_t>(count));
    for (int i = 0; i + 1 < count; ++i)
        connectBoxes(input, i, i + 1);
    return input;
}

// Stages of residual blocks as in ResNet-50: three convolutions and a shortcut, the first of a stage
// with a convolution on the shortcut.
LayoutInput resNet(int stages, int blocksPerStage)
{
    LayoutInput input = boxesOf(1, 44);
    int last = 0;
    const auto follow = [&](int from, double width, double height) {
        input.boxes.push_back({width, height});
        const auto box = static_cast<int>(input.boxes.size()) - 1;
        connectBoxes(input, from, box);
        return box;
    };
    for (int block = 0; block < stages * blocksPerStage; ++block) {
        int branch = last;
        for (int i = 0; i < 3; ++i)
            branch = follow(follow(branch, 96, 44), 130, 86);
        const int shortcut = block % blocksPerStage == 0 ? follow(follow(last, 96, 44), 130, 86) : last;
        const int sum = follow(branch, 44, 22);
        connectBoxes(input, shortcut, sum);
        last = follow(sum, 44, 22);
    }
    return input;
}

LayoutInput randomGraph(unsigned seed, int count, double density)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    LayoutInput input;
    for (int i = 0; i < count; ++i)
        input.boxes.push_back(
            {40 + std::floor(uniform(random) * 50) * 2, uniform(random) < 0.5 ? 22.0 : 64.0});
    for (int to = 1; to < count; ++to) {
        const int edges = 1 + static_cast<int>(uniform(random) * density);
        for (int i = 0; i < edges; ++i) {
            const double near = uniform(random);
            connectBoxes(input, static_cast<int>(to - 1 - std::floor(near * near * near * to)), to);
        }
    }
    return input;
}

// Puts the boxes of a graph into nested frames at random: neighbours mostly, strangers sometimes.
LayoutInput framed(const LayoutInput& flat, unsigned seed, int frames)
{
    std::mt19937 random(seed);
    const auto below = [&random](int count) {
        return static_cast<int32_t>(random() % static_cast<unsigned>(count));
    };
    LayoutInput input;
    for (int i = 0; i < frames; ++i) {
        input.boxes.push_back({80, 40});
        input.parents.push_back(i == 0 ? -1 : below(i + 1) - 1);
    }
    const auto count = static_cast<int>(flat.boxes.size());
    for (int box = 0; box < count; ++box) {
        input.boxes.push_back(flat.boxes[static_cast<size_t>(box)]);
        input.parents.push_back(below(4) == 0 ? below(frames + 1) - 1 : box * frames / count);
    }
    for (const LayoutEdge& edge : flat.edges)
        input.edges.push_back({edge.from + frames, edge.to + frames, edge.wire});
    return input;
}

GraphLayout laidOut(const LayoutInput& input, LayoutOptions options = {})
{
    JobContext job;
    auto layout = layoutGraph(input, options, job);
    return layout.ok() ? std::move(*layout) : GraphLayout();
}

// Whether a box is the frame around another one, directly or further out.
bool surrounds(const LayoutInput& input, size_t frame, size_t box)
{
    if (input.parents.empty())
        return false;
    int32_t parent = input.parents[box];
    while (parent >= 0 && static_cast<size_t>(parent) != frame)
        parent = input.parents[static_cast<size_t>(parent)];
    return parent >= 0;
}

bool overlap(const BoxRect& a, const BoxRect& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

// What every layout must fulfil; an empty string when it does.
QString problems(const LayoutInput& input, const GraphLayout& layout)
{
    if (layout.boxes.size() != input.boxes.size() || layout.routeStart.size() != input.edges.size() + 1)
        return "counts differ";
    for (size_t a = 0; a < layout.boxes.size(); ++a) {
        const BoxRect& box = layout.boxes[a];
        if (box.x < -0.01 || box.y < -0.01 || box.right() > layout.width + 0.01 ||
            box.bottom() > layout.height + 0.01)
            return QString("box %1 is outside").arg(a);
        for (size_t b = a + 1; b < layout.boxes.size(); ++b) {
            const BoxRect& other = layout.boxes[b];
            if (surrounds(input, a, b)) {
                const double header = LayoutOptions().frameHeader;
                if (other.x <= box.x || other.right() >= box.right() || other.y < box.y + header ||
                    other.bottom() >= box.bottom())
                    return QString("box %1 is not within frame %2").arg(b).arg(a);
            } else if (overlap(box, other)) {
                return QString("boxes %1 and %2 overlap").arg(a).arg(b);
            }
        }
    }
    return {};
}

struct Point {
    double x;
    double y;
};

// Points along a route in a vertical layout, close together.
std::vector<Point> traced(std::span<const RouteRun> runs)
{
    std::vector<Point> points;
    const auto curve = [&points](double x0, double y0, double x1, double y1) {
        for (int i = 0; i <= 12; ++i) {
            const double t = i / 12.0;
            const double u = 1 - t;
            points.push_back({u * u * (u + 3 * t) * x0 + t * t * (t + 3 * u) * x1,
                              u * u * u * y0 + 3 * u * t * (y0 + y1) / 2 + t * t * t * y1});
        }
    };
    for (size_t i = 0; i < runs.size(); ++i) {
        if (i > 0)
            curve(runs[i - 1].across, runs[i - 1].end, runs[i].across, runs[i].start);
        curve(runs[i].across, runs[i].start, runs[i].across, runs[i].end);
    }
    return points;
}

// Edges begin and end at their boxes and run through no other box.
QString edgeProblems(const LayoutInput& input, const GraphLayout& layout)
{
    for (size_t e = 0; e < input.edges.size(); ++e) {
        const LayoutEdge& edge = input.edges[e];
        const auto route = layout.route(e);
        const auto source = static_cast<size_t>(edge.from);
        const auto target = static_cast<size_t>(edge.to);
        if (edge.from == edge.to || surrounds(input, source, target) || surrounds(input, target, source))
            continue;
        if (route.empty())
            return QString("edge %1 has no route").arg(e);
        const BoxRect& from = layout.boxes[source];
        const BoxRect& to = layout.boxes[target];
        const bool leaves = std::abs(route.front().start - from.bottom()) < 0.01 ||
                            std::abs(route.front().start - from.y) < 0.01;
        const bool arrives =
            std::abs(route.back().end - to.y) < 0.01 || std::abs(route.back().end - to.bottom()) < 0.01;
        if (!leaves || !arrives || route.front().across < from.x || route.front().across > from.right() ||
            route.back().across < to.x || route.back().across > to.right())
            return QString("edge %1 does not join its boxes").arg(e);
        for (const Point& point : traced(route)) {
            for (size_t b = 0; b < layout.boxes.size(); ++b) {
                const BoxRect& box = layout.boxes[b];
                if (surrounds(input, b, source) || surrounds(input, b, target))
                    continue;
                if (point.x > box.x + 0.5 && point.x < box.right() - 0.5 && point.y > box.y + 0.5 &&
                    point.y < box.bottom() - 0.5)
                    return QString("edge %1 runs through box %2").arg(e).arg(b);
            }
        }
    }
    return {};
}

class GraphLayoutTest : public QObject {
    Q_OBJECT
private slots:
    void nothing()
    {
        const GraphLayout layout = laidOut({});
        QCOMPARE(layout.boxes.size(), size_t(0));
        QCOMPARE(layout.width, 0.0);
        QCOMPARE(layout.routeStart.size(), size_t(1));
    }

    void oneBox()
    {
        const GraphLayout layout = laidOut(boxesOf(1, 80, 30));
        QCOMPARE(layout.boxes[0].x, 0.0);
        QCOMPARE(layout.boxes[0].y, 0.0);
        QCOMPARE(layout.width, 80.0);
        QCOMPARE(layout.height, 30.0);
    }

    void wrongEdge()
    {
        LayoutInput input = boxesOf(2);
        input.edges.push_back({0, 2, 0});
        JobContext job;
        const auto layout = layoutGraph(input, {}, job);
        QVERIFY(!layout.ok());
        QCOMPARE(layout.error().code, ErrorCode::InvalidArgument);
    }

    void chainIsStraight()
    {
        const LayoutInput input = chain(50);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(layout.width, 60.0);
        for (size_t i = 0; i + 1 < 50; ++i) {
            QVERIFY(layout.boxes[i].bottom() < layout.boxes[i + 1].y);
            QCOMPARE(layout.route(i).size(), size_t(1));
        }
    }

    void horizontalIsTurned()
    {
        const LayoutInput input = chain(5);
        LayoutOptions options;
        options.direction = LayoutDirection::Horizontal;
        const GraphLayout layout = laidOut(input, options);
        QCOMPARE(layout.height, 22.0);
        for (size_t i = 0; i < 4; ++i)
            QVERIFY(layout.boxes[i].right() < layout.boxes[i + 1].x);
    }

    void geometry_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("density");
        for (int seed = 1; seed <= 6; ++seed) {
            QTest::addRow("sparse %d", seed) << 120 << 0.6;
            QTest::addRow("dense %d", seed) << 80 << 2.5;
        }
    }

    void geometry()
    {
        QFETCH(int, count);
        QFETCH(double, density);
        const LayoutInput input = randomGraph(qHash(QString(QTest::currentDataTag())), count, density);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
        for (const LayoutEdge& edge : input.edges)
            QVERIFY(layout.boxes[static_cast<size_t>(edge.from)].bottom() <
                    layout.boxes[static_cast<size_t>(edge.to)].y);
    }

    void frames_data()
    {
        QTest::addColumn<int>("boxes");
        QTest::addColumn<int>("frames");
        for (int i = 1; i <= 8; ++i)
            QTest::addRow("random %d", i) << 20 * i << 2 * i;
    }

    void frames()
    {
        QFETCH(int, boxes);
        QFETCH(int, frames);
        const auto seed = static_cast<unsigned>(boxes);
        const LayoutInput input = framed(randomGraph(seed, boxes, 1.0), seed, frames);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
    }

    void framesHorizontally()
    {
        const LayoutInput input = framed(randomGraph(3, 100, 1.0), 3, 8);
        const GraphLayout layout = laidOut(input, {.direction = LayoutDirection::Horizontal});
        QCOMPARE(problems(input, layout), QString());
    }

    // One value that goes into a frame and out again: straight through.
    void frameOnAChain()
    {
        LayoutInput input = boxesOf(6);
        for (const auto& [from, to] : {std::pair(0, 2), {2, 3}, {3, 4}, {4, 5}})
            connectBoxes(input, from, to);
        input.parents = {-1, -1, 1, 1, 1, -1};
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
        for (size_t edge = 0; edge < input.edges.size(); ++edge)
            QCOMPARE(layout.route(edge).size(), size_t{1});
    }

    // What is in a frame looks the same wherever the frame stands.
    void frameIsStable()
    {
        const LayoutInput flat = randomGraph(5, 30, 1.0);
        LayoutInput input = framed(flat, 5, 1);
        for (size_t box = 0; box < input.parents.size(); ++box)
            input.parents[box] = box > 10 && box <= 20 ? 0 : -1;
        const GraphLayout before = laidOut(input);
        input.boxes.push_back({200, 100});
        input.parents.push_back(-1);
        const auto last = static_cast<int>(input.boxes.size()) - 1;
        connectBoxes(input, 1, last);
        connectBoxes(input, last, 28);
        const GraphLayout after = laidOut(input);
        for (size_t box = 11; box <= 20; ++box) {
            QCOMPARE(after.boxes[box].x - after.boxes[0].x, before.boxes[box].x - before.boxes[0].x);
            QCOMPARE(after.boxes[box].y - after.boxes[0].y, before.boxes[box].y - before.boxes[0].y);
        }
    }

    void wrongFrames()
    {
        LayoutInput input = boxesOf(3);
        input.parents = {1, -1, -1};
        JobContext job;
        QCOMPARE(layoutGraph(input, {}, job).error().code, ErrorCode::InvalidArgument);
        input.parents = {-1};
        QCOMPARE(layoutGraph(input, {}, job).error().code, ErrorCode::InvalidArgument);
    }

    void sameInputSameLayout()
    {
        const LayoutInput input = randomGraph(9, 200, 1.5);
        const GraphLayout first = laidOut(input);
        const GraphLayout second = laidOut(input);
        for (size_t i = 0; i < first.boxes.size(); ++i) {
            QCOMPARE(first.boxes[i].x, second.boxes[i].x);
            QCOMPARE(first.boxes[i].y, second.boxes[i].y);
        }
    }

    void cyclesAndLoops()
    {
        LayoutInput input = chain(4);
        connectBoxes(input, 3, 1);
        connectBoxes(input, 2, 2);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
        QVERIFY(layout.route(4).empty()); // the self-loop
        const auto back = layout.route(3);
        QVERIFY(back.front().start > back.back().end); // upwards
    }

    void partsApart()
    {
        LayoutInput input = chain(10);
        for (int i = 0; i < 300; ++i)
            input.boxes.push_back({50, 22});
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        // Packed in two dimensions, not one long row or column.
        QVERIFY2(layout.width < 5 * layout.height && layout.height < 5 * layout.width,
                 qPrintable(QString("%1 x %2").arg(layout.width).arg(layout.height)));
    }

    void residualNetworkIsNarrow()
    {
        const LayoutInput input = resNet(4, 4);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
        QCOMPARE(layout.crossings, int64_t(0));
        QVERIFY2(layout.width <= 3 * 130, qPrintable(QString::number(layout.width)));
    }

    // One input that feeds a thousand steps of a long chain costs one rail, not a column each.
    void sharedMaskIsOneLine()
    {
        LayoutInput input = chain(1000);
        input.boxes.push_back({60, 22});
        for (int i = 5; i < 1000; i += 3)
            input.edges.push_back({1000, i, 1000});
        const GraphLayout layout = laidOut(input);
        QVERIFY2(layout.width <= 4 * 60, qPrintable(QString::number(layout.width)));
        QCOMPARE(problems(input, layout), QString());
        QCOMPARE(edgeProblems(input, layout), QString());
    }

    void sideInputIsNearItsUse()
    {
        LayoutInput input = chain(100);
        input.boxes.push_back({60, 22});
        input.boxes.push_back({60, 22});
        connectBoxes(input, 100, 101);
        connectBoxes(input, 101, 90);
        const GraphLayout layout = laidOut(input);
        QCOMPARE(layout.ranks[101], layout.ranks[90] - 1);
        QCOMPARE(layout.ranks[100], layout.ranks[90] - 2);
    }

    void cancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const auto layout = layoutGraph(randomGraph(1, 500, 1.0), {}, job);
        QVERIFY(!layout.ok());
        QCOMPARE(layout.error().code, ErrorCode::Cancelled);
    }

    // Cost per box stays flat: a graph sixteen times as large takes no more than a multiple of that.
    void largeGraph()
    {
        const LayoutInput input = resNet(4, 1600);
        QVERIFY(input.boxes.size() > 50000);
        const GraphLayout layout = laidOut(input);
        QVERIFY(layout.width <= 3 * 130);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createGraphLayoutTest() { return std::make_unique<GraphLayoutTest>(); }

#include "graph_layout_test.moc"

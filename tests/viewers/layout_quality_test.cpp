// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts of real models against those of Graphviz dot: the same boxes, the same edges, the same measure.
#include "engine/onnx/reader.h"
#include "tests/gui_tests.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/layout.h"

#include <QDirIterator>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace lapidary;

namespace {

constexpr size_t largestModel = 500; // nodes; dot takes long for more
constexpr double pointsPerInch = 72;

struct Point {
    double x;
    double y;
};
using Line = std::vector<Point>;

void addCurve(Line& line, Point a, Point b, Point c, Point d)
{
    constexpr int steps = 16;
    for (int i = line.empty() ? 0 : 1; i <= steps; ++i) {
        const double t = static_cast<double>(i) / steps;
        const double u = 1 - t;
        const double w[] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
        line.push_back({w[0] * a.x + w[1] * b.x + w[2] * c.x + w[3] * d.x,
                        w[0] * a.y + w[1] * b.y + w[2] * c.y + w[3] * d.y});
    }
}

// The edges as they are painted.
std::vector<Line> linesOf(const GraphLayout& layout, size_t edges)
{
    std::vector<Line> lines(edges);
    for (size_t e = 0; e < edges; ++e) {
        const auto runs = layout.route(e);
        for (size_t i = 0; i < runs.size(); ++i) {
            if (i > 0) {
                const double middle = (runs[i - 1].end + runs[i].start) / 2;
                addCurve(lines[e], {runs[i - 1].across, runs[i - 1].end}, {runs[i - 1].across, middle},
                         {runs[i].across, middle}, {runs[i].across, runs[i].start});
            }
            lines[e].push_back({runs[i].across, runs[i].start});
            lines[e].push_back({runs[i].across, runs[i].end});
        }
    }
    return lines;
}

QString dotSource(const LayoutInput& input, const LayoutOptions& options)
{
    QString source =
        QString("digraph { nodesep=%1; ranksep=%2; node [shape=box fixedsize=true label=\"\"];\n")
            .arg(options.boxGap / pointsPerInch)
            .arg(options.rankGap / pointsPerInch);
    for (size_t i = 0; i < input.boxes.size(); ++i)
        source += QString("%1 [width=%2 height=%3];\n")
                      .arg(i)
                      .arg(input.boxes[i].width / pointsPerInch)
                      .arg(input.boxes[i].height / pointsPerInch);
    for (const LayoutEdge& edge : input.edges)
        source += QString("%1 -> %2;\n").arg(edge.from).arg(edge.to);
    return source + "}\n";
}

// Lines of dot's drawing, in pixels, in the order of the edges.
std::vector<Line> dotLines(const LayoutInput& input, const LayoutOptions& options)
{
    QProcess dot;
    dot.start("dot", {"-Tplain"});
    dot.write(dotSource(input, options).toUtf8());
    dot.closeWriteChannel();
    if (!dot.waitForFinished(120'000) || dot.exitCode() != 0)
        return {};
    std::map<std::pair<int, int>, std::vector<size_t>> waiting; // edges that are still without a line
    for (size_t e = input.edges.size(); e-- > 0;)
        waiting[{input.edges[e].from, input.edges[e].to}].push_back(e);
    std::vector<Line> lines(input.edges.size());
    // Very long lines are folded with a backslash.
    const QString output = QString::fromUtf8(dot.readAllStandardOutput()).replace("\\\n", "");
    for (const QString& row : output.split('\n')) {
        const QStringList words = row.split(' ');
        if (words.value(0) != "edge")
            continue;
        auto& edges = waiting[{words[1].toInt(), words[2].toInt()}];
        const int count = words[3].toInt();
        std::vector<Point> points;
        for (int i = 0; i < count; ++i)
            points.push_back(
                {words[4 + 2 * i].toDouble() * pointsPerInch, -words[5 + 2 * i].toDouble() * pointsPerInch});
        for (size_t i = 0; i + 3 < points.size(); i += 3)
            addCurve(lines[edges.back()], points[i], points[i + 1], points[i + 2], points[i + 3]);
        edges.pop_back();
    }
    return lines;
}

// Where two straight pieces cross within both.
bool crossing(Point a, Point b, Point c, Point d, Point& at)
{
    const double cross = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
    if (std::abs(cross) < 1e-9)
        return false;
    const double s = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / cross;
    const double t = ((c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x)) / cross;
    if (s <= 0.001 || s >= 0.999 || t <= 0.001 || t >= 0.999)
        return false;
    at = {a.x + s * (b.x - a.x), a.y + s * (b.y - a.y)};
    return true;
}

// Places where lines of edges without a common box cross; lines that run in one another are one.
int crossings(const LayoutInput& input, const std::vector<Line>& lines)
{
    struct Piece {
        size_t edge;
        Point a, b;
    };
    std::vector<Piece> pieces;
    for (size_t e = 0; e < lines.size(); ++e) {
        for (size_t i = 0; i + 1 < lines[e].size(); ++i)
            pieces.push_back({e, lines[e][i], lines[e][i + 1]});
    }
    const auto top = [](const Piece& piece) { return std::min(piece.a.y, piece.b.y); };
    const auto bottom = [](const Piece& piece) { return std::max(piece.a.y, piece.b.y); };
    std::sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) { return top(a) < top(b); });
    std::set<std::pair<int64_t, int64_t>> places;
    std::vector<const Piece*> active;
    for (const Piece& piece : pieces) {
        std::erase_if(active, [&](const Piece* other) { return bottom(*other) < top(piece); });
        for (const Piece* other : active) {
            const LayoutEdge& a = input.edges[piece.edge];
            const LayoutEdge& b = input.edges[other->edge];
            Point at;
            if (a.from == b.from || a.to == b.to || a.from == b.to || a.to == b.from ||
                !crossing(piece.a, piece.b, other->a, other->b, at))
                continue;
            places.insert({std::llround(at.x / 3), std::llround(at.y / 3)});
        }
        active.push_back(&piece);
    }
    return static_cast<int>(places.size());
}

LayoutInput inputOf(const Model& model)
{
    JobContext job;
    const CardMetrics metrics{TextWidths(7), TextWidths(6), TextWidths(6)};
    return layoutInput(buildDisplayGraph(model, model.graph, {}, job).value(), metrics);
}

class LayoutQualityTest : public QObject {
    Q_OBJECT
private slots:
    void crossings_data()
    {
        QTest::addColumn<QString>("path");
        if (QStandardPaths::findExecutable("dot").isEmpty())
            QSKIP("Graphviz (dot) is not installed.");
        const QString folder = QStringLiteral(LAPIDARY_SOURCE_DIR "/../shared/models");
        QTest::newRow("digits") << QStringLiteral(LAPIDARY_SOURCE_DIR
                                                  "/resources/samples/digits/digits.onnx");
        QDirIterator models(folder, {"*.onnx"}, QDir::Files, QDirIterator::Subdirectories);
        while (models.hasNext()) {
            const QString path = models.next();
            if (!path.contains("_cannot_run") && !path.contains("_vectors_only"))
                QTest::newRow(qPrintable(path.mid(folder.size() + 1))) << path;
        }
    }

    void crossings()
    {
        QFETCH(QString, path);
        JobContext job;
        const auto model = loadModel(path.toStdString(), job);
        QVERIFY(model.ok());
        if ((*model)->graph.nodes.size() > largestModel)
            QSKIP("Too large for dot.");
        const LayoutInput input = inputOf(**model);
        const LayoutOptions options;
        const GraphLayout layout = layoutGraph(input, options, job).value();
        const std::vector<Line> theirs = dotLines(input, options);
        QCOMPARE(theirs.size(), input.edges.size());
        const int ours = ::crossings(input, linesOf(layout, input.edges.size()));
        const int dots = ::crossings(input, theirs);
        qInfo("%d crossings, dot %d", ours, dots);
        QVERIFY2(ours <= dots, qPrintable(QString("%1 crossings, dot %2").arg(ours).arg(dots)));
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createLayoutQualityTest() { return std::make_unique<LayoutQualityTest>(); }

#include "layout_quality_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_picture.h"
#include "viewers/graph/graph_theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;

namespace {

// v0 -> Relu -> v1 -> Sigmoid -> ... with a shape on every edge
GraphDrawing chain(int nodes, LayoutDirection direction = LayoutDirection::Vertical)
{
    GraphBuilder builder;
    builder.input("v0", {1, 8, 1000, 1000});
    for (int i = 0; i < nodes; ++i)
        builder.node(i % 2 ? "Relu" : "Sigmoid", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
    const std::shared_ptr<const Model> model = builder.output("v" + std::to_string(nodes)).build();
    JobContext job;
    GraphDrawing drawing;
    drawing.font = QApplication::font();
    drawing.types = std::make_shared<const InferredTypes>(inferTypes(*model, {}, job).value());
    drawing.scene = GraphScene::build(model, model->graph, CardMetrics::of(drawing.font), {},
                                      LayoutOptions::along(direction), job)
                        .value();
    return drawing;
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// The operators of text in the content streams: what can be searched and copied.
qsizetype textsOfPdf(const QByteArray& pdf)
{
    qsizetype texts = 0;
    for (qsizetype at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 1)) {
        if (at < 3 || pdf.mid(at - 3, 3) == "end")
            continue;
        const qsizetype from = at + 7;
        if (pdf[from] != 'x') // not deflated
            continue;
        QByteArray packed = pdf.mid(from, pdf.indexOf("endstream", from) - from);
        packed.prepend(QByteArray("\0\x10\0\0", 4)); // qUncompress wants a size first
        const QByteArray content = qUncompress(packed);
        texts += content.count("Tj") + content.count("TJ");
    }
    return texts;
}

bool isGround(const QImage& image, const QRect& rect)
{
    const QRgb ground = GraphTheme::of(QPalette(QColor(0xf0f0f0))).canvas.rgb();
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x) {
            if (image.pixel(x, y) != ground)
                return false;
        }
    }
    return true;
}

class GraphPictureTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void aLongPngIsComplete_data()
    {
        QTest::addColumn<bool>("horizontal");
        QTest::addRow("down") << false;
        QTest::addRow("across") << true;
    }
    void aLongPngIsComplete()
    {
        QFETCH(bool, horizontal);
        // Longer than a tile, and than QPainter can paint on one image.
        const GraphDrawing drawing =
            chain(900, horizontal ? LayoutDirection::Horizontal : LayoutDirection::Vertical);
        const QRectF area = pictureArea(drawing);
        QVERIFY(save(drawing, {PictureFormat::Png, 1, false, {}}, "long.png").ok());
        const QImage image(path("long.png"));
        QCOMPARE(image.size(), pictureSize(area, 1));
        QVERIFY(std::max(image.width(), image.height()) > 40000);
        for (size_t box = 0; box < drawing.scene->display().boxes.size(); ++box) {
            const BoxRect& rect = drawing.scene->rect(static_cast<BoxId>(box));
            const QRect place =
                QRectF(rect.x - area.left(), rect.y - area.top(), rect.width, rect.height).toRect();
            QVERIFY2(!isGround(image, place), qPrintable(QStringLiteral("box %1").arg(box)));
        }
        // Nothing reaches the border: nothing is cut.
        QVERIFY(isGround(image, {0, 0, image.width(), 8}));
        QVERIFY(isGround(image, {0, image.height() - 8, image.width(), 8}));
        QVERIFY(isGround(image, {0, 0, 8, image.height()}));
        QVERIFY(isGround(image, {image.width() - 8, 0, 8, image.height()}));
    }

    // Where tiles meet, nothing is to be seen.
    void tilesJoin()
    {
        const GraphDrawing drawing = chain(120);
        const QRectF area = pictureArea(drawing);
        QVERIFY(save(drawing, {PictureFormat::Png, 1, false, area}, "tiles.png").ok());
        const QImage image = QImage(path("tiles.png")).convertToFormat(QImage::Format_RGB32);
        QVERIFY(image.height() > 4096);
        QImage whole(image.size(), QImage::Format_RGB32);
        whole.fill(GraphTheme::of(QPalette(QColor(0xf0f0f0))).canvas);
        QPainter painter(&whole);
        paintDrawing(painter, drawing, area, area, QRectF(QPointF(), area.size()), false);
        painter.end();
        int different = 0;
        for (int y = 4000; y < 4200; ++y) {
            for (int x = 0; x < image.width(); ++x)
                different += std::abs(qGray(image.pixel(x, y)) - qGray(whole.pixel(x, y))) > 40;
        }
        QVERIFY2(different < 20, qPrintable(QString::number(different)));
    }

    void scaleAndTheme()
    {
        const GraphDrawing drawing = chain(3);
        const QRectF area = pictureArea(drawing);
        QVERIFY(save(drawing, {PictureFormat::Png, 2.5, true, {}}, "dark.png").ok());
        const QImage image(path("dark.png"));
        QCOMPARE(image.size(), pictureSize(area, 2.5));
        QVERIFY(image.pixelColor(2, 2).lightness() < 64);
        QVERIFY(std::abs(image.dotsPerMeterX() - 2.5 * 96 / 0.0254) < 2);
    }

    void partOfTheGraph()
    {
        const GraphDrawing drawing = chain(30);
        QVERIFY(save(drawing, {PictureFormat::Png, 1, false, QRectF(0, 200, 80, 60)}, "part.png").ok());
        QCOMPARE(QImage(path("part.png")).size(), QSize(80, 60));
    }

    void tooManyPixels()
    {
        const GraphDrawing drawing = chain(400);
        const Status status = save(drawing, {PictureFormat::Png, 1000, false, {}}, "huge.png");
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!QFile::exists(path("huge.png")));
        // The scale that it names is one that works.
        const auto match =
            QRegularExpression("at most ([0-9.]+),").match(QString::fromStdString(status.error().nextStep));
        QVERIFY2(match.hasMatch(), status.error().nextStep.c_str());
        const double largest = largestPictureScale(pictureArea(drawing));
        QVERIFY(match.captured(1).toDouble() <= largest);
        QVERIFY(match.captured(1).toDouble() > largest * 0.98);
    }

    void svgKeepsTexts()
    {
        const GraphDrawing drawing = chain(700);
        QVERIFY(save(drawing, {PictureFormat::Svg, 1, false, {}}, "chain.svg").ok());
        const QByteArray svg = bytesOf(path("chain.svg"));
        QVERIFY(svg.count(">Relu<") + svg.count(">Relu ") >= 350 || svg.count("Relu") >= 350);
        QVERIFY(svg.contains("v700"));
        QVERIFY(svg.count("1×8×1000×1000") >= 690);
        const QRectF area = pictureArea(drawing);
        QSvgRenderer renderer(path("chain.svg"));
        QVERIFY(renderer.isValid());
        QVERIFY(std::abs(renderer.viewBoxF().height() - area.height()) < 2);
    }

    void pdfKeepsTexts()
    {
        const GraphDrawing drawing = chain(200);
        QVERIFY(save(drawing, {PictureFormat::Pdf, 1, false, {}}, "chain.pdf").ok());
        const QByteArray pdf = bytesOf(path("chain.pdf"));
        QCOMPARE(pdf.count("/Type /Page\n"), 1);
        QVERIFY2(textsOfPdf(pdf) >= 400, qPrintable(QString::number(textsOfPdf(pdf)))); // names and shapes
    }

    // A page cannot be longer than 200 inches.
    void aLongPdfHasPages()
    {
        const GraphDrawing drawing = chain(1000);
        QVERIFY(save(drawing, {PictureFormat::Pdf, 1, false, {}}, "long.pdf").ok());
        const QByteArray pdf = bytesOf(path("long.pdf"));
        const double points = pictureArea(drawing).height() * 0.75;
        QCOMPARE(pdf.count("/Type /Page\n"), static_cast<qsizetype>(std::ceil(points / 14400)));
        QVERIFY(textsOfPdf(pdf) >= 2000);
    }

    void writesAllOrNothing()
    {
        const GraphDrawing drawing = chain(3);
        QFile file(path("kept.png"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("before");
        file.close();
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const Status status = savePicture(drawing, {PictureFormat::Png, 1, false, {}}, file.fileName(), job);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::Cancelled);
        QCOMPARE(bytesOf(file.fileName()), QByteArray("before"));
        QCOMPARE(QDir(m_folder.path()).entryList({"kept*"}).size(), 1);
        const Status nowhere = save(drawing, {PictureFormat::Svg, 1, false, {}}, "no/such/folder.svg");
        QVERIFY(!nowhere.ok());
        QCOMPARE(nowhere.error().code, ErrorCode::IoError);
    }

    // As in the window: coloured by data, with a legend, what is not traced faded.
    void coloursAndTraces()
    {
        GraphDrawing drawing = chain(3);
        const QRectF plain = pictureArea(drawing);
        NodeData data;
        data.title = "Time of this test";
        data.values = {1, 2, 3};
        data.text = [](double value) { return QString::number(value) + " ms"; };
        drawing.data = std::make_shared<const NodeData>(data);
        QVERIFY(pictureArea(drawing).height() > plain.height() + 20); // room for the legend

        QVERIFY(save(drawing, {PictureFormat::Svg, 1, false, {}}, "colours.svg").ok());
        const QByteArray svg = bytesOf(path("colours.svg"));
        for (const char* text : {"Time of this test", "3 ms"})
            QVERIFY2(svg.contains(text), text);
        QVERIFY(save(drawing, {PictureFormat::Png, 2, true, {}}, "colours.png").ok());
        const QImage image(path("colours.png"));
        const auto pixelsOf = [&image](QRgb colour) {
            int count = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixel(x, y) == colour ? 1 : 0;
            }
            return count;
        };
        QVERIFY(pixelsOf(rampColour(1, true)) > 200); // the slowest node's header

        drawing.data = nullptr;
        Trace trace;
        trace.boxes.assign(drawing.scene->display().boxes.size(), 0);
        trace.wires.assign(drawing.scene->wires().size(), 0);
        drawing.trace = std::make_shared<const Trace>(trace);
        QVERIFY(save(drawing, {PictureFormat::Png, 2, true, {}}, "traced.png").ok());
        QVERIFY(QImage(path("traced.png")) != image);
    }

    void formats()
    {
        QCOMPARE(pictureFormatOf("a.PNG"), PictureFormat::Png);
        QCOMPARE(pictureFormatOf("a.b.svg"), PictureFormat::Svg);
        QCOMPARE(pictureFormatOf("a.pdf"), PictureFormat::Pdf);
        QVERIFY(!pictureFormatOf("a.jpg"));
    }

private:
    QString path(const char* name) const { return m_folder.filePath(name); }
    Status save(const GraphDrawing& drawing, const PictureOptions& options, const char* name) const
    {
        JobContext job;
        return savePicture(drawing, options, path(name), job);
    }
    QTemporaryDir m_folder;
};

} // namespace

std::unique_ptr<QObject> lapidary::createGraphPictureTest() { return std::make_unique<GraphPictureTest>(); }

#include "graph_picture_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_picture.h"

#include "viewers/graph/card_metrics.h"
#include "viewers/graph/colour_legend.h"
#include "viewers/graph/graph_painter.h"
#include "viewers/graph/png_writer.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPageSize>
#include <QPalette>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace lapidary {

namespace {

constexpr double margin = 24;          // around everything, in units of the scene
constexpr double labelRoom = 320;      // labels and arrows reach so far beyond their boxes
constexpr double dotsPerInch = 96;     // at scale 1
constexpr double mostSide = 1'000'000; // pixels: what libpng reads unless told otherwise
constexpr double mostPixels = 1'000'000'000;
constexpr int tileSide = 4096;           // pixels that are painted at once, each way
constexpr double bandPixels = 8'000'000; // in memory at a time
constexpr double mostPagePoints = 14400; // of a PDF page: what Acrobat shows

GraphTheme themeOf(bool dark) { return GraphTheme::of(QPalette(dark ? QColor(0x202020) : QColor(0xf0f0f0))); }

Error writeError(const QString& path)
{
    return makeError(ErrorCode::IoError, "cannot write the file", "Check the folder and the free space.")
        .at(path.toStdString());
}

// Rounded down to three digits, so that it can be typed in.
std::string scaleText(double scale)
{
    const double unit = std::pow(10, std::floor(std::log10(scale)) - 2);
    return QString::number(std::floor(scale / unit) * unit, 'g', 3).toStdString();
}

Bounds united(const Bounds& a, const Bounds& b)
{
    return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
            std::max(a.bottom, b.bottom)};
}

// What the label of a wire may take.
Bounds labelRange(const GraphScene& scene, const SceneWire& wire, double width)
{
    const LabelPlaces places = labelPlaces(scene, wire, width);
    if (!places.second)
        return places.first;
    bool free = true;
    scene.boxIndex().query(places.first, [&](int32_t) { free = false; });
    scene.pieceIndex().query(places.first, [&](int32_t) { free = false; });
    return free ? places.first : united(places.first, *places.second);
}

GraphEmphasis emphasisOf(const GraphDrawing& drawing, bool dark)
{
    GraphEmphasis emphasis;
    emphasis.trace = drawing.trace;
    if (drawing.data)
        emphasis.data = std::make_shared<const DataColours>(coloursOf(*drawing.scene, *drawing.data, dark));
    return emphasis;
}

// In the upper right corner of the picture's area; the painter's units are those of the scene.
void paintLegendOf(const GraphDrawing& drawing, const GraphEmphasis& emphasis, QPainter& painter,
                   const QRectF& area, const GraphTheme& theme)
{
    if (emphasis.data)
        paintLegend(painter, area.topRight() + QPointF(-margin, margin), drawing.font, *drawing.data,
                    *emphasis.data, theme);
}

// One picture in memory at a time: a band across the whole width.
Status writePng(const GraphDrawing& drawing, const PictureOptions& options, const QRectF& area,
                QIODevice& device, JobContext& job)
{
    const QSize size = pictureSize(area, options.scale);
    const GraphTheme theme = themeOf(options.dark);
    const ScopeTypes types = drawing.scene->typesOf(drawing.types.get());
    const GraphEmphasis emphasis = emphasisOf(drawing, options.dark);
    GraphPainter graph(drawing.font);
    const int rows = std::clamp(static_cast<int>(bandPixels / size.width()), 8, tileSide);
    std::vector<unsigned char> band(static_cast<size_t>(size.width()) * static_cast<size_t>(rows) * 4);
    PngWriter writer(device, size, static_cast<int>(dotsPerInch * options.scale / 0.0254));
    const auto stride = static_cast<qsizetype>(size.width()) * 4;
    for (int y = 0; y < size.height(); y += rows) {
        const int height = std::min(rows, size.height() - y);
        for (int x = 0; x < size.width(); x += tileSide) {
            if (job.stopRequested())
                return cancelled();
            const int width = std::min(tileSide, size.width() - x);
            QImage tile(band.data() + static_cast<size_t>(x) * 4, width, height, stride,
                        QImage::Format_RGBX8888);
            tile.fill(theme.canvas);
            QPainter painter(&tile);
            const ViewTransform view{options.scale, area.left() + x / options.scale,
                                     area.top() + y / options.scale};
            // Boxes beyond the tile are painted too, for what reaches into it.
            const double reach = labelRoom * options.scale;
            graph.paint(painter, *drawing.scene, types, view,
                        QRectF(tile.rect()).adjusted(-reach, -reach, reach, reach), theme, emphasis);
            painter.scale(options.scale, options.scale);
            painter.translate(-view.left, -view.top);
            paintLegendOf(drawing, emphasis, painter, area, theme);
        }
        TRY(writer.write(band.data(), height));
        job.report(static_cast<double>(y + height) / size.height());
    }
    return writer.finish();
}

Status writeSvg(const GraphDrawing& drawing, const PictureOptions& options, const QRectF& area,
                QIODevice& device)
{
    QSvgGenerator svg;
    svg.setOutputDevice(&device);
    svg.setResolution(static_cast<int>(dotsPerInch));
    svg.setSize((area.size() * options.scale).toSize());
    svg.setViewBox(QRectF(QPointF(), area.size()));
    svg.setTitle(QString::fromStdString(drawing.scene->graphOf(0).name));
    QPainter painter;
    if (!painter.begin(&svg))
        return makeError(ErrorCode::Internal, "the SVG cannot be painted");
    const QRectF whole(QPointF(), area.size());
    painter.fillRect(whole, themeOf(options.dark).canvas);
    paintDrawing(painter, drawing, area, area, whole, options.dark);
    painter.end();
    return {};
}

// One page of the picture's size, or several where it is longer than a page can be.
Status writePdf(const GraphDrawing& drawing, const PictureOptions& options, const QRectF& area,
                QIODevice& device, JobContext& job)
{
    constexpr int resolution = 1200;
    const double points = options.scale * 72 / dotsPerInch; // for a unit of the scene
    const QList<QRectF> parts = pagesOf(area, QSizeF(mostPagePoints, mostPagePoints) / points);
    const QSizeF page = parts.first().size() * points;
    QPdfWriter pdf(&device);
    pdf.setResolution(resolution);
    pdf.setPageSize(QPageSize(QSizeF(std::max(3.0, std::ceil(page.width())), // the least that Qt takes
                                     std::max(3.0, std::ceil(page.height()))),
                              QPageSize::Point, QStringLiteral("graph"), QPageSize::ExactMatch));
    pdf.setPageMargins(QMarginsF());
    pdf.setTitle(QString::fromStdString(drawing.scene->graphOf(0).name));
    pdf.setCreator(QStringLiteral("Lapidary"));
    QPainter painter;
    if (!painter.begin(&pdf))
        return makeError(ErrorCode::Internal, "the PDF cannot be painted");
    const QRectF paper(0, 0, pdf.width(), pdf.height());
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (job.stopRequested())
            return cancelled();
        if (i > 0)
            pdf.newPage();
        painter.fillRect(paper, themeOf(options.dark).canvas);
        const QSizeF size = parts[i].size() * (points * resolution / 72);
        paintDrawing(painter, drawing, area, parts[i], QRectF(QPointF(), size), options.dark);
        job.report(static_cast<double>(i + 1) / static_cast<double>(parts.size()));
    }
    painter.end();
    return {};
}

Status checkPixels(const QRectF& area, double scale)
{
    if (!(scale > 0) || !std::isfinite(scale))
        return makeError(ErrorCode::InvalidArgument, "the scale must be greater than 0");
    const double largest = largestPictureScale(area);
    if (scale <= largest)
        return {};
    const auto side = [&](double length) {
        return QString::number(std::ceil(length * scale), 'f', 0).toStdString();
    };
    return makeError(ErrorCode::InvalidArgument,
                     "a PNG of " + side(area.width()) + " × " + side(area.height()) +
                         " pixels is too large; it can have 1000000 pixels on a side and 1000000000 in all",
                     "Choose a scale of at most " + scaleText(largest) + ", or save SVG or PDF.");
}

} // namespace

std::optional<PictureFormat> pictureFormatOf(const QString& path)
{
    const std::pair<const char*, PictureFormat> endings[] = {
        {".png", PictureFormat::Png}, {".svg", PictureFormat::Svg}, {".pdf", PictureFormat::Pdf}};
    for (const auto& [ending, format] : endings) {
        if (path.endsWith(QLatin1String(ending), Qt::CaseInsensitive))
            return format;
    }
    return {};
}

QRectF pictureArea(const GraphDrawing& drawing)
{
    const GraphScene& scene = *drawing.scene;
    const ScopeTypes types = scene.typesOf(drawing.types.get());
    const QFontMetricsF metrics(CardMetrics::labelFont(drawing.font));
    Bounds all{0, 0, scene.layout().width, scene.layout().height};
    for (const SceneWire& wire : scene.wires()) {
        const std::string label =
            edgeLabel(scene.graphOf(wire.scope), types[static_cast<size_t>(wire.scope)], wire.value);
        if (label.empty())
            continue;
        all = united(all, labelRange(scene, wire, metrics.horizontalAdvance(QString::fromStdString(label))));
    }
    QRectF area(QPointF(all.left, all.top), QPointF(all.right, all.bottom));
    if (const GraphEmphasis emphasis = emphasisOf(drawing, false); emphasis.data) {
        const QSizeF legend = legendSize(drawing.font, *drawing.data, *emphasis.data);
        area.setTop(area.top() - legend.height() - margin / 2);
        area.setRight(std::max(area.right(), area.left() + legend.width()));
    }
    return area.adjusted(-margin, -margin, margin, margin);
}

QSize pictureSize(const QRectF& area, double scale)
{
    return {std::max(1, static_cast<int>(std::ceil(area.width() * scale))),
            std::max(1, static_cast<int>(std::ceil(area.height() * scale)))};
}

double largestPictureScale(const QRectF& area)
{
    return std::min(mostSide / std::max(area.width(), area.height()),
                    std::sqrt(mostPixels / (area.width() * area.height())));
}

QList<QRectF> pagesOf(const QRectF& area, const QSizeF& most)
{
    const auto count = [](double length, double room) {
        return std::max(1, static_cast<int>(std::ceil(length / room - 1e-9)));
    };
    const int columns = count(area.width(), most.width());
    const int rows = count(area.height(), most.height());
    // The last part is as large as the others, so that all pages are.
    const QSizeF part(columns > 1 ? most.width() : area.width(), rows > 1 ? most.height() : area.height());
    QList<QRectF> parts;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column)
            parts << QRectF(area.topLeft() + QPointF(column * part.width(), row * part.height()), part);
    }
    return parts;
}

void paintDrawing(QPainter& painter, const GraphDrawing& drawing, const QRectF& area, const QRectF& part,
                  const QRectF& target, bool dark)
{
    const GraphTheme theme = themeOf(dark);
    const GraphEmphasis emphasis = emphasisOf(drawing, dark);
    painter.save();
    painter.translate(target.topLeft());
    painter.scale(target.width() / part.width(), target.height() / part.height());
    const QRectF whole(QPointF(), part.size());
    painter.setClipRect(whole);
    GraphPainter(drawing.font)
        .paint(painter, *drawing.scene, drawing.scene->typesOf(drawing.types.get()),
               {1, part.left(), part.top()}, whole.adjusted(-labelRoom, -labelRoom, labelRoom, labelRoom),
               theme, emphasis);
    painter.translate(-part.topLeft());
    paintLegendOf(drawing, emphasis, painter, area, theme);
    painter.restore();
}

Status savePicture(const GraphDrawing& drawing, const PictureOptions& options, const QString& path,
                   JobContext& job)
{
    const QRectF area = options.area.isEmpty() ? pictureArea(drawing) : options.area;
    if (options.format == PictureFormat::Png || !(options.scale > 0))
        TRY(checkPixels(area, options.scale));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return writeError(path);
    switch (options.format) {
    case PictureFormat::Png: TRY(writePng(drawing, options, area, file, job)); break;
    case PictureFormat::Svg: TRY(writeSvg(drawing, options, area, file)); break;
    case PictureFormat::Pdf: TRY(writePdf(drawing, options, area, file, job)); break;
    }
    if (job.stopRequested())
        return cancelled();
    if (!file.commit())
        return writeError(path);
    return {};
}

} // namespace lapidary

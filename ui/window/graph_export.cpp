// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/graph_export.h"

#include "ui/settings/settings.h"
#include "ui/text/selection_text.h"
#include "ui/theme/theme.h"
#include "ui/window/export_dialog.h"
#include "viewers/graph/graph_view.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPainter>
#include <QPrintDialog>
#include <QPrinter>

namespace lapidary {

namespace {

const char* endingOf(PictureFormat format)
{
    switch (format) {
    case PictureFormat::Svg: return "svg";
    case PictureFormat::Pdf: return "pdf";
    case PictureFormat::Png: break;
    }
    return "png";
}

Status paintPages(QPrinter& printer, const GraphDrawing& drawing, JobContext& job)
{
    QPainter painter;
    if (!painter.begin(&printer))
        return makeError(ErrorCode::IoError, "the printer does not take the pages",
                         "Check the printer, or print to a file.");
    const QRectF area = pictureArea(drawing);
    const QSizeF paper(printer.pageLayout().paintRectPixels(printer.resolution()).size());
    // Across the flow everything is on one page.
    const double fit =
        drawing.scene->horizontal() ? paper.height() / area.height() : paper.width() / area.width();
    const double scale = std::min(printer.resolution() / 96.0, fit);
    const QList<QRectF> pages = pagesOf(area, paper / scale);
    for (qsizetype i = 0; i < pages.size(); ++i) {
        if (job.stopRequested()) {
            painter.end();
            printer.abort();
            return cancelled();
        }
        if (i > 0)
            printer.newPage();
        paintDrawing(painter, drawing, area, pages[i], QRectF(QPointF(), pages[i].size() * scale), false);
        job.report(static_cast<double>(i + 1) / static_cast<double>(pages.size()));
    }
    painter.end();
    return {};
}

} // namespace

GraphExport::GraphExport(ModelDocument& document, GraphView& view, QObject* parent)
    : QObject(parent), m_document(document), m_view(view)
{
}

JobOptions GraphExport::job(const QString& title) const
{
    JobOptions options;
    options.title = title.toStdString();
    options.lane = "export";
    options.withOwner(m_alive);
    return options;
}

void GraphExport::chooseAndSave()
{
    const GraphDrawing drawing = m_view.drawing();
    if (!drawing.scene)
        return;
    m_document.jobs().start(
        job(tr("Measuring the graph")),
        [drawing](JobContext&) { return Result<QRectF>(pictureArea(drawing)); },
        [this](Result<QRectF> whole) {
            if (!whole.ok())
                return;
            auto* dialog =
                new ExportDialog(*whole, m_view.shownArea(), Theme::instance().isDark(), m_view.window());
            connect(dialog, &QDialog::accepted, this, [this, dialog] { chooseFile(dialog->options()); });
            dialog->open();
        });
}

void GraphExport::chooseFile(const PictureOptions& options)
{
    const QString ending = QLatin1String(endingOf(options.format));
    const QFileInfo model(m_document.path());
    const QString folder = readSetting(settings::exportFolder);
    auto* dialog =
        new QFileDialog(m_view.window(), tr("Export graph"), folder.isEmpty() ? model.absolutePath() : folder,
                        QStringLiteral("%1 (*.%2)").arg(ending.toUpper(), ending));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(model.completeBaseName() + QLatin1Char('.') + ending);
    connect(dialog, &QFileDialog::fileSelected, this, [this, options](const QString& path) {
        writeSetting(settings::exportFolder, QFileInfo(path).absolutePath());
        save(options, path);
    });
    dialog->open();
}

void GraphExport::save(const PictureOptions& options, const QString& path)
{
    const GraphDrawing drawing = m_view.drawing();
    if (!drawing.scene)
        return;
    m_document.jobs().start(
        job(tr("Exporting %1").arg(QFileInfo(path).fileName())),
        [drawing, options, path](JobContext& context) {
            return savePicture(drawing, options, path, context);
        },
        [this, path](Status status) {
            if (status.ok())
                emit saved(path);
            else
                emit failed(QFileInfo(path).fileName(), status.error());
        });
}

void GraphExport::choosePrinter()
{
    if (!m_view.drawing().scene)
        return;
    const auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(QFileInfo(m_document.path()).fileName());
    auto* dialog = new QPrintDialog(printer.get(), m_view.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QAbstractPrintDialog::PrintPageRange, false);
    connect(dialog, &QDialog::finished, this, [this, printer](int result) {
        if (result == QDialog::Accepted)
            print(printer);
    });
    dialog->open();
}

void GraphExport::print(std::shared_ptr<QPrinter> printer)
{
    const GraphDrawing drawing = m_view.drawing();
    if (!drawing.scene)
        return;
    m_document.jobs().start(
        job(tr("Printing %1").arg(QFileInfo(m_document.path()).fileName())),
        [drawing, printer = std::move(printer)](JobContext& context) {
            return paintPages(*printer, drawing, context);
        },
        [this](Status status) {
            if (status.ok())
                emit printed();
            else
                emit failed(tr("Print"), status.error());
        });
}

void GraphExport::copySelection()
{
    if (!m_document.model())
        return;
    const QString text = selectionText(*m_document.model(), m_document.types().get(), m_document.selection());
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

} // namespace lapidary

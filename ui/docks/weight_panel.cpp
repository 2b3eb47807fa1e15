// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/weight_panel.h"

#include "engine/onnx/npy.h"
#include "ui/cards/elided_label.h"
#include "ui/cards/error_line.h"
#include "ui/docks/property_pages.h"
#include "ui/docks/slice_chooser.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/colour_bar.h"
#include "viewers/tensor/plane_view.h"
#include "viewers/tensor/tensor_table.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace lapidary {

WeightPanel::WeightPanel(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_stack(new QStackedLayout(this)),
      m_empty(new QLabel(this)),
      m_content(new QWidget(this)),
      m_title(new ElidedLabel(m_content)),
      m_tabs(new QTabBar(m_content)),
      m_slice(new SliceChooser(m_content)),
      m_save(new QPushButton(m_content)),
      m_error(new ErrorLine(m_content)),
      m_views(new QStackedWidget(m_content)),
      m_plane(new PlaneView(document.jobs(), m_content)),
      m_table(new TensorTable(document.jobs(), m_content)),
      m_pointed(new QLabel(m_content)),
      m_colours(new ColourBar(m_content))
{
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(20, 8, 20, 8);
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_error->setError(std::nullopt);
    m_table->setStatisticsShown(false);
    m_pointed->setForegroundRole(QPalette::PlaceholderText);
    m_pointed->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_views->setMinimumHeight(60); // the table would want more
    m_views->addWidget(m_plane);
    m_views->addWidget(m_table);

    auto* head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(m_title, 1);
    head->addWidget(m_tabs);
    head->addWidget(m_save);
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_pointed, 1);
    foot->addWidget(m_colours);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(14, 8, 14, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_slice);
    column->addWidget(m_error);
    column->addWidget(m_views, 1);
    column->addLayout(foot);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_content);

    connect(&m_document, &ModelDocument::selectionChanged, this, &WeightPanel::refresh);
    connect(&m_document, &ModelDocument::modelChanged, this, &WeightPanel::refresh);
    connect(m_tabs, &QTabBar::currentChanged, this, &WeightPanel::updateView);
    connect(m_slice, &SliceChooser::changed, this, &WeightPanel::updateView);
    connect(m_plane, &PlaneView::pointed, m_pointed, &QLabel::setText);
    connect(m_save, &QPushButton::clicked, this, &WeightPanel::save);
    retranslate();
    refresh();
}

// The last weight stays while something else is selected, so that the graph can be walked beside it.
void WeightPanel::refresh()
{
    const std::shared_ptr<const Model> model = m_document.model();
    const TensorRef* weight = selectedWeight(m_document);
    if (!model) {
        m_shown = nullptr;
        m_picture = {};
        m_plane->setPlane({}, {}, 0);
        m_table->setTensor({});
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    if (!isVisible() || !weight || weight == m_shown)
        return;
    m_shown = weight;
    m_name = QString::fromStdString(
        m_document.selection().graphIn(*model).value(m_document.selection().value).name);
    JobOptions options;
    options.title = tr("Reading %1").arg(m_name).toStdString();
    options.lane = "weights";
    options.replaceKey = "weight";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options), [model, weight](JobContext&) { return readPicture(*weight); },
        [this, weight](Result<WeightPicture> picture) {
            if (weight == m_shown)
                showPicture(std::move(picture));
        });
}

void WeightPanel::showPicture(Result<WeightPicture> picture)
{
    m_error->setError(picture.ok() ? std::nullopt : std::optional(picture.error()));
    m_picture = picture.ok() ? std::move(picture).value() : WeightPicture();
    const Dims& dims = m_picture.tensor.dims();
    m_slice->setDims(dims);
    m_tableFilled = false;
    m_title->setFullText(m_name + QStringLiteral("  ") +
                         typeText(TypeInfo::tensor(m_picture.tensor.type(), toShape(dims))));
    m_save->setEnabled(!m_picture.tensor.empty() && m_picture.tensor.type() != DataType::String);
    m_stack->setCurrentWidget(m_content);
    buildTabs();
    updateView();
}

void WeightPanel::buildTabs()
{
    const QSignalBlocker blocker(m_tabs);
    const View before = view();
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    const auto add = [this](const QString& name, View which) {
        m_tabs->setTabData(m_tabs->addTab(name), static_cast<int>(which));
    };
    const bool hasPicture = !m_picture.plane.empty();
    if (hasPicture && isKernel(m_picture.tensor.dims()))
        add(tr("Kernels"), View::Kernels);
    if (hasPicture)
        add(tr("Heat map"), View::HeatMap);
    add(tr("Table"), View::Table);
    showView(before);
}

WeightPanel::View WeightPanel::view() const
{
    return m_tabs->count() == 0 ? View::Kernels
                                : static_cast<View>(m_tabs->tabData(m_tabs->currentIndex()).toInt());
}

void WeightPanel::showView(View wanted)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).toInt() == static_cast<int>(wanted))
            m_tabs->setCurrentIndex(i);
    }
}

void WeightPanel::updateView()
{
    const View shown = view();
    m_views->setCurrentWidget(shown == View::Table ? static_cast<QWidget*>(m_table) : m_plane);
    m_slice->setVisible(shown == View::HeatMap && m_slice->hasChoice());
    m_pointed->clear();
    if (shown == View::Table) {
        m_colours->hide();
        if (!m_tableFilled)
            m_table->setTensor(m_picture.tensor);
        m_tableFilled = true;
        return;
    }
    const TensorPlane plane =
        shown == View::Kernels ? kernelPlane(m_picture.tensor.dims()) : m_slice->plane();
    m_plane->setPlane(m_picture.tensor, plane, m_picture.limit);
    m_colours->setLimit(plane.colourStride == 0 ? m_picture.limit : 0);
    m_plane->setToolTip(plane.colourStride == 0
                            ? tr("The wheel zooms, dragging moves, a double click fits the picture")
                            : tr("Three channels as red, green and blue, each filter from its lowest to its "
                                 "highest element"));
}

void WeightPanel::save()
{
    static const QRegularExpression unsafe(QStringLiteral("[^\\w.-]+"));
    auto* dialog = new QFileDialog(this, tr("Save Weight"), QString(), tr("NumPy arrays (*.npy)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("npy"));
    dialog->selectFile(QString(m_name).replace(unsafe, QStringLiteral("_")) + QStringLiteral(".npy"));
    connect(dialog, &QFileDialog::fileSelected, this, &WeightPanel::saveTo);
    dialog->open();
}

void WeightPanel::saveTo(const QString& path)
{
    JobOptions options;
    options.title = tr("Save %1").arg(m_name).toStdString();
    options.lane = "files";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options),
        [tensor = m_picture.tensor, path](JobContext& job) {
            return saveNpy(std::filesystem::path(path.toStdU16String()), tensor, job);
        },
        [this, path](const Status& status) {
            m_error->setError(status.ok() ? std::nullopt : std::optional(status.error()));
            if (status.ok())
                emit saved(path);
        });
}

void WeightPanel::retranslate()
{
    m_empty->setText(
        tr("Select a weight to see its elements: a row of a node, or a field of the properties."));
    m_tabs->setAccessibleName(tr("How the weight is shown"));
    m_save->setText(tr("Save .npy…"));
    if (!m_picture.tensor.empty()) {
        buildTabs();
        updateView();
    }
}

void WeightPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void WeightPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace lapidary

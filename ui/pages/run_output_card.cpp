// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_output_card.h"

#include "engine/base/job_queue.h"
#include "engine/onnx/npy.h"
#include "ui/cards/elided_label.h"
#include "ui/cards/error_line.h"
#include "ui/theme/theme.h"
#include "viewers/image/tensor_image_view.h"
#include "viewers/tensor/element_text.h"
#include "viewers/tensor/tensor_table.h"
#include "viewers/tensor/top_k_view.h"
#include "viewers/tensor/value_tree.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace lapidary {

RunOutputCard::RunOutputCard(JobQueue& jobs, QWidget* parent)
    : Card(parent),
      m_jobs(jobs),
      m_title(new ElidedLabel(this)),
      m_type(new ElidedLabel(this)),
      m_verdict(new QLabel(this)),
      m_tabs(new QTabBar(this)),
      m_save(new QPushButton(this)),
      m_comparisonText(makeHint(this)),
      m_error(new ErrorLine(this)),
      m_stack(new QStackedWidget(this))
{
    buildHeader();
    column()->addWidget(m_verdict);
    column()->addWidget(m_comparisonText);
    column()->addWidget(m_error);
    column()->addWidget(m_stack, 1);
    m_comparisonText->hide();
    connect(m_tabs, &QTabBar::currentChanged, this, &RunOutputCard::showView);
    connect(m_save, &QPushButton::clicked, this, &RunOutputCard::saveTensor);
    retranslate();
}

void RunOutputCard::buildHeader()
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_type->setForegroundRole(QPalette::PlaceholderText);
    m_verdict->setFont(bold);
    m_verdict->hide();
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    auto* names = new QHBoxLayout;
    names->setSpacing(10);
    names->addWidget(m_title);
    names->addWidget(m_type);
    names->addStretch(1);
    names->addWidget(m_save);
    column()->addLayout(names);
    column()->addWidget(m_tabs);
}

void RunOutputCard::setOutput(const QString& name, const Value& value, bool bgr)
{
    m_name = name;
    m_value = value;
    m_bgr = bgr;
    m_title->setFullText(name);
    m_type->setFullText(QString::fromStdString(describe(value)));
    m_save->setVisible(value.isTensor());
    m_error->setError(std::nullopt);
    setComparison(std::nullopt);
    offerViews();
    retranslate();
}

void RunOutputCard::setLabels(const ClassLabels& labels)
{
    m_labels = labels;
    if (m_topK)
        m_topK->setLabels(labels.names, labels.source);
}

std::vector<RunOutputCard::View> RunOutputCard::possibleViews() const
{
    const Tensor* tensor = m_value.tensor();
    if (!tensor)
        return {View::Tree};
    std::vector<View> views;
    if (classLayout(tensor->type(), tensor->dims()))
        views.push_back(View::TopK);
    const bool numbers = isFloatingPoint(tensor->type()) || isInteger(tensor->type());
    if (numbers && tensor->count() > 0 && guessImageLayout(toShape(tensor->dims())))
        views.push_back(View::Image);
    views.push_back(View::Table);
    return views;
}

RunOutputCard::View RunOutputCard::defaultView() const
{
    // A list of numbers may be anything, as may a matrix: only what is nearly certain is not a table.
    const Tensor* tensor = m_value.tensor();
    if (m_views.front() == View::TopK) {
        const auto layout = classLayout(tensor->type(), tensor->dims());
        return tensor->rank() >= 2 || layout->classes == m_labels.names.size() ? View::TopK : View::Table;
    }
    if (m_views.front() == View::Image) {
        const auto layout = guessImageLayout(toShape(tensor->dims()));
        const auto axes = imageAxes(tensor->dims().size(), *layout);
        const bool inColour = axes->channel >= 0 && tensor->dims()[static_cast<size_t>(axes->channel)] >= 3;
        return tensor->rank() == 4 || inColour ? View::Image : View::Table;
    }
    return m_views.front();
}

void RunOutputCard::offerViews()
{
    const std::vector<View> views = possibleViews();
    if (views != m_views) {
        const QSignalBlocker blocker(m_tabs);
        m_views = views;
        while (m_tabs->count() > 0)
            m_tabs->removeTab(0);
        for (const View view : views)
            m_tabs->addTab(viewName(view));
        m_tabs->setVisible(views.size() > 1);
        m_tabs->setCurrentIndex(static_cast<int>(std::ranges::find(views, defaultView()) - views.begin()));
    }
    showView();
}

QWidget* RunOutputCard::widgetFor(View view)
{
    const Tensor* tensor = m_value.tensor();
    switch (view) {
    case View::TopK:
        if (!m_topK) {
            m_stack->addWidget(m_topK = new TopKView(m_stack));
            m_topK->setLabels(m_labels.names, m_labels.source);
            connect(m_topK, &TopKView::labelsRequested, this, &RunOutputCard::labelsRequested);
        }
        m_topK->setTensor(*tensor);
        return m_topK;
    case View::Image:
        if (!m_image)
            m_stack->addWidget(m_image = new TensorImageView(m_jobs, m_stack));
        m_image->setTensor(*tensor, m_bgr);
        return m_image;
    case View::Table:
        if (!m_table)
            m_stack->addWidget(m_table = new TensorTable(m_jobs, m_stack));
        m_table->setTensor(*tensor);
        return m_table;
    case View::Tree: break;
    }
    if (!m_tree)
        m_stack->addWidget(m_tree = new ValueTree(m_stack));
    m_tree->setValue(m_value);
    return m_tree;
}

void RunOutputCard::showView()
{
    const int index = std::max(0, m_tabs->currentIndex());
    const View view = m_views[static_cast<size_t>(index)];
    m_stack->setMinimumHeight(view == View::Image ? 360 : 220);
    m_stack->setCurrentWidget(widgetFor(view));
}

void RunOutputCard::setComparison(const std::optional<Comparison>& comparison)
{
    m_comparison = comparison;
    showComparison();
}

void RunOutputCard::showComparison()
{
    m_verdict->setVisible(m_comparison.has_value());
    m_comparisonText->setVisible(m_comparison.has_value());
    setFrameColour(QColor());
    if (!m_comparison)
        return;
    const ThemeColors& colours = Theme::instance().colors();
    QPalette coloured;
    coloured.setColor(QPalette::WindowText, m_comparison->equal ? colours.good : colours.error);
    m_verdict->setPalette(coloured);
    m_verdict->setText(m_comparison->equal ? tr("✓ As expected") : tr("✗ Not as expected"));
    const Tolerance tolerance =
        modelTolerance(m_value.isTensor() ? m_value.tensor()->type() : DataType::Float);
    QString text =
        tr("Largest difference %1, relative %2. Allowed: %3 + %4 of the expected value + %5 of the largest.")
            .arg(numberText(m_comparison->maxAbsolute, 3), numberText(m_comparison->maxRelative, 3),
                 numberText(tolerance.absolute, 3), numberText(tolerance.relative, 3),
                 numberText(tolerance.ofLargest, 3));
    if (!m_comparison->equal) {
        setFrameColour(colours.error);
        text = QString::fromStdString(m_comparison->message) + QLatin1Char('\n') + text;
    }
    m_comparisonText->setText(text);
}

void RunOutputCard::saveTensor()
{
    static const QRegularExpression unsafe(QStringLiteral("[^\\w.-]+"));
    const QString suggestion = QString(m_name).replace(unsafe, QStringLiteral("_")) + QStringLiteral(".npy");
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save Output"), suggestion, tr("NumPy arrays (*.npy)"));
    if (path.isEmpty() || !m_value.isTensor())
        return;
    JobOptions options;
    options.title = tr("Save %1").arg(m_name).toStdString();
    options.lane = "files";
    options.withOwner(m_alive);
    m_jobs.start(
        options,
        [tensor = *m_value.tensor(), path](JobContext& job) {
            return saveNpy(std::filesystem::path(path.toStdU16String()), tensor, job);
        },
        [this](const Status& status) {
            m_error->setError(status.ok() ? std::nullopt : std::optional(status.error()));
        });
}

QString RunOutputCard::viewName(View view)
{
    switch (view) {
    case View::TopK: return tr("Top classes");
    case View::Image: return tr("Image");
    case View::Table: return tr("Table");
    case View::Tree: return tr("Items");
    }
    return {};
}

void RunOutputCard::retranslate()
{
    setAccessibleName(tr("Output %1").arg(m_name));
    m_tabs->setAccessibleName(tr("How the output is shown"));
    for (int i = 0; i < m_tabs->count(); ++i)
        m_tabs->setTabText(i, viewName(m_views[static_cast<size_t>(i)]));
    m_save->setText(tr("Save .npy…"));
    m_save->setAccessibleName(tr("Save output %1 as a NumPy file").arg(m_name));
    showComparison();
}

void RunOutputCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    else if (event->type() == QEvent::PaletteChange)
        showComparison();
    Card::changeEvent(event);
}

} // namespace lapidary

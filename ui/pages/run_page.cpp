// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_page.h"

#include "ui/cards/card.h"
#include "ui/cards/empty_state.h"
#include "ui/document/model_document.h"
#include "ui/inputs/inputs_panel.h"
#include "ui/inputs/session_controls.h"
#include "ui/pages/run_error.h"
#include "ui/pages/run_results.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace lapidary {

RunPage::RunPage(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_inputs(RunInputs::of(document)),
      m_pages(new QStackedWidget(this)),
      m_noModel(new EmptyState(QStringLiteral("open"))),
      m_session(new SessionControls(document.jobs())),
      m_run(new PrimaryButton),
      m_stop(new QPushButton),
      m_progress(new QProgressBar),
      m_progressText(makeHint(nullptr)),
      m_right(new QStackedWidget),
      m_notRun(new EmptyState(QStringLiteral("run"))),
      m_failure(new RunError({16, 14, 16, 14})),
      m_results(new RunResults(document, m_inputs))
{
    for (QWidget* side : std::initializer_list<QWidget*>{m_notRun, m_failure, m_results})
        m_right->addWidget(side);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(makeLeftSide());
    splitter->addWidget(m_right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({400, 900});
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    m_pages->addWidget(m_noModel);
    m_pages->addWidget(splitter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);

    m_run->setObjectName(QStringLiteral("runButton"));
    m_stop->setObjectName(QStringLiteral("stopButton"));
    connect(m_run, &QPushButton::clicked, this, &RunPage::run);
    connect(m_stop, &QPushButton::clicked, this, &RunPage::stop);
    connect(m_failure, &RunError::nodeActivated, this,
            [this](NodeId node) { m_document.select(Selection::ofNode(node)); });
    connectDocument();
    retranslate();
    showModel();
}

QWidget* RunPage::makeLeftSide()
{
    auto* side = new QWidget;
    side->setMinimumWidth(340);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progressText->setWordWrap(false);
    // A long node name is cut rather than widening the column.
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_run, 1);
    buttons->addWidget(m_stop);
    auto* footer = new QVBoxLayout;
    footer->setContentsMargins(16, 10, 16, 12);
    footer->setSpacing(10);
    footer->addWidget(m_session);
    footer->addLayout(buttons);
    footer->addWidget(m_progress);
    footer->addWidget(m_progressText);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new InputsPanel(m_inputs), 1);
    column->addLayout(footer);
    return side;
}

void RunPage::connectDocument()
{
    connect(&m_document, &ModelDocument::modelChanged, this, &RunPage::showModel);
    connect(&m_inputs, &RunInputs::preparingChanged, this, &RunPage::updateControls);
    connect(&m_document, &ModelDocument::runStarted, this, &RunPage::updateControls);
    connect(&m_document, &ModelDocument::runProgress, this, &RunPage::showProgress);
    connect(&m_document, &ModelDocument::runFinished, this, &RunPage::showResults);
    connect(&m_document, &ModelDocument::runFailed, this, &RunPage::showFailure);
    connect(&m_document, &ModelDocument::benchmarkStarted, this, &RunPage::updateControls);
    connect(&m_document, &ModelDocument::benchmarkFinished, this, &RunPage::updateControls);
    connect(&m_document, &ModelDocument::benchmarkFailed, this, &RunPage::updateControls);
}

void RunPage::useDataFolder(const QString& folder) { m_inputs.useDataFolder(folder); }

void RunPage::run()
{
    if (!m_document.model() || m_inputs.isPreparing() || m_document.isRunning())
        return;
    showProgress(-1, tr("Reading the inputs"));
    m_inputs.prepare(m_session->options(), [this](Result<RunRequest> request) {
        if (request.ok())
            m_document.run(std::move(*request));
        else
            showFailure(request.error());
    });
}

void RunPage::stop()
{
    if (m_inputs.isPreparing())
        m_inputs.cancelPreparing();
    else
        m_document.cancel();
}

void RunPage::showProgress(double fraction, const QString& text)
{
    m_progress->setRange(0, fraction < 0 ? 0 : 1000);
    m_progress->setValue(static_cast<int>(fraction * 1000));
    m_progressText->setText(text);
}

void RunPage::showResults()
{
    m_results->showReport(m_document.lastRun());
    m_right->setCurrentWidget(m_results);
    updateControls();
}

void RunPage::showFailure(const Error& error)
{
    updateControls();
    if (error.code == ErrorCode::Cancelled)
        return;
    m_failure->showError(m_document.model(), error);
    m_right->setCurrentWidget(m_failure);
}

void RunPage::showModel()
{
    m_pages->setCurrentIndex(m_document.model() ? 1 : 0);
    m_right->setCurrentWidget(m_notRun);
    updateControls();
}

void RunPage::updateControls()
{
    const bool busy = m_inputs.isPreparing() || m_document.isRunning();
    m_run->setEnabled(m_document.model() && !busy && !m_document.isBenchmarking());
    m_run->setText(busy ? tr("Running…") : tr("Run"));
    m_stop->setVisible(busy);
    m_progress->setVisible(busy);
    m_progressText->setVisible(busy);
}

void RunPage::retranslate()
{
    setAccessibleName(tr("Run"));
    m_noModel->setTexts(tr("No model is open"),
                        tr("Open an ONNX file, or drop one here, to feed it and run it."));
    m_notRun->setTexts(tr("Not run yet"),
                       tr("Choose what to feed the model with on the left, then press Run."));
    m_stop->setText(tr("Stop"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    const QColor onAccent = palette().color(QPalette::HighlightedText);
    m_run->setIcon(Theme::instance().icon(QStringLiteral("play"), onAccent));
    m_stop->setIcon(themedIcon(QStringLiteral("stop")));
    updateControls();
}

void RunPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary

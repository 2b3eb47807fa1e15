// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/benchmark_page.h"

#include "ui/cards/card.h"
#include "ui/cards/empty_state.h"
#include "ui/cards/flow_layout.h"
#include "ui/document/model_document.h"
#include "ui/inputs/session_controls.h"
#include "ui/pages/benchmark_history.h"
#include "ui/pages/benchmark_statistics.h"
#include "ui/pages/run_error.h"
#include "ui/theme/theme.h"
#include "viewers/plot/histogram_plot.h"
#include "viewers/plot/latency_plot.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

QSpinBox* makeCount(int lowest, int highest, int value)
{
    auto* box = new QSpinBox;
    box->setRange(lowest, highest);
    box->setValue(value);
    return box;
}

QWidget* makeCaptioned(QLabel* caption, QWidget* control)
{
    auto* pair = new QWidget;
    auto* row = new QHBoxLayout(pair);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(caption);
    row->addWidget(control);
    return pair;
}

QLabel* makePlotTitle(QWidget* parent)
{
    auto* title = new QLabel(parent);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    return title;
}

// With its folder: many files are called model.onnx.
QString modelName(const QString& path, const Model& model)
{
    const QFileInfo file(path);
    return path.isEmpty() ? QString::fromStdString(model.graph.name)
                          : file.absoluteDir().dirName() + QLatin1Char('/') + file.fileName();
}

// Items that one run handles, when the first input has an open first dimension for them.
int64_t batchOf(const std::vector<InputSpec>& specs, const std::vector<Value>& values)
{
    if (specs.empty() || specs[0].dimKeys.empty() || specs[0].dimKeys[0].empty() || !values[0].isTensor())
        return 1;
    return std::max<int64_t>(1, values[0].tensor()->dims()[0]);
}

} // namespace

BenchmarkPage::BenchmarkPage(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_inputs(RunInputs::of(document)),
      m_pages(new QStackedWidget(this)),
      m_noModel(new EmptyState(QStringLiteral("open"))),
      m_body(new QStackedWidget),
      m_notRun(new EmptyState(QStringLiteral("benchmark"))),
      m_failure(new RunError({})),
      m_results(new QWidget),
      m_resultColumn(new QVBoxLayout(m_results)),
      m_statistics(new BenchmarkStatistics),
      m_history(new BenchmarkHistory),
      m_inputLine(makeHint(nullptr)),
      m_runsCaption(new QLabel),
      m_runs(makeCount(1, 100'000, 50)),
      m_warmupCaption(new QLabel),
      m_warmup(makeCount(0, 10'000, 3)),
      m_session(new SessionControls(document.jobs())),
      m_start(new PrimaryButton),
      m_stop(new QPushButton),
      m_progress(new QProgressBar)
{
    auto* work = new QWidget;
    auto* workColumn = new QVBoxLayout(work);
    workColumn->setContentsMargins(16, 12, 16, 12);
    workColumn->setSpacing(10);
    workColumn->addWidget(makeControls());
    workColumn->addWidget(makeBody(), 1);
    m_pages->addWidget(m_noModel);
    m_pages->addWidget(work);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);

    m_live.setSingleShot(true);
    m_live.setInterval(100);
    connect(&m_live, &QTimer::timeout, this, &BenchmarkPage::refreshLive);
    m_start->setObjectName(QStringLiteral("startButton"));
    m_stop->setObjectName(QStringLiteral("stopButton"));
    connect(m_start, &QPushButton::clicked, this, &BenchmarkPage::start);
    connect(m_stop, &QPushButton::clicked, this, &BenchmarkPage::stop);
    connect(m_history, &BenchmarkHistory::entryChosen, this, &BenchmarkPage::showEntry);
    connect(m_failure, &RunError::nodeActivated, this,
            [this](NodeId node) { m_document.select(Selection::ofNode(node)); });
    connectDocument();
    retranslate();
    showModel();
}

QWidget* BenchmarkPage::makeControls()
{
    auto* card = new Card;
    m_runsCaption->setBuddy(m_runs);
    m_warmupCaption->setBuddy(m_warmup);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_session->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_session->setMinimumWidth(260);
    auto* options = new QWidget;
    auto* flow = new FlowLayout(options, 18);
    flow->addWidget(makeCaptioned(m_runsCaption, m_runs));
    flow->addWidget(makeCaptioned(m_warmupCaption, m_warmup));
    flow->addWidget(m_session);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(options, 1);
    row->addWidget(m_stop, 0, Qt::AlignTop);
    row->addWidget(m_start, 0, Qt::AlignTop);
    card->column()->addLayout(row);
    card->column()->addWidget(m_inputLine);
    card->column()->addWidget(m_progress);
    return card;
}

QWidget* BenchmarkPage::makeBody()
{
    m_resultColumn->setContentsMargins(0, 0, 0, 0);
    m_resultColumn->setSpacing(10);
    m_resultColumn->addWidget(m_statistics);
    m_resultColumn->addWidget(m_history, 2);
    for (QWidget* side : std::initializer_list<QWidget*>{m_notRun, m_failure, m_results})
        m_body->addWidget(side);
    return m_body;
}

void BenchmarkPage::makePlots()
{
    if (m_plots)
        return;
    m_plots = new Card;
    m_latency = new LatencyPlot(m_plots);
    m_histogram = new HistogramPlot(m_plots);
    m_latencyTitle = makePlotTitle(m_plots);
    m_histogramTitle = makePlotTitle(m_plots);
    auto* left = new QVBoxLayout;
    left->addWidget(m_latencyTitle);
    left->addWidget(m_latency, 1);
    auto* right = new QVBoxLayout;
    right->addWidget(m_histogramTitle);
    right->addWidget(m_histogram, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(20);
    row->addLayout(left, 3);
    row->addLayout(right, 2);
    m_plots->column()->addLayout(row);
    m_plots->setMinimumHeight(180);
    m_resultColumn->insertWidget(0, m_plots, 3);
    retranslate();
}

void BenchmarkPage::connectDocument()
{
    connect(&m_document, &ModelDocument::modelChanged, this, &BenchmarkPage::showModel);
    connect(&m_document, &ModelDocument::benchmarkStarted, this, &BenchmarkPage::showStarted);
    connect(&m_document, &ModelDocument::benchmarkRun, this, &BenchmarkPage::addRun);
    connect(&m_document, &ModelDocument::benchmarkFinished, this, &BenchmarkPage::showFinished);
    connect(&m_document, &ModelDocument::benchmarkFailed, this, &BenchmarkPage::showFailure);
    connect(&m_document, &ModelDocument::runStarted, this, &BenchmarkPage::updateControls);
    connect(&m_document, &ModelDocument::runFinished, this, &BenchmarkPage::updateControls);
    connect(&m_document, &ModelDocument::runFailed, this, &BenchmarkPage::updateControls);
    connect(&m_inputs, &RunInputs::choiceChanged, this, &BenchmarkPage::showInputs);
    connect(&m_inputs, &RunInputs::dataFolderChanged, this, &BenchmarkPage::showInputs);
    connect(&m_inputs, &RunInputs::rebuilt, this, &BenchmarkPage::showInputs);
    connect(&m_inputs, &RunInputs::preparingChanged, this, &BenchmarkPage::updateControls);
}

void BenchmarkPage::start()
{
    if (!m_document.model() || m_inputs.isPreparing() || m_document.isBenchmarking() ||
        m_document.isRunning())
        return;
    m_inputSummary = m_inputs.summary();
    m_progress->setRange(0, 0);
    m_inputs.prepare(m_session->options(), [this](Result<RunRequest> request) {
        if (request.ok())
            startPrepared(std::move(*request));
        else
            showFailure(request.error());
    });
}

void BenchmarkPage::startPrepared(RunRequest request)
{
    m_batch = batchOf(m_inputs.specs(), request.inputs);
    request.profile = false; // timing each node would be part of what is measured
    m_document.benchmark(std::move(request), {m_warmup->value(), m_runs->value()});
}

void BenchmarkPage::stop()
{
    if (m_inputs.isPreparing())
        m_inputs.cancelPreparing();
    else
        m_document.cancel();
}

void BenchmarkPage::showStarted(int warmupRuns, int runs)
{
    Q_UNUSED(warmupRuns) // not counted: the bar is busy until the first measured run
    makePlots();
    m_body->setCurrentWidget(m_results);
    m_latency->start(runs);
    m_histogram->setValues({});
    m_statistics->setStatistics({}, m_batch);
    m_progress->setRange(0, 0);
    updateControls();
}

void BenchmarkPage::addRun(int index, double latencyMs)
{
    if (!m_latency)
        return;
    m_latency->addRun(latencyMs);
    m_progress->setRange(0, m_runs->value());
    m_progress->setValue(index + 1);
    if (!m_live.isActive())
        m_live.start();
}

void BenchmarkPage::refreshLive()
{
    if (!m_document.isBenchmarking())
        return;
    m_histogram->setValues(m_latency->runs());
    m_statistics->setStatistics(latencyStatistics(m_latency->runs()), m_batch);
}

void BenchmarkPage::showFinished()
{
    const auto report = m_document.lastBenchmark();
    const auto model = m_document.model();
    if (!report || !model)
        return;
    const QString name = modelName(m_document.path(), *model);
    const BenchmarkEntry entry{QTime::currentTime(), name,           m_inputSummary,
                               report->session,      report->result, m_batch};
    m_history->add(entry);
    showEntry(entry);
    updateControls();
}

void BenchmarkPage::showEntry(const BenchmarkEntry& entry)
{
    if (m_document.isBenchmarking())
        return; // the plots belong to the runs that come in
    makePlots();
    m_latency->setRuns(entry.result.latenciesMs);
    m_histogram->setValues(entry.result.latenciesMs);
    m_statistics->setStatistics(entry.result.statistics, entry.batch);
    m_body->setCurrentWidget(m_results);
}

void BenchmarkPage::showFailure(const Error& error)
{
    updateControls();
    if (error.code == ErrorCode::Cancelled) {
        // Stopped before the first run: there is nothing to show.
        if (m_history->isEmpty())
            m_body->setCurrentWidget(m_notRun);
        return;
    }
    m_failure->showError(m_document.model(), error);
    m_body->setCurrentWidget(m_failure);
}

void BenchmarkPage::showModel()
{
    m_pages->setCurrentIndex(m_document.model() ? 1 : 0);
    // Benchmarks of other models stay: comparing models is what the history is for.
    m_body->setCurrentWidget(m_history->isEmpty() ? m_notRun : m_results);
    showInputs();
    updateControls();
}

void BenchmarkPage::updateControls()
{
    const bool busy = m_inputs.isPreparing() || m_document.isBenchmarking();
    m_start->setEnabled(m_document.model() && !busy && !m_document.isRunning());
    m_start->setText(busy ? tr("Measuring…") : tr("Start"));
    m_stop->setVisible(busy);
    m_progress->setVisible(busy);
    for (QWidget* control : std::initializer_list<QWidget*>{m_runs, m_warmup, m_session})
        control->setEnabled(!busy);
}

void BenchmarkPage::showInputs()
{
    m_inputLine->setText(tr("Inputs: %1. They are chosen on the Run page.").arg(m_inputs.summary()));
    m_inputLine->setVisible(!m_inputs.specs().empty());
}

void BenchmarkPage::retranslate()
{
    setAccessibleName(tr("Benchmark"));
    m_noModel->setTexts(tr("No model is open"),
                        tr("Open an ONNX file, or drop one here, to measure how fast it runs."));
    m_notRun->setTexts(tr("Not measured yet"),
                       tr("Press Start to run the model many times and see how long each run takes."));
    m_runsCaption->setText(tr("Runs"));
    m_runs->setAccessibleName(tr("Number of measured runs"));
    m_warmupCaption->setText(tr("Warm-up"));
    m_warmup->setAccessibleName(tr("Number of warm-up runs"));
    m_warmup->setToolTip(tr("Runs before the measured ones: the first are slower"));
    m_stop->setText(tr("Stop"));
    m_progress->setAccessibleName(tr("Progress of the benchmark"));
    m_start->setIcon(
        Theme::instance().icon(QStringLiteral("play"), palette().color(QPalette::HighlightedText)));
    m_stop->setIcon(themedIcon(QStringLiteral("stop")));
    if (m_plots) {
        m_latencyTitle->setText(tr("Latency of each run"));
        m_histogramTitle->setText(tr("Distribution"));
    }
    showInputs();
    updateControls();
}

void BenchmarkPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary

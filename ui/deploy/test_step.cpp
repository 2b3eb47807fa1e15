// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/test_step.h"

#include "engine/benchmark/benchmark.h"
#include "engine/deploy/files.h"
#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/cards/flow_layout.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/snippets.h"
#include "ui/document/gui_dispatcher.h"
#include "ui/document/model_document.h"
#include "ui/errors/engine_texts.h"
#include "ui/inputs/run_inputs.h"
#include "ui/settings/settings.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/plot/latency_plot.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr size_t longestText = 200'000; // of an answer on the screen

QPlainTextEdit* makeText()
{
    auto* text = new QPlainTextEdit;
    text->setReadOnly(true);
    text->setFont(monospaceFont(text->font()));
    return text;
}

QString p50Text(const std::vector<double>& milliseconds)
{
    return milliseconds.empty() ? QStringLiteral("–") : durationText(latencyStatistics(milliseconds).p50Ms);
}

} // namespace

TestStep::TestStep(ModelDocument& document, Deployments& deployments, QWidget* parent)
    : StepPage(parent),
      m_document(document),
      m_deployments(deployments),
      m_url(new QLabel),
      m_copyUrl(new QPushButton),
      m_copyKey(new QPushButton),
      m_inputs(makeHint(nullptr)),
      m_callsCaption(new QLabel),
      m_calls(new QSpinBox),
      m_send(new PrimaryButton),
      m_stop(new QPushButton),
      m_progress(new QProgressBar),
      m_error(new ErrorLine),
      m_verdict(new QLabel),
      m_tabs(new QTabWidget),
      m_answer(makeText())
{
    m_send->setObjectName(QStringLiteral("sendRequests"));
    m_url->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_url->setFont(monospaceFont(m_url->font()));
    m_url->setWordWrap(true);
    m_calls->setRange(1, 10'000);
    m_calls->setValue(20);
    m_callsCaption->setBuddy(m_calls);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_verdict->setWordWrap(true);

    auto* address = new QHBoxLayout;
    address->setSpacing(8);
    address->addWidget(m_url, 1);
    address->addWidget(m_copyUrl);
    address->addWidget(m_copyKey);
    auto* controls = new QHBoxLayout;
    controls->setSpacing(8);
    controls->addWidget(m_inputs, 1);
    controls->addWidget(m_callsCaption);
    controls->addWidget(m_calls);
    controls->addWidget(m_stop);
    controls->addWidget(m_send);
    auto* card = new Card;
    card->column()->addLayout(address);
    card->column()->addLayout(controls);
    card->column()->addWidget(m_progress);
    card->column()->addWidget(m_error);
    card->column()->addWidget(m_verdict);
    m_tabs->addTab(makeTimes(), QString());
    m_tabs->addTab(m_answer, QString());
    m_tabs->addTab(makeCode(), QString());
    m_tabs->setDocumentMode(true);
    m_tabs->setMinimumHeight(230);
    column()->addWidget(card);
    column()->addWidget(m_tabs, 1);

    connect(m_send, &QPushButton::clicked, this, &TestStep::send);
    connect(m_stop, &QPushButton::clicked, this, [this] { m_deployments.jobs().cancel(m_job); });
    connect(m_copyUrl, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_url->text()); });
    connect(m_copyKey, &QPushButton::clicked, this, &TestStep::copyKey);
    connect(m_language, &QComboBox::currentIndexChanged, this, &TestStep::showCode);
    connect(m_copyCode, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_code->toPlainText()); });
    connect(m_saveRequest, &QPushButton::clicked, this, &TestStep::saveRequest);
    connect(&RunInputs::of(document), &RunInputs::choiceChanged, this, &TestStep::showEndpoint);
    connect(&deployments, &Deployments::runChanged, this, [this](const QString& id) {
        if (id == m_id)
            showEndpoint();
    });
    retranslate();
    updateControls();
}

TestStep::~TestStep()
{
    if (m_job != 0)
        m_deployments.jobs().cancel(m_job);
}

QWidget* TestStep::makeTimes()
{
    m_endpointTitle = makeTitle();
    m_endpointPlot = new LatencyPlot;
    m_localTitle = makeTitle();
    m_localPlot = new LatencyPlot;
    m_endpointTile = new MetricTile;
    m_serverTile = new MetricTile;
    m_localTile = new MetricTile;
    auto* tileRow = new QWidget;
    auto* tiles = new FlowLayout(tileRow, 24);
    for (MetricTile* tile : {m_endpointTile, m_serverTile, m_localTile})
        tiles->addWidget(tile);
    auto* plots = new QGridLayout;
    plots->setHorizontalSpacing(20);
    plots->addWidget(m_endpointTitle, 0, 0);
    plots->addWidget(m_localTitle, 0, 1);
    plots->addWidget(m_endpointPlot, 1, 0);
    plots->addWidget(m_localPlot, 1, 1);
    plots->setRowStretch(1, 1);
    auto* times = new Card;
    times->column()->addWidget(tileRow);
    times->column()->addLayout(plots, 1);
    return times;
}

QWidget* TestStep::makeCode()
{
    m_language = new QComboBox;
    for (int i = 0; i < snippetLanguages; ++i)
        m_language->addItem(snippetLanguageName(static_cast<SnippetLanguage>(i)));
    m_code = makeText();
    m_code->setObjectName(QStringLiteral("snippet"));
    m_copyCode = new QPushButton;
    m_saveRequest = new QPushButton;
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_language);
    row->addStretch(1);
    row->addWidget(m_saveRequest);
    row->addWidget(m_copyCode);
    auto* code = new Card;
    code->column()->addLayout(row);
    code->column()->addWidget(m_code, 1);
    return code;
}

void TestStep::setRun(const QString& id)
{
    if (m_id == id)
        return;
    m_id = id;
    m_result.reset();
    m_endpointPlot->setRuns({});
    m_localPlot->setRuns({});
    m_error->setError(std::nullopt);
    showEndpoint();
    showResult();
}

bool TestStep::hasOpenModel() const
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    return run && m_document.model() && m_document.path().toStdString() == run->plan.modelFile;
}

void TestStep::send()
{
    m_error->setError(std::nullopt);
    if (!hasOpenModel()) {
        call({});
        return;
    }
    RunInputs::of(m_document).prepare({}, [this](Result<RunRequest> request) {
        if (request.ok())
            call(std::move(request->inputs));
        else
            m_error->setError(request.error());
    });
}

void TestStep::call(std::vector<Value> inputs)
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run || m_job != 0)
        return;
    const auto endpoint = m_deployments.endpoint(m_id);
    if (!endpoint.ok()) {
        m_error->setError(endpoint.error());
        return;
    }
    TrialRequest request{*endpoint, hasOpenModel() ? m_document.model() : nullptr, run->plan.modelFile,
                         std::move(inputs), m_calls->value()};
    AzureAccess access = m_deployments.access(*run);
    const auto called = [this, alive = std::weak_ptr<const int>(m_alive)](double latencyMs) {
        guiDispatcher()([this, alive, latencyMs] {
            if (alive.expired())
                return;
            m_endpointPlot->addRun(latencyMs);
            m_progress->setValue(m_progress->value() + 1);
        });
    };
    m_result.reset();
    showResult();
    m_endpointPlot->start(request.calls);
    m_localPlot->start(request.calls);
    m_progress->setRange(0, request.calls);
    m_progress->setValue(0);
    JobOptions options;
    options.title = tr("Call %1").arg(m_url->text()).toStdString();
    options.lane = "endpoint";
    options.withOwner(m_alive);
    const auto work = [request = std::move(request), access, called](JobContext& job) {
        return tryEndpoint(request, access, called, job);
    };
    m_job = m_deployments.jobs().start(options, work, [this](Result<TrialResult> result) {
        m_job = 0;
        if (result.ok())
            m_result = std::move(*result);
        else
            m_error->setError(result.error());
        showResult();
        updateControls();
    });
    updateControls();
}

void TestStep::showEndpoint()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run)
        return;
    const auto endpoint = m_deployments.endpoint(m_id);
    m_url->setText(endpoint.ok() ? QString::fromStdString(endpoint->url) : tr("There is no endpoint yet."));
    m_copyKey->setVisible(endpoint.ok() && !endpoint->authMode.empty());
    m_inputs->setText(hasOpenModel()
                          ? tr("Inputs of the Run page: %1").arg(RunInputs::of(m_document).summary())
                          : tr("Made-up inputs: its model is not open in this tab."));
    updateControls();
    showCode();
}

void TestStep::showResult()
{
    const bool there = m_result.has_value();
    m_verdict->setVisible(there);
    m_endpointTile->setValue(there ? p50Text(m_result->endpointMs) : QStringLiteral("–"));
    m_serverTile->setValue(there && m_result->serverMs >= 0 ? durationText(m_result->serverMs)
                                                            : QStringLiteral("–"));
    m_localTile->setValue(there ? p50Text(m_result->localMs) : QStringLiteral("–"));
    m_answer->clear();
    if (!there) {
        showCode();
        return;
    }
    m_endpointPlot->setRuns(m_result->endpointMs);
    m_localPlot->setRuns(m_result->localMs);
    QString verdict = tr("The answer is %1.").arg(inUsersLanguage(m_result->verdict));
    if (!m_result->same)
        verdict = inUsersLanguage(m_result->verdict);
    if (m_result->failures > 0)
        verdict += QLatin1Char('\n') + tr("%n request(s) failed. The first: %1", nullptr, m_result->failures)
                                           .arg(inUsersLanguage(m_result->failure));
    m_verdict->setText(verdict);
    const ThemeColors& colors = Theme::instance().colors();
    setTextColor(*m_verdict, !m_result->same          ? colors.error
                             : m_result->failures > 0 ? colors.warning
                                                      : colors.good);
    m_answer->setPlainText(QString::fromStdString(m_result->answer.substr(0, longestText)));
    if (m_result->answer.size() > longestText)
        m_answer->appendPlainText(tr("… %1 in all").arg(bytesText(m_result->answer.size())));
    showCode();
}

void TestStep::showCode()
{
    const auto endpoint = m_deployments.endpoint(m_id);
    SnippetRequest request;
    if (endpoint.ok()) {
        request.url = QString::fromStdString(endpoint->url);
        request.needsKey = !endpoint->authMode.empty();
    }
    request.body = m_result ? QString::fromStdString(m_result->body) : QStringLiteral("{\"data\": []}");
    m_code->setPlainText(snippet(static_cast<SnippetLanguage>(m_language->currentIndex()), request));
    m_saveRequest->setVisible(bodyIsInFile(request));
}

// Onto the clipboard, because the user asked for it; it is shown and kept nowhere.
void TestStep::copyKey()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const auto endpoint = m_deployments.endpoint(m_id);
    if (!endpoint.ok())
        return;
    JobOptions options;
    options.title = tr("Ask for the key of the endpoint").toStdString();
    options.lane = "endpoint";
    options.withOwner(m_alive);
    const auto work = [endpoint = *endpoint,
                       access = m_deployments.access(*run)](JobContext& job) -> Result<std::string> {
        TRY_ASSIGN(const auto connection, access.open());
        return deploy::endpointKey(endpoint, access.services(*connection), job);
    };
    m_deployments.jobs().start(options, work, [this](const Result<std::string>& key) {
        m_error->setError(key.ok() ? std::nullopt : std::optional(key.error()));
        if (key.ok())
            QGuiApplication::clipboard()->setText(QString::fromStdString(*key));
    });
}

void TestStep::saveRequest()
{
    auto* dialog = new QFileDialog(this, tr("Save the request"), readSetting(settings::lastFolder),
                                   tr("JSON files (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QStringLiteral("request.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const Status status = deploy::writeTextFile(path.toStdString(), m_result ? m_result->body : "");
        m_error->setError(status.ok() ? std::nullopt : std::optional(status.error()));
    });
    dialog->open();
}

void TestStep::updateControls()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const bool busy = m_job != 0;
    m_send->setEnabled(!busy && m_deployments.endpoint(m_id).ok() && !run->deleted);
    m_send->setText(busy ? tr("Sending…") : tr("Send"));
    m_stop->setVisible(busy);
    m_progress->setVisible(busy);
    m_calls->setEnabled(!busy);
}

void TestStep::retranslate()
{
    setTitle(tr("Test"));
    m_copyUrl->setText(tr("Copy"));
    m_copyUrl->setToolTip(tr("Copy the address"));
    m_copyKey->setText(tr("Copy the key"));
    m_callsCaption->setText(tr("Requests"));
    m_stop->setText(tr("Stop"));
    m_progress->setAccessibleName(tr("Progress of the requests"));
    m_tabs->setTabText(0, tr("Times"));
    m_tabs->setTabText(1, tr("Answer"));
    m_tabs->setTabText(2, tr("Code"));
    m_endpointTitle->setText(tr("Endpoint"));
    m_localTitle->setText(tr("This computer, without a network"));
    m_endpointTile->setCaption(tr("Endpoint, median"));
    m_serverTile->setCaption(tr("Of it, the model"));
    m_localTile->setCaption(tr("This computer, median"));
    m_answer->setAccessibleName(tr("Answer to the first request"));
    m_answer->setPlaceholderText(tr("Press Send to see an answer."));
    m_language->setAccessibleName(tr("Language of the code"));
    m_code->setAccessibleName(tr("Code that calls the endpoint"));
    m_copyCode->setText(tr("Copy"));
    m_saveRequest->setText(tr("Save request.json…"));
    showEndpoint();
    showResult();
    updateControls();
}

} // namespace lapidary

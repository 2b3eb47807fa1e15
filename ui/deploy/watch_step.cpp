// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/watch_step.h"

#include "engine/deploy/choices.h"
#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/cards/flow_layout.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/take_away.h"
#include "ui/deploy/target_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/plot/time_plot.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr int againMs = 15'000;

struct MetricText {
    const char* name; // of deploy::Metric
    const char* text; // in the context "metrics"
};
constexpr MetricText metricTexts[] = {
    {"RequestsPerMinute", QT_TRANSLATE_NOOP("metrics", "Requests a minute")},
    {"RequestLatency_P50", QT_TRANSLATE_NOOP("metrics", "Latency, median")},
    {"RequestLatency_P99", QT_TRANSLATE_NOOP("metrics", "Latency, p99")},
    {"CpuUtilizationPercentage", QT_TRANSLATE_NOOP("metrics", "Processor")},
    {"CpuMemoryUtilizationPercentage", QT_TRANSLATE_NOOP("metrics", "Memory")},
    {"CpuUsage", QT_TRANSLATE_NOOP("metrics", "Processor, millicores")},
    {"MemoryUsage", QT_TRANSLATE_NOOP("metrics", "Memory")},
    {"Requests", QT_TRANSLATE_NOOP("metrics", "Requests")},
    {"Failures", QT_TRANSLATE_NOOP("metrics", "Failed")},
    {"WaitingRequests", QT_TRANSLATE_NOOP("metrics", "Waiting")},
    {"MeanRun", QT_TRANSLATE_NOOP("metrics", "Run of the model, mean")},
    {"MeanQueue", QT_TRANSLATE_NOOP("metrics", "Waiting, mean")},
};

QString metricName(const std::string& name)
{
    for (const MetricText& text : metricTexts) {
        if (text.name == name)
            return QCoreApplication::translate("metrics", text.text);
    }
    return QString::fromStdString(name);
}

QString valueText(const deploy::Metric& metric)
{
    if (metric.points.empty())
        return QStringLiteral("–");
    const double value = metric.points.back().value;
    const QString unit = QString::fromStdString(metric.unit);
    if (unit.compare(QLatin1String("Milliseconds"), Qt::CaseInsensitive) == 0)
        return durationText(value);
    if (unit.compare(QLatin1String("Percent"), Qt::CaseInsensitive) == 0)
        return percentText(value / 100, 0);
    if (unit.compare(QLatin1String("Bytes"), Qt::CaseInsensitive) == 0)
        return bytesText(static_cast<uint64_t>(value));
    return QLocale().toString(value, 'f', value == std::floor(value) ? 0 : 1);
}

TimeSeries seriesOf(const deploy::Metric& metric)
{
    TimeSeries series{metricName(metric.name), {}, {}};
    for (const deploy::Metric::Point& point : metric.points) {
        series.seconds.push_back(static_cast<double>(point.timeMs) / 1000);
        series.values.push_back(point.value);
    }
    return series;
}

// Of a count since the start, how many came between two looks, by the minute.
deploy::Metric perMinute(const deploy::Metric& count)
{
    deploy::Metric rate{"RequestsPerMinute", "Count", {}};
    for (size_t i = 1; i < count.points.size(); ++i) {
        const double minutes =
            static_cast<double>(count.points[i].timeMs - count.points[i - 1].timeMs) / 60'000;
        if (minutes > 0)
            rate.points.push_back(
                {count.points[i].timeMs,
                 std::max(0.0, count.points[i].value - count.points[i - 1].value) / minutes});
    }
    return rate;
}

} // namespace

WatchStep::WatchStep(Deployments& deployments, QWidget* parent)
    : StepPage(parent),
      m_deployments(deployments),
      m_state(new QLabel),
      m_refresh(new QPushButton),
      m_startAgain(new QPushButton),
      m_takeAway(new QPushButton),
      m_cost(makeHint(nullptr)),
      m_error(new ErrorLine),
      m_trafficRow(new QWidget),
      m_traffic(new QLabel),
      m_shareCaption(new QLabel),
      m_share(new QSpinBox),
      m_setShare(new QPushButton),
      m_requestsTitle(new QLabel),
      m_requests(new TimePlot),
      m_latencyTitle(new QLabel),
      m_latency(new TimePlot),
      m_logTitle(new QLabel),
      m_log(makeLog())
{
    m_state->setFont(scaledFont(m_state->font(), 1.1, QFont::DemiBold));
    m_takeAway->setObjectName(QStringLiteral("endRun"));
    m_log->setMinimumHeight(120);
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_state, 1);
    for (QPushButton* button : {m_refresh, m_startAgain, m_takeAway})
        top->addWidget(button);
    auto* tileRow = new QWidget;
    auto* tiles = new FlowLayout(tileRow, 24);
    for (int i = 0; i < 5; ++i) {
        m_tiles.push_back(new MetricTile);
        tiles->addWidget(m_tiles.back());
    }
    auto* plots = new QGridLayout;
    plots->setHorizontalSpacing(20);
    plots->addWidget(m_requestsTitle, 0, 0);
    plots->addWidget(m_latencyTitle, 0, 1);
    plots->addWidget(m_requests, 1, 0);
    plots->addWidget(m_latency, 1, 1);
    m_share->setRange(1, 100);
    m_shareCaption->setBuddy(m_share);
    auto* traffic = new QHBoxLayout(m_trafficRow);
    traffic->setContentsMargins(0, 0, 0, 0);
    traffic->setSpacing(8);
    traffic->addWidget(m_traffic, 1);
    for (QWidget* part : std::initializer_list<QWidget*>{m_shareCaption, m_share, m_setShare})
        traffic->addWidget(part);
    m_trafficRow->hide();
    m_cost->hide();
    auto* numbers = new Card;
    numbers->column()->addWidget(tileRow);
    numbers->column()->addLayout(plots);
    numbers->column()->addWidget(m_trafficRow);
    auto* log = new Card;
    log->column()->addWidget(m_logTitle);
    log->column()->addWidget(m_log, 1);
    column()->addLayout(top);
    column()->addWidget(m_cost);
    column()->addWidget(m_error);
    column()->addWidget(numbers);
    column()->addWidget(log, 1);

    m_again.setInterval(againMs);
    connect(&m_again, &QTimer::timeout, this, &WatchStep::look);
    connect(m_refresh, &QPushButton::clicked, this, &WatchStep::look);
    connect(m_startAgain, &QPushButton::clicked, this, [this] { m_deployments.startAgain(m_id); });
    connect(m_setShare, &QPushButton::clicked, this, &WatchStep::changeTraffic);
    connect(m_takeAway, &QPushButton::clicked, this, [this] { askToTakeAway(this, m_deployments, m_id); });
    connect(&deployments, &Deployments::runChanged, this, [this](const QString& id) {
        if (id == m_id)
            showRun();
    });
    retranslate();
}

void WatchStep::setRun(const QString& id)
{
    if (m_id == id)
        return;
    m_id = id;
    m_history.clear();
    m_metrics.clear();
    m_log->clear();
    m_price.reset();
    showTraffic({});
    showMetrics({});
    showRun();
}

void WatchStep::initializePage() { showRun(); }

void WatchStep::showEvent(QShowEvent* event)
{
    StepPage::showEvent(event);
    m_again.start();
    look();
}

void WatchStep::hideEvent(QHideEvent* event)
{
    m_again.stop();
    StepPage::hideEvent(event);
}

void WatchStep::look()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run || m_looking || run->deleted || m_deployments.isUnderWay(m_id))
        return;
    m_looking = true;
    JobOptions options;
    options.title = tr("Look at %1").arg(m_id).toStdString();
    options.lane = "watch";
    options.withOwner(m_alive);
    AzureAccess access = m_deployments.access(*run);
    const auto work = [run = *run, access, price = m_price](JobContext& job) -> Result<Look> {
        Look look;
        look.price = price;
        TRY_ASSIGN(const auto connection, access.open());
        TRY_ASSIGN(const deploy::Endpoint endpoint, deploy::endpointOf(run));
        // A log that is not there yet is no reason to show no numbers.
        if (auto log = deploy::endpointLog(run, connection->arm.get(), job); log.ok())
            look.log = std::move(*log);
        if (auto traffic = deploy::endpointTraffic(endpoint, connection->arm.get(), job); traffic.ok())
            look.traffic = std::move(*traffic);
        if (!look.price && connection->arm) {
            auto found = deploy::listPrice(deploy::choicesFromJson(run.plan.choices), *connection->http, job);
            if (found.ok())
                look.price = *found;
        }
        TRY_ASSIGN(look.metrics,
                   deploy::endpointMetrics(endpoint, *connection->http, connection->arm.get(), job));
        return look;
    };
    m_deployments.jobs().start(options, work, [this, id = m_id](const Result<Look>& look) {
        m_looking = false;
        if (id != m_id)
            return;
        m_error->setError(look.ok() ? std::nullopt : std::optional(look.error()));
        const deploy::DeployRun* current = m_deployments.run(m_id);
        m_startAgain->setVisible(!look.ok() && current && current->plan.target == deploy::localTarget &&
                                 !current->deleted);
        if (look.ok())
            show(*look);
    });
}

void WatchStep::show(const Look& look)
{
    // What is new at the end stays in sight; who reads further up is not disturbed.
    const bool atEnd = m_log->verticalScrollBar()->value() == m_log->verticalScrollBar()->maximum();
    const QString text = QString::fromStdString(look.log).trimmed();
    if (text != m_log->toPlainText())
        m_log->setPlainText(text);
    if (atEnd)
        m_log->verticalScrollBar()->setValue(m_log->verticalScrollBar()->maximum());
    m_price = look.price;
    showTraffic(look.traffic);
    showCost();
    // A server tells one number at a time: here they become a line.
    std::vector<deploy::Metric> metrics = look.metrics;
    for (deploy::Metric& metric : metrics) {
        if (metric.points.size() != 1)
            continue;
        deploy::Metric& history =
            m_history.try_emplace(metric.name, deploy::Metric{metric.name, metric.unit, {}}).first->second;
        history.points.push_back(metric.points.front());
        metric = history;
    }
    m_metrics = std::move(metrics);
    showMetrics(m_metrics);
}

// Since the last step was done: the machines have been there a little longer than that.
void WatchStep::showCost()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const QDateTime since =
        run && !run->steps.empty()
            ? QDateTime::fromString(QString::fromStdString(run->steps.back().startedAt), Qt::ISODateWithMs)
            : QDateTime();
    m_cost->setVisible(m_price && since.isValid() && !run->deleted);
    if (!m_cost->isVisibleTo(this))
        return;
    const double hours = static_cast<double>(since.secsTo(QDateTime::currentDateTimeUtc())) / 3600;
    m_cost->setText(tr("About %1 an hour by the list; since %2 about %3.")
                        .arg(moneyText(m_price->perHour, m_price->currency),
                             QLocale().toString(since.toLocalTime(), QLocale::ShortFormat),
                             moneyText(m_price->perHour * hours, m_price->currency)));
}

void WatchStep::showTraffic(const std::map<std::string, int>& traffic)
{
    m_trafficRow->setVisible(!traffic.empty());
    QStringList shares;
    for (const auto& [deployment, percent] : traffic)
        shares << tr("%1 %2 %", "deployment, percent").arg(QString::fromStdString(deployment)).arg(percent);
    m_traffic->setText(tr("Calls go to: %1").arg(shares.join(QStringLiteral(", "))));
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const auto own =
        run ? traffic.find(deploy::choicesFromJson(run->plan.choices).deployment) : traffic.end();
    if (own != traffic.end() && !m_share->hasFocus())
        m_share->setValue(own->second);
}

void WatchStep::changeTraffic()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const auto endpoint = m_deployments.endpoint(m_id);
    if (!endpoint.ok())
        return;
    JobOptions options;
    options.title = tr("Divide the calls of %1").arg(m_id).toStdString();
    options.lane = "watch";
    options.withOwner(m_alive);
    const auto work = [endpoint = *endpoint, percent = m_share->value(),
                       access = m_deployments.access(*run)](JobContext& job) -> Status {
        TRY_ASSIGN(const auto connection, access.open());
        return deploy::changeTraffic(endpoint, percent, connection->arm.get(), job);
    };
    m_setShare->setEnabled(false);
    m_deployments.jobs().start(options, work, [this](const Status& status) {
        m_setShare->setEnabled(true);
        m_share->clearFocus();
        look();
        if (!status.ok())
            m_error->setError(status.error());
    });
}

void WatchStep::showMetrics(const std::vector<deploy::Metric>& metrics)
{
    std::vector<TimeSeries> requests, latencies;
    for (size_t i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setVisible(i < metrics.size());
        if (i >= metrics.size())
            continue;
        m_tiles[i]->setCaption(metricName(metrics[i].name));
        m_tiles[i]->setValue(valueText(metrics[i]));
    }
    for (const deploy::Metric& metric : metrics) {
        if (metric.name == "Requests")
            requests.push_back(seriesOf(perMinute(metric)));
        else if (metric.name == "RequestsPerMinute")
            requests.push_back(seriesOf(metric));
        else if (QString::fromStdString(metric.unit).startsWith(QLatin1String("Milli"), Qt::CaseInsensitive))
            latencies.push_back(seriesOf(metric));
    }
    m_requests->setSeries(std::move(requests), {});
    m_latency->setSeries(std::move(latencies), {});
}

void WatchStep::showRun()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run)
        return;
    const bool underWay = m_deployments.isUnderWay(m_id);
    m_state->setText(runStateText(*run, underWay));
    setTextColor(*m_state, runStateColour(*run, underWay));
    m_takeAway->setVisible(!underWay && !thingsMade(*run).isEmpty());
    m_refresh->setVisible(!run->deleted);
    if (underWay || run->deleted) {
        m_startAgain->hide();
        m_error->setError(std::nullopt);
    }
}

void WatchStep::retranslate()
{
    setTitle(tr("Watch"));
    m_refresh->setText(tr("Look again"));
    m_startAgain->setText(tr("Start again"));
    m_startAgain->hide();
    m_takeAway->setText(tr("Delete what was made…"));
    m_requestsTitle->setText(tr("Requests a minute"));
    m_latencyTitle->setText(tr("Latency (ms)"));
    m_shareCaption->setText(tr("This deployment gets"));
    m_share->setSuffix(tr(" %", "percent"));
    m_setShare->setText(tr("Set"));
    m_logTitle->setText(tr("What the server prints"));
    m_log->setAccessibleName(tr("Log of the server"));
    m_log->setPlaceholderText(tr("Nothing yet."));
    showMetrics(m_metrics);
    showRun();
}

} // namespace lapidary

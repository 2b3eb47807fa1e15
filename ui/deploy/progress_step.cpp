// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/progress_step.h"

#include "engine/deploy/choices.h"
#include "ui/cards/card.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/run_timeline.h"
#include "ui/deploy/sign_in_panel.h"
#include "ui/deploy/take_away.h"
#include "ui/deploy/target_text.h"
#include "ui/errors/engine_texts.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr qint64 logTailBytes = 256 * 1024;

// The step that failed; null: none.
const deploy::StepRecord* failedStep(const deploy::DeployRun& run)
{
    for (const deploy::StepRecord& record : run.steps) {
        if (record.state == deploy::StepState::Failed)
            return &record;
    }
    return nullptr;
}

} // namespace

ProgressStep::ProgressStep(Deployments& deployments, QWidget* parent)
    : StepPage(parent),
      m_deployments(deployments),
      m_state(new QLabel),
      m_stop(new QPushButton),
      m_resume(new PrimaryButton),
      m_takeAway(new QPushButton),
      m_failure(new Card),
      m_cause(new QLabel),
      m_nextStep(new QLabel),
      m_copy(new QPushButton),
      m_timeline(new RunTimeline),
      m_log(makeLog()),
      m_account(new Card),
      m_accountText(new QLabel),
      m_moving(new QWidget),
      m_bar(new QProgressBar),
      m_rate(makeHint(nullptr)),
      m_safe(makeHint(nullptr))
{
    m_state->setFont(scaledFont(m_state->font(), 1.1, QFont::DemiBold));
    m_state->setObjectName(QStringLiteral("runState"));
    m_stop->setObjectName(QStringLiteral("stopRun"));
    m_resume->setObjectName(QStringLiteral("resumeRun"));
    m_takeAway->setObjectName(QStringLiteral("takeAwayRun"));
    m_cause->setObjectName(QStringLiteral("failureCause"));
    m_nextStep->setObjectName(QStringLiteral("failureNextStep"));
    m_log->setObjectName(QStringLiteral("runLog"));
    for (QLabel* text : {m_cause, m_nextStep}) {
        text->setWordWrap(true);
        text->setTextFormat(Qt::PlainText);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_log->setMaximumBlockCount(5000);
    m_log->setMinimumHeight(160);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_takeAway);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_resume);
    auto* failure = new QHBoxLayout;
    failure->setSpacing(10);
    auto* failureTexts = new QVBoxLayout;
    failureTexts->setSpacing(4);
    failureTexts->addWidget(m_cause);
    failureTexts->addWidget(m_nextStep);
    failure->addLayout(failureTexts, 1);
    failure->addWidget(m_copy, 0, Qt::AlignTop);
    m_failure->column()->addLayout(failure);

    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_rate->setWordWrap(false);
    auto* moving = new QHBoxLayout(m_moving);
    moving->setContentsMargins(0, 0, 0, 0);
    moving->setSpacing(12);
    moving->addWidget(m_bar, 1);
    moving->addWidget(m_rate);
    m_moving->hide();

    auto* steps = new QWidget;
    auto* stepColumn = new QVBoxLayout(steps);
    stepColumn->setContentsMargins(0, 0, 10, 0);
    stepColumn->addWidget(m_timeline);
    stepColumn->addStretch(1);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(steps);
    splitter->addWidget(m_log);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto* card = new Card;
    card->column()->addWidget(splitter, 1);
    column()->addLayout(buttons);
    m_accountText->setWordWrap(true);
    m_account->column()->addWidget(m_accountText);
    m_account->column()->addWidget(new SignInPanel(deployments.account()));
    m_account->hide();
    column()->addWidget(m_account);
    column()->addWidget(m_moving);
    column()->addWidget(m_failure);
    column()->addWidget(card, 1);
    column()->addWidget(m_safe);

    connect(m_stop, &QPushButton::clicked, this, [this] { m_deployments.stop(m_id); });
    connect(m_resume, &QPushButton::clicked, this, [this] { m_deployments.resume(m_id); });
    connect(m_takeAway, &QPushButton::clicked, this, [this] { askToTakeAway(this, m_deployments, m_id); });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QString text = m_cause->text() + QLatin1Char('\n') + m_nextStep->text();
        if (const deploy::DeployRun* run = m_deployments.run(m_id)) {
            const deploy::StepRecord* failed = failedStep(*run);
            if (failed && !failed->detail.is_null())
                text += QLatin1Char('\n') + QString::fromStdString(failed->detail.dump(2));
        }
        QGuiApplication::clipboard()->setText(text);
    });
    connect(&deployments, &Deployments::runChanged, this, [this](const QString& id) {
        if (id == m_id)
            showRun();
    });
    connect(&deployments, &Deployments::logged, this, [this](const QString& id, const QString& line) {
        if (id == m_id)
            m_log->appendPlainText(line);
    });
    connect(&deployments.account(), &AzureAccount::changed, this, &ProgressStep::showRun);
    connect(&deployments, &Deployments::moved, this,
            [this](const QString& id, quint64 doneBytes, quint64 allBytes) {
                if (id == m_id)
                    showMoved(doneBytes, allBytes);
            });
    retranslate();
}

// The rate is that since this upload began here: what earlier tries sent does not count.
void ProgressStep::showMoved(quint64 doneBytes, quint64 allBytes)
{
    if (!m_movingTime.isValid() || doneBytes < m_movedBefore) {
        m_movingTime.start();
        m_movedBefore = doneBytes;
    }
    m_moving->setVisible(doneBytes < allBytes);
    m_bar->setRange(0, 1000);
    m_bar->setValue(static_cast<int>(doneBytes * 1000 / std::max<quint64>(allBytes, 1)));
    QString text = tr("%1 of %2").arg(bytesText(doneBytes), bytesText(allBytes));
    const double seconds = static_cast<double>(m_movingTime.elapsed()) / 1000;
    if (seconds > 1 && doneBytes > m_movedBefore) {
        const double rate = static_cast<double>(doneBytes - m_movedBefore) / seconds;
        text = tr("%1 of %2, %3 a second, %4 left")
                   .arg(bytesText(doneBytes), bytesText(allBytes), bytesText(static_cast<uint64_t>(rate)),
                        durationText(static_cast<double>(allBytes - doneBytes) / rate * 1000));
    }
    m_rate->setText(text);
}

void ProgressStep::setRun(const QString& id)
{
    if (m_id == id)
        return;
    m_id = id;
    readLog();
    showRun();
}

// What was said before this page looked: the end of the file. Small enough not to be noticed.
void ProgressStep::readLog()
{
    m_log->clear();
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run)
        return;
    QFile file(QString::fromStdString(run->logFile().string()));
    if (!file.open(QIODevice::ReadOnly))
        return;
    file.seek(std::max<qint64>(0, file.size() - logTailBytes));
    // Times are in the file; beside the timeline they would only be in the way.
    for (const QByteArray& line : file.readAll().trimmed().split('\n'))
        m_log->appendPlainText(QString::fromUtf8(line).section(QLatin1String("  "), 1));
}

bool ProgressStep::isComplete() const
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    return run && run->isDone() && !run->deleted && !m_deployments.isUnderWay(m_id);
}

void ProgressStep::showRun()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    if (!run)
        return;
    const bool underWay = m_deployments.isUnderWay(m_id);
    m_timeline->setRun(*run);
    m_state->setText(runStateText(*run, underWay));
    setTextColor(*m_state, runStateColour(*run, underWay));
    m_stop->setVisible(underWay);
    m_resume->setVisible(!underWay && !isComplete());
    m_resume->setText(run->deleted ? tr("Deploy again") : tr("Go on"));
    m_takeAway->setVisible(!underWay && !thingsMade(*run).isEmpty());
    const bool signedOut = m_deployments.account().state() != AzureAccount::State::SignedIn;
    m_account->setVisible(signedOut && !underWay && !run->deleted &&
                          deploy::needsAzure(deploy::choicesFromJson(run->plan.choices)));
    m_safe->setVisible(underWay);
    if (!underWay) {
        m_moving->hide();
        m_movingTime.invalidate();
    }
    showFailure();
    emit completeChanged();
}

void ProgressStep::showFailure()
{
    const deploy::DeployRun* run = m_deployments.run(m_id);
    const deploy::StepRecord* failed = run ? failedStep(*run) : nullptr;
    const auto error = m_deployments.error(m_id);
    const bool underWay = m_deployments.isUnderWay(m_id);
    m_failure->setVisible(!underWay && (failed || error));
    m_failure->setFrameColour(Theme::instance().colors().error);
    if (failed) {
        m_cause->setText(inUsersLanguage(failed->error));
        m_nextStep->setText(inUsersLanguage(failed->nextStep));
    } else if (error) {
        m_cause->setText(inUsersLanguage(error->message));
        m_nextStep->setText(inUsersLanguage(error->nextStep));
    }
    m_nextStep->setVisible(!m_nextStep->text().isEmpty());
    setTextColor(*m_cause, Theme::instance().colors().error);
}

void ProgressStep::retranslate()
{
    setTitle(tr("Deploy"));
    m_stop->setText(tr("Stop"));
    m_takeAway->setText(tr("Delete what was made…"));
    m_copy->setText(tr("Copy"));
    m_copy->setToolTip(tr("Copy the cause, the advice and the server's own answer"));
    m_accountText->setText(tr("Nobody is signed in: to go on with it, to call it or to delete it, sign in."));
    m_bar->setAccessibleName(tr("Progress of the upload"));
    m_log->setAccessibleName(tr("Log of the deployment"));
    m_safe->setText(
        tr("You can close the window: the deployment then stops where it is, and goes on from there "
           "whenever you come back. What Azure is making goes on meanwhile."));
    showRun();
}

} // namespace lapidary

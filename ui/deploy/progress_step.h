// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: sixth step: a deployment being carried out, with all that it says.
#pragma once

#include "ui/deploy/step_page.h"

#include <QElapsedTimer>

class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace lapidary {

class Card;
class Deployments;
class RunTimeline;

class ProgressStep : public StepPage {
    Q_OBJECT
public:
    // deployments outlives the page.
    explicit ProgressStep(Deployments& deployments, QWidget* parent = nullptr);

    void setRun(const QString& id);
    bool isComplete() const override; // the endpoint is there

private:
    void showRun();
    void showFailure();
    void showMoved(quint64 doneBytes, quint64 allBytes);
    void readLog();
    void retranslate() override;

    Deployments& m_deployments;
    QString m_id;
    QLabel* m_state;
    QPushButton* m_stop;
    QPushButton* m_resume;
    QPushButton* m_takeAway;
    Card* m_failure;
    QLabel* m_cause;
    QLabel* m_nextStep;
    QPushButton* m_copy;
    RunTimeline* m_timeline;
    QPlainTextEdit* m_log;
    Card* m_account; // when somebody must sign in first
    QLabel* m_accountText;
    QWidget* m_moving; // while bytes are sent
    QProgressBar* m_bar;
    QLabel* m_rate;
    QElapsedTimer m_movingTime;
    quint64 m_movedBefore = 0; // when the time began
    QLabel* m_safe;
};

} // namespace lapidary

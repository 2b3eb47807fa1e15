// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: feed the model, run it, look at what comes out.
#pragma once

#include "engine/base/error.h"
#include "ui/inputs/run_inputs.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace lapidary {

class EmptyState;
class ModelDocument;
class PrimaryButton;
class RunError;
class RunResults;
class SessionControls;

class RunPage : public QWidget {
    Q_OBJECT
public:
    // document outlives the page.
    explicit RunPage(ModelDocument& document, QWidget* parent = nullptr);
    // Feeds the model from a test_data_set folder and compares with the outputs in it.
    void useDataFolder(const QString& folder);

public slots:
    void run();
    void stop();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeLeftSide();
    void connectDocument();
    void showProgress(double fraction, const QString& text);
    void showResults();
    void showFailure(const Error& error);
    void showModel();
    void updateControls();
    void retranslate();

    ModelDocument& m_document;
    RunInputs& m_inputs;
    QStackedWidget* m_pages;
    EmptyState* m_noModel;
    SessionControls* m_session;
    PrimaryButton* m_run;
    QPushButton* m_stop;
    QProgressBar* m_progress;
    QLabel* m_progressText;
    QStackedWidget* m_right;
    EmptyState* m_notRun;
    RunError* m_failure;
    RunResults* m_results;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: seventh step: the endpoint called with the inputs of the Run page, timed beside this computer, and
// the code that does the same.
#pragma once

#include "ui/deploy/endpoint_trial.h"
#include "ui/deploy/step_page.h"

class QComboBox;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTabWidget;

namespace lapidary {

class Deployments;
class ErrorLine;
class LatencyPlot;
class MetricTile;
class ModelDocument;

class TestStep : public StepPage {
    Q_OBJECT
public:
    // Both outlive the page.
    TestStep(ModelDocument& document, Deployments& deployments, QWidget* parent = nullptr);

    ~TestStep() override; // stops what is under way

    void setRun(const QString& id);
    void initializePage() override { showEndpoint(); }
    const std::optional<TrialResult>& result() const { return m_result; }
    void send();

private:
    QWidget* makeTimes();
    QWidget* makeCode();
    bool hasOpenModel() const; // the model of the run is the one in this tab
    void call(std::vector<Value> inputs);
    void showEndpoint();
    void showResult();
    void showCode();
    void copyKey();
    void saveRequest();
    void updateControls();
    void retranslate() override;

    ModelDocument& m_document;
    Deployments& m_deployments;
    QString m_id;
    std::optional<TrialResult> m_result;
    JobId m_job = 0;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
    QLabel* m_url;
    QPushButton* m_copyUrl;
    QPushButton* m_copyKey;
    QLabel* m_inputs;
    QLabel* m_callsCaption;
    QSpinBox* m_calls;
    QPushButton* m_send;
    QPushButton* m_stop;
    QProgressBar* m_progress;
    ErrorLine* m_error;
    QLabel* m_verdict;
    QTabWidget* m_tabs;
    QLabel* m_endpointTitle;
    LatencyPlot* m_endpointPlot;
    QLabel* m_localTitle;
    LatencyPlot* m_localPlot;
    MetricTile* m_endpointTile;
    MetricTile* m_serverTile;
    MetricTile* m_localTile;
    QPlainTextEdit* m_answer;
    QComboBox* m_language;
    QPlainTextEdit* m_code;
    QPushButton* m_copyCode;
    QPushButton* m_saveRequest;
};

} // namespace lapidary

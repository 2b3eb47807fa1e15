// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: run the model many times with the inputs of the run page, and say how long that takes.
#pragma once

#include "engine/base/error.h"
#include "ui/inputs/run_inputs.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace lapidary {

class BenchmarkHistory;
class BenchmarkStatistics;
class Card;
class EmptyState;
class HistogramPlot;
class LatencyPlot;
class ModelDocument;
class PrimaryButton;
class RunError;
class SessionControls;
struct BenchmarkEntry;

class BenchmarkPage : public QWidget {
    Q_OBJECT
public:
    // document outlives the page.
    explicit BenchmarkPage(ModelDocument& document, QWidget* parent = nullptr);

public slots:
    void start();
    void stop();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeControls();
    QWidget* makeBody();
    void makePlots();
    void connectDocument();
    void startPrepared(RunRequest request);
    void showStarted(int warmupRuns, int runs);
    void addRun(int index, double latencyMs);
    void refreshLive();
    void showFinished();
    void showEntry(const BenchmarkEntry& entry);
    void showFailure(const Error& error);
    void showModel();
    void updateControls();
    void showInputs();
    void retranslate();

    ModelDocument& m_document;
    RunInputs& m_inputs;
    int64_t m_batch = 1;
    QString m_inputSummary; // of the benchmark under way
    QTimer m_live;
    QStackedWidget* m_pages;
    EmptyState* m_noModel;
    QStackedWidget* m_body;
    EmptyState* m_notRun;
    RunError* m_failure;
    QWidget* m_results;
    QVBoxLayout* m_resultColumn;
    Card* m_plots = nullptr; // made at the first benchmark: QCustomPlot is not needed before
    LatencyPlot* m_latency = nullptr;
    HistogramPlot* m_histogram = nullptr;
    QLabel* m_latencyTitle = nullptr;
    QLabel* m_histogramTitle = nullptr;
    BenchmarkStatistics* m_statistics;
    BenchmarkHistory* m_history;
    QLabel* m_inputLine;
    QLabel* m_runsCaption;
    QSpinBox* m_runs;
    QLabel* m_warmupCaption;
    QSpinBox* m_warmup;
    SessionControls* m_session;
    PrimaryButton* m_start;
    QPushButton* m_stop;
    QProgressBar* m_progress;
};

} // namespace lapidary

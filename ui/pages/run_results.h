// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a run gave: how long it took, its outputs, where the time went.
#pragma once

#include "engine/session/compare.h"
#include "ui/document/model_document.h"
#include "ui/inputs/run_inputs.h"

#include <QScrollArea>

class QLabel;
class QVBoxLayout;

namespace lapidary {

class Card;
class MetricTile;
class RunOutputCard;
class RunProfile;

class RunResults : public QScrollArea {
    Q_OBJECT
public:
    // document and inputs outlive the widget.
    RunResults(ModelDocument& document, RunInputs& inputs, QWidget* parent = nullptr);

    void showReport(std::shared_ptr<const RunReport> report);

signals:
    void compared(); // the verdicts of the newest report are shown

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildSummary();
    void showSummary();
    void showOutputs();
    void compare();
    void pickLabels();
    void retranslate();

    ModelDocument& m_document;
    RunInputs& m_inputs;
    std::shared_ptr<const RunReport> m_report;
    std::shared_ptr<const Model> m_model;
    std::map<std::string, Comparison> m_comparisons;
    QVBoxLayout* m_column;
    Card* m_summary;
    MetricTile* m_latency;
    MetricTile* m_creation;
    MetricTile* m_device;
    MetricTile* m_verdict;
    std::vector<RunOutputCard*> m_outputs;
    RunProfile* m_profile;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: last step: how the endpoint does, what it prints, and the end of it. Looks again every quarter of
// a minute while it is on the screen.
#pragma once

#include "engine/deploy/endpoint.h"
#include "engine/deploy/prices.h"
#include "ui/deploy/step_page.h"

#include <QTimer>

class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace lapidary {

class Deployments;
class ErrorLine;
class MetricTile;
class TimePlot;

class WatchStep : public StepPage {
    Q_OBJECT
public:
    // deployments outlives the page.
    explicit WatchStep(Deployments& deployments, QWidget* parent = nullptr);

    void setRun(const QString& id);
    void initializePage() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Look {
        std::vector<deploy::Metric> metrics;
        std::string log;
        std::map<std::string, int> traffic; // percents by deployment
        std::optional<deploy::Price> price;
    };
    void look();
    void show(const Look& look);
    void showTraffic(const std::map<std::string, int>& traffic);
    void showCost();
    void changeTraffic();
    void showMetrics(const std::vector<deploy::Metric>& metrics);
    void showRun();
    void retranslate() override;

    Deployments& m_deployments;
    QString m_id;
    // By name: what a server told about itself each time that it was asked.
    std::map<std::string, deploy::Metric> m_history;
    std::vector<deploy::Metric> m_metrics;
    std::optional<deploy::Price> m_price;
    QTimer m_again;
    bool m_looking = false;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
    QLabel* m_state;
    QPushButton* m_refresh;
    QPushButton* m_startAgain;
    QPushButton* m_takeAway;
    QLabel* m_cost;
    ErrorLine* m_error;
    QWidget* m_trafficRow;
    QLabel* m_traffic;
    QLabel* m_shareCaption;
    QSpinBox* m_share;
    QPushButton* m_setShare;
    std::vector<MetricTile*> m_tiles;
    QLabel* m_requestsTitle;
    TimePlot* m_requests;
    QLabel* m_latencyTitle;
    TimePlot* m_latency;
    QLabel* m_logTitle;
    QPlainTextEdit* m_log;
};

} // namespace lapidary

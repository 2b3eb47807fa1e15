// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the steps of a deployment below each other, each with its state and the time it took.
#pragma once

#include "engine/deploy/run.h"

#include <QTimer>
#include <QWidget>

namespace lapidary {

class RunTimeline : public QWidget {
    Q_OBJECT
public:
    explicit RunTimeline(QWidget* parent = nullptr);
    void setRun(const deploy::DeployRun& run);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {180, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        QString title;
        deploy::StepState state;
        QString startedAt; // ISO 8601; empty: not yet
        QString finishedAt;
    };
    QString timeText(const Row& row) const;
    int rowHeight() const;
    void describe();

    std::vector<Row> m_rows;
    QTimer m_tick; // a second, while a step is under way
};

} // namespace lapidary

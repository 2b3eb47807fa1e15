// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where a model runs: device and number of threads.
#pragma once

#include "engine/session/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;

namespace lapidary {

class JobQueue;

class SessionControls : public QWidget {
    Q_OBJECT
public:
    // jobs outlives the widget; devices are looked for on its lane "devices".
    explicit SessionControls(JobQueue& jobs, QWidget* parent = nullptr);
    // Without dims: they come with the inputs.
    SessionOptions options() const;

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void searchDevices();
    void addDevices();
    void retranslate();
    JobQueue& m_jobs;
    QLabel* m_deviceCaption;
    QComboBox* m_device;
    QLabel* m_threadsCaption;
    QSpinBox* m_threads;
    bool m_searched = false;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

// "CPU", "CUDA": how the window writes the name of a backend.
QString deviceName(const std::string& backend);

} // namespace lapidary

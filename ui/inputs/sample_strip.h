// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what lies beside the model, one click each: pictures as thumbnails, test data as chips.
#pragma once

#include <QWidget>

class QButtonGroup;
class QLabel;

namespace lapidary {

class FlowLayout;
class RunInputs;

class SampleStrip : public QWidget {
    Q_OBJECT
public:
    explicit SampleStrip(RunInputs& inputs, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void markUsed();
    void retranslate();

    RunInputs& m_inputs;
    QLabel* m_title;
    QWidget* m_items;
    FlowLayout* m_flow;
};

} // namespace lapidary

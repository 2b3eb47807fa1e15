// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the sizes of the dimensions that the model leaves open, one field for each name.
#pragma once

#include <QWidget>

class QLabel;

namespace lapidary {

class FlowLayout;
class RunInputs;

class DimensionRow : public QWidget {
    Q_OBJECT
public:
    explicit DimensionRow(RunInputs& inputs, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    RunInputs& m_inputs;
    QLabel* m_title;
    QWidget* m_items;
    FlowLayout* m_flow;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the steps of a wizard in a row, the current one marked.
#pragma once

#include <QWidget>

namespace lapidary {

class StepBar : public QWidget {
    Q_OBJECT
public:
    explicit StepBar(QWidget* parent = nullptr);
    void setNames(const QStringList& names);
    void setCurrent(int step);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    QStringList m_names;
    int m_current = 0;
};

} // namespace lapidary

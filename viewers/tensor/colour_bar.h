// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the colours of a heat map with what their ends stand for.
#pragma once

#include <QWidget>

namespace lapidary {

class ColourBar : public QWidget {
    Q_OBJECT
public:
    explicit ColourBar(QWidget* parent = nullptr);
    void setLimit(double limit);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString text(int sign) const;
    double m_limit = 0;
};

} // namespace lapidary

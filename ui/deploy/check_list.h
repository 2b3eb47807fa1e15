// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what checks before a deployment found: what is wrong first, what is good in one line.
#pragma once

#include "engine/deploy/preflight.h"

#include <QWidget>

class QVBoxLayout;

namespace lapidary {

class CheckList : public QWidget {
    Q_OBJECT
public:
    explicit CheckList(QWidget* parent = nullptr);
    void setChecks(const std::vector<deploy::Check>& checks);

signals:
    void mendRequested(const lapidary::deploy::Check& check);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();
    void addLine(const QString& icon, const QColor& colour, const QString& text,
                 const deploy::Check* mendable);

    std::vector<deploy::Check> m_checks;
    QVBoxLayout* m_lines;
};

} // namespace lapidary

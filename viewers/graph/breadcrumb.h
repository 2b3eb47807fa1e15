// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where the selection lies: the groups and bodies around it, as a row of buttons.
#pragma once

#include "viewers/graph/selection.h"

#include <QFrame>

class QHBoxLayout;

namespace lapidary {

struct Crumb {
    QString title;
    Selection selection;
};

class Breadcrumb : public QFrame {
    Q_OBJECT
public:
    explicit Breadcrumb(QWidget* parent = nullptr);
    // From the outside in; hidden when there are none.
    void setCrumbs(const QList<Crumb>& crumbs);

signals:
    void picked(const lapidary::Selection& selection);

private:
    QHBoxLayout* m_row;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a page shows while it has nothing to show: why, and what to do.
#pragma once

#include <QWidget>

class QLabel;

namespace lapidary {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    // icon: a name of resources/icons/actions.
    explicit EmptyState(const QString& icon, QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& advice);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refreshIcon();
    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_advice;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the slim bar at the left of the window that switches pages.
#pragma once

#include <QAbstractButton>
#include <QFrame>

class QVBoxLayout;

namespace lapidary {

// An icon over a word; the page shown is marked at its left edge.
class RailButton : public QAbstractButton {
    Q_OBJECT
public:
    RailButton(const QString& iconName, QWidget* parent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_iconName;
};

class PageRail : public QFrame {
    Q_OBJECT
public:
    explicit PageRail(QWidget* parent = nullptr);

    // Buttons are in the order of their pages, from 0.
    void addPage(const QString& iconName);
    void setPageName(int page, const QString& name, const QString& tooltip);
    void setCurrent(int page);
    void setPagesEnabled(bool enabled);

signals:
    void pageChosen(int page);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_layout;
    QList<RailButton*> m_buttons;
};

} // namespace lapidary

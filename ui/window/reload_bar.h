// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a quiet line above the page: the file has changed, and what can be done about it.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace lapidary {

class Reloader;

class ReloadBar : public QFrame {
    Q_OBJECT
public:
    // reloader outlives the bar, which shows itself.
    explicit ReloadBar(Reloader& reloader, QWidget* parent = nullptr);

signals:
    void reloadRequested();
    void alwaysRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();
    void updateColors();

    QLabel* m_text;
    QPushButton* m_reload;
    QPushButton* m_always;
    QToolButton* m_close;
};

} // namespace lapidary

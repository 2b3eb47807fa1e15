// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the window shows while there is no model: how to get one.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lapidary {

class StartPage : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);

signals:
    void openRequested();
    void sampleRequested();
    void fileChosen(const QString& path);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void retranslate();
    void refreshRecent();
    void updateColors();

    QLabel* m_logo;
    QLabel* m_title;
    QLabel* m_line;
    QPushButton* m_open;
    QPushButton* m_sample;
    QLabel* m_recentTitle;
    QVBoxLayout* m_recent;
    QLabel* m_hint;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how to search, as examples that can be tried with a click.
#pragma once

#include <QScrollArea>

class QLabel;

namespace lapidary {

class SearchHelp : public QScrollArea {
    Q_OBJECT
public:
    explicit SearchHelp(QWidget* parent = nullptr);

signals:
    void chosen(const QString& query);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    QLabel* m_text;
};

} // namespace lapidary

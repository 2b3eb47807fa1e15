// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an error inside the card that it is about: what, where and what to do next.
#pragma once

#include "engine/base/error.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace lapidary {

class ErrorLine : public QWidget {
    Q_OBJECT
public:
    explicit ErrorLine(QWidget* parent = nullptr);
    // nullopt, or a cancelled one: hides the line.
    void setError(const std::optional<Error>& error);
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    std::optional<Error> m_error;
    QLabel* m_icon;
    QLabel* m_text;
};

} // namespace lapidary

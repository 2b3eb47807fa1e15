// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one line of text that is cut in its middle where there is no room for it; the tooltip then
// holds the whole.
#pragma once

#include <QLabel>

namespace lapidary {

class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void setFullText(const QString& text);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_full;
};

} // namespace lapidary

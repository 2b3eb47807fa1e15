// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one value in the properties panel: a field of text that wraps, can be copied, and leads
// somewhere when it is a link.
#pragma once

#include <QWidget>

class QTextLayout;

namespace lapidary {

class PropertyField : public QWidget {
    Q_OBJECT
public:
    explicit PropertyField(const QString& text, QWidget* parent = nullptr);

    void setText(const QString& text);
    const QString& text() const { return m_text; }
    // Quieter words: on a second line, or beside a short text at the right.
    enum DetailPlace { Below, Beside };
    void setDetail(const QString& detail, DetailPlace place = Below);
    const QString& detail() const { return m_detail; }
    // A text that nobody wrote down, such as a default: painted as quietly as a detail.
    void setQuiet(bool quiet);
    // Makes the field a link: it shows an arrow, takes focus and emits activated().
    void setLink(bool link);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void activated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRect textArea(int width) const;
    // Lays the text out; returns its height. Lines past the limit are left out unless expanded.
    int layoutText(QTextLayout& layout, int width) const;
    QFont detailFont() const;
    bool detailFitsBeside(int textWidth) const;
    void copy() const;
    void describe();

    QString m_text;
    QString m_detail;
    DetailPlace m_detailPlace = Below;
    bool m_link = false;
    bool m_quiet = false;
    bool m_expanded = false;
    mutable bool m_cut = false; // lines were left out by the last layout
};

} // namespace lapidary

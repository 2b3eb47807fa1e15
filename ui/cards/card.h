// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the surfaces that pages are made of: a framed card, the one primary button of a page, a
// number with its caption.
#pragma once

#include <QAbstractButton>
#include <QFrame>
#include <QPushButton>

class QLabel;
class QVBoxLayout;

namespace lapidary {

// A rounded ground with a hairline around it and a layout inside.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);
    QVBoxLayout* column() const { return m_column; }
    // An accent line instead of the hairline: a file may be dropped here, something failed.
    void setFrameColour(const QColor& colour); // invalid: the usual one

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_column;
    QColor m_frameColour;
};

class PrimaryButton : public QPushButton {
    Q_OBJECT
public:
    explicit PrimaryButton(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
};

// "0.83 ms" in large letters over "Latency".
class MetricTile : public QWidget {
    Q_OBJECT
public:
    explicit MetricTile(QWidget* parent = nullptr);
    void setCaption(const QString& caption);
    void setValue(const QString& value);

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateAccessibleName();
    QLabel* m_value;
    QLabel* m_caption;
};

// A muted line of text that wraps.
QLabel* makeHint(QWidget* parent);

} // namespace lapidary

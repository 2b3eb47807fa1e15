// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a picture fitted into a widget, small ones enlarged with their pixels kept sharp; with the
// wheel it zooms around the pointer, dragging moves it, a double click fits it again.
#pragma once

#include <QImage>
#include <QWidget>

namespace lapidary {

class ImageView : public QWidget {
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);

    void setImage(const QImage& image);
    const QImage& image() const { return m_image; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    double fittedScale() const;
    QRectF imageRect() const;

    QImage m_image;
    double m_zoom = 1; // of the fitted size
    QPointF m_shift;   // of the centre, in pixels of the widget
    QPointF m_dragFrom;
};

} // namespace lapidary

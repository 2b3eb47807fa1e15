// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor plane (heat map, kernels) in a widget: fitted, zoomed by the wheel around the
// pointer or by + and −, moved by dragging or arrows, fitted again by a double click or 0. Pictures are
// made on the queue's lane "pictures" and read only what is visible.
#pragma once

#include "viewers/tensor/plane_picture.h"

#include <QWidget>

namespace lapidary {

class JobQueue;

class PlaneView : public QWidget {
    Q_OBJECT
public:
    // jobs outlives the widget.
    explicit PlaneView(JobQueue& jobs, QWidget* parent = nullptr);

    // limit: of colourLimit. An empty tensor shows nothing.
    void setPlane(Tensor tensor, TensorPlane plane, double limit);
    // Off: a still picture, which answers a click.
    void setInteractive(bool interactive);
    bool isShown() const { return !m_picture.image.isNull(); } // a picture of the plane is there
    QSize sizeHint() const override { return {320, 200}; }

signals:
    void pictureShown();
    void pointed(const QString& text); // "[3, 17] = 0.25" under the pointer; empty outside
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QRectF planeRect() const; // of all cells, in pixels of the widget
    QRectF visibleCells() const;
    void requestPicture();
    void fit();
    void zoomAround(const QPointF& position, double factor);
    void moveBy(const QPointF& pixels); // when it is larger than the widget
    void paintGround(QPainter& painter, const QRectF& all) const;
    QString textAt(const QPointF& position) const;

    JobQueue& m_jobs;
    Tensor m_tensor;
    TensorPlane m_plane;
    double m_limit = 0;
    PlanePicture m_picture;
    bool m_interactive = true;
    double m_zoom = 1; // of the fitted size
    QPointF m_shift;   // of the centre, in pixels
    QPointF m_dragFrom;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary

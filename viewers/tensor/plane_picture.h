// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the picture of a part of a tensor plane. It reads the elements that it shows and no others, so
// a weight of gigabytes draws at once.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"
#include "viewers/tensor/tensor_plane.h"

#include <QImage>
#include <QRectF>

namespace lapidary {

// What the ends of the colours stand for. A few outliers do not count: the size that all but one in
// 500 elements stay below, from a sample. 0 when all are zero. Any thread, a few milliseconds.
double colourLimit(const Tensor& tensor);

struct PlanePicture {
    QImage image;
    QRectF cells; // what it shows: x and width are columns, y and height rows
};

// cells: the part wanted, widened to whole cells; mostPixels: of the widget. One pixel a cell, or, where
// there are more cells than pixels, the largest in size of up to nine cells of each pixel, so that what
// stands out is not averaged away. NaN is magenta.
// Errors: Cancelled.
Result<PlanePicture> planePicture(const Tensor& tensor, const TensorPlane& plane, const QRectF& cells,
                                  QSize mostPixels, double limit, bool dark, const JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a scene as a file: PNG at any scale, SVG and PDF whose texts stay texts. Painted in bands, so
// that a picture of a very long graph is complete and needs no more memory than a short one.
// Any thread, while a QGuiApplication lives (fonts).
#pragma once

#include "engine/base/job_context.h"
#include "viewers/graph/graph_scene.h"
#include "viewers/graph/node_data.h"
#include "viewers/graph/trace.h"

#include <QFont>
#include <QRectF>
#include <QSize>

#include <optional>

class QPainter;

namespace lapidary {

// All that painting a graph takes, to be handed to another thread.
struct GraphDrawing {
    std::shared_ptr<const GraphScene> scene;
    std::shared_ptr<const InferredTypes> types; // may be null
    QFont font;                                 // of the canvas that the scene was laid out for
    std::shared_ptr<const NodeData> data;       // in place of the operators' colours; may be null
    std::shared_ptr<const Trace> trace;         // all else fades; may be null
};

enum class PictureFormat { Png, Svg, Pdf };

// By the ending of a file's name; none when it is another one.
std::optional<PictureFormat> pictureFormatOf(const QString& path);

struct PictureOptions {
    PictureFormat format = PictureFormat::Png;
    double scale = 1; // pixels for a unit of the scene, at 96 dots an inch
    bool dark = false;
    QRectF area = {}; // in the scene; empty: all of it
};

// Everything that is drawn, labels at the edges and the legend of the colours too, with a margin around it.
QRectF pictureArea(const GraphDrawing& drawing);
// Of a PNG.
QSize pictureSize(const QRectF& area, double scale);
// At which a PNG of this area can still be written.
double largestPictureScale(const QRectF& area);

// Replaces the file when it is written as a whole, and not before.
// Errors: InvalidArgument (a scale that is not positive; too many pixels: the message says how many and the
// largest scale), IoError, OutOfMemory, Cancelled.
Status savePicture(const GraphDrawing& drawing, const PictureOptions& options, const QString& path,
                   JobContext& job);

// The area in parts of one size, no larger than this, row by row.
QList<QRectF> pagesOf(const QRectF& area, const QSizeF& most);
// A part of the picture's area fills the target of the painter; the ground stays as it is.
void paintDrawing(QPainter& painter, const GraphDrawing& drawing, const QRectF& area, const QRectF& part,
                  const QRectF& target, bool dark);

} // namespace lapidary

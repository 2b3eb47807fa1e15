// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: every colour of the canvas, for light and dark.
#pragma once

#include "viewers/graph/op_category.h"

#include <QColor>

class QPalette;

namespace lapidary {

struct GraphTheme {
    bool dark = false;
    QColor canvas;
    QColor card;
    QColor frame;      // ground of an open group or body
    QColor innerFrame; // of one in another
    QColor border;
    QColor rowName;
    QColor rowText;
    QColor edge;
    QColor noData;  // header of a card when others are coloured by data
    QColor farEdge; // where edges are hair lines; opaque, since blending many long lines is slow
    QColor bar;     // stands for text that is too small to read
    QColor label;
    QColor hover;     // ring around the box, and line, under the pointer
    QColor selection; // ring around the selected box, line of the selected value
    QColor inputs;    // what flows into the selection
    QColor outputs;   // what flows out of it
    QColor hit;       // what a search found
    QColor minimapFrame;

    QColor header(OpCategory category) const;
    QColor headerText(OpCategory category) const;

    // Dark when the palette's window colour is.
    static GraphTheme of(const QPalette& palette);
};

} // namespace lapidary

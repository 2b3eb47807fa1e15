// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how large cards and texts are. Character widths are taken once on the GUI thread; sizes
// then follow from plain arithmetic, on any thread.
#pragma once

#include "viewers/graph/display_graph.h"
#include "viewers/graph/layout.h"

#include <array>

class QFont;

namespace lapidary {

// Widths of characters of one font, in pixels.
class TextWidths {
public:
    // Every character that is not wide has this width: for tests without fonts.
    explicit TextWidths(double width = 6);
    explicit TextWidths(const QFont& font);
    double width(std::string_view utf8) const;

private:
    double widthOf(char32_t character) const;
    std::array<float, 128> m_ascii;
    std::array<float, 5> m_special; // of specialCharacters
    double m_wide;                  // ideographs and everything else
};

// All in pixels at 100 %.
struct CardStyle {
    static constexpr int titlePixels = 12;
    static constexpr int rowPixels = 10;
    static constexpr int labelPixels = 10;
    static constexpr double headerHeight = 22;
    static constexpr double rowHeight = 14;
    static constexpr double rowsPadding = 4; // above and below the rows
    static constexpr double sidePadding = 8;
    static constexpr double nameGap = 4; // between a row's name and its text
    static constexpr double leastWidth = 34;
    static constexpr double mostWidth = 260;
    static constexpr double radius = 6;
    static constexpr double openerWidth = 14; // the triangle of a box that can be opened
};

struct CardMetrics {
    TextWidths title;
    TextWidths rowName;
    TextWidths rowText;

    // The fonts of the canvas, made from the family of base.
    static CardMetrics of(const QFont& base);
    static QFont titleFont(const QFont& base);
    static QFont rowNameFont(const QFont& base);
    static QFont rowFont(const QFont& base);
    static QFont labelFont(const QFont& base);

    BoxSize boxSize(const DisplayBox& box) const;
};

// What the layout needs of a display graph.
LayoutInput layoutInput(const DisplayGraph& graph, const CardMetrics& metrics);

} // namespace lapidary

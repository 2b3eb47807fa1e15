// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/graph_theme.h"

#include <QPalette>

namespace lapidary {

QColor GraphTheme::header(OpCategory category) const
{
    const CategoryColors& colors = colorsOf(category);
    return QColor::fromRgb(dark ? colors.dark : colors.light);
}

QColor GraphTheme::headerText(OpCategory category) const
{
    return dark || colorsOf(category).lightText ? QColor(0xffffff) : QColor(0x1b1e23);
}

GraphTheme GraphTheme::of(const QPalette& palette)
{
    GraphTheme theme;
    theme.dark = palette.color(QPalette::Window).lightness() < 128;
    if (theme.dark) {
        theme.canvas = QColor(0x1c1e21);
        theme.card = QColor(0x2a2d32);
        theme.frame = QColor(0x22262b);
        theme.innerFrame = QColor(0x282d33);
        theme.border = QColor(0x50555d);
        theme.rowName = QColor(0xe9ebee);
        theme.rowText = QColor(0xb6bcc5);
        theme.edge = QColor(0x8b929c);
        theme.noData = QColor(0x33373d);
        theme.farEdge = QColor(0x5f656d);
        theme.bar = QColor(0x4a4f57);
        theme.label = QColor(0xa7aeb8);
        theme.hover = QColor(0xc3c9d2);
        theme.selection = QColor(0x5aa2ff);
        theme.inputs = QColor(0x4cc38a);
        theme.outputs = QColor(0xf09a3e);
        theme.hit = QColor(0xff5fc4);
        theme.minimapFrame = QColor(0x5aa2ff);
    } else {
        theme.canvas = QColor(0xfcfcfd);
        theme.card = QColor(0xffffff);
        theme.frame = QColor(0xf1f4f7);
        theme.innerFrame = QColor(0xe7ecf1);
        theme.border = QColor(0x9aa1ab);
        theme.rowName = QColor(0x16191d);
        theme.rowText = QColor(0x4a515b);
        theme.edge = QColor(0x5b626c);
        theme.noData = QColor(0xe9ebee);
        theme.farEdge = QColor(0x9da3ab);
        theme.bar = QColor(0xd5d9de);
        theme.label = QColor(0x5f6670);
        theme.hover = QColor(0x24292f);
        theme.selection = QColor(0x1a6ff0);
        theme.inputs = QColor(0x12834f);
        theme.outputs = QColor(0xd06a00);
        theme.hit = QColor(0xd0168f);
        theme.minimapFrame = QColor(0x1a6ff0);
    }
    return theme;
}

} // namespace lapidary

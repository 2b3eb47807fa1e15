// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how fields, check boxes and headers of tables are drawn: hairlines that are seen on light
// and on dark grounds alike. For WindowStyle.
#pragma once

class QPainter;
class QStyle;
class QStyleOption;
class QStyleOptionComplex;
class QStyleOptionHeader;
class QStyleOptionSpinBox;
class QWidget;

namespace lapidary {

void drawFieldFrame(const QStyleOption& option, QPainter& painter);
void drawCheckBox(const QStyleOption& option, QPainter& painter);
void drawRadioButton(const QStyleOption& option, QPainter& painter);
// style: gives the places of the two buttons and draws their arrows.
void drawSpinBox(const QStyleOptionSpinBox& option, QPainter& painter, const QWidget* widget,
                 const QStyle& style);
void drawHeaderSection(const QStyleOption& option, bool horizontal, QPainter& painter);

} // namespace lapidary

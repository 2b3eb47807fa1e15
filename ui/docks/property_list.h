// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a scrolling list of sections with labelled values: the look of the properties panel.
#pragma once

#include "ui/docks/property_field.h"

#include <QScrollArea>

class QLabel;
class QVBoxLayout;

namespace lapidary {

class PropertyList : public QScrollArea {
    Q_OBJECT
public:
    explicit PropertyList(QWidget* parent = nullptr);

    // Empties the list and gives it a heading: what is shown, and which one.
    void begin(const QString& kind, const QString& title);
    void addSection(const QString& title);
    // The field lives until the next begin(). tooltip explains the label; may be empty.
    PropertyField* addRow(const QString& label, const QString& value, const QString& tooltip = {});
    PropertyField* addField(const QString& value); // over the whole width, without a label
    void addText(const QString& text);             // a paragraph
    void addWidget(QWidget* widget);               // over the whole width; owned by the list
    void end();

    QString heading() const; // title of begin()

private:
    QWidget* m_content = nullptr;
    QVBoxLayout* m_rows = nullptr;
    QString m_heading;
};

} // namespace lapidary

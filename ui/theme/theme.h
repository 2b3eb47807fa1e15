// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how the window looks: palettes, the few colours a palette has no role for, icons.
// GUI thread.
#pragma once

#include "ui/settings/settings.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>

namespace lapidary {

// Colours beside QPalette's roles.
struct ThemeColors {
    QColor surface;   // panels beside the canvas
    QColor field;     // the ground of a value in a panel
    QColor border;    // hairlines
    QColor mutedText; // labels, hints
    QColor accent;    // selection, links, progress
    QColor error, errorGround;
    QColor warning;
    QColor good;
};

class Theme : public QObject {
    Q_OBJECT
public:
    // The one of the application; made on first use, after QApplication.
    static Theme& instance();

    void apply(ThemeChoice choice);
    bool isDark() const { return m_dark; }
    const ThemeColors& colors() const;
    // The user asked the system for less motion: nothing then moves by itself.
    static bool reducedMotion();

    // An icon of resources/icons/actions in the colour of text, or the application's own ("app").
    // Null when there is no such file. Icons follow the theme: ask again on changed().
    QIcon icon(const QString& name) const;
    QIcon icon(const QString& name, const QColor& color) const;

signals:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Theme();
    void refresh();

    ThemeChoice m_choice = ThemeChoice::System;
    bool m_dark = false;
    bool m_refreshing = false;
};

inline QIcon themedIcon(const QString& name) { return Theme::instance().icon(name); }

// For labels that are quieter or louder than the rest.
void setTextColor(QWidget& widget, const QColor& color);

// The window's font for headings of panels: small, spaced capitals.
QFont sectionFont(const QFont& base);
QFont scaledFont(const QFont& base, double factor, int weight = QFont::Normal);
QFont monospaceFont(const QFont& base);

} // namespace lapidary

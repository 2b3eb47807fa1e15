// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/window_style.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QStyle>
#include <QSvgRenderer>

namespace lapidary {

namespace {

const ThemeColors lightColors{
    .surface = QColor(0xf5, 0xf6, 0xf8),
    .field = QColor(0xff, 0xff, 0xff),
    .border = QColor(0xda, 0xdd, 0xe3),
    .mutedText = QColor(0x5c, 0x63, 0x70),
    .accent = QColor(0x1f, 0x6f, 0xb8),
    .error = QColor(0xb3, 0x26, 0x1e),
    .errorGround = QColor(0xfc, 0xee, 0xec),
    .warning = QColor(0x9a, 0x5b, 0x00),
    .good = QColor(0x1c, 0x7a, 0x3e),
};

const ThemeColors darkColors{
    .surface = QColor(0x24, 0x27, 0x2c),
    .field = QColor(0x2e, 0x32, 0x39),
    .border = QColor(0x3c, 0x41, 0x4a),
    .mutedText = QColor(0x9b, 0xa3, 0xb0),
    .accent = QColor(0x5a, 0xa7, 0xe6),
    .error = QColor(0xff, 0x8a, 0x80),
    .errorGround = QColor(0x3d, 0x26, 0x26),
    .warning = QColor(0xe8, 0xb0, 0x5a),
    .good = QColor(0x6c, 0xcf, 0x8e),
};

QPalette makePalette(const ThemeColors& colors, bool dark)
{
    const QColor text = dark ? QColor(0xe4, 0xe7, 0xec) : QColor(0x1d, 0x21, 0x29);
    const QColor base = dark ? QColor(0x1c, 0x1e, 0x22) : QColor(0xff, 0xff, 0xff);
    QColor disabled = colors.mutedText;
    disabled.setAlphaF(0.6f);

    QPalette palette(colors.surface);
    palette.setColor(QPalette::Window, colors.surface);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, dark ? QColor(0x22, 0x25, 0x2a) : QColor(0xf7, 0xf8, 0xfa));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, dark ? QColor(0x33, 0x38, 0x40) : QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, dark ? QColor(0x3a, 0x3f, 0x48) : QColor(0x2b, 0x2f, 0x36));
    palette.setColor(QPalette::ToolTipText, QColor(0xf2, 0xf4, 0xf7));
    palette.setColor(QPalette::Highlight, dark ? QColor(0x2f, 0x6f, 0xab) : colors.accent);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, colors.accent);
    palette.setColor(QPalette::LinkVisited, colors.accent);
    palette.setColor(QPalette::PlaceholderText, colors.mutedText);
    palette.setColor(QPalette::Mid, colors.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.border);
    return palette;
}

// True when the desktop's own palette is dark. Qt 6.4 has no other way to ask.
bool systemIsDark()
{
    QApplication::setPalette(QPalette()); // back to the platform's
    const QPalette system = QGuiApplication::palette();
    return system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
}

QPixmap renderIcon(const QString& file, int extent, const QColor& color)
{
    QSvgRenderer renderer(file);
    QPixmap pixmap(extent, extent);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    renderer.render(&painter);
    if (color.isValid()) {
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), color);
    }
    return pixmap;
}

} // namespace

Theme::Theme()
{
    QApplication::setStyle(new WindowStyle);
    qApp->installEventFilter(this);
}

Theme& Theme::instance()
{
    // Owned by the application object, so that it goes before the platform does.
    static QPointer<Theme> theme;
    if (!theme) {
        theme = new Theme;
        theme->setParent(qApp);
    }
    return *theme;
}

void Theme::apply(ThemeChoice choice)
{
    m_choice = choice;
    refresh();
}

void Theme::refresh()
{
    m_refreshing = true;
    m_dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && systemIsDark());
    QApplication::setPalette(makePalette(colors(), m_dark));
    m_refreshing = false;
    emit changed();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && !m_refreshing && m_choice == ThemeChoice::System)
        refresh();
    return QObject::eventFilter(watched, event);
}

const ThemeColors& Theme::colors() const { return m_dark ? darkColors : lightColors; }

bool Theme::reducedMotion() { return !QApplication::style()->styleHint(QStyle::SH_Widget_Animate); }

QIcon Theme::icon(const QString& name) const
{
    return icon(name, QApplication::palette().color(QPalette::WindowText));
}

QIcon Theme::icon(const QString& name, const QColor& color) const
{
    const QString file = QStringLiteral(":/icons/actions/%1.svg").arg(name);
    if (!QFile::exists(file))
        return {};
    QColor disabled = color;
    disabled.setAlphaF(0.35f);
    QIcon icon;
    for (const int extent : {16, 20, 24, 32, 48}) {
        icon.addPixmap(renderIcon(file, extent, color), QIcon::Normal);
        icon.addPixmap(renderIcon(file, extent, disabled), QIcon::Disabled);
    }
    return icon;
}

void setTextColor(QWidget& widget, const QColor& color)
{
    QPalette palette = widget.palette();
    // Which role a label writes with depends on the ground it stands on.
    for (const auto role : {QPalette::WindowText, QPalette::Text})
        palette.setColor(role, color);
    widget.setPalette(palette);
}

QFont scaledFont(const QFont& base, double factor, int weight)
{
    QFont font = base;
    if (base.pointSizeF() > 0)
        font.setPointSizeF(base.pointSizeF() * factor);
    else
        font.setPixelSize(qRound(base.pixelSize() * factor));
    font.setWeight(static_cast<QFont::Weight>(weight));
    return font;
}

QFont sectionFont(const QFont& base)
{
    QFont font = scaledFont(base, 0.85, QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    return font;
}

QFont monospaceFont(const QFont& base)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(base.pointSizeF() > 0 ? base.pointSizeF() * 0.95 : font.pointSizeF());
    return font;
}

} // namespace lapidary

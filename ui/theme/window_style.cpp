// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/window_style.h"

#include "ui/theme/field_painting.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>

namespace lapidary {

namespace {

constexpr qreal radius = 5;

const ThemeColors& themeColors() { return Theme::instance().colors(); }

void drawButton(const QStyleOption& option, QPainter& painter)
{
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool down = option.state & (QStyle::State_Sunken | QStyle::State_On);
    const bool hovered = enabled && (option.state & QStyle::State_MouseOver);
    const bool focused =
        (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange);
    QColor ground = option.palette.color(QPalette::Button);
    if (down)
        ground = themeColors().border;
    else if (hovered)
        ground = Theme::instance().isDark() ? ground.lighter(115) : ground.darker(104);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(focused ? themeColors().accent : themeColors().border, focused ? 1.5 : 1));
    painter.setBrush(ground);
    painter.setOpacity(enabled ? 1 : 0.6);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.restore();
}

void drawToolButton(const QStyleOption& option, QPainter& painter)
{
    if (!(option.state & (QStyle::State_MouseOver | QStyle::State_Sunken | QStyle::State_On)))
        return;
    QColor ground = option.palette.color(QPalette::WindowText);
    ground.setAlphaF(option.state & QStyle::State_Sunken ? 0.14f : 0.07f);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(option.rect, radius, radius);
    painter.restore();
}

void drawTabClose(const QStyleOption& option, QPainter& painter)
{
    const bool hovered =
        option.state & (QStyle::State_Raised | QStyle::State_Sunken | QStyle::State_MouseOver);
    const QPointF middle = QRectF(option.rect).center();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = option.palette.color(QPalette::WindowText);
    ground.setAlphaF(hovered && (option.state & QStyle::State_Enabled) ? 0.12f : 0.0f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(middle.x() - 8, middle.y() - 8, 16, 16), 4, 4);
    painter.setPen(QPen(hovered ? option.palette.color(QPalette::WindowText) : themeColors().mutedText, 1.4,
                        Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(middle + QPointF(-3.5, -3.5), middle + QPointF(3.5, 3.5));
    painter.drawLine(middle + QPointF(-3.5, 3.5), middle + QPointF(3.5, -3.5));
    painter.restore();
}

void drawTab(const QStyleOptionTab& tab, QPainter& painter)
{
    const bool selected = tab.state & QStyle::State_Selected;
    if (!selected && (tab.state & QStyle::State_MouseOver)) {
        QColor hover = tab.palette.color(QPalette::WindowText);
        hover.setAlphaF(0.05f);
        painter.fillRect(tab.rect, hover);
    }
    if (selected)
        painter.fillRect(QRect(tab.rect.left() + 8, tab.rect.bottom() - 1, tab.rect.width() - 16, 2),
                         themeColors().accent);
}

} // namespace

WindowStyle::WindowStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand: drawButton(*option, *painter); return;
    case PE_PanelButtonTool:
        if (option->state & State_AutoRaise) {
            drawToolButton(*option, *painter);
            return;
        }
        break;
    case PE_FrameLineEdit: drawFieldFrame(*option, *painter); return;
    case PE_IndicatorTabClose: drawTabClose(*option, *painter); return;
    case PE_IndicatorCheckBox: drawCheckBox(*option, *painter); return;
    case PE_IndicatorRadioButton: drawRadioButton(*option, *painter); return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          themeColors().border);
        return;
    case PE_IndicatorDockWidgetResizeHandle: {
        const bool upright = option->rect.height() > option->rect.width();
        const QPoint middle = option->rect.center();
        painter->fillRect(upright ? QRect(middle.x(), option->rect.top(), 1, option->rect.height())
                                  : QRect(option->rect.left(), middle.y(), option->rect.width(), 1),
                          themeColors().border);
        return;
    }
    case PE_PanelStatusBar:
        painter->fillRect(option->rect, option->palette.window());
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
                          themeColors().border);
        return;
    case PE_FrameStatusBarItem: return;
    default: break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void WindowStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    if (element == CE_TabBarTabShape) {
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
            drawTab(*tab, *painter);
            return;
        }
    }
    if (element == CE_HeaderSection) {
        const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
        drawHeaderSection(*option, !header || header->orientation == Qt::Horizontal, *painter);
        return;
    }
    if (element == CE_HeaderEmptyArea) {
        painter->fillRect(option->rect, option->palette.color(QPalette::Base));
        return;
    }
    if (element == CE_DockWidgetTitle) {
        const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
        painter->save();
        painter->setFont(sectionFont(painter->font()));
        painter->setPen(option->palette.color(QPalette::WindowText));
        painter->drawText(option->rect.adjusted(14, 0, -50, 0), Qt::AlignVCenter | Qt::AlignLeft,
                          dock ? dock->title : QString());
        painter->restore();
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void WindowStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                     QPainter* painter, const QWidget* widget) const
{
    if (control == CC_SpinBox) {
        if (const auto* spinBox = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(*spinBox, *painter, widget, *this);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QSize WindowStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                    const QWidget* widget) const
{
    const QSize whole = QProxyStyle::sizeFromContents(type, option, size, widget);
    return type == CT_PushButton ? whole + QSize(10, 0) : whole;
}

int WindowStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_TabBarTabHSpace: return 28;
    case PM_TabBarTabVSpace: return 16;
    case PM_TabBarTabShiftVertical:
    case PM_TabBarBaseOverlap: return 0;
    case PM_DockWidgetSeparatorExtent: return 5;
    case PM_DockWidgetTitleMargin: return 6;
    case PM_TabBarBaseHeight: return 0;
    // Columns of tables keep apart, a number at the right of one and a word at the left of the next too.
    case PM_FocusFrameHMargin:
    case PM_HeaderMargin: return 6;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int WindowStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* returnData) const
{
    if (hint == SH_UnderlineShortcut)
        return 0; // Alt still works; the words read better
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

} // namespace lapidary

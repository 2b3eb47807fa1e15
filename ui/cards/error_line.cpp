// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cards/error_line.h"

#include "ui/errors/error_text.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace lapidary {

ErrorLine::ErrorLine(QWidget* parent) : QWidget(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    hide();
}

void ErrorLine::setError(const std::optional<Error>& error)
{
    m_error = error && error->code != ErrorCode::Cancelled ? error : std::nullopt;
    refresh();
}

QString ErrorLine::text() const { return isHidden() ? QString() : m_text->text(); }

void ErrorLine::refresh()
{
    setVisible(m_error.has_value());
    if (!m_error)
        return;
    const QColor colour = Theme::instance().colors().error;
    m_icon->setPixmap(Theme::instance().icon(QStringLiteral("error"), colour).pixmap(16, 16));
    const QString next = errorNextStep(*m_error);
    m_text->setText(errorMessage(*m_error) + (next.isEmpty() ? QString() : QLatin1Char(' ') + next));
    QPalette coloured;
    coloured.setColor(QPalette::WindowText, colour);
    m_text->setPalette(coloured);
    m_text->setAccessibleName(tr("Error: %1").arg(m_text->text()));
}

void ErrorLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        refresh();
    QWidget::changeEvent(event);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/errors/error_panel.h"

#include "ui/errors/error_text.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace lapidary {

namespace {

QLabel* makeTextLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

ErrorPanel::ErrorPanel(QWidget* parent)
    : QFrame(parent),
      m_title(makeTextLabel(this)),
      m_message(makeTextLabel(this)),
      m_place(makeTextLabel(this)),
      m_nextStep(makeTextLabel(this)),
      m_copy(new QToolButton(this)),
      m_close(new QToolButton(this))
{
    setObjectName("errorPanel");
    m_title->setFont(scaledFont(font(), 1.05, QFont::DemiBold));

    auto* texts = new QVBoxLayout;
    texts->setSpacing(4);
    for (QLabel* label : {m_title, m_message, m_place, m_nextStep})
        texts->addWidget(label);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 12, 10, 12);
    row->setSpacing(4);
    row->addLayout(texts, 1);
    for (QToolButton* button : {m_copy, m_close}) {
        button->setAutoRaise(true);
        row->addWidget(button, 0, Qt::AlignTop);
    }
    m_close->setShortcut(Qt::Key_Escape);

    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(errorAsPlainText(m_error)); });
    connect(m_close, &QToolButton::clicked, this, &ErrorPanel::dismiss);
    connect(&Theme::instance(), &Theme::changed, this, &ErrorPanel::updateColors);
    refresh();
    updateColors();
    hide();
}

void ErrorPanel::showError(const QString& subject, const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        return;
    m_subject = subject;
    m_error = error;
    refresh();
    show();
}

void ErrorPanel::dismiss() { hide(); }

QString ErrorPanel::text() const { return isHidden() ? QString() : errorAsPlainText(m_error); }

void ErrorPanel::refresh()
{
    const QString title = errorTitle(m_error.code);
    m_title->setText(m_subject.isEmpty() ? title
                                         : tr("%1: %2", "subject: what failed").arg(m_subject, title));
    m_message->setText(errorMessage(m_error));
    const QString place = errorPlace(m_error);
    m_place->setText(tr("Where: %1").arg(place));
    m_place->setVisible(!place.isEmpty());
    const QString nextStep = errorNextStep(m_error);
    m_nextStep->setText(tr("What next: %1").arg(nextStep));
    m_nextStep->setVisible(!nextStep.isEmpty());
    m_copy->setText(tr("Copy"));
    m_copy->setToolTip(tr("Copy the error as text"));
    m_close->setText(tr("Close"));
    m_close->setToolTip(tr("Close this message (Esc)"));
    m_close->setAccessibleName(tr("Close this message"));
    setAccessibleName(tr("Error"));
    setAccessibleDescription(errorAsPlainText(m_error));
}

void ErrorPanel::updateColors()
{
    const ThemeColors& colors = Theme::instance().colors();
    setTextColor(*m_place, colors.mutedText);
    setTextColor(*m_title, colors.error);
    m_copy->setIcon(themedIcon("copy"));
    m_close->setIcon(themedIcon("close"));
    m_close->setToolButtonStyle(m_close->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    update();
}

void ErrorPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QFrame::changeEvent(event);
}

void ErrorPanel::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = Theme::instance().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.errorGround);
    painter.fillRect(QRect(0, 0, 4, height()), colors.error);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors.border);
}

} // namespace lapidary

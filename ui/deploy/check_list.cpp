// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/check_list.h"

#include "ui/errors/engine_texts.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace lapidary {

CheckList::CheckList(QWidget* parent) : QWidget(parent), m_lines(new QVBoxLayout(this))
{
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(6);
}

void CheckList::setChecks(const std::vector<deploy::Check>& checks)
{
    m_checks = checks;
    fill();
}

void CheckList::fill()
{
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const ThemeColors& colors = Theme::instance().colors();
    using State = deploy::Check::State;
    struct Look {
        State state;
        const char* icon;
        QColor colour;
    };
    const Look looks[] = {{State::Problem, "error", colors.error},
                          {State::Warning, "warning", colors.warning},
                          {State::Unknown, "info", colors.mutedText}};
    int good = 0;
    for (const deploy::Check& check : m_checks)
        good += check.state == State::Good ? 1 : 0;
    for (const Look& look : looks) {
        for (const deploy::Check& check : m_checks) {
            if (check.state != look.state)
                continue;
            QString text = inUsersLanguage(check.title) + QStringLiteral(": ") + inUsersLanguage(check.text);
            if (!check.nextStep.empty())
                text += QLatin1Char(' ') + inUsersLanguage(check.nextStep);
            addLine(QLatin1String(look.icon), look.colour, text, check.mend ? &check : nullptr);
        }
    }
    if (good > 0)
        addLine(QStringLiteral("success"), colors.good, tr("%n check(s) are good", nullptr, good), nullptr);
    setVisible(!m_checks.empty());
}

void CheckList::addLine(const QString& icon, const QColor& colour, const QString& text,
                        const deploy::Check* mendable)
{
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* mark = new QLabel;
    mark->setPixmap(Theme::instance().icon(icon, colour).pixmap(16, 16));
    auto* words = new QLabel(text);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    if (mendable) {
        auto* button = new QPushButton(tr("Put right"));
        button->setToolTip(QString::fromStdString(mendable->mend->method + " " + mendable->mend->url));
        connect(button, &QPushButton::clicked, this,
                [this, check = *mendable] { emit mendRequested(check); });
        row->addWidget(button, 0, Qt::AlignTop);
    }
    m_lines->addWidget(line);
}

void CheckList::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        fill();
    QWidget::changeEvent(event);
}

} // namespace lapidary

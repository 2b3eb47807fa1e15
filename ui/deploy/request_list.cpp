// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/request_list.h"

#include "ui/deploy/step_page.h"
#include "ui/errors/engine_texts.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/roomy_delegate.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr int stepRole = Qt::UserRole;
constexpr int requestRole = Qt::UserRole + 1; // -1: the step itself

// Without what all of them have in common, so that the part that differs is seen.
QString shortAddress(const QString& url)
{
    const qsizetype path = url.indexOf(QLatin1Char('/'), url.indexOf(QLatin1String("//")) + 2);
    const qsizetype workspace = url.indexOf(QLatin1String("/workspaces/"));
    const qsizetype from = workspace > 0 ? url.indexOf(QLatin1Char('/'), workspace + 12) : path;
    const QString part = from > 0 ? url.mid(from) : url;
    return part.section(QLatin1String("?api-version"), 0, 0);
}

} // namespace

RequestList::RequestList(QWidget* parent)
    : QWidget(parent), m_steps(new QTreeWidget), m_address(new QLabel), m_body(makeLog())
{
    m_steps->setObjectName(QStringLiteral("planSteps"));
    m_steps->setHeaderHidden(true);
    m_steps->setColumnCount(2);
    m_steps->header()->setStretchLastSection(false);
    m_steps->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_steps->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setItemDelegate(new RoomyDelegate(m_steps));
    m_steps->setUniformRowHeights(true);
    m_steps->setTextElideMode(Qt::ElideMiddle);
    m_steps->setMinimumWidth(200);
    m_address->setWordWrap(true);
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_address->setFont(monospaceFont(m_address->font()));
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(10, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_address);
    column->addWidget(m_body, 1);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(m_steps);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(splitter);
    connect(m_steps, &QTreeWidget::currentItemChanged, this, &RequestList::showCurrent);
    retranslate();
}

void RequestList::setPlan(const deploy::DeployPlan* plan)
{
    m_plan = plan ? *plan : deploy::DeployPlan();
    m_steps->clear();
    for (size_t i = 0; i < m_plan.steps.size(); ++i) {
        const deploy::Step& step = m_plan.steps[i];
        auto* item = new QTreeWidgetItem(m_steps, {tr("%1. %2").arg(i + 1).arg(inUsersLanguage(step.title))});
        item->setData(0, stepRole, static_cast<int>(i));
        item->setData(0, requestRole, -1);
        item->setToolTip(0, item->text(0));
        for (size_t r = 0; r < step.requests.size(); ++r) {
            const deploy::PlannedRequest& request = step.requests[r];
            auto* child =
                new QTreeWidgetItem(item, {QString::fromStdString(request.method) + QLatin1Char(' ') +
                                           shortAddress(QString::fromStdString(request.url))});
            child->setData(0, stepRole, static_cast<int>(i));
            child->setData(0, requestRole, static_cast<int>(r));
        }
    }
    m_steps->expandAll();
    showDifferences();
    m_steps->setCurrentItem(m_steps->topLevelItem(0));
    showCurrent();
}

void RequestList::setDifferences(const std::vector<deploy::ResourceDifference>& differences)
{
    m_differences = differences;
    showDifferences();
    showCurrent();
}

const deploy::ResourceDifference* RequestList::differenceOf(const deploy::Step& step) const
{
    const auto found = std::ranges::find(m_differences, step.id, &deploy::ResourceDifference::step);
    return found == m_differences.end() ? nullptr : &*found;
}

void RequestList::showDifferences()
{
    for (int row = 0; row < m_steps->topLevelItemCount(); ++row) {
        const auto* difference = differenceOf(m_plan.steps[static_cast<size_t>(row)]);
        QString word;
        if (difference)
            word = difference->kind == deploy::ResourceDifference::Kind::Create   ? tr("new")
                   : difference->kind == deploy::ResourceDifference::Kind::Modify ? tr("there, different")
                                                                                  : tr("there, the same");
        m_steps->topLevelItem(row)->setText(1, word);
        m_steps->topLevelItem(row)->setForeground(1, Theme::instance().colors().mutedText);
    }
}

void RequestList::showCurrent()
{
    const QTreeWidgetItem* item = m_steps->currentItem();
    m_address->clear();
    m_body->clear();
    if (!item)
        return;
    const deploy::Step& step = m_plan.steps[static_cast<size_t>(item->data(0, stepRole).toInt())];
    const int index = item->data(0, requestRole).toInt();
    const int requests = static_cast<int>(step.requests.size());
    if (index < 0) {
        m_address->setText(step.requests.empty() ? tr("Done on this computer: no request is sent.")
                                                 : tr("%n request(s)", nullptr, requests));
        QString text;
        if (const auto* difference = differenceOf(step)) {
            if (!difference->note.empty())
                text += inUsersLanguage(difference->note) + QStringLiteral("\n\n");
            for (const deploy::ChangedMember& member : difference->members)
                text += QString::fromStdString(member.path + ": " + member.now.dump() + " → " +
                                               member.planned.dump() + "\n");
            if (!difference->members.empty())
                text += QLatin1Char('\n');
        }
        m_body->setPlainText(text + QString::fromStdString(step.input.is_null() ? "" : step.input.dump(2)));
        return;
    }
    const deploy::PlannedRequest& request = step.requests[static_cast<size_t>(index)];
    m_address->setText(QString::fromStdString(request.method + " " + request.url));
    m_body->setPlainText(
        QString::fromStdString(request.body.is_null() ? request.note : request.body.dump(2)));
}

void RequestList::retranslate()
{
    m_steps->setAccessibleName(tr("Steps and requests"));
    m_body->setAccessibleName(tr("Body of the request"));
    m_body->setPlaceholderText(tr("This request has no body."));
    showCurrent();
}

void RequestList::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/take_away.h"

#include "engine/deploy/actions.h"
#include "ui/deploy/deployments.h"
#include "ui/errors/engine_texts.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

namespace lapidary {

QStringList thingsMade(const deploy::DeployRun& run)
{
    QStringList things;
    for (size_t i = 0; i < run.steps.size(); ++i) {
        const deploy::Action* action = deploy::findAction(run.plan.steps[i].action);
        if (action && action->takeAway && !run.steps[i].startedAt.empty())
            things << inUsersLanguage(run.plan.steps[i].title);
    }
    return things;
}

void askToTakeAway(QWidget* parent, Deployments& deployments, const QString& id)
{
    const deploy::DeployRun* run = deployments.run(id);
    if (!run)
        return;
    auto* question = new QMessageBox(
        QMessageBox::Question, QCoreApplication::translate("takeAway", "Delete what was made"),
        QCoreApplication::translate("takeAway", "What these steps made is deleted, and nothing else:"),
        QMessageBox::Cancel, parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(thingsMade(*run).join(QLatin1Char('\n')));
    QPushButton* yes =
        question->addButton(QCoreApplication::translate("takeAway", "Delete"), QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("confirmTakeAway"));
    QObject::connect(yes, &QPushButton::clicked, &deployments,
                     [&deployments, id] { deployments.takeAway(id); });
    question->open();
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/target_text.h"

#include "engine/deploy/choices.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

namespace lapidary {

namespace {

constexpr TargetText texts[] = {
    {deploy::localTarget, QT_TRANSLATE_NOOP("targets", "This computer"),
     QT_TRANSLATE_NOOP("targets", "The very image that a cloud would get, as a process or in a container. "
                                  "No account is needed.")},
    {deploy::managedTarget, QT_TRANSLATE_NOOP("targets", "Azure: managed online endpoint"),
     QT_TRANSLATE_NOOP("targets", "Azure Machine Learning keeps the machines. Paid by the hour until it is "
                                  "deleted.")},
    {deploy::azureKubernetesTarget, QT_TRANSLATE_NOOP("targets", "Azure: Kubernetes online endpoint"),
     QT_TRANSLATE_NOOP("targets", "On a cluster that is attached to the workspace, AKS or Arc.")},
    {deploy::aciTarget, QT_TRANSLATE_NOOP("targets", "Azure: container instance"),
     QT_TRANSLATE_NOOP("targets", "One container with an address of its own, for trials. Plain HTTP.")},
    {deploy::kubernetesTarget, QT_TRANSLATE_NOOP("targets", "Any Kubernetes cluster"),
     QT_TRANSLATE_NOOP("targets",
                       "Manifests with probes, limits and scaling, written or applied by kubectl.")},
};

QString translated(const char* text) { return QCoreApplication::translate("targets", text); }

} // namespace

std::span<const TargetText> targetTexts() { return texts; }

QString targetName(const std::string& id)
{
    for (const TargetText& text : texts) {
        if (text.id == id)
            return translated(text.name);
    }
    return QString::fromStdString(id);
}

bool hasFailed(const deploy::DeployRun& run)
{
    return std::ranges::any_of(run.steps, [](const deploy::StepRecord& record) {
        return record.state == deploy::StepState::Failed;
    });
}

QString runStateText(const deploy::DeployRun& run, bool underWay)
{
    if (underWay)
        return translated(QT_TRANSLATE_NOOP("targets", "Working…"));
    if (run.deleted)
        return translated(QT_TRANSLATE_NOOP("targets", "Deleted"));
    if (run.isDone())
        return translated(QT_TRANSLATE_NOOP("targets", "Deployed"));
    return hasFailed(run) ? translated(QT_TRANSLATE_NOOP("targets", "Failed"))
                          : translated(QT_TRANSLATE_NOOP("targets", "Stopped"));
}

QColor runStateColour(const deploy::DeployRun& run, bool underWay)
{
    const ThemeColors& colors = Theme::instance().colors();
    if (underWay)
        return colors.accent;
    if (run.deleted)
        return colors.mutedText;
    return run.isDone() ? colors.good : hasFailed(run) ? colors.error : colors.warning;
}

} // namespace lapidary

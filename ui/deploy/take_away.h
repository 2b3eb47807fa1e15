// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the question before what a deployment made is deleted.
#pragma once

#include <QString>

class QWidget;

namespace lapidary {

class Deployments;
namespace deploy {
struct DeployRun;
}

// What deleting would take away, by the names of the steps that made it.
QStringList thingsMade(const deploy::DeployRun& run);

// Does not wait for the answer. deployments outlives parent.
void askToTakeAway(QWidget* parent, Deployments& deployments, const QString& id);

} // namespace lapidary

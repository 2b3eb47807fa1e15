// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: targets and states of deployments in words.
#pragma once

#include "engine/deploy/run.h"

#include <QColor>
#include <QString>

#include <span>

namespace lapidary {

struct TargetText {
    const char* id;      // of deploy::Choices
    const char* name;    // to be translated in the context "targets"
    const char* purpose; // the same
};
std::span<const TargetText> targetTexts(); // those that the window offers, the local one first

QString targetName(const std::string& id);

// "Deployed", "Failed", "Working…", "Stopped", "Deleted"
QString runStateText(const deploy::DeployRun& run, bool underWay);
QColor runStateColour(const deploy::DeployRun& run, bool underWay);
bool hasFailed(const deploy::DeployRun& run);

} // namespace lapidary

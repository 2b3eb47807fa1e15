// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: names of classes, from a file beside the model or from its metadata.
#pragma once

#include "engine/ir/model.h"

#include <QStringList>

namespace lapidary {

struct ClassLabels {
    QStringList names;
    QString source; // "labels.txt", "model metadata"; empty when there are none
};

// One name in each line; WordNet ids before names ("n01440764 tench") and "12: name" numbers are
// dropped. Also a JSON list, or a JSON or Python dictionary from number to name.
QStringList parseLabels(const QString& text);
// From the keys that exporters write: "labels", "classes", "class_names", "names".
ClassLabels labelsInMetadata(const Model& model);
// Errors: NotFound, IoError, InvalidArgument (no names in it, too large to be a list of labels).
Result<ClassLabels> loadLabels(const QString& path);

} // namespace lapidary

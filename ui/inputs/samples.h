// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what lies beside a model that it can be tried with.
#pragma once

#include "engine/base/job_context.h"
#include "ui/inputs/labels.h"

#include <QImage>
#include <QStringList>

#include <vector>

namespace lapidary {

struct SampleImage {
    QString path;
    QImage thumbnail; // at most 64 × 64
};

struct RunSamples {
    std::vector<SampleImage> images; // of the folder "images" and of the model's own, by name
    QStringList dataFolders;         // test_data_set_0, ...
    ClassLabels labels;              // of a file beside the model
};

bool isImageFile(const QString& path);
bool holdsTestData(const QString& path); // holds an input_0.pb

// Looks into the model's folder and its folder "images". For a worker thread. Error: Cancelled.
Result<RunSamples> findSamples(const QString& modelPath, JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: statistics and first values of a weight, read from the file in the background.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/ir/model.h"
#include "viewers/tensor/tensor_plane.h"
#include "viewers/tensor/tensor_statistics.h"

#include <QStringList>

namespace lapidary {

class ModelDocument;

// Null when the selection is no weight. GUI thread.
const TensorRef* selectedWeight(const ModelDocument& document);

// A weight and how it is drawn at first: kernels as tiles, others by their last two long dimensions.
struct WeightPicture {
    Tensor tensor;
    TensorPlane plane;
    double limit = 0; // of colourLimit
};
// Worker thread; of a weight in a mapped file only a sample is read. Errors: those of TensorRef::load.
Result<WeightPicture> readPicture(const TensorRef& weight);
TensorPlane firstPlane(const Dims& dims);

struct WeightSummary {
    TensorStatistics statistics;
    TensorHistogram histogram;
    bool hasStatistics = false; // not for strings and the like
    QStringList firstValues;
    int64_t count = 0;
};

// Worker thread. Errors: those of TensorRef::load, Cancelled.
Result<WeightSummary> summarizeWeight(const TensorRef& weight, JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: statistics and first values of a weight, read from the file in the background.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/ir/tensor_ref.h"
#include "viewers/tensor/tensor_statistics.h"

#include <QStringList>

namespace lapidary {

struct WeightSummary {
    TensorStatistics statistics;
    bool hasStatistics = false; // not for strings and the like
    QStringList firstValues;
    int64_t count = 0;
};

// Worker thread. Errors: those of TensorRef::load, Cancelled.
Result<WeightSummary> summarizeWeight(const TensorRef& weight, JobContext& job);

} // namespace lapidary

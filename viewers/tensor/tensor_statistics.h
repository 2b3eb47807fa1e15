// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a person wants to know of many numbers at a glance.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"

namespace lapidary {

struct TensorStatistics {
    int64_t count = 0;
    int64_t zeros = 0;
    int64_t nans = 0;
    int64_t infinities = 0;
    // Of the finite elements; 0 when there is none. The deviation is that of the population.
    double minimum = 0;
    double maximum = 0;
    double mean = 0;
    double standardDeviation = 0;
};

// One pass over the data: for a big tensor call it on a worker thread.
// Errors: InvalidArgument (strings, no data), Cancelled.
Result<TensorStatistics> tensorStatistics(const Tensor& tensor, JobContext& job);

} // namespace lapidary

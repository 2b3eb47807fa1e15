// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a person wants to know of many numbers at a glance.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"
#include "viewers/plot/histogram.h"

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

// One pass over the data, which is read piece by piece and never copied whole: a tensor in a mapped
// file may be larger than memory. Worker thread; reports its progress.
// Errors: InvalidArgument (strings, no data), Cancelled.
Result<TensorStatistics> tensorStatistics(const Tensor& tensor, JobContext& job);

// How the finite elements are distributed. A few far outliers would leave one bar of all the others:
// bins end five deviations from the mean, and what lies beyond is counted.
struct TensorHistogram {
    Histogram bins;
    int64_t below = 0; // infinities count as well
    int64_t above = 0;
};

// A second pass, with the statistics of the first. Errors: as tensorStatistics.
Result<TensorHistogram> tensorHistogram(const Tensor& tensor, const TensorStatistics& statistics,
                                        JobContext& job);

} // namespace lapidary

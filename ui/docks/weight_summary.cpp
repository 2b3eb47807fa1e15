// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/weight_summary.h"

#include "viewers/tensor/element_text.h"

namespace lapidary {

namespace {
constexpr int64_t firstValueCount = 24;
}

Result<WeightSummary> summarizeWeight(const TensorRef& weight, JobContext& job)
{
    TRY_ASSIGN(const Tensor loaded, weight.load());
    TRY_ASSIGN(const Tensor tensor, loaded.aligned());
    WeightSummary summary;
    summary.count = tensor.count();
    for (int64_t i = 0; i < std::min(tensor.count(), firstValueCount); ++i)
        summary.firstValues << elementText(tensor, i);
    if (tensor.type() != DataType::String && tensor.count() > 0) {
        TRY_ASSIGN(summary.statistics, tensorStatistics(tensor, job));
        summary.hasStatistics = true;
    }
    return summary;
}

} // namespace lapidary

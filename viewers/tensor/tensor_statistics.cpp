// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lapidary {

namespace {

// Sums are taken relative to the first finite element, so that a large common offset does not eat
// the digits of the deviation.
struct Sums {
    TensorStatistics statistics;
    int64_t finite = 0;
    double shift = 0;
    double sum = 0;
    double squares = 0;

    void add(double value)
    {
        if (!std::isfinite(value)) {
            (std::isnan(value) ? statistics.nans : statistics.infinities)++;
            return;
        }
        if (finite++ == 0) {
            shift = value;
            statistics.minimum = statistics.maximum = value;
        }
        statistics.zeros += value == 0;
        statistics.minimum = std::min(statistics.minimum, value);
        statistics.maximum = std::max(statistics.maximum, value);
        const double distance = value - shift;
        sum += distance;
        squares += distance * distance;
    }

    TensorStatistics result() const
    {
        TensorStatistics done = statistics;
        if (finite > 0) {
            const auto n = static_cast<double>(finite);
            done.mean = shift + sum / n;
            done.standardDeviation = std::sqrt(std::max(0.0, squares / n - (sum / n) * (sum / n)));
        }
        return done;
    }
};

constexpr int64_t elementsPerCheck = 1 << 20; // a few milliseconds of work between looks at the stop token

template <typename Element>
Result<TensorStatistics> accumulate(int64_t count, JobContext& job, Element element)
{
    Sums sums;
    sums.statistics.count = count;
    for (int64_t begin = 0; begin < count; begin += elementsPerCheck) {
        if (job.stopRequested())
            return cancelled();
        const int64_t end = std::min(count, begin + elementsPerCheck);
        for (int64_t i = begin; i < end; ++i)
            sums.add(element(i));
    }
    return sums.result();
}

} // namespace

Result<TensorStatistics> tensorStatistics(const Tensor& tensor, JobContext& job)
{
    if (tensor.empty() || tensor.type() == DataType::String)
        return makeError(ErrorCode::InvalidArgument, "There are no numbers in this tensor.");
    if (tensor.type() == DataType::Float) {
        TRY_ASSIGN(const Tensor aligned, tensor.aligned());
        const float* values = aligned.data<float>();
        return accumulate(aligned.count(), job,
                          [values](int64_t i) { return static_cast<double>(values[i]); });
    }
    return accumulate(tensor.count(), job, [&tensor](int64_t i) { return elementAsDouble(tensor, i); });
}

} // namespace lapidary

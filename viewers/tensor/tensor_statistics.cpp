// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_statistics.h"

#include "viewers/tensor/element_blocks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lapidary {

namespace {

// Lanes that the compiler turns into vector registers.
template <typename T>
struct Lanes {
    static constexpr size_t width = 8;
    std::array<T, width> lowest;
    std::array<T, width> highest;
    std::array<double, width> sum{};
    std::array<double, width> squares{};
    std::array<int64_t, width> zeros{};

    explicit Lanes(T first)
    {
        lowest.fill(first);
        highest.fill(first);
    }
    void add(size_t lane, T value, double shift)
    {
        lowest[lane] = value < lowest[lane] ? value : lowest[lane];
        highest[lane] = value > highest[lane] ? value : highest[lane];
        zeros[lane] += value == 0;
        const double distance = static_cast<double>(value) - shift;
        sum[lane] += distance;
        squares[lane] += distance * distance;
    }
};

// Sums are taken relative to the first finite element, so that a large common offset does not eat
// the digits of the deviation.
class Sums {
public:
    template <typename T>
    void add(std::span<const T> values)
    {
        m_statistics.count += static_cast<int64_t>(values.size());
        T check = 0; // becomes NaN when an element is not finite
        for (const T value : values)
            check += value * T(0);
        if (check == 0) {
            addFinite(values);
            return;
        }
        for (const T& value : values) {
            if (std::isfinite(value))
                addFinite(std::span<const T>(&value, 1));
            else
                (std::isnan(value) ? m_statistics.nans : m_statistics.infinities)++;
        }
    }

    TensorStatistics result() const
    {
        TensorStatistics done = m_statistics;
        if (m_finite > 0) {
            const auto n = static_cast<double>(m_finite);
            done.mean = m_shift + m_sum / n;
            done.standardDeviation = std::sqrt(std::max(0.0, m_squares / n - (m_sum / n) * (m_sum / n)));
        }
        return done;
    }

private:
    template <typename T>
    void addFinite(std::span<const T> values)
    {
        if (values.empty())
            return;
        if (m_finite == 0) {
            m_shift = static_cast<double>(values[0]);
            m_statistics.minimum = m_statistics.maximum = m_shift;
        }
        m_finite += static_cast<int64_t>(values.size());
        Lanes<T> lanes(values[0]);
        constexpr size_t width = Lanes<T>::width;
        size_t i = 0;
        for (; i + width <= values.size(); i += width) {
            for (size_t lane = 0; lane < width; ++lane)
                lanes.add(lane, values[i + lane], m_shift);
        }
        for (; i < values.size(); ++i)
            lanes.add(0, values[i], m_shift);
        for (size_t lane = 0; lane < width; ++lane) {
            m_statistics.minimum = std::min(m_statistics.minimum, static_cast<double>(lanes.lowest[lane]));
            m_statistics.maximum = std::max(m_statistics.maximum, static_cast<double>(lanes.highest[lane]));
            m_statistics.zeros += lanes.zeros[lane];
            m_sum += lanes.sum[lane];
            m_squares += lanes.squares[lane];
        }
    }

    TensorStatistics m_statistics;
    int64_t m_finite = 0;
    double m_shift = 0;
    double m_sum = 0;
    double m_squares = 0;
};

} // namespace

Result<TensorStatistics> tensorStatistics(const Tensor& tensor, JobContext& job)
{
    Sums sums;
    TRY(forEachBlock(tensor, job, 0, 0.5, [&sums](auto values) { sums.add(values); }));
    return sums.result();
}

Result<TensorHistogram> tensorHistogram(const Tensor& tensor, const TensorStatistics& statistics,
                                        JobContext& job)
{
    const double reach = 5 * statistics.standardDeviation;
    double lowest = std::max(statistics.minimum, statistics.mean - reach);
    double highest = std::max(lowest, std::min(statistics.maximum, statistics.mean + reach));
    if (!std::isfinite(statistics.mean) || !std::isfinite(reach)) { // squares of the largest doubles
        lowest = statistics.minimum;
        highest = statistics.maximum;
    }
    TensorHistogram result;
    result.bins = emptyHistogram(lowest, highest);
    std::vector<int64_t>& counts = result.bins.counts;
    const double perBin = 1 / result.bins.binWidth;
    const double start = result.bins.start;
    const auto end = static_cast<double>(counts.size());
    const bool reachesEnd = highest >= statistics.maximum; // the highest value may open no bin of its own
    const auto addBeyond = [&](double value) {
        if (value < start)
            ++result.below;
        else if (value > start) // not NaN
            ++(reachesEnd && std::isfinite(value) ? counts.back() : result.above);
    };
    TRY(forEachBlock(tensor, job, 0.5, 1, [&](auto values) {
        for (const auto element : values) {
            const auto value = static_cast<double>(element);
            const double place = (value - start) * perBin + 1e-9;
            if (place >= 0 && place < end)
                ++counts[static_cast<size_t>(place)];
            else
                addBeyond(value);
        }
    }));
    return result;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/plot/histogram.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

// The smallest of 1, 2, 5 × 10^n that is not below width.
double roundWidth(double width)
{
    const double power = std::pow(10, std::floor(std::log10(width)));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (width <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

double idealWidth(const std::vector<double>& sorted)
{
    const size_t n = sorted.size();
    const double quartiles = sorted[n * 3 / 4] - sorted[n / 4];
    const double spread = quartiles > 0 ? 2 * quartiles : sorted.back() - sorted.front();
    return spread / std::cbrt(static_cast<double>(n));
}

} // namespace

Histogram histogram(std::span<const double> values, int mostBins)
{
    std::vector<double> sorted;
    std::ranges::copy_if(values, std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
    if (sorted.empty())
        return {};
    std::ranges::sort(sorted);
    const double range = sorted.back() - sorted.front();
    const double smallest = std::max(std::abs(sorted.back()), 1e-12) * 1e-6; // equal up to noise: one bin
    Histogram result;
    result.binWidth = roundWidth(std::max({idealWidth(sorted), range / std::max(mostBins - 1, 1), smallest}));
    result.start = std::floor(sorted.front() / result.binWidth + 1e-9) * result.binWidth;
    const auto binOf = [&](double value) {
        return static_cast<size_t>(
            std::max(0.0, std::floor((value - result.start) / result.binWidth + 1e-9)));
    };
    // The highest value, when it is the upper edge of a bin, does not open another one for itself.
    size_t last = binOf(sorted.back());
    if (last > 0 && std::abs(result.start + static_cast<double>(last) * result.binWidth - sorted.back()) <
                        result.binWidth * 1e-6)
        --last;
    result.counts.assign(last + 1, 0);
    for (const double value : sorted)
        ++result.counts[std::min(binOf(value), last)];
    return result;
}

Histogram emptyHistogram(double lowest, double highest, int mostBins)
{
    const double size = std::max(std::abs(lowest), std::abs(highest));
    const double most = std::max(mostBins - 1, 1);
    const double share = highest / most - lowest / most; // the whole range may be more than a double holds
    // Equal values get a bin as wide as a person would round them to.
    const double width = share > 0 ? std::max(share, size * 1e-12) : size * 1e-3;
    Histogram result;
    result.binWidth = width > 0 ? roundWidth(width) : 1;
    result.start = std::floor(lowest / result.binWidth + 1e-9) * result.binWidth;
    const double bins = std::floor((highest - result.start) / result.binWidth + 1e-9) + 1;
    result.counts.assign(static_cast<size_t>(std::clamp(bins, 1.0, static_cast<double>(mostBins) + 1)), 0);
    return result;
}

} // namespace lapidary

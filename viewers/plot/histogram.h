// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how often values fall into which range, with ranges a person would choose.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary {

struct Histogram {
    double start = 0;    // lower edge of the first bin
    double binWidth = 1; // > 0
    std::vector<int64_t> counts;
};

// Bins of a width of 1, 2 or 5 times a power of ten, about as many as the Freedman-Diaconis rule
// wants (width 2 IQR / cbrt(n)), at most mostBins. A value on an edge belongs to the bin above, the
// highest value to the last bin. Values that are not finite are left out. No values: no bins.
Histogram histogram(std::span<const double> values, int mostBins = 60);
// Empty bins of such a width from lowest to highest. Precondition: lowest <= highest, both finite.
Histogram emptyHistogram(double lowest, double highest, int mostBins = 60);

} // namespace lapidary

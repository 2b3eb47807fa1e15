// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: mean and variance of neighbouring elements, for the normalizations.
#pragma once

#include <array>
#include <cstdint>

namespace lapidary {

// Sum of term(i) for i in 0..count in eight partial sums: the compiler vectorises them, and they are
// far more exact than one sum in order.
template <typename Term>
double sumOf(int64_t count, const Term& term)
{
    std::array<double, 8> partial{};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int64_t lane = 0; lane < 8; ++lane)
            partial[static_cast<size_t>(lane)] += term(i + lane);
    }
    for (; i < count; ++i)
        partial[0] += term(i);
    double total = 0;
    for (const double part : partial)
        total += part;
    return total;
}

template <typename T>
double meanOf(const T* values, int64_t count)
{
    return sumOf(count, [&](int64_t i) { return static_cast<double>(values[i]); }) /
           static_cast<double>(count);
}

// The mean of (value - center)^2: two passes, because one pass cancels when the mean is large.
template <typename T>
double meanSquare(const T* values, int64_t count, double center)
{
    return sumOf(count,
                 [&](int64_t i) {
                     const double distance = static_cast<double>(values[i]) - center;
                     return distance * distance;
                 }) /
           static_cast<double>(count);
}

} // namespace lapidary

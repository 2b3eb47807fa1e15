// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: sums over two vectors, in double. Eight partial sums let the compiler use vectors without
// changing the order of additions.
#pragma once

#include <cstdint>

namespace lapidary {

// Sum over i of term(a[i], b[i]).
template <typename A, typename B, typename Term>
double sumOfTerms(const A* a, const B* b, int64_t count, const Term& term)
{
    double partial[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int64_t j = 0; j < 8; ++j)
            partial[j] += term(static_cast<double>(a[i + j]), static_cast<double>(b[i + j]));
    }
    for (; i < count; ++i)
        partial[0] += term(static_cast<double>(a[i]), static_cast<double>(b[i]));
    return ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
           ((partial[4] + partial[5]) + (partial[6] + partial[7]));
}

template <typename A, typename B>
double dotProduct(const A* a, const B* b, int64_t count)
{
    return sumOfTerms(a, b, count, [](double x, double y) { return x * y; });
}

template <typename A, typename B>
double squaredDistance(const A* a, const B* b, int64_t count)
{
    return sumOfTerms(a, b, count, [](double x, double y) { return (x - y) * (x - y); });
}

} // namespace lapidary

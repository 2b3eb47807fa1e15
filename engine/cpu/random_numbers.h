// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: random numbers that are the same on every machine for the same seed. The distributions of
// the standard library differ between its implementations, so they are computed here.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace lapidary {

class RandomNumbers {
public:
    explicit RandomNumbers(uint64_t seed) : m_engine(seed) {}

    // In [0, 1), 53 random bits.
    double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1p-53; }
    // Mean 0, standard deviation 1 (Box and Muller).
    double normal()
    {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace lapidary

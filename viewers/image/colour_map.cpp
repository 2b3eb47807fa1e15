// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lapidary {

QRgb viridis(double fraction)
{
    constexpr std::array<QRgb, 9> stops{0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                        0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
    const double position = std::clamp(fraction, 0.0, 1.0) * (stops.size() - 1);
    const size_t lower = std::min(static_cast<size_t>(position), stops.size() - 2);
    const double weight = position - static_cast<double>(lower);
    const auto mix = [&](int (*channel)(QRgb)) {
        return static_cast<int>(
            std::lround(channel(stops[lower]) * (1 - weight) + channel(stops[lower + 1]) * weight));
    };
    return qRgb(mix(qRed), mix(qGreen), mix(qBlue));
}

} // namespace lapidary

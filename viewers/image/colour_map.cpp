// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lapidary {

QRgb colourAlong(std::span<const QRgb> stops, double fraction)
{
    const double position = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
    const size_t lower = std::min(static_cast<size_t>(position), stops.size() - 2);
    const double weight = position - static_cast<double>(lower);
    const auto mix = [&](int (*channel)(QRgb)) {
        return static_cast<int>(
            std::lround(channel(stops[lower]) * (1 - weight) + channel(stops[lower + 1]) * weight));
    };
    return qRgb(mix(qRed), mix(qGreen), mix(qBlue));
}

QRgb viridis(double fraction)
{
    static constexpr std::array<QRgb, 9> stops{0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                               0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
    return colourAlong(stops, fraction);
}

QRgb diverging(double fraction, bool dark)
{
    static constexpr std::array<QRgb, 9> light{0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                               0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b};
    static constexpr std::array<QRgb, 9> night{0xa5d0ff, 0x5ba3e6, 0x2f6fa8, 0x1f4262, 0x1c1d20,
                                               0x5a2a24, 0xa04a3d, 0xdd7f6c, 0xffbfae};
    return colourAlong(dark ? night : light, (fraction + 1) / 2);
}

} // namespace lapidary

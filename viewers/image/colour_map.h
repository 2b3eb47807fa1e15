// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a colour for a number that people read in order, also without colour vision.
#pragma once

#include <QRgb>

#include <span>

namespace lapidary {

// The colour so far along these, which are evenly spaced. Precondition: at least two. fraction is clipped
// to [0, 1].
QRgb colourAlong(std::span<const QRgb> stops, double fraction);

// Source: the viridis map of matplotlib (van der Walt, Smith 2015, CC0), interpolated between nine
// of its colours. fraction is clipped to [0, 1].
QRgb viridis(double fraction);

// Blue below zero, red above, and the ground of the window at zero: white, or nearly black when dark.
// fraction is clipped to [-1, 1]. Source: ColorBrewer's RdBu (Apache 2.0) for light; for dark the idea
// of Crameri's "berlin": light ends around a dark middle.
QRgb diverging(double fraction, bool dark);

} // namespace lapidary

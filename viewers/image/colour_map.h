// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a colour for a number between 0 and 1 that people read in order, also without colour vision.
#pragma once

#include <QRgb>

namespace lapidary {

// Source: the viridis map of matplotlib (van der Walt, Smith 2015, CC0), interpolated between nine
// of its colours. fraction is clipped to [0, 1].
QRgb viridis(double fraction);

} // namespace lapidary

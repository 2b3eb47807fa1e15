// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: where the sample model that comes with the program is.
#pragma once

#include <QString>

namespace lapidary {

// The sample model: installed beside the program, or in the source tree it was built from.
// Empty when there is none.
QString samplePath();

} // namespace lapidary

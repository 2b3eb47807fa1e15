// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one element of a tensor, and numbers in general, written for people.
#pragma once

#include "engine/ir/tensor.h"

#include <QString>

namespace lapidary {

// As many digits as the type carries; integers exactly; strings as they are.
// Precondition: 0 <= index < tensor.count().
QString elementText(const Tensor& tensor, int64_t index);
// "0.00123", "1.2e-08", "NaN": digits significant ones, no trailing zeros, as the language writes them.
QString numberText(double value, int digits = 6);
// Between numbers in a line: ", ", or "; " where the comma is part of the numbers.
QString listSeparator();

} // namespace lapidary

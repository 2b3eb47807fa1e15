// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors for tests: seeded values, and a comparison that says where two tensors differ.
#pragma once

#include "engine/ir/value.h"
#include "engine/session/compare.h"

#include <string>

namespace lapidary {

// Uniform in [low, high), the same for the same seed. Type: any floating point type of 16 bits or more.
Tensor randomTensor(Dims dims, uint32_t seed, DataType type = DataType::Float, double low = -1,
                    double high = 1);
// Values given as doubles, stored as type (any floating point type of 16 bits or more, integer, or string:
// whole numbers as text).
Tensor tensorOf(Dims dims, const std::vector<double>& values, DataType type = DataType::Float);
// The other way round; a string that is no number counts as 0.
double valueAt(const Tensor& tensor, int64_t index);
std::vector<double> valuesOf(const Tensor& tensor);

// Largest relative error that rounding to the type alone gives: for tolerances of a test.
double roundingOf(DataType type);

// Empty when type and shape are as given and |found - expected| <= absolute + relative * |expected|
// everywhere (NaN equals NaN, infinities equal themselves); otherwise the first difference.
std::string difference(const Value& found, DataType type, const Dims& dims,
                       const std::vector<double>& expected, Tolerance tolerance);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: is this output what was expected, and if not, where and by how much.
#pragma once

#include "engine/ir/value.h"

#include <functional>

namespace lapidary {

// An element passes when |actual - expected| <= absolute + relative * |expected|
//                                               + ofLargest * (largest |expected| of the tensor).
struct Tolerance {
    double relative = 1e-5;
    double absolute = 1e-6;
    double ofLargest = 0;
};

using ToleranceRule = std::function<Tolerance(DataType)>;

// For one operator. Source: ONNX backend test runner (rtol 1e-3) with room for the last bits of
// 16-bit types; integers must be equal.
Tolerance operatorTolerance(DataType type);
// For a whole model: the same, and 1e-5 of the tensor's largest value for float32 (1e-3 for 16-bit
// types). An element near zero that is a sum of large ones cannot be more exact than those were: two
// runs of one model by the same runtime, with and without its optimisations, differ by as much.
Tolerance modelTolerance(DataType type);

struct Comparison {
    bool equal = true;
    std::string message;    // what differs, with index and both values; empty when equal
    int64_t compared = 0;   // elements
    int64_t mismatches = 0; // elements outside the tolerance
    double maxAbsolute = 0; // largest |actual - expected| over finite elements
    double maxRelative = 0; // largest |actual - expected| / |expected| where expected != 0
};

// Type and shape must be the same; NaN equals NaN. Containers are compared item by item.
// rule is asked with the type of each expected tensor.
Comparison compareValues(const Value& actual, const Value& expected,
                         const ToleranceRule& rule = operatorTolerance);

} // namespace lapidary

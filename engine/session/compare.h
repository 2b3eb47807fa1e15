// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: is this output what was expected, and if not, where and by how much.
#pragma once

#include "engine/ir/value.h"

namespace lapidary {

struct Tolerance {
    double relative = 1e-5;
    double absolute = 1e-6;
};

// The usual tolerance for results of a type. Source: ONNX backend test runner (rtol 1e-3) with room
// for the last bits of 16-bit types.
Tolerance toleranceFor(DataType type);

struct Comparison {
    bool equal = true;
    std::string message;      // what differs, with index and both values; empty when equal
    int64_t compared = 0;     // elements
    int64_t mismatches = 0;   // elements outside |a - e| <= absolute + relative * |e|
    double maxAbsolute = 0;   // largest |actual - expected| over finite elements
    double maxRelative = 0;   // largest |actual - expected| / |expected| where expected != 0
};

// Type and shape must be the same; NaN equals NaN. Containers are compared item by item.
// tolerance null: toleranceFor each tensor's type.
Comparison compareValues(const Value& actual, const Value& expected, const Tolerance* tolerance = nullptr);

} // namespace lapidary

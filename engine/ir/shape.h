// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Dims are the concrete sizes of a tensor at run time; Shape is what a model declares or
// inference finds, where a dimension may be a symbol or unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lapidary {

using Dims = std::vector<int64_t>;

struct Dim {
    int64_t value = -1; // >= 0 when known
    std::string symbol; // "batch" when named; empty and value < 0: unknown

    Dim() = default;
    Dim(int64_t known) : value(known) {}
    Dim(std::string name) : symbol(std::move(name)) {}
    bool known() const { return value >= 0; }
    bool operator==(const Dim&) const = default;
};

using Shape = std::vector<Dim>;

// Product of the sizes; 1 for a scalar; nullopt when it does not fit 63 bits or a size is negative.
std::optional<int64_t> elementCount(const Dims& dims);
// Elements from one index of each dimension to the next, in row-major order.
std::vector<int64_t> denseStrides(const Dims& dims);
// The concrete sizes, when every dimension is known.
std::optional<Dims> concreteDims(const Shape& shape);
Shape toShape(const Dims& dims);

// "1×3×224×224", "N×10", "?" for an unknown dimension, "scalar" for rank 0.
std::string toString(const Dims& dims);
std::string toString(const Shape& shape);

} // namespace lapidary

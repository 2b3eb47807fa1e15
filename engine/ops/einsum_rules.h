// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the equation of Einsum as labels on axes, for inference and the kernel.
// Source: ONNX Einsum-12 (numpy.einsum).
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

#include <map>
#include <string_view>

namespace lapidary {

// Axes with the same label walk together. A letter is its own label; axes of an ellipsis have labels
// from ellipsisLabel on, counted from the last, so that ellipses of different rank line up at the end.
using AxisLabels = std::vector<int>;
constexpr int ellipsisLabel = 256;

struct EinsumLabels {
    std::vector<AxisLabels> operands; // one label for each axis
    AxisLabels output;                // each label once
};

// ranks: of the operands. Without "->" the output has the ellipsis and then, sorted, each letter that
// occurs once. An ellipsis that the output leaves out is summed.
// Errors: InvalidArgument (not an equation), ShapeMismatch (ranks or number of operands do not fit).
Result<EinsumLabels> einsumLabels(std::string_view equation, const std::vector<size_t>& ranks);

// The size of each label; 1 stretches. Errors: ShapeMismatch.
Result<std::map<int, Dim>> einsumSizes(const EinsumLabels& labels, const std::vector<Shape>& operands);

} // namespace lapidary

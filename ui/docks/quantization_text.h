// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the integers of a quantized operator stand for, as a formula with its numbers.
#pragma once

#include "engine/ir/model.h"

#include <QString>

#include <vector>

namespace lapidary {

struct QuantizationFormula {
    QString operand; // the input or output of the node: "x", "W", "y"
    QString formula; // "real = 0.0235 × (q − 128)"
    QString detail;  // "64 scales along axis 0"; may be empty
};

// Of QuantizeLinear, DequantizeLinear and the QLinear operators; empty for others. Reads scalars of the
// graph, nothing larger. GUI thread.
std::vector<QuantizationFormula> quantizationFormulas(const Graph& graph, const Node& node);
// Of a value that a DequantizeLinear reads or a QuantizeLinear makes.
std::vector<QuantizationFormula> quantizationFormulas(const Graph& graph, ValueId id);

} // namespace lapidary

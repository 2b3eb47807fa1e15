// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the value of a Constant node, from whichever attribute form it uses.
// Source: ONNX Constant-1/9/11/12/13/19/21 (value, sparse_value, value_int(s), value_float(s),
// value_string(s)).
#pragma once

#include "engine/ir/model.h"

#include <limits>

namespace lapidary {

// The element type and dimensions, without reading the data. Undefined when no attribute is set or
// the node is in a function body and refers to an attribute of the call.
struct ConstantType {
    DataType type = DataType::Undefined;
    Dims dims;
};
ConstantType constantType(const Node& node);

// Errors: InvalidModel (no value attribute, a broken sparse tensor), IoError, OutOfMemory; a constant
// of more than largestCount elements gives an empty() tensor instead of being read.
Result<Tensor> constantTensor(const Node& node, int64_t largestCount = std::numeric_limits<int64_t>::max());

// The dense tensor of a sparse one: indices are int64 [NNZ] (linear) or [NNZ, rank].
Result<Tensor> denseTensor(const SparseTensorRef& sparse);

} // namespace lapidary

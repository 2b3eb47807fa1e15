// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: getting the inputs of a run together: check them, or make them up reproducibly.
#pragma once

#include "engine/ir/model.h"
#include "engine/ir/value.h"

#include <map>

namespace lapidary {

// Says what is wrong with value as the model's input, or nothing. expected may hold symbols.
// Errors: InvalidArgument (type), ShapeMismatch (rank or a fixed dimension), naming the input.
Status checkInput(const std::string& name, const TypeInfo& expected, const Value& value);

// Replaces symbols by sizes; unknown dimensions and symbols without a size become 1.
Dims concreteInputDims(const TypeInfo& type, const std::map<std::string, int64_t>& dims);

// Reproducible contents: floats in [-1, 1), integers 0 or 1, bool true, strings "".
// Errors: InvalidArgument when the type is not a tensor or has no such contents.
Result<Tensor> randomTensor(DataType type, const Dims& dims, uint64_t seed);
// Every element the same number.
Result<Tensor> constantTensor(DataType type, const Dims& dims, double number);

// values in the order of requiredInputs(). Errors: InvalidArgument for a name the model does not
// have or an input that is missing.
Result<std::vector<Value>> bindInputs(const Graph& graph, std::map<std::string, Value> named);

} // namespace lapidary

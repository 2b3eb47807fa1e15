// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: runs one operator as a node of a model in memory, on every row of the CPU kernel table that
// takes it, so that one test body checks the oneDNN and the plain row alike.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// A node to run: one field per thing a test may vary.
struct NodeCase {
    std::string opType;
    int64_t opset = 17;
    std::vector<Value> inputs; // an absent Value: an optional input left out
    std::vector<Attribute> attributes = {};
    size_t outputCount = 1;
    std::string domain = {};
    // Inputs with these numbers are given to the kernel at creation, as initializers are.
    std::vector<size_t> constants = {};
    // Output numbers that are left out (not connected).
    std::vector<size_t> absentOutputs = {};
};

Attribute intAttribute(std::string name, int64_t value);
Attribute floatAttribute(std::string name, float value);
Attribute intsAttribute(std::string name, std::vector<int64_t> values);
Attribute stringAttribute(std::string name, std::string value);
Attribute floatsAttribute(std::string name, std::vector<float> values);
Attribute stringsAttribute(std::string name, std::vector<std::string> values);
Attribute tensorAttribute(std::string name, Tensor value);

// What one row made of the case.
struct RowResult {
    std::string row;            // KernelRow::implementation
    std::string implementation; // Kernel::implementation() after the run
    Result<std::vector<Value>> outputs;
};

// One result for each row that took the node, in table order; a row that refuses at creation is left
// out. The kernel runs twice (the second time with what it cached); the second outputs are returned.
// A creation error other than UnsupportedOp is the result of its row.
std::vector<RowResult> runOnAllRows(const NodeCase& nodeCase);

// A model with the case as its only node; inputs are named "x0", "x1", ..., outputs "y0", ...
Model makeModel(const NodeCase& nodeCase);

} // namespace lapidary

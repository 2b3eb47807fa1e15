// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a kernel for an operator that stands for several others: it runs their kernels one after
// another. What such an operator means is then written once, as a list of steps.
#pragma once

#include "engine/backend/kernel.h"

#include <functional>
#include <map>

namespace lapidary {

// Names of values: "x0", "x1", ... are the inputs of the node, "y0", "y1", ... its outputs; "" is an
// input left out; all others are results between steps, or constants of the plan.
struct FusedStep {
    std::string opType;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::vector<Attribute> attributes = {};
    int64_t opset = 24; // of ai.onnx, whose operators the steps are
};

struct FusedPlan {
    std::vector<FusedStep> steps;
    std::map<std::string, Tensor> constants;

    // One step with the result named; returns that name.
    std::string add(std::string opType, std::vector<std::string> inputs, std::string output,
                    std::vector<Attribute> attributes = {}, int64_t opset = 24);
    std::string constant(std::string name, Tensor tensor);
    std::string constantInts(std::string name, std::vector<int64_t> values);
};

// The steps for inputs of these types and ranks; asked again when they change, so it must not look at
// sizes or values. Errors are those of the run.
using FusedPlanner = std::function<Result<FusedPlan>(const KernelContext&)>;

// Kernels of steps are made in the first run, when their types are known. A step that depends on
// constants alone runs once.
std::unique_ptr<Kernel> fusedKernel(const KernelRequest& request, FusedPlanner planner);

} // namespace lapidary

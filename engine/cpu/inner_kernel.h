// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: operators that are others with something before and after (quantized forms of float operators)
// run them as kernels inside of their own.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// A node that is not in the model. Types: those of its inputs (Undefined: left out); constants: as in
// KernelRequest, may be shorter than types.
struct InnerNode {
    std::string opType;
    std::vector<DataType> inputTypes;
    std::vector<Attribute> attributes = {};
    std::vector<Tensor> constants = {};
    std::string domain = {};
    int64_t opset = 23;
    size_t outputCount = 1;
};

// The kernel that create makes for the node; without create, the first of the CPU's table that takes it.
// outer: the node around it.
Result<std::unique_ptr<Kernel>> createInnerKernel(const KernelRequest& outer, const InnerNode& inner,
                                                  KernelFactory create = nullptr);

// The outputs of one run. Error Internal when the first output is no tensor.
Result<std::vector<Value>> runInnerKernel(Kernel& kernel, const std::vector<Value>& inputs,
                                          const JobContext& job, size_t outputCount = 1);
// The same, of a kernel with one output.
Result<Tensor> runInnerKernelOnce(Kernel& kernel, const std::vector<Value>& inputs, const JobContext& job);

// The kernel with the inputs of the context but for one, and its outputs.
Status runWithInput(Kernel& kernel, KernelContext& context, size_t index, Value input);

// A kernel that does what run says, mostly with the one inside, whose name it has.
using AroundFunction = std::function<Status(KernelContext&, Kernel& inner)>;
std::unique_ptr<Kernel> kernelAround(std::unique_ptr<Kernel> inner, AroundFunction run);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: float16 and bfloat16 on the CPU. Kernels compute in float32; this is the one place that
// widens what goes in and rounds (to nearest even) what comes out.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// Vectorised (F16C where the CPU has it) and spread over threads. Pointers may be unaligned.
void widen(const Float16* from, float* to, int64_t count);
void widen(const BFloat16* from, float* to, int64_t count);
void narrow(const float* from, Float16* to, int64_t count);
void narrow(const float* from, BFloat16* to, int64_t count);

// Float16 and BFloat16 become a float32 copy; every other tensor is returned as it is.
Result<Tensor> widened(const Tensor& tensor);
// A float32 tensor as type (Float16, BFloat16); every other type returns it as it is.
Result<Tensor> narrowed(const Tensor& tensor, DataType type);

// Where the type of a float output comes from: the input with this number, or float32 kept.
constexpr int keepFloat = -1;

// The kernel of create, made for float32, serving float16 and bfloat16 too: inputs of these types are
// widened, and float32 output i gets the type of input outputTypes[i] (input 0 if i is past its end).
// A node whose inputs are all known to be of other types gets the bare kernel of create.
Result<std::unique_ptr<Kernel>> createForFloats(const KernelRequest& request, KernelFactory create,
                                                std::vector<int> outputTypes = {});

// The same as a KernelFactory, for kernel rows.
template <KernelFactory create>
Result<std::unique_ptr<Kernel>> forFloats(const KernelRequest& request)
{
    return createForFloats(request, create);
}

} // namespace lapidary

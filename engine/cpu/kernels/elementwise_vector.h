// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the fast rows of the elementwise_unary family, for float32 and what is widened to it.
#pragma once

#include "engine/cpu/float_convert.h"
#include "engine/cpu/vector_math.h"

namespace lapidary {

// output 0 = function(input 0), for float32. parameter: see vectorMap.
Result<std::unique_ptr<Kernel>> vectorKernel(const KernelRequest& request, VectorFunction function,
                                             float parameter = 0);

template <VectorFunction function>
Result<std::unique_ptr<Kernel>> createVector(const KernelRequest& request)
{
    return vectorKernel(request, function);
}

// The kernel of create with 16-bit floats widened around it; refuses a node whose input is not known to
// be one of these types, since there would be no plain loop to fall back on.
Result<std::unique_ptr<Kernel>> createVectorFloats(const KernelRequest& request, KernelFactory create);

template <KernelFactory create>
Result<std::unique_ptr<Kernel>> forVectorFloats(const KernelRequest& request)
{
    return createVectorFloats(request, create);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: functions of one float32 that need an exponential or a logarithm, computed with the widest
// vectors of the machine (Highway picks them at run time).
#pragma once

#include <cstdint>

namespace lapidary {

enum class VectorFunction { Exp, Log, Tanh, Sigmoid, Swish, Erf, GeluErf, GeluTanh, Softplus, Mish, Elu };

// out[i] = function(in[i]); relative error below 1e-6. NaN stays NaN. in and out may be the same memory
// and need no alignment. parameter: alpha of Swish and Elu. Runs on the calling thread.
void vectorMap(VectorFunction function, const float* in, float* out, int64_t count, float parameter);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a convolution or product does to its sums before they leave the registers: bias, a second
// term of the same shape, an activation.
#pragma once

#include "engine/cpu/scale_rows.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lapidary {

struct Activation {
    enum class Kind {
        None,
        Relu,
        LeakyRelu,   // x < 0 ? alpha x : x
        Clip,        // min(max(x, alpha), beta)
        Sigmoid,     // 1 / (1 + e^-x)
        HardSigmoid, // min(max(alpha x + beta, 0), 1)
        Tanh,        //
        Swish,       // x sigmoid(alpha x)
        HardSwish,   // x min(max(x / 6 + 1/2, 0), 1)
        Mish,        // x tanh(log(1 + e^x))
        GeluErf,     // x (1 + erf(x / sqrt 2)) / 2
        GeluTanh,    // the usual approximation of it by tanh
    };
    Kind kind = Kind::None;
    float alpha = 0;
    float beta = 0;
};

// As the attribute activation of engine/ops/rewritten.cpp names it; none for those that are not here.
std::optional<Activation> activationNamed(std::string_view name, float alpha, float beta);

// The limits that an activation is, if that is all it is.
std::optional<Limits> limitsOf(const Activation& activation);

// values = activation(values), on the calling thread.
void applyActivation(const Activation& activation, float* values, int64_t count);

// result = activation(sum + bias[column] + residual); a null pointer leaves its term out.
struct Epilogue {
    const float* bias = nullptr;     // one number for each output channel or column
    const float* residual = nullptr; // as large as the result and laid out like it; may be the result itself
    Activation activation;
};

} // namespace lapidary

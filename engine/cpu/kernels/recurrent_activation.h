// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the activation functions that RNN, GRU and LSTM name in their attributes.
// Source: ONNX RNN, GRU, LSTM, "Activation functions".
#pragma once

#include "engine/ops/recurrent.h"

namespace lapidary {

enum class ActivationFunction {
    Relu,
    Tanh,
    Sigmoid,
    Affine,
    LeakyRelu,
    ThresholdedRelu,
    ScaledTanh,
    HardSigmoid,
    Elu,
    Softsign,
    Softplus,
};

struct Activation {
    ActivationFunction function = ActivationFunction::Tanh;
    float alpha = 0;
    float beta = 0;
};

// Those of all directions, one after another: RNN f; GRU f, g; LSTM f, g, h. Values of activation_alpha
// and activation_beta go to the functions that use them, in order.
// Errors: InvalidArgument (unknown name, too few).
Result<std::vector<Activation>> recurrentActivations(const Node& node, const RecurrentAttributes& attributes);

// values[i] = activation(values[i]) for float and double, on the calling thread.
template <typename T>
void activate(const Activation& activation, T* values, int64_t count);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one step of RNN, GRU and LSTM for one element of the batch, after the matrix products. All
// pointers are to contiguous gates of hidden elements; sums are overwritten.
// Source: ONNX RNN, GRU, LSTM, "Equations (Default ...)".
#pragma once

#include "engine/cpu/kernels/recurrent_activation.h"

namespace lapidary {

// What the equations need beside their operands.
struct CellRule {
    Activation f;
    Activation g;
    Activation h;
    std::optional<float> clip; // bounds what goes into activations
    bool inputForget = false;  // LSTM: the forget gate is 1 - input gate
    bool linearBeforeReset = false;
};

template <typename T>
void clipAndActivate(const CellRule& rule, const Activation& activation, T* values, int64_t count)
{
    if (rule.clip) {
        const T bound = static_cast<T>(*rule.clip);
        for (int64_t i = 0; i < count; ++i)
            values[i] = values[i] > bound ? bound : (values[i] < -bound ? -bound : values[i]);
    }
    activate(activation, values, count);
}

// H = f(X W^T + H R^T + Wb + Rb). projected: X W^T + Wb + Rb; recurrent: H R^T.
template <typename T>
void stepRnn(const CellRule& rule, int64_t hidden, const T* projected, const T* recurrent, T* state)
{
    for (int64_t i = 0; i < hidden; ++i)
        state[i] = projected[i] + recurrent[i];
    clipAndActivate(rule, rule.f, state, hidden);
}

// The gates z and r of a GRU, into sums (2 * hidden, holding H R[zr]^T), and what the second product
// multiplies: reset = r * H, unless it is linear before the reset. projected has gates z, r, h.
template <typename T>
void stepGruGates(const CellRule& rule, int64_t hidden, const T* projected, T* sums, const T* state, T* reset)
{
    for (int64_t i = 0; i < 2 * hidden; ++i)
        sums[i] += projected[i];
    clipAndActivate(rule, rule.f, sums, 2 * hidden);
    if (rule.linearBeforeReset)
        return;
    for (int64_t i = 0; i < hidden; ++i)
        reset[i] = sums[hidden + i] * state[i];
}

// H = (1 - z) * h~ + z * H. gates: z, r; candidate: the second product; projected: gate h of X;
// bias: Rb of gate h when it is linear before the reset (null: 0), where r multiplies it.
template <typename T>
void stepGruState(const CellRule& rule, int64_t hidden, const T* projected, const T* gates, T* candidate,
                  const T* bias, T* state)
{
    for (int64_t i = 0; i < hidden; ++i) {
        const T sum = candidate[i] + (bias ? bias[i] : T{0});
        candidate[i] = projected[i] + (rule.linearBeforeReset ? gates[hidden + i] * sum : sum);
    }
    clipAndActivate(rule, rule.g, candidate, hidden);
    for (int64_t i = 0; i < hidden; ++i)
        state[i] = (T{1} - gates[i]) * candidate[i] + gates[i] * state[i];
}

// Gates i, o, f, c in projected and sums (H R^T); peepholes: P[iof] or null. state: H; cell: C.
template <typename T>
void stepLstm(const CellRule& rule, int64_t hidden, const T* projected, T* sums, const T* peepholes, T* state,
              T* cell)
{
    T* input = sums;
    T* output = sums + hidden;
    T* forget = sums + 2 * hidden;
    T* candidate = sums + 3 * hidden;
    for (int64_t i = 0; i < 4 * hidden; ++i)
        sums[i] += projected[i];
    for (int64_t i = 0; peepholes && i < hidden; ++i) {
        input[i] += peepholes[i] * cell[i];
        forget[i] += peepholes[2 * hidden + i] * cell[i];
    }
    clipAndActivate(rule, rule.f, input, hidden);
    clipAndActivate(rule, rule.g, candidate, hidden);
    if (rule.inputForget) {
        for (int64_t i = 0; i < hidden; ++i)
            forget[i] = T{1} - input[i];
    } else {
        clipAndActivate(rule, rule.f, forget, hidden);
    }
    for (int64_t i = 0; i < hidden; ++i) {
        cell[i] = forget[i] * cell[i] + input[i] * candidate[i];
        candidate[i] = cell[i]; // from here on h(C)
    }
    for (int64_t i = 0; peepholes && i < hidden; ++i)
        output[i] += peepholes[hidden + i] * cell[i];
    clipAndActivate(rule, rule.f, output, hidden);
    clipAndActivate(rule, rule.h, candidate, hidden);
    for (int64_t i = 0; i < hidden; ++i)
        state[i] = output[i] * candidate[i];
}

} // namespace lapidary

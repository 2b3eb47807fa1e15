// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of RNN, GRU and LSTM, checked once for inference and every kernel.
// Source: ONNX RNN-1/7/14/22, GRU-1/3/7/14/22, LSTM-1/7/14/22.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

enum class RecurrentCell { Rnn, Gru, Lstm };

struct RecurrentAttributes {
    RecurrentCell cell = RecurrentCell::Rnn;
    int64_t gates = 1;       // blocks of W and R: 1 (RNN), 3 (GRU: zrh) or 4 (LSTM: iofc)
    int64_t directions = 1;  // 2 when bidirectional
    bool reverse = false;    // the first direction walks backwards
    bool batchFirst = false; // attribute layout, opset 14
    std::optional<int64_t> hidden;
};
// Errors: InvalidArgument (direction or layout that the operator does not know).
Result<RecurrentAttributes> recurrentAttributes(const Node& node);

struct RecurrentShape {
    int64_t steps = 0; // seq_length
    int64_t batch = 0;
    int64_t input = 0;
    int64_t hidden = 0;
};
// x: [steps, batch, input], or [batch, steps, input] with batchFirst;
// w: [directions, gates * hidden, input]; r: [directions, gates * hidden, hidden].
// Errors: ShapeMismatch with what was expected and found.
Result<RecurrentShape> recurrentShape(const RecurrentAttributes& attributes, const Dims& x, const Dims& w,
                                      const Dims& r);

// The dimensions of Y and of Y_h, Y_c, initial_h, initial_c. Sizes: Dims, or Shape in inference.
template <typename Sizes, typename Size>
Sizes sequenceSizes(const RecurrentAttributes& attributes, Size steps, Size batch, Size hidden)
{
    const Size directions(attributes.directions);
    return attributes.batchFirst ? Sizes{batch, steps, directions, hidden}
                                 : Sizes{steps, directions, batch, hidden};
}
template <typename Sizes, typename Size>
Sizes stateSizes(const RecurrentAttributes& attributes, Size batch, Size hidden)
{
    const Size directions(attributes.directions);
    return attributes.batchFirst ? Sizes{batch, directions, hidden} : Sizes{directions, batch, hidden};
}

} // namespace lapidary

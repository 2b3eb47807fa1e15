// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the kernel of RNN, GRU and LSTM for operators that are one of them with something around it.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

struct RecurrentOptions {
    bool usesLibrary = false;    // oneDNN
    bool quantizesState = false; // H goes through roundToBytes before each product
};

// float32. request: as of LSTM.
Result<std::unique_ptr<Kernel>> createRecurrent(const KernelRequest& request, RecurrentOptions options);

// Each value as the nearest of 256 that divide the range of all values and 0 evenly: what a product of
// bytes with dynamic quantization sees. Source: ONNX DynamicQuantizeLinear-11.
void roundToBytes(const float* from, float* to, int64_t count);

// LSTM with 8-bit weights and X and H rounded to bytes. Source: com.microsoft DynamicQuantizeLSTM-1.
Result<std::unique_ptr<Kernel>> createDynamicQuantizeLstm(const KernelRequest& request);

} // namespace lapidary

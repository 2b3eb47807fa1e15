// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the product that a recurrent operator does once for each step of a sequence, prepared so
// that a step allocates nothing.
#pragma once

#include "engine/base/result.h"

#include <memory>
#include <string>

namespace lapidary {

// y[batch, n] = h[batch, k] * r^T for one r[n, k], as ONNX stores it. One thread at a time.
template <typename T>
class RecurrentProduct {
public:
    virtual ~RecurrentProduct() = default;
    // r must stay until the last multiply. Errors: OutOfMemory, BackendFailure.
    virtual Status setWeights(const T* r) = 0;
    virtual Status multiply(const T* h, T* y) = 0;
    virtual std::string implementation() const = 0;
};

// Plain C++: float and double.
template <typename T>
std::unique_ptr<RecurrentProduct<T>> plainRecurrentProduct(int64_t batch, int64_t k, int64_t n);

// oneDNN; plain where it has nothing fast. No size may be 0. Errors: OutOfMemory.
Result<std::unique_ptr<RecurrentProduct<float>>> libraryRecurrentProduct(int64_t batch, int64_t k, int64_t n);

} // namespace lapidary

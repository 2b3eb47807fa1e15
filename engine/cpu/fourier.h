// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: discrete Fourier transforms of any length in O(n log n) and double precision. The only file
// pair that names FFTW.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/tensor.h"

#include <complex>

namespace lapidary {

// Prepared for one length and direction; several threads may run it at once.
class FourierTransform {
public:
    // length >= 1. Errors: OutOfMemory, BackendFailure.
    static Result<FourierTransform> prepare(int64_t length, bool inverse);

    // In place, over length numbers at the beginning of memory from Tensor::allocate. The inverse is
    // not divided by length.
    void run(std::complex<double>* values) const;
    int64_t length() const { return m_length; }

private:
    FourierTransform(std::shared_ptr<void> plan, int64_t length) : m_plan(std::move(plan)), m_length(length)
    {
    }
    std::shared_ptr<void> m_plan;
    int64_t m_length = 0;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/fourier.h"

#include <fftw3.h>
#include <mutex>

namespace lapidary {

namespace {

// FFTW runs plans on many threads, but makes and destroys them on one.
std::mutex& plannerMutex()
{
    static std::mutex mutex;
    return mutex;
}

fftw_complex* asLibrary(void* values) { return static_cast<fftw_complex*>(values); }

} // namespace

Result<FourierTransform> FourierTransform::prepare(int64_t length, bool inverse)
{
    // Its alignment is that of the memory that run() gets. Estimating planners leave it alone.
    TRY_ASSIGN(Tensor memory, Tensor::allocate(DataType::Complex128, {length}));
    const fftw_iodim64 dimension{length, 1, 1};
    const std::lock_guard lock(plannerMutex());
    fftw_complex* values = asLibrary(memory.mutableBytes());
    const fftw_plan plan = fftw_plan_guru64_dft(1, &dimension, 0, nullptr, values, values,
                                                inverse ? FFTW_BACKWARD : FFTW_FORWARD, FFTW_ESTIMATE);
    if (!plan)
        return makeError(ErrorCode::BackendFailure,
                         "FFTW has no plan for a transform of length " + std::to_string(length));
    const auto destroy = [](void* held) {
        const std::lock_guard destroyLock(plannerMutex());
        fftw_destroy_plan(static_cast<fftw_plan>(held));
    };
    return FourierTransform(std::shared_ptr<void>(plan, destroy), length);
}

void FourierTransform::run(std::complex<double>* values) const
{
    fftw_complex* data = asLibrary(values);
    fftw_execute_dft(static_cast<fftw_plan>(m_plan.get()), data, data);
}

} // namespace lapidary

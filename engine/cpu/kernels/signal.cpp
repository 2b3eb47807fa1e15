// SPDX-License-Identifier: GPL-3.0-or-later
// DFT and STFT: lines are gathered into double, transformed, and written back.
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/fourier.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/signal_windows.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ops/signal_rules.h"

#include <atomic>

namespace lapidary {

namespace {

using Complex = std::complex<double>;

// count numbers, strideElements apart, of one (real) or two (complex) elements each.
template <typename T>
struct Line {
    T* first;
    int64_t count;
    int64_t stride;
    int64_t components;

    T* at(int64_t index) const { return first + index * stride; }
};

// Zeros behind the end of a line that is shorter than the transform.
template <typename T>
void gather(const Line<const T>& line, Complex* values, int64_t length)
{
    const int64_t count = std::min(line.count, length);
    for (int64_t i = 0; i < count; ++i) {
        const T* number = line.at(i);
        values[i] = {static_cast<double>(number[0]),
                     line.components == 2 ? static_cast<double>(number[1]) : 0.0};
    }
    std::fill(values + count, values + length, Complex());
}

// The other half of the spectrum of a real signal: what is at length - k is conjugate to what is at k.
void completeSpectrum(Complex* values, int64_t length)
{
    values[0] = values[0].real();
    for (int64_t k = 1; k < length - k; ++k)
        values[length - k] = std::conj(values[k]);
    if (length % 2 == 0)
        values[length / 2] = values[length / 2].real();
}

template <typename T>
void scatter(const Complex* values, double scale, const Line<T>& line)
{
    for (int64_t i = 0; i < line.count; ++i) {
        T* number = line.at(i);
        number[0] = static_cast<T>(values[i].real() * scale);
        if (line.components == 2)
            number[1] = static_cast<T>(values[i].imag() * scale);
    }
}

// Calls body(line, buffer) for all lines, each thread with a buffer of its own.
template <typename Body>
Status forEachLine(const KernelContext& context, int64_t lines, int64_t length, const Body& body)
{
    std::atomic<bool> failed = false;
    parallelFor(lines, 1 + (1 << 12) / length, [&](int64_t begin, int64_t end) {
        auto buffer = Tensor::allocate(DataType::Complex128, {length});
        failed = failed || !buffer.ok();
        for (int64_t line = begin; line < end && !failed && !context.stopRequested(); ++line)
            body(line, buffer->mutableData<Complex>());
    });
    if (failed)
        return makeError(ErrorCode::OutOfMemory,
                         "no memory for a transform of length " + std::to_string(length));
    return context.stopRequested() ? Status(cancelled()) : Status();
}

Status requireComponents(const Dims& dims)
{
    if (dims.back() == 1 || dims.back() == 2)
        return {};
    return makeError(ErrorCode::ShapeMismatch,
                     "input 0: expected 1 (real) or 2 (complex) as last dimension, found " + toString(dims));
}

// The plan of the last length, kept between runs.
class PlanCache {
public:
    Result<FourierTransform> get(int64_t length, bool inverse)
    {
        if (!m_plan || m_plan->length() != length) {
            TRY_ASSIGN(m_plan, FourierTransform::prepare(length, inverse));
        }
        return *m_plan;
    }

private:
    std::optional<FourierTransform> m_plan;
};

template <typename T>
Status transformAxis(const KernelContext& context, const FourierTransform& plan, const DftRule& rule,
                     int64_t axis, Tensor& y)
{
    const Tensor& x = context.tensor(0);
    const int64_t length = plan.length();
    // One number is an element here; real and imaginary part are inside it.
    const Dims numbers(x.dims().begin(), x.dims().end() - 1);
    const AxisBlocks blocks(numbers, axis);
    const int64_t from = x.dims().back();
    const int64_t to = y.dims().back();
    const int64_t outputs = y.dims()[static_cast<size_t>(axis)];
    // Only half a spectrum counts when the rest follows from it.
    const int64_t used = rule.toReal() ? std::min(blocks.size, length / 2 + 1) : blocks.size;
    return forEachLine(context, blocks.outer * blocks.inner, length, [&](int64_t line, Complex* values) {
        const int64_t outer = line / blocks.inner;
        const int64_t inner = line % blocks.inner;
        gather<T>({x.data<T>() + (outer * blocks.size * blocks.inner + inner) * from, used,
                   blocks.inner * from, from},
                  values, length);
        if (rule.toReal())
            completeSpectrum(values, length);
        plan.run(values);
        scatter<T>(values, rule.inverse ? 1.0 / static_cast<double>(length) : 1.0,
                   {y.mutableData<T>() + (outer * outputs * blocks.inner + inner) * to, outputs,
                    blocks.inner * to, to});
    });
}

class Dft final : public Kernel {
public:
    explicit Dft(const KernelRequest& request)
        : m_rule(dftRule(*request.node)), m_axisIsInput(request.opsetVersion >= 20)
    {
        const int64_t axis = defaultDftAxis(request.opsetVersion);
        m_axis = m_axisIsInput ? axis : request.node->intAttribute("axis", axis);
    }
    std::string implementation() const override { return "FFTW"; }

    Status run(KernelContext& context) override
    {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (x.rank() < 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "input 0: expected 2 or more dimensions, found " + toString(x.dims()));
        TRY(requireComponents(x.dims()));
        int64_t axis = m_axis;
        if (m_axisIsInput && context.hasInput(2)) {
            TRY_ASSIGN(axis, integerInput(context, 2));
        }
        TRY_ASSIGN(axis, dftAxis(axis, x.rank()));
        std::optional<int64_t> given;
        if (context.hasInput(1)) {
            TRY_ASSIGN(given, integerInput(context, 1));
        }
        Dims dims = x.dims();
        TRY_ASSIGN(const int64_t length, dftLength(m_rule, dims[static_cast<size_t>(axis)], given));
        dims[static_cast<size_t>(axis)] = m_rule.outputSize(length);
        dims.back() = m_rule.toReal() ? 1 : 2;
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), std::move(dims)));
            if (y->count() == 0)
                return {};
            TRY_ASSIGN(const FourierTransform plan, m_plans.get(length, m_rule.inverse));
            return transformAxis<T>(context, plan, m_rule, axis, *y);
        });
    }

private:
    const DftRule m_rule;
    const bool m_axisIsInput;
    int64_t m_axis;
    PlanCache m_plans;
};

struct Frames {
    int64_t step = 1;
    int64_t length = 1;
    int64_t count = 0;
    const Tensor* window = nullptr; // null: all ones
};

// x: [batch, length] or [batch, length, 1 or 2].
Result<Frames> readFrames(const KernelContext& context)
{
    TRY(requireInputs(context, 2));
    const Tensor& x = context.tensor(0);
    if (x.rank() != 2 && x.rank() != 3)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0: expected [batch, length, 1 or 2], found " + toString(x.dims()));
    if (x.rank() == 3)
        TRY(requireComponents(x.dims()));
    Frames frames;
    TRY_ASSIGN(frames.step, integerInput(context, 1));
    frames.length = x.dims()[1];
    if (context.hasInput(2)) {
        TRY(requireTensors(context, {2}, x.type()));
        frames.window = &context.tensor(2);
        if (frames.window->rank() != 1)
            return makeError(ErrorCode::ShapeMismatch,
                             "input window: expected a list, found " + toString(frames.window->dims()));
        frames.length = frames.window->count();
    }
    if (context.hasInput(3)) {
        TRY_ASSIGN(frames.length, integerInput(context, 3));
    }
    if (frames.window && frames.window->count() != frames.length)
        return makeError(ErrorCode::ShapeMismatch, "input window: expected frame_length " +
                                                       std::to_string(frames.length) + " elements, found " +
                                                       std::to_string(frames.window->count()));
    TRY_ASSIGN(frames.count, frameCount(x.dims()[1], frames.length, frames.step));
    return frames;
}

template <typename T>
Status transformFrames(const KernelContext& context, const FourierTransform& plan, const Frames& frames,
                       Tensor& y)
{
    const Tensor& x = context.tensor(0);
    const int64_t components = x.rank() == 3 ? x.dims()[2] : 1;
    const int64_t bins = y.dims()[2];
    return forEachLine(
        context, y.dims()[0] * frames.count, frames.length, [&](int64_t line, Complex* values) {
            const int64_t batch = line / frames.count;
            const int64_t first = batch * x.dims()[1] + line % frames.count * frames.step;
            gather<T>({x.data<T>() + first * components, frames.length, components, components}, values,
                      frames.length);
            const T* window = frames.window ? frames.window->data<T>() : nullptr;
            for (int64_t i = 0; window && i < frames.length; ++i)
                values[i] *= static_cast<double>(window[i]);
            plan.run(values);
            scatter<T>(values, 1.0, {y.mutableData<T>() + line * bins * 2, bins, 2, 2});
        });
}

class Stft final : public Kernel {
public:
    explicit Stft(const KernelRequest& request)
        : m_rule{false, request.node->intAttribute("onesided", 1) != 0}
    {
    }
    std::string implementation() const override { return "FFTW"; }

    Status run(KernelContext& context) override
    {
        TRY_ASSIGN(const Frames frames, readFrames(context));
        const Tensor& x = context.tensor(0);
        const Dims dims{x.dims()[0], frames.count, m_rule.outputSize(frames.length), 2};
        return dispatch(FloatTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), dims));
            if (y->count() == 0)
                return {};
            TRY_ASSIGN(const FourierTransform plan, m_plans.get(frames.length, false));
            return transformFrames<T>(context, plan, frames, *y);
        });
    }

private:
    const DftRule m_rule;
    PlanCache m_plans;
};

template <typename SignalKernel>
Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return {std::make_unique<SignalKernel>(request)};
}

constexpr KernelRow rows[] = {
    {"", "DFT", 17, newestOpset, "FFTW", forFloats<create<Dft>>},
    {"", "STFT", 17, newestOpset, "FFTW", forFloats<create<Stft>>},
    {"", "HannWindow", 17, newestOpset, "plain", createHannWindow},
    {"", "HammingWindow", 17, newestOpset, "plain", createHammingWindow},
    {"", "BlackmanWindow", 17, newestOpset, "plain", createBlackmanWindow},
    {"", "MelWeightMatrix", 17, newestOpset, "plain", createMelWeightMatrix},
};

} // namespace

std::span<const KernelRow> signalKernels() { return rows; }

} // namespace lapidary

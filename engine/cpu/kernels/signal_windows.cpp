// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/signal_windows.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/infer.h"

#include <numbers>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// c0 + c1 s + c2 s^2 with s = sin^2(pi n / N): the sum of cosines without cancellation near 0.
struct Window {
    double c0;
    double c1;
    double c2;
};

Result<DataType> outputType(const KernelRequest& request)
{
    const DataType type = typeAttribute(*request.node, "output_datatype", DataType::Float);
    if (!isFloatingPoint(type) && !isInteger(type))
        return makeError(ErrorCode::InvalidArgument, "attribute output_datatype: expected a number type");
    return type;
}

KernelResult createWindow(const KernelRequest& request, Window window)
{
    TRY_ASSIGN(const DataType type, outputType(request));
    const bool periodic = request.node->intAttribute("periodic", 1) != 0;
    return plainKernel([=](KernelContext& context) -> Status {
        TRY_ASSIGN(const int64_t size, integerInput(context, 0));
        TRY_ASSIGN(Tensor values, Tensor::allocate(DataType::Double, {size}));
        const auto intervals = static_cast<double>(periodic ? size : size - 1);
        for (int64_t n = 0; n < size; ++n) {
            // A symmetric window of one element is its middle.
            const double place = intervals > 0 ? static_cast<double>(n) / intervals : 0.5;
            const double sine = std::sin(std::numbers::pi * place);
            const double s = sine * sine;
            values.mutableData<double>()[n] = window.c0 + (window.c1 + window.c2 * s) * s;
        }
        TRY_ASSIGN(Tensor converted, convertType(values, type));
        context.setOutput(0, std::move(converted));
        return {};
    });
}

struct MelRequest {
    int64_t melBins = 0;
    int64_t length = 0; // of the transform
    int64_t sampleRate = 0;
    double lowerHertz = 0;
    double upperHertz = 0;

    int64_t spectrumBins() const { return length / 2 + 1; }
};

Result<MelRequest> readMelRequest(const KernelContext& context)
{
    MelRequest request;
    TRY_ASSIGN(request.melBins, integerInput(context, 0));
    TRY_ASSIGN(request.length, integerInput(context, 1));
    TRY_ASSIGN(request.sampleRate, integerInput(context, 2));
    TRY_ASSIGN(request.lowerHertz, numberInput(context, 3));
    TRY_ASSIGN(request.upperHertz, numberInput(context, 4));
    if (request.melBins < 0 || request.length < 1 || request.sampleRate < 1 || !(request.lowerHertz >= 0) ||
        !(request.upperHertz >= request.lowerHertz))
        return makeError(ErrorCode::InvalidArgument,
                         "MelWeightMatrix: expected num_mel_bins of 0 or more, dft_length and sample_rate "
                         "of 1 or more, and 0 <= lower_edge_hertz <= upper_edge_hertz");
    return request;
}

// The bins of the spectrum where triangles begin, peak and end: melBins + 2 of them.
Result<std::vector<int64_t>> melEdges(const MelRequest& request)
{
    const auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
    const double first = mel(request.lowerHertz);
    const double step = (mel(request.upperHertz) - first) / static_cast<double>(request.melBins + 2);
    std::vector<int64_t> edges;
    for (int64_t i = 0; i < request.melBins + 2; ++i) {
        const double hertz = 700 * (std::pow(10.0, (static_cast<double>(i) * step + first) / 2595) - 1);
        const double bin = std::floor((static_cast<double>(request.length) + 1) * hertz /
                                      static_cast<double>(request.sampleRate));
        if (!(bin >= 0 && bin <= static_cast<double>(request.spectrumBins())))
            return makeError(ErrorCode::InvalidArgument,
                             "MelWeightMatrix: upper_edge_hertz must be at most half of sample_rate");
        edges.push_back(static_cast<int64_t>(bin));
    }
    return edges;
}

// A triangle from low over peak to high, in one column of weights.
void drawTriangle(double* column, int64_t stride, int64_t bins, int64_t low, int64_t peak, int64_t high)
{
    const auto set = [&](int64_t bin, double value) {
        if (bin < bins)
            column[bin * stride] = value;
    };
    if (low == peak)
        set(peak, 1);
    for (int64_t bin = low; low != peak && bin <= peak; ++bin)
        set(bin, static_cast<double>(bin - low) / static_cast<double>(peak - low));
    for (int64_t bin = peak; bin < high; ++bin)
        set(bin, static_cast<double>(high - bin) / static_cast<double>(high - peak));
}

} // namespace

KernelResult createHannWindow(const KernelRequest& request) { return createWindow(request, {0, 1, 0}); }

KernelResult createHammingWindow(const KernelRequest& request)
{
    return createWindow(request, {4.0 / 46, 42.0 / 46, 0});
}

KernelResult createBlackmanWindow(const KernelRequest& request)
{
    return createWindow(request, {0, 0.36, 0.64});
}

KernelResult createMelWeightMatrix(const KernelRequest& kernelRequest)
{
    TRY_ASSIGN(const DataType type, outputType(kernelRequest));
    return plainKernel([=](KernelContext& context) -> Status {
        TRY_ASSIGN(const MelRequest request, readMelRequest(context));
        TRY_ASSIGN(Tensor weights,
                   Tensor::allocate(DataType::Double, {request.spectrumBins(), request.melBins}));
        TRY_ASSIGN(const std::vector<int64_t> edges, melEdges(request));
        auto* values = weights.mutableData<double>();
        std::fill_n(values, weights.count(), 0.0);
        for (int64_t i = 0; i < request.melBins; ++i) {
            const auto at = static_cast<size_t>(i);
            drawTriangle(values + i, request.melBins, request.spectrumBins(), edges[at], edges[at + 1],
                         edges[at + 2]);
        }
        TRY_ASSIGN(Tensor converted, convertType(weights, type));
        context.setOutput(0, std::move(converted));
        return {};
    });
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"
#include "engine/ops/infer.h"
#include "engine/ops/signal_rules.h"

namespace lapidary {

namespace {

// The number in an integer input of one element; nullopt when it is absent or not known.
std::optional<int64_t> knownInt(const InferenceContext& context, size_t input)
{
    const auto values = context.knownInts(input);
    return values && values->size() == 1 ? std::optional((*values)[0]) : std::nullopt;
}

Status requireComponents(const Dim& components)
{
    if (components.known() && components.value != 1 && components.value != 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0: expected 1 (real) or 2 (complex) as last dimension, found " +
                             std::to_string(components.value));
    return {};
}

Status inferDft(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    const Shape* x = context.inputShape(0);
    if (!x)
        return {};
    if (x->size() < 2)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0: expected 2 or more dimensions, found " + toString(*x));
    TRY(requireComponents(x->back()));
    const DftRule rule = dftRule(context.node());
    Shape output(x->size());
    const int64_t fallback = defaultDftAxis(context.opsetVersion());
    std::optional<int64_t> axis =
        context.opsetVersion() < 20 ? context.node().intAttribute("axis", fallback) : fallback;
    if (context.opsetVersion() >= 20 && context.hasInput(2))
        axis = knownInt(context, 2);
    if (axis) {
        TRY_ASSIGN(const int64_t index, dftAxis(*axis, static_cast<int64_t>(x->size())));
        output = *x;
        Dim& size = output[static_cast<size_t>(index)];
        const std::optional<int64_t> length = knownInt(context, 1);
        if (length || (!context.hasInput(1) && size.known())) {
            TRY_ASSIGN(const int64_t points, dftLength(rule, size.value, length));
            size = Dim(rule.outputSize(points));
        } else if (context.hasInput(1) || rule.onesided) {
            size = Dim();
        }
    }
    output.back() = Dim(rule.toReal() ? 1 : 2);
    context.setOutput(0, type, std::move(output));
    return {};
}

Status inferStft(InferenceContext& context)
{
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type);
    const Shape* x = context.inputShape(0);
    if (!x)
        return {};
    if (x->size() != 2 && x->size() != 3)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0: expected [batch, length, 1 or 2], found " + toString(*x));
    if (x->size() == 3)
        TRY(requireComponents(x->back()));
    const Dim& signal = (*x)[1];
    Dim frameLength;
    if (context.hasInput(3))
        frameLength = SymbolicInt(knownInt(context, 3).value_or(-1)).dim();
    else if (context.hasInput(2))
        frameLength =
            context.inputShape(2) && context.inputShape(2)->size() == 1 ? (*context.inputShape(2))[0] : Dim();
    else
        frameLength = signal;
    const DftRule rule{false, context.node().intAttribute("onesided", 1) != 0};
    Dim frames;
    const std::optional<int64_t> step = knownInt(context, 1);
    if (signal.known() && frameLength.known() && step) {
        TRY_ASSIGN(const int64_t count, frameCount(signal.value, frameLength.value, *step));
        frames = Dim(count);
    }
    const Dim bins = frameLength.known() ? Dim(rule.outputSize(frameLength.value)) : Dim();
    context.setOutput(0, type, Shape{(*x)[0], frames, bins, Dim(2)});
    return {};
}

Status inferWindow(InferenceContext& context)
{
    const std::optional<int64_t> size = knownInt(context, 0);
    context.setOutput(0, typeAttribute(context.node(), "output_datatype", DataType::Float),
                      Shape{size && *size >= 0 ? Dim(*size) : Dim()});
    return {};
}

Status inferMelWeightMatrix(InferenceContext& context)
{
    const std::optional<int64_t> melBins = knownInt(context, 0);
    const std::optional<int64_t> length = knownInt(context, 1);
    context.setOutput(0, typeAttribute(context.node(), "output_datatype", DataType::Float),
                      Shape{length && *length > 0 ? Dim(*length / 2 + 1) : Dim(),
                            melBins && *melBins >= 0 ? Dim(*melBins) : Dim()});
    return {};
}

constexpr int since17[] = {17};
constexpr int dftVersions[] = {17, 20};

constexpr OpDef ops[] = {
    {"", "DFT", dftVersions, inferDft},           {"", "STFT", since17, inferStft},
    {"", "HannWindow", since17, inferWindow},     {"", "HammingWindow", since17, inferWindow},
    {"", "BlackmanWindow", since17, inferWindow}, {"", "MelWeightMatrix", since17, inferMelWeightMatrix},
};

} // namespace

std::span<const OpDef> signalOps() { return ops; }

} // namespace lapidary

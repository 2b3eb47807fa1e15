// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/signal_rules.h"

#include "engine/ops/axis.h"

namespace lapidary {

DftRule dftRule(const Node& node)
{
    return {node.intAttribute("inverse", 0) != 0, node.intAttribute("onesided", 0) != 0};
}

Result<int64_t> dftLength(const DftRule& rule, int64_t axisSize, std::optional<int64_t> given)
{
    constexpr int64_t longest = int64_t{1} << 40;
    int64_t length = given.value_or(axisSize);
    if (!given && rule.toReal() && axisSize <= longest)
        length = 2 * (axisSize - 1);
    if (length < 1 || length > longest)
        return makeError(ErrorCode::ShapeMismatch,
                         "a Fourier transform needs at least one point, found dft_length " +
                             std::to_string(length));
    return length;
}

Result<int64_t> dftAxis(int64_t axis, int64_t rank)
{
    TRY_ASSIGN(const int64_t index, normalizeAxis(axis, rank));
    if (index == rank - 1)
        return makeError(ErrorCode::ShapeMismatch, "axis " + std::to_string(axis) +
                                                       " holds real and imaginary parts; expected one "
                                                       "of the axes before it");
    return index;
}

int64_t defaultDftAxis(int64_t opsetVersion) { return opsetVersion < 20 ? 1 : -2; }

Result<int64_t> frameCount(int64_t signalLength, int64_t frameLength, int64_t frameStep)
{
    if (frameStep < 1 || frameLength < 1 || frameLength > signalLength)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected frame_step of 1 or more and frame_length from 1 to " +
                             std::to_string(signalLength) + ", found " + std::to_string(frameStep) + " and " +
                             std::to_string(frameLength));
    return (signalLength - frameLength) / frameStep + 1;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/broadcast.h"

namespace lapidary {

namespace {

// nullopt: the two sizes contradict.
std::optional<Dim> broadcastDim(const Dim& a, const Dim& b)
{
    if (a.known() && b.known()) {
        if (a.value == b.value || b.value == 1)
            return a;
        return a.value == 1 ? std::optional(b) : std::nullopt;
    }
    if (a == b)
        return a;
    if (a.known() || b.known()) { // against 1 the other stays; any other number must be the size
        const Dim& number = a.known() ? a : b;
        return number.value == 1 ? (a.known() ? b : a) : number;
    }
    return Dim();
}

Error doNotBroadcast(const std::string& a, const std::string& b)
{
    return makeError(ErrorCode::ShapeMismatch, "shapes " + a + " and " + b +
                                                   " do not broadcast: each dimension "
                                                   "must be equal or 1, counted from the last");
}

} // namespace

Result<Shape> broadcastShapes(const Shape& a, const Shape& b)
{
    const Shape& longer = a.size() >= b.size() ? a : b;
    const Shape& shorter = a.size() >= b.size() ? b : a;
    Shape result = longer;
    const size_t offset = longer.size() - shorter.size();
    for (size_t i = 0; i < shorter.size(); ++i) {
        auto dim = broadcastDim(longer[offset + i], shorter[i]);
        if (!dim)
            return doNotBroadcast(toString(a), toString(b));
        result[offset + i] = std::move(*dim);
    }
    return result;
}

Result<Dims> broadcastDims(const Dims& a, const Dims& b)
{
    if (a == b)
        return a;
    TRY_ASSIGN(const Shape shape, broadcastShapes(toShape(a), toShape(b)));
    return *concreteDims(shape); // every dimension is known because those of a and b are
}

Result<Dims> legacyBroadcastDims(const Dims& a, const Dims& b, std::optional<int64_t> axis)
{
    const auto rankA = static_cast<int64_t>(a.size());
    const auto rankB = static_cast<int64_t>(b.size());
    int64_t start = axis.value_or(rankA - rankB);
    if (start < 0 && axis)
        start += rankA;
    if (start < 0 || start > rankA - rankB)
        return makeError(ErrorCode::ShapeMismatch, "shape " + toString(b) + " does not fit " + toString(a) +
                                                       " from axis " + std::to_string(start));
    Dims result(a.size(), 1);
    for (int64_t i = 0; i < rankB; ++i)
        result[static_cast<size_t>(start + i)] = b[static_cast<size_t>(i)];
    if (!stretchesTo(result, a))
        return makeError(ErrorCode::ShapeMismatch, "shape " + toString(b) + " does not fit " + toString(a) +
                                                       " from axis " + std::to_string(start));
    return result;
}

bool stretchesTo(const Dims& b, const Dims& a)
{
    if (b.size() > a.size())
        return false;
    const size_t offset = a.size() - b.size();
    for (size_t i = 0; i < b.size(); ++i) {
        if (b[i] != 1 && b[i] != a[offset + i])
            return false;
    }
    return true;
}

} // namespace lapidary

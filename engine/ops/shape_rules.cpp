// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/shape_rules.h"

#include "engine/ops/axis.h"

#include <cmath>

namespace lapidary {

namespace {

Error mismatch(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

int64_t rankOf(const Shape& shape) { return static_cast<int64_t>(shape.size()); }

// Product of the dimensions; unknown if one is, or if it overflows.
Dim product(Shape::const_iterator begin, Shape::const_iterator end)
{
    int64_t count = 1;
    const Dim* only = nullptr; // a named dimension among ones keeps its name
    for (auto dim = begin; dim != end; ++dim) {
        if (dim->known()) {
            if (__builtin_mul_overflow(count, dim->value, &count))
                return {};
        } else if (only) {
            return {};
        } else {
            only = &*dim;
        }
    }
    if (!only)
        return Dim(count);
    return count == 1 ? *only : Dim();
}

std::string textOf(const std::vector<SymbolicInt>& target)
{
    std::string text;
    for (const SymbolicInt& size : target) {
        text += text.empty() ? "[" : ", ";
        text += size.number ? std::to_string(*size.number) : size.symbol.empty() ? "?" : size.symbol;
    }
    return text.empty() ? "[]" : text + "]";
}

// The dimension for -1: input elements divided by the others. Named dimensions on both sides cancel.
Result<Dim> remainingDim(const Shape& input, const Shape& others, size_t hole, const std::string& target)
{
    int64_t have = 1;
    int64_t want = 1;
    std::vector<std::string> unmatched;
    for (const Dim& dim : input) {
        if (dim.known() ? __builtin_mul_overflow(have, dim.value, &have) : dim.symbol.empty())
            return Dim();
        if (!dim.known())
            unmatched.push_back(dim.symbol);
    }
    for (size_t i = 0; i < others.size(); ++i) {
        const Dim& dim = others[i];
        if (i == hole)
            continue;
        if (dim.known()) {
            if (__builtin_mul_overflow(want, dim.value, &want))
                return mismatch("the shape " + target + " has too many elements");
            continue;
        }
        const auto match = std::find(unmatched.begin(), unmatched.end(), dim.symbol);
        if (dim.symbol.empty() || match == unmatched.end())
            return Dim();
        unmatched.erase(match);
    }
    if (unmatched.size() == 1 && have == want)
        return Dim(unmatched[0]);
    if (!unmatched.empty())
        return Dim();
    if (want == 0 || have % want != 0)
        return mismatch("cannot reshape " + toString(input) + " to " + target + ": " + std::to_string(have) +
                        " elements are no multiple of " + std::to_string(want));
    return Dim(have / want);
}

} // namespace

Result<Shape> reshapedShape(const Shape& input, const std::vector<SymbolicInt>& target, bool allowZero)
{
    Shape result;
    std::optional<size_t> hole;
    for (size_t i = 0; i < target.size(); ++i) {
        const SymbolicInt& size = target[i];
        if (size.number == -1) {
            if (hole)
                return mismatch("the shape " + textOf(target) + " has more than one -1");
            hole = i;
            result.emplace_back();
        } else if (size.number == 0 && !allowZero) {
            if (i >= input.size())
                return mismatch("the shape " + textOf(target) + " copies dimension " + std::to_string(i) +
                                " of an input of rank " + std::to_string(input.size()));
            result.push_back(input[i]);
        } else if (size.number && *size.number < 0) {
            return mismatch("the shape " + textOf(target) + " has a negative size");
        } else {
            result.push_back(size.dim());
        }
    }
    if (hole) {
        TRY_ASSIGN(result[*hole], remainingDim(input, result, *hole, textOf(target)));
    }
    const Dim have = product(input.begin(), input.end());
    const Dim want = product(result.begin(), result.end());
    if (have.known() && want.known() && have.value != want.value)
        return mismatch("cannot reshape " + toString(input) + " (" + std::to_string(have.value) +
                        " elements) to " + textOf(target) + " (" + std::to_string(want.value) + " elements)");
    return result;
}

Result<Dims> reshapedDims(const Dims& input, const std::vector<int64_t>& target, bool allowZero)
{
    const std::vector<SymbolicInt> sizes(target.begin(), target.end());
    TRY_ASSIGN(const Shape shape, reshapedShape(toShape(input), sizes, allowZero));
    auto dims = concreteDims(shape);
    if (!dims || elementCount(*dims) != elementCount(input))
        return mismatch("cannot reshape " + toString(input) + " to " + textOf(sizes));
    return std::move(*dims);
}

Result<Shape> flattenedShape(const Shape& input, int64_t axis)
{
    const int64_t rank = rankOf(input);
    if (axis < -rank || axis > rank)
        return mismatch("axis " + std::to_string(axis) + " of Flatten is outside a shape of rank " +
                        std::to_string(rank));
    const auto middle = input.begin() + (axis < 0 ? axis + rank : axis);
    return Shape{product(input.begin(), middle), product(middle, input.end())};
}

Result<std::optional<Shape>> squeezedShape(const Shape& input,
                                           const std::optional<std::vector<int64_t>>& axes)
{
    Shape result;
    if (!axes) {
        for (const Dim& dim : input) {
            if (!dim.known())
                return std::optional<Shape>();
            if (dim.value != 1)
                result.push_back(dim);
        }
        return std::optional(std::move(result));
    }
    TRY_ASSIGN(const std::vector<bool> remove, axisMask(*axes, rankOf(input)));
    for (size_t i = 0; i < input.size(); ++i) {
        if (!remove[i])
            result.push_back(input[i]);
        else if (input[i].known() && input[i].value != 1)
            return mismatch("cannot squeeze axis " + std::to_string(i) + " of " + toString(input) +
                            ": its size is not 1");
    }
    return std::optional(std::move(result));
}

Result<Shape> unsqueezedShape(const Shape& input, const std::vector<int64_t>& axes)
{
    TRY_ASSIGN(const std::vector<bool> inserted,
               axisMask(axes, rankOf(input) + static_cast<int64_t>(axes.size())));
    Shape result;
    auto next = input.begin();
    for (const bool isNew : inserted)
        result.push_back(isNew ? Dim(1) : *next++);
    return result;
}

Result<std::vector<int64_t>> checkedPermutation(std::vector<int64_t> permutation, int64_t rank)
{
    if (permutation.empty()) {
        for (int64_t axis = rank - 1; axis >= 0; --axis)
            permutation.push_back(axis);
        return permutation;
    }
    if (static_cast<int64_t>(permutation.size()) != rank)
        return mismatch("a permutation of " + std::to_string(permutation.size()) +
                        " axes does not fit a tensor of rank " + std::to_string(rank));
    return normalizeAxes(permutation, rank);
}

Result<Shape> concatenatedShape(std::span<const Shape> inputs, int64_t axis)
{
    if (inputs.empty())
        return mismatch("Concat has no inputs");
    Shape result = inputs[0];
    TRY_ASSIGN(axis, normalizeAxis(axis, rankOf(result)));
    for (const Shape& input : inputs.subspan(1)) {
        if (input.size() != result.size())
            return mismatch("cannot concatenate " + toString(inputs[0]) + " and " + toString(input) +
                            ": their ranks differ");
        for (size_t i = 0; i < result.size(); ++i) {
            Dim& dim = result[i];
            const Dim& next = input[i];
            if (static_cast<int64_t>(i) == axis) {
                int64_t sum = 0;
                const bool sums =
                    dim.known() && next.known() && !__builtin_add_overflow(dim.value, next.value, &sum);
                dim = sums ? Dim(sum) : Dim();
            } else if (dim.known() && next.known() && dim.value != next.value) {
                return mismatch("cannot concatenate " + toString(inputs[0]) + " and " + toString(input) +
                                " along axis " + std::to_string(axis) + ": dimension " + std::to_string(i) +
                                " differs");
            } else if (!dim.known() && (next.known() || dim.symbol.empty())) {
                dim = next;
            }
        }
    }
    return result;
}

Result<std::vector<int64_t>> splitSizes(int64_t size, const std::vector<int64_t>& sizes, int64_t parts)
{
    if (!sizes.empty()) {
        int64_t total = 0;
        for (const int64_t part : sizes) {
            if (part < 0 || __builtin_add_overflow(total, part, &total))
                return mismatch("Split has a part of size " + std::to_string(part));
        }
        if (total != size)
            return mismatch("the parts of Split add up to " + std::to_string(total) + ", but the axis has " +
                            std::to_string(size));
        return sizes;
    }
    if (parts < 1 || parts > std::max<int64_t>(size, 1) * 1024)
        return mismatch("cannot split an axis of " + std::to_string(size) + " into " + std::to_string(parts) +
                        " parts");
    const int64_t part = (size + parts - 1) / parts;
    std::vector<int64_t> result;
    for (int64_t i = 0; i < parts; ++i)
        result.push_back(std::clamp<int64_t>(size - i * part, 0, part));
    return result;
}

Result<Shape> tiledShape(const Shape& input, const std::vector<int64_t>& repeats)
{
    if (repeats.size() != input.size())
        return mismatch("Tile has " + std::to_string(repeats.size()) + " repeats for a tensor of rank " +
                        std::to_string(input.size()));
    Shape result;
    for (size_t i = 0; i < input.size(); ++i) {
        int64_t size = 0;
        if (repeats[i] < 0)
            return mismatch("Tile repeats axis " + std::to_string(i) + " " + std::to_string(repeats[i]) +
                            " times");
        if (!input[i].known())
            result.push_back(repeats[i] == 1 ? input[i] : Dim());
        else if (__builtin_mul_overflow(input[i].value, repeats[i], &size))
            return mismatch("the result of Tile would be too large");
        else
            result.emplace_back(size);
    }
    return result;
}

namespace {

Dim scaled(const Dim& dim, int64_t factor)
{
    int64_t size = 0;
    return dim.known() && !__builtin_mul_overflow(dim.value, factor, &size) ? Dim(size) : Dim();
}

// Errors unless every known dimension is a multiple of the divisor.
Result<Dim> divided(const Dim& dim, int64_t divisor, const Shape& shape)
{
    if (!dim.known())
        return Dim();
    if (dim.value % divisor != 0)
        return mismatch("the block size does not divide " + std::to_string(dim.value) + " in shape " +
                        toString(shape));
    return Dim(dim.value / divisor);
}

Status checkBlocks(const Shape& input, int64_t blockSize)
{
    if (input.size() != 4)
        return mismatch("expected a tensor of rank 4, found " + toString(input));
    if (blockSize < 1 || blockSize > (int64_t{1} << 20))
        return mismatch("block size " + std::to_string(blockSize) + " is out of range");
    return {};
}

} // namespace

Result<Shape> depthToSpaceShape(const Shape& input, int64_t blockSize)
{
    TRY(checkBlocks(input, blockSize));
    TRY_ASSIGN(Dim channels, divided(input[1], blockSize * blockSize, input));
    return Shape{input[0], std::move(channels), scaled(input[2], blockSize), scaled(input[3], blockSize)};
}

Result<Shape> spaceToDepthShape(const Shape& input, int64_t blockSize)
{
    TRY(checkBlocks(input, blockSize));
    TRY_ASSIGN(Dim height, divided(input[2], blockSize, input));
    TRY_ASSIGN(Dim width, divided(input[3], blockSize, input));
    return Shape{input[0], scaled(input[1], blockSize * blockSize), std::move(height), std::move(width)};
}

Result<int64_t> rangeCount(double start, double limit, double delta)
{
    const double count = std::ceil((limit - start) / delta);
    if (std::isnan(count) || delta == 0)
        return makeError(ErrorCode::InvalidArgument, "Range needs finite numbers and a step other than 0");
    if (count > 0x1p46)
        return makeError(ErrorCode::InvalidArgument, "Range would give too many numbers");
    return static_cast<int64_t>(std::max(count, 0.0));
}

} // namespace lapidary

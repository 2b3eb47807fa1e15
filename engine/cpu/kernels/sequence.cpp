// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences hold values; tensors inside are shared, not copied.
#include "engine/cpu/axis_parts.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/axis.h"
#include "engine/ops/infer.h"
#include "engine/ops/shape_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// SplitToSequence does not make more tensors than this: one byte a part would be many times the input.
constexpr int64_t mostParts = int64_t{1} << 24;

KernelResult createSequenceEmpty(const KernelRequest& request)
{
    const DataType type = typeAttribute(*request.node, "dtype", DataType::Float);
    return plainKernel([type](KernelContext& context) -> Status {
        context.setOutput(0, Sequence{TypeInfo::tensor(type), {}});
        return {};
    });
}

Status requireType(const Tensor& tensor, DataType type)
{
    if (type == DataType::Undefined || tensor.type() == type)
        return {};
    return makeError(ErrorCode::ShapeMismatch, "a sequence of " + std::string(dataTypeName(type)) +
                                                   " tensors cannot hold " + describe(Value(tensor)));
}

KernelResult createSequenceConstruct(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, std::max<size_t>(1, context.inputCount())));
        const DataType type = context.tensor(0).type();
        Sequence sequence{TypeInfo::tensor(type), {}};
        for (size_t i = 0; i < context.inputCount(); ++i) {
            TRY(requireType(context.tensor(i), type));
            sequence.items.push_back(context.input(i));
        }
        context.setOutput(0, std::move(sequence));
        return {};
    });
}

// The type of the tensors in a sequence; Undefined when it does not say and holds none.
DataType tensorTypeOf(const Sequence& sequence)
{
    const Tensor* first = sequence.items.empty() ? nullptr : sequence.items.front().tensor();
    return first ? first->type() : sequence.elementType.dataType;
}

// Input index as a position in a sequence of length items, from the end when negative. Errors:
// InvalidArgument (outside).
Result<ptrdiff_t> positionInput(const KernelContext& context, size_t index, int64_t length, int64_t last)
{
    TRY_ASSIGN(const int64_t position, integerInput(context, index));
    if (position < -length || position > last)
        return makeError(ErrorCode::InvalidArgument,
                         "position " + std::to_string(position) + " is outside a sequence of " +
                             std::to_string(length) + ": expected " + std::to_string(-length) + " to " +
                             std::to_string(last));
    return static_cast<ptrdiff_t>(position < 0 ? position + length : position);
}

KernelResult createSequenceInsert(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY_ASSIGN(const Sequence* given, sequenceInput(context, 0));
        TRY(requireTensor(context, 1));
        TRY(requireType(context.tensor(1), tensorTypeOf(*given)));
        const auto length = static_cast<int64_t>(given->items.size());
        ptrdiff_t position = length;
        if (context.hasInput(2)) {
            TRY_ASSIGN(position, positionInput(context, 2, length, length));
        }
        Sequence sequence{TypeInfo::tensor(context.tensor(1).type()), {}};
        sequence.items.reserve(given->items.size() + 1);
        sequence.items.insert(sequence.items.end(), given->items.begin(), given->items.begin() + position);
        sequence.items.push_back(context.input(1));
        sequence.items.insert(sequence.items.end(), given->items.begin() + position, given->items.end());
        context.setOutput(0, std::move(sequence));
        return {};
    });
}

KernelResult createSequenceErase(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY_ASSIGN(const Sequence* given, sequenceInput(context, 0));
        const auto length = static_cast<int64_t>(given->items.size());
        if (length == 0)
            return makeError(ErrorCode::InvalidArgument, "the sequence is empty: there is nothing to erase");
        ptrdiff_t position = length - 1;
        if (context.hasInput(1)) {
            TRY_ASSIGN(position, positionInput(context, 1, length, length - 1));
        }
        Sequence sequence = *given;
        sequence.items.erase(sequence.items.begin() + position);
        context.setOutput(0, std::move(sequence));
        return {};
    });
}

KernelResult createSequenceAt(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY_ASSIGN(const Sequence* sequence, sequenceInput(context, 0));
        const auto length = static_cast<int64_t>(sequence->items.size());
        TRY_ASSIGN(const ptrdiff_t position, positionInput(context, 1, length, length - 1));
        context.setOutput(0, sequence->items[static_cast<size_t>(position)]);
        return {};
    });
}

KernelResult createSequenceLength(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY_ASSIGN(const Sequence* sequence, sequenceInput(context, 0));
        context.setOutput(0, Tensor::scalar(static_cast<int64_t>(sequence->items.size())));
        return {};
    });
}

// The sizes of the parts along an axis. Input 1: a scalar is the size of all but the last, a list
// names each.
Result<Ints> partSizes(const KernelContext& context, int64_t size)
{
    int64_t chunk = 1;
    if (context.hasInput(1)) {
        TRY_ASSIGN(const Ints given, listInput(context, 1));
        if (context.tensor(1).rank() == 1) {
            if (given.empty() && size > 0)
                return makeError(ErrorCode::ShapeMismatch,
                                 "the list of parts is empty, but the axis has " + std::to_string(size));
            return given.empty() ? given : splitSizes(size, given, 0);
        }
        chunk = given[0];
    }
    if (chunk < 1)
        return makeError(ErrorCode::InvalidArgument,
                         "parts must have at least one element, found size " + std::to_string(chunk));
    if (size / chunk >= mostParts)
        return makeError(ErrorCode::InvalidArgument, "an axis of " + std::to_string(size) +
                                                         " would give too many parts of size " +
                                                         std::to_string(chunk));
    Ints sizes;
    for (int64_t rest = size; rest > 0; rest -= sizes.back())
        sizes.push_back(std::min(rest, chunk));
    return sizes;
}

KernelResult createSplitToSequence(const KernelRequest& request)
{
    const int64_t named = request.node->intAttribute("axis", 0);
    const bool keepDims = request.node->intAttribute("keepdims", 1) != 0;
    return plainKernel([named, keepDims](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(named, x.rank()));
        TRY_ASSIGN(const Ints sizes, partSizes(context, x.dims()[static_cast<size_t>(axis)]));
        const bool drop = !keepDims && !context.hasInput(1);
        Sequence sequence{TypeInfo::tensor(x.type()), {}};
        int64_t begin = 0;
        for (const int64_t size : sizes) {
            if (sequence.items.size() % 4096 == 4095 && context.stopRequested())
                return cancelled();
            TRY_ASSIGN(Tensor part, cutAlong(x, axis, begin, size));
            begin += size;
            if (drop) {
                Dims dims = part.dims();
                dims.erase(dims.begin() + axis);
                part = part.reshaped(std::move(dims));
            }
            sequence.items.push_back(std::move(part));
        }
        context.setOutput(0, std::move(sequence));
        return {};
    });
}

// The tensor with a new axis of size 1.
Result<Tensor> withNewAxis(const Tensor& tensor, int64_t named)
{
    TRY_ASSIGN(const int64_t axis, normalizeAxis(named, tensor.rank() + 1));
    Dims dims = tensor.dims();
    dims.insert(dims.begin() + axis, 1);
    return tensor.reshaped(std::move(dims));
}

KernelResult createConcatFromSequence(const KernelRequest& request)
{
    const Node& node = *request.node;
    if (!node.attribute("axis"))
        return makeError(ErrorCode::InvalidModel, "ConcatFromSequence needs the attribute axis");
    const int64_t axis = node.intAttribute("axis", 0);
    const bool newAxis = node.intAttribute("new_axis", 0) != 0;
    return plainKernel([axis, newAxis](KernelContext& context) -> Status {
        TRY_ASSIGN(const Sequence* sequence, sequenceInput(context, 0));
        std::vector<Tensor> parts;
        for (const Value& item : sequence->items) {
            if (!item.isTensor())
                return makeError(ErrorCode::ShapeMismatch,
                                 "expected a sequence of tensors, found " + describe(item) + " in it");
            parts.push_back(*item.tensor());
            if (newAxis) {
                TRY_ASSIGN(parts.back(), withNewAxis(parts.back(), axis));
            }
        }
        std::vector<const Tensor*> pointers;
        for (const Tensor& part : parts)
            pointers.push_back(&part);
        TRY_ASSIGN(Tensor whole, joinAlong(pointers, axis));
        context.setOutput(0, std::move(whole));
        return {};
    });
}

constexpr KernelRow rows[] = {
    {"", "SequenceEmpty", 11, newestOpset, "plain", createSequenceEmpty},
    {"", "SequenceConstruct", 11, newestOpset, "plain", createSequenceConstruct},
    {"", "SequenceInsert", 11, newestOpset, "plain", createSequenceInsert},
    {"", "SequenceAt", 11, newestOpset, "plain", createSequenceAt},
    {"", "SequenceErase", 11, newestOpset, "plain", createSequenceErase},
    {"", "SequenceLength", 11, newestOpset, "plain", createSequenceLength},
    {"", "SplitToSequence", 11, newestOpset, "plain", createSplitToSequence},
    {"", "ConcatFromSequence", 11, newestOpset, "plain", createConcatFromSequence},
};

} // namespace

std::span<const KernelRow> sequenceKernels() { return rows; }

} // namespace lapidary

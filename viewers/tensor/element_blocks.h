// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: walks over the elements of a tensor of any size and type, piece by piece.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"

#include <array>
#include <cstring>

namespace lapidary {

constexpr int64_t elementsPerBlock = 4096;
// Between two looks at the stop token: a few milliseconds of work, also from a cold file.
constexpr int64_t blocksPerCheck = 256;

// Calls visit(std::span<const T>) for the blocks of the tensor in order, T being float for float32 and
// double for all else. Data may be unaligned. Progress goes from `from` to `to`.
// Errors: InvalidArgument (strings, no data), Cancelled.
template <typename Visit>
Status forEachBlock(const Tensor& tensor, JobContext& job, double from, double to, Visit visit)
{
    if (tensor.empty() || tensor.type() == DataType::String)
        return makeError(ErrorCode::InvalidArgument, "There are no numbers in this tensor.");
    std::array<float, elementsPerBlock> floats;
    std::array<double, elementsPerBlock> doubles;
    const int64_t count = tensor.count();
    int64_t block = 0;
    for (int64_t begin = 0; begin < count; begin += elementsPerBlock, ++block) {
        if (block % blocksPerCheck == 0) {
            if (job.stopRequested())
                return cancelled();
            job.report(from + (to - from) * static_cast<double>(begin) / static_cast<double>(count));
        }
        const auto length = static_cast<size_t>(std::min(elementsPerBlock, count - begin));
        if (tensor.type() == DataType::Float) {
            std::memcpy(floats.data(), tensor.bytes() + static_cast<size_t>(begin) * sizeof(float),
                        length * sizeof(float));
            visit(std::span<const float>(floats.data(), length));
        } else {
            for (size_t i = 0; i < length; ++i)
                doubles[i] = elementAsDouble(tensor, begin + static_cast<int64_t>(i));
            visit(std::span<const double>(doubles.data(), length));
        }
    }
    return {};
}

} // namespace lapidary

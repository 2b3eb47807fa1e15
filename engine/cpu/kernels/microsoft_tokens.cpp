// SPDX-License-Identifier: GPL-3.0-or-later
// MurmurHash3 and NGramRepeatBlock of com.microsoft.
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"

#include <bit>
#include <cstring>
#include <limits>

namespace lapidary {

namespace {

uint32_t scrambled(uint32_t block) { return std::rotl(block * 0xcc9e2d51U, 15) * 0x1b873593U; }

// MurmurHash3_x86_32 (A. Appleby, public domain algorithm).
uint32_t murmurHash(const char* bytes, size_t count, uint32_t seed)
{
    uint32_t hash = seed;
    const size_t whole = count / 4 * 4;
    for (size_t i = 0; i < whole; i += 4) {
        uint32_t block = 0;
        std::memcpy(&block, bytes + i, 4);
        hash = std::rotl(hash ^ scrambled(block), 13) * 5 + 0xe6546b64U;
    }
    uint32_t rest = 0;
    std::memcpy(&rest, bytes + whole, count - whole);
    if (count > whole)
        hash ^= scrambled(rest);
    hash ^= static_cast<uint32_t>(count);
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
    return hash ^ (hash >> 16);
}

bool isHashable(DataType type)
{
    switch (type) {
    case DataType::Int32:
    case DataType::UInt32:
    case DataType::Int64:
    case DataType::UInt64:
    case DataType::Float:
    case DataType::Double:
    case DataType::String: return true;
    default: return false;
    }
}

Status runMurmurHash(const Node& node, KernelContext& context)
{
    TRY(requireInputs(context, 1));
    const Tensor& x = context.tensor(0);
    if (!isHashable(x.type()))
        return makeError(ErrorCode::UnsupportedOp, "does not take " + std::string(dataTypeName(x.type())));
    const bool positive = node.intAttribute("positive", 1) != 0;
    const auto seed = static_cast<uint32_t>(node.intAttribute("seed", 0));
    TRY_ASSIGN(Tensor * y, context.allocate(0, positive ? DataType::UInt32 : DataType::Int32, x.dims()));
    auto* out = reinterpret_cast<uint32_t*>(y->mutableBytes());
    const auto size = static_cast<size_t>(bitWidth(x.type()) / 8);
    parallelFor(x.count(), 1 << 12, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            if (x.type() == DataType::String) {
                const std::string& text = x.strings()[static_cast<size_t>(i)];
                out[i] = murmurHash(text.data(), text.size(), seed);
            } else {
                out[i] = murmurHash(reinterpret_cast<const char*>(x.bytes()) + static_cast<size_t>(i) * size,
                                    size, seed);
            }
        }
    });
    return {};
}

// Tokens that would complete an n-gram that the sequence has already.
void blockRepeats(const int64_t* ids, int64_t length, int64_t size, float* scores)
{
    const int64_t* tail = ids + length - (size - 1);
    for (int64_t i = 0; i + size <= length; ++i) {
        if (std::equal(tail, ids + length, ids + i))
            scores[ids[i + size - 1]] = -std::numeric_limits<float>::infinity();
    }
}

Status runNGramRepeatBlock(int64_t size, KernelContext& context)
{
    TRY(requireTensors(context, {0}, DataType::Int64));
    TRY(requireTensors(context, {1}, DataType::Float));
    const Tensor& ids = context.tensor(0);
    const Tensor& scores = context.tensor(1);
    if (ids.rank() != 2 || scores.rank() != 2 || ids.dims()[0] != scores.dims()[0])
        return makeError(ErrorCode::ShapeMismatch, "expected ids and scores of the same batches, found " +
                                                       toString(ids.dims()) + " and " +
                                                       toString(scores.dims()));
    const int64_t vocabulary = scores.dims()[1];
    for (const int64_t id : ids.values<int64_t>()) {
        if (id < 0 || id >= vocabulary)
            return makeError(ErrorCode::ShapeMismatch, "input_ids: " + std::to_string(id) +
                                                           " is outside of a vocabulary of " +
                                                           std::to_string(vocabulary));
    }
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, scores.dims()));
    std::copy_n(scores.data<float>(), scores.count(), y->mutableData<float>());
    const int64_t length = ids.dims()[1];
    if (length < size || y->count() == 0)
        return {};
    parallelFor(ids.dims()[0], 1 + (1 << 14) / length, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; ++b)
            blockRepeats(ids.data<int64_t>() + b * length, length, size,
                         y->mutableData<float>() + b * vocabulary);
    });
    return {};
}

} // namespace

Result<std::unique_ptr<Kernel>> createMurmurHash(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    if (type != DataType::Undefined && !isHashable(type))
        return refuseType(request);
    return plainKernel(
        [node = *request.node](KernelContext& context) { return runMurmurHash(node, context); });
}

Result<std::unique_ptr<Kernel>> createNGramRepeatBlock(const KernelRequest& request)
{
    const int64_t size = request.node->intAttribute("ngram_size", 0);
    if (size < 1)
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'ngram_size' must be 1 or more, found " + std::to_string(size));
    return plainKernel([size](KernelContext& context) { return runNGramRepeatBlock(size, context); });
}

} // namespace lapidary

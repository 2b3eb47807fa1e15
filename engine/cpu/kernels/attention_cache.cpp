// SPDX-License-Identifier: GPL-3.0-or-later
// TensorScatter: a cache with new elements written at a position of each batch.
#include "engine/cpu/axis_blocks.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/axis.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

struct ScatterShape {
    AxisBlocks cache;
    int64_t outerPerBatch = 1; // blocks of one batch
    int64_t length = 0;        // of the update
    std::vector<int64_t> starts = {};
    bool circular = false;
};

Status readStarts(const KernelContext& context, const Dims& cache, ScatterShape& shape)
{
    shape.starts.assign(static_cast<size_t>(cache[0]), 0);
    if (context.hasInput(2)) {
        TRY_ASSIGN(shape.starts, listInput(context, 2));
        if (static_cast<int64_t>(shape.starts.size()) != cache[0])
            return shapeError("write_indices: expected one for each of " + std::to_string(cache[0]) +
                              " batches, found " + std::to_string(shape.starts.size()));
    }
    const int64_t last = shape.circular ? shape.cache.size - 1 : shape.cache.size - shape.length;
    for (int64_t& start : shape.starts) {
        if (shape.circular && shape.cache.size > 0 && start >= 0)
            start %= shape.cache.size;
        if (start < 0 || (start > last && shape.length > 0))
            return shapeError("write_indices: " + std::to_string(start) + " with " +
                              std::to_string(shape.length) + " new elements is outside of a cache of " +
                              std::to_string(shape.cache.size));
    }
    return {};
}

Result<ScatterShape> scatterShape(const Node& node, const KernelContext& context)
{
    const Dims& cache = context.tensor(0).dims();
    const Dims& update = context.tensor(1).dims();
    TRY_ASSIGN(const int64_t axis,
               normalizeAxis(node.intAttribute("axis", -2), static_cast<int64_t>(cache.size())));
    if (axis == 0)
        return shapeError("attribute 'axis': the first axis is the batch");
    Dims expected = cache;
    const auto at = static_cast<size_t>(axis);
    if (update.size() == cache.size() && update[at] <= cache[at])
        expected[at] = update[at];
    if (update != expected)
        return shapeError("update: expected " + toString(expected) + " or less along axis " +
                          std::to_string(axis) + ", found " + toString(update));
    ScatterShape shape{.cache = AxisBlocks(cache, axis), .starts = {}};
    shape.length = update[at];
    shape.outerPerBatch = cache[0] > 0 ? shape.cache.outer / cache[0] : 0;
    const std::string mode = node.stringAttribute("mode", "linear");
    if (mode != "linear" && mode != "circular")
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'mode' must be 'linear' or 'circular', found '" + mode + "'");
    shape.circular = mode == "circular";
    if (context.tensor(0).count() > 0)
        TRY(readStarts(context, cache, shape));
    return shape;
}

// T: std::byte with inner counted in bytes, or std::string.
template <typename T>
void scatter(const ScatterShape& shape, int64_t inner, const T* cache, const T* update, T* out)
{
    parallelFor(shape.cache.outer, 1 + (1 << 16) / std::max<int64_t>(1, shape.cache.size * inner),
                [&](int64_t begin, int64_t end) {
                    for (int64_t block = begin; block < end; ++block) {
                        T* to = out + block * shape.cache.size * inner;
                        std::copy_n(cache + block * shape.cache.size * inner, shape.cache.size * inner, to);
                        const int64_t start = shape.starts[static_cast<size_t>(block / shape.outerPerBatch)];
                        for (int64_t i = 0; i < shape.length; ++i)
                            std::copy_n(update + (block * shape.length + i) * inner, inner,
                                        to + (start + i) % shape.cache.size * inner);
                    }
                });
}

Status runScatter(const Node& node, KernelContext& context)
{
    TRY(requireInputs(context, 2));
    const Tensor& cache = context.tensor(0);
    const Tensor& update = context.tensor(1);
    if (cache.type() != update.type())
        return shapeError("update: expected " + std::string(dataTypeName(cache.type())) + ", found " +
                          std::string(dataTypeName(update.type())));
    TRY_ASSIGN(const ScatterShape shape, scatterShape(node, context));
    TRY_ASSIGN(Tensor * out, context.allocate(0, cache.type(), cache.dims()));
    if (cache.count() == 0)
        return {};
    if (cache.type() == DataType::String)
        scatter(shape, shape.cache.inner, cache.strings().data(), update.strings().data(),
                out->mutableStrings().data());
    else
        scatter(shape, shape.cache.inner * bitWidth(cache.type()) / 8, cache.bytes(), update.bytes(),
                out->mutableBytes());
    return {};
}

} // namespace

Result<std::unique_ptr<Kernel>> createTensorScatter(const KernelRequest& request)
{
    return plainKernel([node = *request.node](KernelContext& context) { return runScatter(node, context); });
}

} // namespace lapidary

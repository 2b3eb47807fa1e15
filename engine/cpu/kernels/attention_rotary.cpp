// SPDX-License-Identifier: GPL-3.0-or-later
// RotaryEmbedding of ai.onnx and com.microsoft, which order inputs differently and agree on the rest.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/attention.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/rotation.h"
#include "engine/cpu/type_dispatch.h"

#include <numeric>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

struct RotaryInputs {
    size_t positions;
    size_t cos;
    size_t sin;
};

struct RotaryShape {
    bool packed = false;
    int64_t batch = 0;
    int64_t heads = 0;
    int64_t length = 0;
    int64_t size = 0;
    int64_t rotated = 0; // elements of a row that are rotated
};

Result<RotaryShape> rotaryShape(const Node& node, const Dims& x, const Dims& cos)
{
    if (x.size() != 3 && x.size() != 4)
        return shapeError("input: expected rank 3 or 4, found " + toString(x));
    RotaryShape shape;
    shape.packed = x.size() == 3;
    shape.batch = x[0];
    shape.length = x[shape.packed ? 1 : 2];
    shape.rotated = node.intAttribute("rotary_embedding_dim", 0);
    shape.heads = shape.packed ? node.intAttribute("num_heads", 0) : x[1];
    // com.microsoft: without num_heads the cache says how long a head is.
    if (shape.packed && shape.heads == 0 && !node.domain.empty() && shape.rotated == 0 && cos.back() > 0)
        shape.heads = x[2] / cos.back() / 2;
    if (shape.packed && (shape.heads < 1 || x[2] % shape.heads != 0))
        return shapeError("attribute 'num_heads': " + std::to_string(shape.heads) +
                          " heads do not share the last dimension of " + toString(x));
    shape.size = shape.packed ? x[2] / shape.heads : x[3];
    if (shape.rotated == 0)
        shape.rotated = shape.size;
    if (shape.rotated < 0 || shape.rotated > shape.size || shape.rotated % 2 != 0)
        return shapeError("expected an even number of elements up to " + std::to_string(shape.size) +
                          " to rotate, found " + std::to_string(shape.rotated));
    return shape;
}

// Where the angles of each batch and position are in the caches.
Result<std::vector<int64_t>> angleRows(const KernelContext& context, const RotaryInputs& inputs,
                                       const RotaryShape& shape, const Dims& cache)
{
    const int64_t count = shape.batch * shape.length;
    std::vector<int64_t> rows(static_cast<size_t>(count));
    const Dims expected{shape.batch, shape.length, shape.rotated / 2};
    if (!context.hasInput(inputs.positions)) {
        if (cache != expected)
            return shapeError("cos_cache: expected " + toString(expected) + " without position_ids, found " +
                              toString(cache));
        std::iota(rows.begin(), rows.end(), 0);
        return rows;
    }
    if (cache.size() != 2 || cache[1] != shape.rotated / 2)
        return shapeError("cos_cache: expected positions × " + std::to_string(shape.rotated / 2) +
                          ", found " + toString(cache));
    const Tensor& positions = context.tensor(inputs.positions);
    TRY_ASSIGN(const Ints ids, toInt64s(positions));
    const bool isStart = ids.size() == 1 && count != 1; // com.microsoft: of the first position
    if (!isStart && positions.dims() != Dims{shape.batch, shape.length})
        return shapeError("position_ids: expected " + toString(Dims{shape.batch, shape.length}) + ", found " +
                          toString(positions.dims()));
    for (size_t i = 0; i < rows.size(); ++i) {
        const int64_t id = isStart ? ids[0] : ids[i];
        const int64_t behind = isStart ? static_cast<int64_t>(i) % shape.length : 0;
        if (id < 0 || id >= cache[0] - behind)
            return shapeError("position_ids: " + std::to_string(id) + " is outside of the " +
                              std::to_string(cache[0]) + " positions of the caches");
        rows[i] = id + behind;
    }
    return rows;
}

template <typename T>
Status runRotary(const Node& node, const RotaryInputs& inputs, KernelContext& context)
{
    TRY(requireTensors(context, {0, inputs.cos, inputs.sin}, typeOf<T>()));
    const Tensor& x = context.tensor(0);
    const Tensor& cos = context.tensor(inputs.cos);
    const Tensor& sin = context.tensor(inputs.sin);
    if (cos.dims() != sin.dims() || cos.rank() == 0)
        return shapeError("cos_cache and sin_cache: expected the same shape, found " + toString(cos.dims()) +
                          " and " + toString(sin.dims()));
    TRY_ASSIGN(const RotaryShape shape, rotaryShape(node, x.dims(), cos.dims()));
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
    if (x.count() == 0)
        return {};
    Rotation<T> rotation{
        cos.data<T>(), sin.data<T>(), shape.rotated / 2, node.intAttribute("interleaved", 0) != 0, {}};
    TRY_ASSIGN(rotation.rows, angleRows(context, inputs, shape, cos.dims()));
    const auto layout = shape.packed ? headsLast<T> : headsFirst<T>;
    const auto constLayout = shape.packed ? headsLast<const T> : headsFirst<const T>;
    rotateHeads(constLayout(x.data<T>(), shape.heads, shape.length, shape.size),
                layout(y->template mutableData<T>(), shape.heads, shape.length, shape.size), shape.batch,
                shape.heads, shape.length, shape.size, rotation);
    return {};
}

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    const Node& node = *request.node;
    if (node.intAttribute("is_packed_batching", 0) != 0)
        return makeError(ErrorCode::UnsupportedOp, "does not take packed batches");
    const bool standard = domainName(node.domain) == domainName("");
    const RotaryInputs inputs = standard ? RotaryInputs{3, 1, 2} : RotaryInputs{1, 2, 3};
    return plainKernel([node, inputs](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runRotary<T>(node, inputs, context); });
    });
}

} // namespace

Result<std::unique_ptr<Kernel>> createRotaryEmbedding(const KernelRequest& request)
{
    return createForFloats(request, createForRequest);
}

} // namespace lapidary

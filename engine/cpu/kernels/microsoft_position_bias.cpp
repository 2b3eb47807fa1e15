// SPDX-License-Identifier: GPL-3.0-or-later
// RelativePositionBias (as in T5) and GatedRelativePositionBias (as in WavLM) of com.microsoft.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

struct Buckets {
    int64_t count = 0;
    int64_t maxDistance = 0;
    bool bidirectional = false;

    // distance: key position - query position. Near ones have a bucket each, far ones share them by
    // the logarithm of the distance.
    int64_t of(int64_t distance) const
    {
        int64_t number = count;
        int64_t first = 0;
        if (bidirectional) {
            number /= 2;
            first = distance > 0 ? number : 0;
            distance = std::abs(distance);
        } else {
            distance = distance < 0 ? -distance : 0;
        }
        const int64_t exact = number / 2;
        if (distance < exact)
            return first + distance;
        const double position = std::log(static_cast<double>(distance) / static_cast<double>(exact)) /
                                std::log(static_cast<double>(maxDistance) / static_cast<double>(exact)) *
                                static_cast<double>(number - exact);
        return first + std::min(number - 1, exact + static_cast<int64_t>(position));
    }
};

Status runBias(Buckets buckets, KernelContext& context)
{
    TRY(requireTensors(context, {0}, DataType::Float));
    const Tensor& table = context.tensor(0);
    TRY_ASSIGN(const int64_t queries, integerInput(context, 1));
    TRY_ASSIGN(const int64_t keys, integerInput(context, 2));
    if (table.rank() != 2)
        return shapeError("bias_table: expected rank 2, found " + toString(table.dims()));
    buckets.count = table.dims()[0];
    const int64_t heads = table.dims()[1];
    const int64_t exact = buckets.count / (buckets.bidirectional ? 4 : 2);
    if (exact < 1 || buckets.maxDistance <= exact)
        return shapeError("expected a max_distance of more than " + std::to_string(exact) + " and at least " +
                          (buckets.bidirectional ? "4" : "2") + " buckets, found " +
                          std::to_string(buckets.maxDistance) + " and " + std::to_string(buckets.count));
    TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, {1, heads, queries, keys}));
    if (y->count() == 0)
        return {};
    parallelFor(queries, 1 + (1 << 12) / (heads * keys), [&](int64_t begin, int64_t end) {
        for (int64_t query = begin; query < end && !context.stopRequested(); ++query) {
            for (int64_t key = 0; key < keys; ++key) {
                const float* row = table.data<float>() + buckets.of(key - query) * heads;
                for (int64_t head = 0; head < heads; ++head)
                    y->mutableData<float>()[(head * queries + query) * keys + key] = row[head];
            }
        }
    });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

struct GateShape {
    int64_t batch = 0;
    int64_t length = 0;
    int64_t heads = 0;
    int64_t size = 0;
    int64_t width = 0; // columns of the gate's weight
};

Result<GateShape> gateShape(int64_t heads, const KernelContext& context)
{
    TRY(requireTensors(context, {0, 1, 2, 3, 4, 5}, DataType::Float));
    const Dims& query = context.tensor(0).dims();
    if (query.size() != 3 || query[2] % heads != 0)
        return shapeError("query_layer: expected rank 3 with " + std::to_string(heads) + " heads, found " +
                          toString(query));
    GateShape shape{query[0], query[1], heads, query[2] / heads, 0};
    const Dims& weight = context.tensor(3).dims();
    if (weight.size() != 2 || weight[0] != shape.size || weight[1] % 2 != 0)
        return shapeError("weight: expected " + std::to_string(shape.size) +
                          " rows and an even number of columns, found " + toString(weight));
    shape.width = weight[1];
    const Dims expected[] = {
        {query[2]}, {1, heads, shape.length, shape.length}, weight, {shape.width}, {1, heads, 1, 1}};
    for (size_t input = 1; input < 6; ++input) {
        if (context.tensor(input).dims() != expected[input - 1])
            return shapeError("input " + std::to_string(input) + ": expected " +
                              toString(expected[input - 1]) + ", found " +
                              toString(context.tensor(input).dims()));
    }
    return shape;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// What the relative positions of one query of one head are multiplied with.
double gateOf(const KernelContext& context, const GateShape& shape, int64_t batch, int64_t head, int64_t row)
{
    const int64_t offset = head * shape.size;
    const float* query =
        context.tensor(0).data<float>() + (batch * shape.length + row) * shape.heads * shape.size + offset;
    const float* bias = context.tensor(1).data<float>() + offset;
    double halves[2] = {0, 0};
    for (int64_t column = 0; column < shape.width; ++column) {
        double sum = static_cast<double>(context.tensor(4).data<float>()[column]);
        for (int64_t i = 0; i < shape.size; ++i)
            sum += static_cast<double>(query[i] + bias[i]) *
                   static_cast<double>(context.tensor(3).data<float>()[i * shape.width + column]);
        halves[column < shape.width / 2 ? 0 : 1] += sum;
    }
    const auto eco = static_cast<double>(context.tensor(5).data<float>()[head]);
    return sigmoid(halves[0]) * (sigmoid(halves[1]) * eco - 1) + 2;
}

Status runGated(int64_t heads, KernelContext& context)
{
    if (context.hasInput(6))
        return makeError(ErrorCode::UnsupportedOp, "does not take packed tokens");
    TRY_ASSIGN(const GateShape shape, gateShape(heads, context));
    TRY_ASSIGN(Tensor * y,
               context.allocate(0, DataType::Float, {shape.batch, heads, shape.length, shape.length}));
    if (y->count() == 0)
        return {};
    parallelFor(shape.batch * heads * shape.length, 16, [&](int64_t begin, int64_t end) {
        for (int64_t item = begin; item < end && !context.stopRequested(); ++item) {
            const int64_t row = item % shape.length;
            const int64_t head = item / shape.length % heads;
            const auto gate =
                static_cast<float>(gateOf(context, shape, item / shape.length / heads, head, row));
            const float* positions =
                context.tensor(2).data<float>() + (head * shape.length + row) * shape.length;
            for (int64_t i = 0; i < shape.length; ++i)
                y->mutableData<float>()[item * shape.length + i] = gate * positions[i];
        }
    });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

Result<std::unique_ptr<Kernel>> createBiasOfFloats(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    const Node& node = *request.node;
    const Buckets buckets{0, node.intAttribute("max_distance", 0),
                          node.intAttribute("is_bidirectional", 0) != 0};
    return plainKernel([buckets](KernelContext& context) { return runBias(buckets, context); });
}

Result<std::unique_ptr<Kernel>> createGatedOfFloats(const KernelRequest& request)
{
    TRY(acceptTypes(TypeList<float>(), request));
    const int64_t heads = request.node->intAttribute("num_heads", 0);
    if (heads < 1)
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'num_heads' must be 1 or more, found " + std::to_string(heads));
    return plainKernel([heads](KernelContext& context) { return runGated(heads, context); });
}

} // namespace

Result<std::unique_ptr<Kernel>> createRelativePositionBias(const KernelRequest& request)
{
    return createForFloats(request, createBiasOfFloats);
}

Result<std::unique_ptr<Kernel>> createGatedRelativePositionBias(const KernelRequest& request)
{
    return createForFloats(request, createGatedOfFloats);
}

} // namespace lapidary

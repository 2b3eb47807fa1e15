// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/ops/axis.h"

#include <cmath>

namespace lapidary {

namespace {

enum class SoftmaxOperation { Softmax, LogSoftmax, Hardmax };

struct SoftmaxAttributes {
    SoftmaxOperation operation = SoftmaxOperation::Softmax;
    int64_t axis = -1;
    bool flattens = false; // before opset 13 all axes from axis on are one
};

// The input seen as [outer, length, inner]; the operation runs along length.
struct SoftmaxShape {
    int64_t outer = 1;
    int64_t length = 1;
    int64_t inner = 1;
};

SoftmaxAttributes readAttributes(const KernelRequest& request)
{
    const Node& node = *request.node;
    SoftmaxAttributes attributes;
    attributes.operation = node.opType == "Softmax"      ? SoftmaxOperation::Softmax
                           : node.opType == "LogSoftmax" ? SoftmaxOperation::LogSoftmax
                                                         : SoftmaxOperation::Hardmax;
    attributes.flattens = request.opsetVersion < 13;
    attributes.axis = node.intAttribute("axis", attributes.flattens ? 1 : -1);
    return attributes;
}

Result<SoftmaxShape> softmaxShape(const SoftmaxAttributes& attributes, const Dims& dims)
{
    const auto rank = static_cast<int64_t>(dims.size());
    int64_t axis = rank;
    if (!attributes.flattens || (rank > 0 && attributes.axis != rank)) {
        TRY_ASSIGN(axis, normalizeAxis(attributes.axis, rank));
    }
    SoftmaxShape shape;
    for (int64_t i = 0; i < rank; ++i) {
        const int64_t size = dims[static_cast<size_t>(i)];
        if (i < axis)
            shape.outer *= size;
        else if (i == axis || attributes.flattens)
            shape.length *= size;
        else
            shape.inner *= size;
    }
    return shape;
}

// Columns done together: their running maxima and sums stay in registers and first-level cache.
constexpr int64_t columnBlock = 64;

// The operation along length for up to columnBlock neighbouring columns; step: elements from one row
// to the next. Sums are in double: thousands of small terms lose no digits.
template <typename T>
void softmaxColumns(SoftmaxOperation operation, const T* x, T* y, int64_t length, int64_t step,
                    int64_t columns)
{
    T largest[columnBlock];
    double sum[columnBlock] = {};
    std::copy_n(x, columns, largest);
    for (int64_t i = 1; i < length; ++i) {
        for (int64_t c = 0; c < columns; ++c)
            largest[c] = std::max(largest[c], x[i * step + c]);
    }
    for (int64_t i = 0; i < length; ++i) {
        for (int64_t c = 0; c < columns; ++c) {
            const T power = std::exp(x[i * step + c] - largest[c]);
            sum[c] += static_cast<double>(power);
            y[i * step + c] = power;
        }
    }
    for (int64_t c = 0; c < columns; ++c)
        sum[c] = operation == SoftmaxOperation::Softmax ? 1 / sum[c] : std::log(sum[c]);
    for (int64_t i = 0; i < length; ++i) {
        for (int64_t c = 0; c < columns; ++c) {
            T& out = y[i * step + c];
            out = operation == SoftmaxOperation::Softmax
                      ? static_cast<T>(static_cast<double>(out) * sum[c])
                      : static_cast<T>(static_cast<double>(x[i * step + c] - largest[c]) - sum[c]);
        }
    }
}

template <typename T>
void hardmaxColumns(const T* x, T* y, int64_t length, int64_t step, int64_t columns)
{
    for (int64_t c = 0; c < columns; ++c) {
        int64_t best = 0;
        for (int64_t i = 1; i < length; ++i) {
            if (x[i * step + c] > x[best * step + c])
                best = i;
        }
        for (int64_t i = 0; i < length; ++i)
            y[i * step + c] = i == best ? T{1} : T{0};
    }
}

template <typename T>
class PlainSoftmax final : public Kernel {
public:
    explicit PlainSoftmax(SoftmaxAttributes attributes) : m_attributes(attributes) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const SoftmaxShape shape, softmaxShape(m_attributes, x.dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
        if (y->count() == 0)
            return {};
        const int64_t blocks = (shape.inner + columnBlock - 1) / columnBlock;
        const int64_t blockWork = shape.length * std::min(columnBlock, shape.inner);
        T* out = y->template mutableData<T>();
        parallelFor(shape.outer * blocks, 1 + (1 << 12) / blockWork, [&](int64_t begin, int64_t end) {
            const FlushDenormals flush;
            for (int64_t i = begin; i < end && !context.stopRequested(); ++i) {
                const int64_t column = i % blocks * columnBlock;
                const int64_t offset = i / blocks * shape.length * shape.inner + column;
                const int64_t columns = std::min(columnBlock, shape.inner - column);
                if (m_attributes.operation == SoftmaxOperation::Hardmax)
                    hardmaxColumns(x.data<T>() + offset, out + offset, shape.length, shape.inner, columns);
                else
                    softmaxColumns(m_attributes.operation, x.data<T>() + offset, out + offset, shape.length,
                                   shape.inner, columns);
            }
        });
        if (context.stopRequested())
            return cancelled();
        return {};
    }

private:
    const SoftmaxAttributes m_attributes;
};

Result<std::unique_ptr<Kernel>> createPlain(const KernelRequest& request)
{
    const SoftmaxAttributes attributes = readAttributes(request);
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<PlainSoftmax<float>>(attributes)};
    case DataType::Double: return {std::make_unique<PlainSoftmax<double>>(attributes)};
    default: return refuseType(request);
    }
}

struct Plan {
    SoftmaxShape shape;
    dnnl::memory::desc rows;
    dnnl::memory::desc scratchpad;
    dnnl::primitive primitive;
    onednn::Arguments arguments; // source, destination, scratchpad
    std::string implementation;
    bool usesLibrary = false;
};

// Rows of neighbouring elements go to the library, whose exp is vectorised; all else stays plain.
class OneDnnSoftmax final : public Kernel {
public:
    OneDnnSoftmax(SoftmaxAttributes attributes, std::unique_ptr<Kernel> plain)
        : m_attributes(attributes), m_plain(std::move(plain))
    {
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, DataType::Float));
        const Tensor& x = context.tensor(0);
        Plan* plan = m_plans.find(x.dims());
        if (!plan) {
            TRY_ASSIGN(Plan prepared, prepare(x));
            plan = m_plans.add(x.dims(), std::move(prepared));
        }
        if (!plan->usesLibrary) {
            m_implementation = m_plain->implementation();
            return m_plain->run(context);
        }
        TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, DataType::Float, x.dims()));
        if (m_implementation != plan->implementation)
            m_implementation = plan->implementation;
        const FlushDenormals flush;
        return onednn::guarded([&] {
            plan->arguments.point(0, x.bytes());
            plan->arguments.point(1, y->mutableBytes());
            plan->arguments.point(2, onednn::scratchpadData(plan->scratchpad));
            plan->arguments.execute(plan->primitive);
        });
    }

private:
    Result<Plan> prepare(const Tensor& x) const
    {
        Plan plan;
        TRY_ASSIGN(plan.shape, softmaxShape(m_attributes, x.dims()));
        if (x.count() == 0 || plan.shape.inner != 1)
            return plan;
        const Status prepared = onednn::guarded([&] {
            plan.rows = onednn::rowMajor({plan.shape.outer, plan.shape.length});
            const auto operation = onednn::softmax(plan.rows, 1);
            const std::string implementation = operation.impl_info_str();
            if (implementation.starts_with("ref"))
                return;
            plan.implementation = "oneDNN " + implementation;
            plan.scratchpad = operation.scratchpad_desc();
            plan.arguments.add(DNNL_ARG_SRC, plan.rows);
            plan.arguments.add(DNNL_ARG_DST, plan.rows);
            plan.arguments.add(DNNL_ARG_SCRATCHPAD, plan.scratchpad);
            plan.primitive = onednn::Softmax(operation);
            plan.usesLibrary = true;
        });
        if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
            return prepared.error();
        return plan;
    }

    const SoftmaxAttributes m_attributes;
    std::unique_ptr<Kernel> m_plain;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN";
};

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    TRY_ASSIGN(std::unique_ptr<Kernel> plain, createPlain(request));
    return {std::make_unique<OneDnnSoftmax>(readAttributes(request), std::move(plain))};
}

constexpr KernelRow rows[] = {
    {"", "Softmax", 1, newestOpset, "oneDNN", forFloats<createOneDnn>},
    {"", "Softmax", 1, newestOpset, "plain", forFloats<createPlain>},
    // The library's logarithm is off by 2e-6, which makes probabilities above 1: plain C++ only.
    {"", "LogSoftmax", 1, newestOpset, "plain", forFloats<createPlain>},
    {"", "Hardmax", 1, newestOpset, "plain", forFloats<createPlain>},
};

} // namespace

std::span<const KernelRow> softmaxKernels() { return rows; }

} // namespace lapidary

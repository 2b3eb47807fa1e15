// SPDX-License-Identifier: GPL-3.0-or-later
// LayerNormalization, RMSNormalization and SimplifiedLayerNormalization (RMSNormalization as ONNX Runtime
// named it before, with an output for the factors): rows of neighbouring elements, each with one scale (and
// bias) for every element of the row.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/normalization.h"
#include "engine/cpu/kernels/row_statistics.h"
#include "engine/cpu/parallel.h"
#include "engine/ops/axis.h"
#include "engine/ops/broadcast.h"

#include <cmath>

namespace lapidary {

namespace {

// Scale or bias laid out like the rows they apply to: the same for all rows, or one for each.
template <typename T>
struct RowParameters {
    std::vector<T> copy;       // when the tensor had to be stretched
    const T* values = nullptr; // null: absent
    int64_t rowStep = 0;

    const T* row(int64_t index) const { return values ? values + index * rowStep : nullptr; }
};

template <typename T>
std::vector<T> stretched(const Tensor& tensor, const Dims& target)
{
    std::vector<T> result(static_cast<size_t>(elementCount(target).value_or(0)));
    const size_t offset = target.size() - tensor.dims().size();
    Dims steps(target.size(), 0);
    int64_t step = 1;
    for (size_t i = tensor.dims().size(); i-- > 0;) {
        steps[offset + i] = tensor.dims()[i] == 1 ? 0 : step;
        step *= tensor.dims()[i];
    }
    Dims at(target.size(), 0);
    int64_t from = 0;
    for (T& value : result) {
        value = tensor.data<T>()[from];
        for (size_t i = target.size(); i-- > 0;) {
            from += steps[i];
            if (++at[i] < target[i])
                break;
            from -= steps[i] * at[i];
            at[i] = 0;
        }
    }
    return result;
}

template <typename T>
Result<RowParameters<T>> rowParameters(const Tensor& tensor, const Dims& x, int64_t axis,
                                       std::string_view name)
{
    const Dims normalized(x.begin() + axis, x.end());
    RowParameters<T> parameters;
    if (tensor.dims() == normalized) {
        parameters.values = tensor.data<T>();
        return parameters;
    }
    const bool sameForAllRows = stretchesTo(tensor.dims(), normalized);
    if (!sameForAllRows && !stretchesTo(tensor.dims(), x))
        return makeError(ErrorCode::ShapeMismatch,
                         std::string(name) + ": expected a shape that stretches to " + toString(normalized) +
                             ", found " + toString(tensor.dims()));
    parameters.copy = stretched<T>(tensor, sameForAllRows ? normalized : x);
    parameters.values = parameters.copy.data();
    parameters.rowStep = sameForAllRows ? 0 : elementCount(normalized).value_or(0);
    return parameters;
}

template <typename T>
void normalizeRow(const T* x, T* y, int64_t length, T mean, T factor, const T* scale, const T* bias)
{
    if (bias) {
        for (int64_t i = 0; i < length; ++i)
            y[i] = (x[i] - mean) * factor * scale[i] + bias[i];
    } else {
        for (int64_t i = 0; i < length; ++i)
            y[i] = (x[i] - mean) * factor * scale[i];
    }
}

template <typename T>
class RowNormalization final : public Kernel {
public:
    explicit RowNormalization(const Node& node)
        : m_axis(node.intAttribute("axis", -1)),
          m_epsilon(static_cast<double>(node.floatAttribute("epsilon", 1e-5f))),
          m_centers(node.opType == "LayerNormalization")
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1}, typeOf<T>()));
        const bool hasBias = m_centers && context.hasInput(2);
        if (hasBias)
            TRY(requireTensors(context, {2}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const int64_t axis, normalizeAxis(m_axis, x.rank()));
        TRY_ASSIGN(const RowParameters<T> scale,
                   rowParameters<T>(context.tensor(1), x.dims(), axis, "scale"));
        RowParameters<T> bias;
        if (hasBias) {
            TRY_ASSIGN(bias, rowParameters<T>(context.tensor(2), x.dims(), axis, "bias"));
        }
        Dims statisticsDims = x.dims();
        std::fill(statisticsDims.begin() + axis, statisticsDims.end(), 1);
        const int64_t rows = elementCount(statisticsDims).value_or(0);
        const int64_t length = rows > 0 ? x.count() / rows : 0;
        TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, typeOf<T>(), x.dims()));
        TRY_ASSIGN(float* factors, statisticsOutput(context, m_centers ? 2 : 1, statisticsDims));
        float* means = nullptr;
        if (m_centers) {
            TRY_ASSIGN(means, statisticsOutput(context, 1, statisticsDims));
        }
        if (x.count() == 0)
            return {};
        return stoppableFor(context.job(), rows, 1 + (1 << 13) / length, [&](int64_t row) {
            const T* from = x.data<T>() + row * length;
            const double mean = m_centers ? meanOf(from, length) : 0;
            const double factor = 1 / std::sqrt(meanSquare(from, length, mean) + m_epsilon);
            normalizeRow(from, y->template mutableData<T>() + row * length, length, static_cast<T>(mean),
                         static_cast<T>(factor), scale.row(row), bias.row(row));
            if (means)
                means[row] = static_cast<float>(mean);
            if (factors)
                factors[row] = static_cast<float>(factor);
        });
    }

private:
    // Null when the node does not have the output. Float32 also for double: their type allows no other.
    static Result<float*> statisticsOutput(KernelContext& context, size_t index, const Dims& dims)
    {
        if (index >= context.outputCount())
            return static_cast<float*>(nullptr);
        TRY_ASSIGN(Tensor * tensor, context.allocate(index, DataType::Float, dims));
        return tensor->template mutableData<float>();
    }

    const int64_t m_axis;
    const double m_epsilon;
    const bool m_centers; // RMSNormalization does not subtract the mean
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<RowNormalization<float>>(*request.node)};
    case DataType::Double: return {std::make_unique<RowNormalization<double>>(*request.node)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createLayerNormalization(const KernelRequest& request)
{
    // stash_type 1, the default: Mean and InvStdDev stay float32.
    const bool keepsFloat = request.node->intAttribute("stash_type", 1) == 1;
    const int statistics = keepsFloat ? keepFloat : 0;
    return createForFloats(request, createForRequest, {0, statistics, statistics});
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// InstanceNormalization and GroupNormalization: groups of neighbouring channels with common
// statistics; scale and bias for each channel (GroupNormalization-18: for each group).
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/normalization.h"
#include "engine/cpu/kernels/row_statistics.h"
#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

struct GroupShape {
    int64_t rows = 0; // batch * groups
    int64_t groups = 0;
    int64_t channelsPerGroup = 0;
    int64_t channelLength = 1; // elements of one channel of one sample
};

template <typename T>
class GroupNormalization final : public Kernel {
public:
    explicit GroupNormalization(const KernelRequest& request)
        : m_epsilon(static_cast<double>(request.node->floatAttribute("epsilon", 1e-5f))),
          m_isInstance(request.node->opType == "InstanceNormalization"),
          m_groups(request.node->intAttribute("num_groups", 0)),
          m_scalePerGroup(!m_isInstance && request.opsetVersion < 21)
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0, 1, 2}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const GroupShape shape, groupShape(x.dims()));
        TRY(checkParameters(context, shape));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
        if (x.count() == 0)
            return {};
        const T* scale = context.tensor(1).data<T>();
        const T* bias = context.tensor(2).data<T>();
        const int64_t rowLength = shape.channelsPerGroup * shape.channelLength;
        return stoppableFor(context.job(), shape.rows, 1 + (1 << 13) / rowLength, [&](int64_t row) {
            const T* from = x.data<T>() + row * rowLength;
            T* to = y->template mutableData<T>() + row * rowLength;
            const double mean = meanOf(from, rowLength);
            const double factor = 1 / std::sqrt(meanSquare(from, rowLength, mean) + m_epsilon);
            const int64_t group = row % shape.groups;
            for (int64_t c = 0; c < shape.channelsPerGroup; ++c) {
                const int64_t parameter = m_scalePerGroup ? group : group * shape.channelsPerGroup + c;
                const T slope = static_cast<T>(factor * static_cast<double>(scale[parameter]));
                const T center = static_cast<T>(mean);
                for (int64_t i = c * shape.channelLength; i < (c + 1) * shape.channelLength; ++i)
                    to[i] = (from[i] - center) * slope + bias[parameter];
            }
        });
    }

private:
    Result<GroupShape> groupShape(const Dims& x) const
    {
        if (x.size() < 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected an input of rank 2 or more, found " + toString(x));
        GroupShape shape;
        shape.groups = m_isInstance ? x[1] : m_groups;
        if (!m_isInstance && (m_groups < 1 || x[1] % m_groups != 0))
            return makeError(ErrorCode::ShapeMismatch, "attribute 'num_groups': " + std::to_string(m_groups) +
                                                           " does not divide the " + std::to_string(x[1]) +
                                                           " channels");
        shape.channelsPerGroup = m_isInstance ? 1 : x[1] / m_groups;
        for (size_t i = 2; i < x.size(); ++i)
            shape.channelLength *= x[i];
        shape.rows = shape.channelsPerGroup > 0 ? x[0] * shape.groups : 0;
        return shape;
    }

    Status checkParameters(const KernelContext& context, const GroupShape& shape) const
    {
        const Dims expected{m_scalePerGroup ? shape.groups : shape.groups * shape.channelsPerGroup};
        for (const size_t index : {1, 2}) {
            if (context.tensor(index).dims() != expected)
                return makeError(ErrorCode::ShapeMismatch, std::string(index == 1 ? "scale" : "bias") +
                                                               ": expected " + toString(expected) +
                                                               ", found " +
                                                               toString(context.tensor(index).dims()));
        }
        return {};
    }

    const double m_epsilon;
    const bool m_isInstance;
    const int64_t m_groups;
    const bool m_scalePerGroup;
};

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<GroupNormalization<float>>(request)};
    case DataType::Double: return {std::make_unique<GroupNormalization<double>>(request)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createGroupNormalization(const KernelRequest& request)
{
    return createForFloats(request, createForRequest);
}

} // namespace lapidary

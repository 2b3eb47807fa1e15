// SPDX-License-Identifier: GPL-3.0-or-later
// MeanVarianceNormalization (any set of axes) and LpNormalization (one axis).
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/normalization.h"
#include "engine/ops/axis.h"

#include <cmath>

namespace lapidary {

namespace {

// The group of each element: elements that differ only along the chosen axes share one.
class Groups {
public:
    Groups(const Dims& dims, const std::vector<bool>& chosen) : m_dims(dims), m_steps(dims.size(), 0)
    {
        for (size_t i = dims.size(); i-- > 0;) {
            if (!chosen[i]) {
                m_steps[i] = m_count;
                m_count *= dims[i];
            }
        }
    }

    int64_t count() const { return m_count; }

    // Calls visit(element, group) for all elements in order, until visit returns false.
    template <typename Visit>
    void forEach(int64_t elements, const Visit& visit) const
    {
        Dims at(m_dims.size(), 0);
        int64_t group = 0;
        for (int64_t element = 0; element < elements; ++element) {
            if (!visit(element, static_cast<size_t>(group)))
                return;
            for (size_t i = m_dims.size(); i-- > 0;) {
                group += m_steps[i];
                if (++at[i] < m_dims[i])
                    break;
                group -= m_steps[i] * at[i];
                at[i] = 0;
            }
        }
    }

private:
    Dims m_dims;
    Dims m_steps;
    int64_t m_count = 1;
};

// Stops the walk over the elements when the user asks; looks every 64 Ki elements.
class StopCheck {
public:
    explicit StopCheck(const KernelContext& context) : m_context(context) {}
    bool goOn(int64_t element)
    {
        if ((element & 0xffff) == 0xffff && m_context.stopRequested())
            m_stopped = true;
        return !m_stopped;
    }
    Status status() const
    {
        if (m_stopped)
            return cancelled();
        return {};
    }

private:
    const KernelContext& m_context;
    bool m_stopped = false;
};

template <typename T>
class MeanVarianceNormalization final : public Kernel {
public:
    explicit MeanVarianceNormalization(const Node& node) : m_axes(node.intsAttribute("axes", {0, 2, 3})) {}
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const std::vector<bool> mask, axisMask(m_axes, x.rank()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
        if (x.count() == 0)
            return {};
        const Groups groups(x.dims(), mask);
        const auto perGroup = static_cast<double>(x.count() / groups.count());
        std::vector<double> mean(static_cast<size_t>(groups.count()));
        std::vector<double> deviation(mean.size());
        const T* from = x.data<T>();
        T* to = y->template mutableData<T>();
        StopCheck stop(context);
        groups.forEach(x.count(), [&](int64_t i, size_t group) {
            mean[group] += static_cast<double>(from[i]);
            return stop.goOn(i);
        });
        for (double& value : mean)
            value /= perGroup;
        groups.forEach(x.count(), [&](int64_t i, size_t group) {
            const double distance = static_cast<double>(from[i]) - mean[group];
            deviation[group] += distance * distance;
            return stop.goOn(i);
        });
        for (double& value : deviation)
            value = std::sqrt(value / perGroup) + 1e-9; // the epsilon of ONNX's function body
        groups.forEach(x.count(), [&](int64_t i, size_t group) {
            to[i] = static_cast<T>((static_cast<double>(from[i]) - mean[group]) / deviation[group]);
            return stop.goOn(i);
        });
        return stop.status();
    }

private:
    const std::vector<int64_t> m_axes;
};

template <typename T>
class LpNormalization final : public Kernel {
public:
    explicit LpNormalization(const Node& node)
        : m_axis(node.intAttribute("axis", -1)), m_p(node.intAttribute("p", 2))
    {
    }
    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {0}, typeOf<T>()));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const std::vector<bool> mask, axisMask({m_axis}, x.rank()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), x.dims()));
        if (x.count() == 0)
            return {};
        const Groups groups(x.dims(), mask);
        std::vector<double> norm(static_cast<size_t>(groups.count()));
        const T* from = x.data<T>();
        T* to = y->template mutableData<T>();
        StopCheck stop(context);
        groups.forEach(x.count(), [&](int64_t i, size_t group) {
            const auto value = static_cast<double>(from[i]);
            norm[group] += m_p == 1 ? std::abs(value) : value * value;
            return stop.goOn(i);
        });
        for (double& value : norm)
            value = m_p == 1 ? value : std::sqrt(value);
        groups.forEach(x.count(), [&](int64_t i, size_t group) { // a norm of 0 gives 0, as version 22 says
            to[i] = norm[group] == 0 ? T{0} : static_cast<T>(static_cast<double>(from[i]) / norm[group]);
            return stop.goOn(i);
        });
        return stop.status();
    }

private:
    const int64_t m_axis;
    const int64_t m_p;
};

Result<std::unique_ptr<Kernel>> createMeanVariance(const KernelRequest& request)
{
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<MeanVarianceNormalization<float>>(*request.node)};
    case DataType::Double: return {std::make_unique<MeanVarianceNormalization<double>>(*request.node)};
    default: return refuseType(request);
    }
}

Result<std::unique_ptr<Kernel>> createLp(const KernelRequest& request)
{
    const int64_t p = request.node->intAttribute("p", 2);
    if (p != 1 && p != 2)
        return makeError(ErrorCode::InvalidModel,
                         "attribute 'p': expected 1 or 2, found " + std::to_string(p));
    switch (request.inputDataType(0)) {
    case DataType::Float: return {std::make_unique<LpNormalization<float>>(*request.node)};
    case DataType::Double: return {std::make_unique<LpNormalization<double>>(*request.node)};
    default: return refuseType(request);
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createMeanVarianceNormalization(const KernelRequest& request)
{
    return createForFloats(request, createMeanVariance);
}

Result<std::unique_ptr<Kernel>> createLpNormalization(const KernelRequest& request)
{
    return createForFloats(request, createLp);
}

} // namespace lapidary

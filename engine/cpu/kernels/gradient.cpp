// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/gradient.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/body.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/strided_copy.h"
#include "engine/cpu/type_dispatch.h"

#include <algorithm>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

class GradientKernel final : public Kernel {
public:
    GradientKernel(std::unique_ptr<const Graph> graph, std::unique_ptr<Body> body)
        : m_graph(std::move(graph)), m_body(std::move(body))
    {
    }

    std::string implementation() const override { return "chain rule"; }

    Status run(KernelContext& context) override
    {
        std::vector<Value> inputs;
        for (size_t i = 0; i < context.inputCount(); ++i)
            inputs.push_back(context.input(i));
        TRY_ASSIGN(std::vector<Value> outputs, m_body->run(inputs, {}, context.job()));
        return setOutputs(context, std::move(outputs));
    }

private:
    std::unique_ptr<const Graph> m_graph;
    std::unique_ptr<Body> m_body;
};

KernelResult createGradient(const KernelRequest& request)
{
    if (!request.bodies)
        return makeError(ErrorCode::UnsupportedOp, "Gradient can only run in a session");
    TRY_ASSIGN(Graph built, gradientGraph(*request.graph, *request.node));
    auto graph = std::make_unique<const Graph>(std::move(built));
    TRY_ASSIGN(auto body, request.bodies->compile(*graph, request.inputTypes));
    return std::unique_ptr<Kernel>(std::make_unique<GradientKernel>(std::move(graph), std::move(body)));
}

// The axis of `like` that each axis of g was broadcast from, or a sum when it has size 1 or is missing.
Status runSumTo(KernelContext& context)
{
    TRY(requireInputs(context, 2));
    const Tensor& g = context.tensor(0);
    const Dims& target = context.tensor(1).dims();
    const size_t missing = g.dims().size() - std::min(g.dims().size(), target.size());
    const std::vector<int64_t> strides = denseStrides(target);
    std::vector<int64_t> steps(g.dims().size(), 0);
    for (size_t i = missing; i < steps.size(); ++i) {
        const int64_t size = target[i - missing];
        if (size != 1 && size != g.dims()[i])
            return makeError(ErrorCode::ShapeMismatch, "a gradient of shape " + toString(g.dims()) +
                                                           " does not come from shape " + toString(target));
        steps[i] = size == 1 ? 0 : strides[i - missing];
    }
    if (target.size() > g.dims().size())
        return makeError(ErrorCode::ShapeMismatch, "a gradient of shape " + toString(g.dims()) +
                                                       " does not come from shape " + toString(target));
    TRY_ASSIGN(Tensor * sum, context.allocate(0, g.type(), target));
    return dispatch(FloatTypes(), g.type(), [&]<typename T>() -> Status {
        std::vector<double> total(static_cast<size_t>(sum->count()), 0.0);
        for (int64_t i = 0; i < g.count(); ++i) {
            int64_t rest = i;
            int64_t at = 0;
            for (size_t axis = steps.size(); axis-- > 0; rest /= g.dims()[axis])
                at += rest % g.dims()[axis] * steps[axis];
            total[static_cast<size_t>(at)] += static_cast<double>(g.data<T>()[i]);
        }
        std::transform(total.begin(), total.end(), sum->template mutableData<T>(),
                       [](double value) { return static_cast<T>(value); });
        return {};
    });
}

KernelResult createSumTo(const KernelRequest&) { return plainKernel(runSumTo); }

KernelResult createFillLike(const KernelRequest& request)
{
    const float value = request.node->floatAttribute("value", 0);
    const bool scalar = request.node->intAttribute("scalar", 0) != 0;
    return plainKernel([value, scalar](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& like = context.tensor(0);
        TRY_ASSIGN(Tensor * y, context.allocate(0, like.type(), scalar ? Dims() : like.dims()));
        return dispatch(FloatTypes(), like.type(), [&]<typename T>() {
            std::fill_n(y->template mutableData<T>(), y->count(), static_cast<T>(value));
            return Status();
        });
    });
}

} // namespace

std::span<const KernelRow> gradientKernels()
{
    static constexpr KernelRow rows[] = {
        {trainingDomain, "Gradient", 1, newestOpset, "chain rule", createGradient},
        {trainingDomain, "SumTo", 1, newestOpset, "plain", forFloats<createSumTo>},
        {trainingDomain, "FillLike", 1, newestOpset, "plain", forFloats<createFillLike>},
    };
    return rows;
}

} // namespace lapidary

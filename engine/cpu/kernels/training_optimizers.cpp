// SPDX-License-Identifier: GPL-3.0-or-later
// Adagrad, Adam and Momentum: one element in, one element out, computed in double.
#include "engine/cpu/elementwise.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

// One element: what is optimized, its gradient, and up to two numbers that stay between steps.
struct Element {
    double x = 0;
    double gradient = 0;
    double state[2] = {};
};

struct Step {
    double rate = 0;   // R
    double number = 0; // T: updates done so far
};

struct Adagrad {
    double decay;
    double epsilon;
    double norm;
    static constexpr size_t states = 1;

    explicit Adagrad(const Node& node)
        : decay(node.floatAttribute("decay_factor", 0)),
          epsilon(node.floatAttribute("epsilon", 1e-6f)),
          norm(node.floatAttribute("norm_coefficient", 0))
    {
    }
    void prepare(Step& step) const { step.rate /= 1 + step.number * decay; }
    void update(const Step& step, Element& element) const
    {
        const double gradient = norm * element.x + element.gradient;
        element.state[0] += gradient * gradient;
        element.x -= step.rate * gradient / (std::sqrt(element.state[0]) + epsilon);
    }
};

struct Adam {
    double alpha;
    double beta;
    double epsilon;
    double norm;
    double normPost;
    static constexpr size_t states = 2; // V, H

    explicit Adam(const Node& node)
        : alpha(node.floatAttribute("alpha", 0.9f)),
          beta(node.floatAttribute("beta", 0.999f)),
          epsilon(node.floatAttribute("epsilon", 1e-6f)),
          norm(node.floatAttribute("norm_coefficient", 0)),
          normPost(node.floatAttribute("norm_coefficient_post", 0))
    {
    }
    void prepare(Step& step) const
    {
        if (step.number > 0)
            step.rate *= std::sqrt(1 - std::pow(beta, step.number)) / (1 - std::pow(alpha, step.number));
    }
    void update(const Step& step, Element& element) const
    {
        const double gradient = norm * element.x + element.gradient;
        element.state[0] = alpha * element.state[0] + (1 - alpha) * gradient;
        element.state[1] = beta * element.state[1] + (1 - beta) * gradient * gradient;
        element.x -= step.rate * element.state[0] / (std::sqrt(element.state[1]) + epsilon);
        element.x *= 1 - normPost;
    }
};

struct Momentum {
    double alpha;
    double beta;
    double norm;
    bool nesterov;
    static constexpr size_t states = 1;

    explicit Momentum(const Node& node)
        : alpha(node.floatAttribute("alpha", 0)),
          beta(node.floatAttribute("beta", 0)),
          norm(node.floatAttribute("norm_coefficient", 0)),
          nesterov(node.stringAttribute("mode", "standard") == "nesterov")
    {
    }
    void prepare(Step&) const {}
    void update(const Step& step, Element& element) const
    {
        const double gradient = norm * element.x + element.gradient;
        element.state[0] = alpha * element.state[0] + (step.number > 0 ? beta : 1) * gradient;
        element.x -= step.rate * (nesterov ? gradient + alpha * element.state[0] : element.state[0]);
    }
};

// The tensor with number index of count optimized ones: inputs X, G, states; outputs X, states.
template <typename T, typename Optimizer>
Status updateTensor(KernelContext& context, const Optimizer& optimizer, const Step& step, size_t index,
                    size_t count)
{
    constexpr size_t states = Optimizer::states;
    const Tensor& x = context.tensor(2 + index);
    std::array<const T*, states + 2> from;
    std::array<T*, states + 1> to = {};
    for (size_t i = 0; i < from.size(); ++i) {
        const size_t input = 2 + i * count + index;
        TRY(requireTensors(context, {input}, x.type()));
        if (context.tensor(input).dims() != x.dims())
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(input) + ": expected " +
                                                           toString(x.dims()) + ", found " +
                                                           toString(context.tensor(input).dims()));
        from[i] = context.tensor(input).template data<T>();
    }
    for (size_t i = 0; i < to.size(); ++i) {
        if (i * count + index >= context.outputCount())
            continue;
        TRY_ASSIGN(Tensor * y, context.allocate(i * count + index, x.type(), x.dims()));
        to[i] = y->template mutableData<T>();
    }
    parallelFor(x.count(), cheapGrain / 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            Element element{static_cast<double>(from[0][i]), static_cast<double>(from[1][i])};
            for (size_t s = 0; s < states; ++s)
                element.state[s] = static_cast<double>(from[s + 2][i]);
            optimizer.update(step, element);
            if (to[0])
                to[0][i] = static_cast<T>(element.x);
            for (size_t s = 0; s < states; ++s) {
                if (to[s + 1])
                    to[s + 1][i] = static_cast<T>(element.state[s]);
            }
        }
    });
    return {};
}

template <typename Optimizer>
Status runOptimizer(KernelContext& context, const Optimizer& optimizer)
{
    constexpr size_t groups = Optimizer::states + 2;
    if (context.inputCount() < 2 || (context.inputCount() - 2) % groups != 0)
        return makeError(ErrorCode::ShapeMismatch, "expected R, T and a multiple of " +
                                                       std::to_string(groups) + " tensors, found " +
                                                       std::to_string(context.inputCount()) + " inputs");
    TRY(requireInputs(context, context.inputCount()));
    Step step;
    TRY_ASSIGN(step.rate, numberInput(context, 0));
    TRY_ASSIGN(const int64_t number, integerInput(context, 1));
    step.number = static_cast<double>(number);
    optimizer.prepare(step);
    const size_t count = (context.inputCount() - 2) / groups;
    for (size_t i = 0; i < count; ++i) {
        if (context.stopRequested())
            return cancelled();
        TRY(dispatch(FloatTypes(), context.tensor(2 + i).type(),
                     [&]<typename T>() { return updateTensor<T>(context, optimizer, step, i, count); }));
    }
    return {};
}

template <typename Optimizer>
Result<std::unique_ptr<Kernel>> create(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request, 2));
    const std::string mode = request.node->stringAttribute("mode", "standard");
    if (std::is_same_v<Optimizer, Momentum> && mode != "standard" && mode != "nesterov")
        return makeError(ErrorCode::InvalidArgument,
                         "attribute mode: expected standard or nesterov, found '" + mode + "'");
    return plainKernel([optimizer = Optimizer(*request.node)](KernelContext& context) {
        return runOptimizer(context, optimizer);
    });
}

constexpr KernelRow rows[] = {
    {"ai.onnx.preview.training", "Adagrad", 1, newestOpset, "plain", create<Adagrad>},
    {"ai.onnx.preview.training", "Adam", 1, newestOpset, "plain", create<Adam>},
    {"ai.onnx.preview.training", "Momentum", 1, newestOpset, "plain", create<Momentum>},
};

} // namespace

std::span<const KernelRow> trainingOptimizersKernels() { return rows; }

} // namespace lapidary

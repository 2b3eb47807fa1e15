// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded by the attribute "seed", or a number of the node, so a session gives the same results every time it
// is made; its runs go on in the sequence.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/random_numbers.h"
#include "engine/ops/infer.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

std::shared_ptr<RandomNumbers> seeded(const Node& node)
{
    // Without one, nodes differ from each other, but not from one time to the next.
    const auto ownNumber = static_cast<float>(node.outputs.empty() ? 1 : 1 + node.outputs[0]);
    return std::make_shared<RandomNumbers>(std::bit_cast<uint32_t>(node.floatAttribute("seed", ownNumber)));
}

// Output 0 of type and dims from draw(), which is called once for each element in order.
template <typename Draw>
Status fill(KernelContext& context, DataType type, const Dims& dims, const Draw& draw)
{
    TRY_ASSIGN(Tensor numbers, Tensor::allocate(DataType::Double, dims));
    double* values = numbers.mutableData<double>();
    for (int64_t i = 0; i < numbers.count(); ++i) {
        if (i % (1 << 20) == 0 && context.stopRequested())
            return cancelled();
        values[i] = draw();
    }
    TRY_ASSIGN(Tensor result, convertType(numbers, type));
    context.setOutput(0, std::move(result));
    return {};
}

using Sampler = std::function<double()>;

Sampler uniformSampler(const Node& node)
{
    const double low = node.floatAttribute("low", 0.0f);
    const double high = node.floatAttribute("high", 1.0f);
    return [numbers = seeded(node), low, high] { return low + (high - low) * numbers->uniform(); };
}

Sampler normalSampler(const Node& node)
{
    const double mean = node.floatAttribute("mean", 0.0f);
    const double scale = node.floatAttribute("scale", 1.0f);
    return [numbers = seeded(node), mean, scale] { return mean + scale * numbers->normal(); };
}

template <Sampler (*sampler)(const Node&)>
KernelResult createOfShape(const KernelRequest& request)
{
    const Node& node = *request.node;
    const DataType type = typeAttribute(node, "dtype", DataType::Float);
    return plainKernel([type, dims = node.intsAttribute("shape"), draw = sampler(node)](
                           KernelContext& context) { return fill(context, type, dims, draw); });
}

template <Sampler (*sampler)(const Node&)>
KernelResult createLike(const KernelRequest& request)
{
    const Node& node = *request.node;
    const DataType dtype = typeAttribute(node, "dtype");
    return plainKernel([dtype, draw = sampler(node)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& like = context.tensor(0);
        return fill(context, dtype == DataType::Undefined ? like.type() : dtype, like.dims(), draw);
    });
}

KernelResult createBernoulli(const KernelRequest& request)
{
    const DataType dtype = typeAttribute(*request.node, "dtype");
    return plainKernel([dtype, numbers = seeded(*request.node)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const Tensor probability, convertType(x, DataType::Double));
        const double* next = probability.data<double>();
        return fill(context, dtype == DataType::Undefined ? x.type() : dtype, x.dims(),
                    [&] { return numbers->uniform() < *next++ ? 1.0 : 0.0; });
    });
}

// Chances that add up, from logarithms that need not be normalised.
std::vector<double> cumulativeChances(const double* logits, int64_t classes)
{
    const double largest = *std::max_element(logits, logits + classes);
    std::vector<double> chances;
    double sum = 0;
    for (int64_t i = 0; i < classes; ++i)
        chances.push_back(sum += std::exp(logits[i] - largest));
    return chances;
}

KernelResult createMultinomial(const KernelRequest& request)
{
    const Node& node = *request.node;
    const DataType type = typeAttribute(node, "dtype", DataType::Int32);
    const int64_t samples = node.intAttribute("sample_size", 1);
    return plainKernel([type, samples, numbers = seeded(node)](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        if (x.rank() != 2 || x.dims()[1] == 0 || samples < 0)
            return makeError(ErrorCode::ShapeMismatch,
                             "Multinomial needs [batch, classes], found " + toString(x.dims()));
        TRY_ASSIGN(const Tensor logits, convertType(x, DataType::Double));
        std::vector<double> chances;
        int64_t drawn = 0;
        const int64_t classes = x.dims()[1];
        return fill(context, type, {x.dims()[0], samples}, [&]() -> double {
            if (drawn % samples == 0)
                chances = cumulativeChances(logits.data<double>() + drawn / samples * classes, classes);
            ++drawn;
            const double point = numbers->uniform() * chances.back();
            const auto found = std::upper_bound(chances.begin(), chances.end(), point) - chances.begin();
            return static_cast<double>(std::min<int64_t>(found, classes - 1));
        });
    });
}

constexpr KernelRow rows[] = {
    {"", "RandomUniform", 1, newestOpset, "plain", createOfShape<uniformSampler>},
    {"", "RandomNormal", 1, newestOpset, "plain", createOfShape<normalSampler>},
    {"", "RandomUniformLike", 1, newestOpset, "plain", createLike<uniformSampler>},
    {"", "RandomNormalLike", 1, newestOpset, "plain", createLike<normalSampler>},
    {"", "Bernoulli", 15, newestOpset, "plain", createBernoulli},
    {"", "Multinomial", 7, newestOpset, "plain", createMultinomial},
};

} // namespace

std::span<const KernelRow> randomKernels() { return rows; }

} // namespace lapidary

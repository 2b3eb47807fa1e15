// SPDX-License-Identifier: GPL-3.0-or-later
// QuantizedConv and QuantizedMatMul of rewrittenDomain (engine/ops/rewritten.cpp): bytes in and out, and all
// between inside oneDNN's convolution. A product of matrices is a convolution of one tap over its rows. What
// the library does not take runs step by step on dequantized values. The primitive's units: its factor of
// each channel brings the sum to where the next step wants it (quanta of the inner quantization, of the
// residual, or of y), so that few operations remain for the elements.
#include "engine/cpu/kernels/convolution_onednn.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/fused.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/quantized_inputs.h"
#include "engine/cpu/onednn_operand.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/shape_cache.h"
#include "engine/ops/fused_rules.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace lapidary {

namespace {

using onednn::Operand;
using onednn::Slot;
using onednn::Type;

enum Input : size_t { X = 0, Weights = 3, WeightScale = 4, Bias = 5, Y = 6, Residual = 8, Inner = 11 };

// What the node says, with its constants read.
struct Description {
    Quantization x;
    std::optional<Quantization> y; // nullopt: float32
    std::optional<Quantization> residual;
    std::optional<Quantization> inner;
    Tensor weights;            // int8
    std::vector<float> scales; // of each output channel
    std::vector<float> bias;   // the same
    std::vector<int64_t> sums; // of each output channel's weights
    std::string activation;
    float alpha = 0;
    float beta = 0;
};

// Errors: UnsupportedOp (something is not constant, or of another type).
Result<Description> describe(const KernelRequest& request)
{
    const auto refuse = [](std::string_view reason) {
        return makeError(ErrorCode::UnsupportedOp, std::string(reason));
    };
    Description result;
    TRY_ASSIGN(result.x, constantQuantization(request, X + 1));
    if (isConnected(request, Y)) {
        TRY_ASSIGN(result.y, constantQuantization(request, Y));
    }
    if (isConnected(request, Residual)) {
        TRY_ASSIGN(result.residual, constantQuantization(request, Residual + 1));
    }
    if (isConnected(request, Inner)) {
        TRY_ASSIGN(result.inner, constantQuantization(request, Inner));
    }
    result.weights = constantInput(request, Weights);
    const Tensor scales = constantInput(request, WeightScale);
    const Tensor bias = constantInput(request, Bias);
    if (result.weights.type() != DataType::Int8 || result.weights.rank() < 2 || result.weights.count() == 0)
        return refuse("the weights are not constant int8");
    const int64_t channels = result.weights.dims()[0];
    const bool fits =
        scales.type() == DataType::Float && (scales.count() == 1 || scales.count() == channels) &&
        (!isConnected(request, Bias) || (bias.type() == DataType::Float && bias.count() == channels));
    if (!fits)
        return refuse("scales or bias are not constant, or not one for each channel");
    const int64_t size = result.weights.count() / channels;
    for (int64_t channel = 0; channel < channels; ++channel) {
        const float scale = scales.data<float>()[scales.count() == 1 ? 0 : channel];
        if (!(scale > 0) || !std::isfinite(scale * result.x.scale))
            return refuse("a scale is not a positive number");
        result.scales.push_back(scale);
        result.bias.push_back(bias.empty() ? 0.0f : bias.data<float>()[channel]);
        const int8_t* codes = result.weights.data<int8_t>() + channel * size;
        int64_t sum = 0;
        for (int64_t i = 0; i < size; ++i)
            sum += codes[i];
        result.sums.push_back(sum);
    }
    result.activation = request.node->stringAttribute("activation", "");
    result.alpha = request.node->floatAttribute("activation_alpha", 0);
    result.beta = request.node->floatAttribute("activation_beta", 0);
    return result;
}

Type libraryType(DataType type)
{
    return type == DataType::Float ? Type::f32 : type == DataType::Int8 ? Type::s8 : Type::u8;
}

// What follows the sum: the value is in units of `unit`, shifted by `offset` of them.
class Finish {
public:
    Finish(const Description& description, const dnnl::memory::desc& residual, size_t rank)
        : steps(rank), m_d(description)
    {
        constexpr double infinity = std::numeric_limits<float>::max();
        float unit = m_d.inner ? m_d.inner->scale : m_d.residual ? m_d.residual->scale : directUnit();
        double offset = 0;
        firstUnit = unit;
        if (m_d.inner) {
            const CodeRange range = codeRange(m_d.inner->type);
            steps.round();
            steps.limit(static_cast<float>(range.low - m_d.inner->zeroPoint),
                        static_cast<float>(range.high - m_d.inner->zeroPoint));
        }
        if (m_d.residual) {
            move(unit, offset, m_d.residual->scale, 0);
            steps.addTensor(residual);
            offset += m_d.residual->zeroPoint;
        }
        // A zero point takes digits away and turns middles: it is added to whole numbers.
        if (!m_d.residual && !m_d.inner && isLimit() && m_d.y && m_d.y->zeroPoint != 0)
            steps.round();
        move(unit, offset, directUnit(), directOffset());
        if (isLimit()) {
            const bool clips = m_d.activation == "Clip";
            const auto limit = [&](float value) {
                const double moved = static_cast<double>(value) / static_cast<double>(unit) + offset;
                return static_cast<float>(std::clamp(moved, -infinity, infinity));
            };
            const float least = limit(clips ? m_d.alpha : 0);
            const float most = clips ? limit(m_d.beta) : static_cast<float>(infinity);
            // Codes stop at the ends of their type anyway.
            const bool isNeeded = !m_d.y || least > static_cast<float>(codeRange(m_d.y->type).low) ||
                                  most < static_cast<float>(codeRange(m_d.y->type).high);
            if (!m_d.activation.empty() && isNeeded)
                steps.limit(least, most);
            return;
        }
        isKnown = steps.activate(m_d.activation, m_d.alpha, m_d.beta);
        if (m_d.y)
            steps.scale(1 / m_d.y->scale, static_cast<float>(m_d.y->zeroPoint));
    }

    onednn::FinalSteps steps;
    float firstUnit = 1; // of what the channels' factors give
    bool isKnown = true;

private:
    bool isLimit() const
    {
        return m_d.activation.empty() || m_d.activation == "Relu" || m_d.activation == "Clip";
    }
    // Units before the activation: of y where limits can be taken in them, else real numbers.
    float directUnit() const { return m_d.y && isLimit() ? m_d.y->scale : 1; }
    double directOffset() const { return m_d.y && isLimit() ? m_d.y->zeroPoint : 0; }

    void move(float& unit, double& offset, float toUnit, double toOffset)
    {
        const double factor = static_cast<double>(unit) / static_cast<double>(toUnit);
        const double shift = toOffset - offset * factor;
        if (factor != 1 || shift != 0)
            steps.scale(static_cast<float>(factor), static_cast<float>(shift));
        unit = toUnit;
        offset = toOffset;
    }

    const Description& m_d;
};

// What was prepared for one shape. No primitive: the steps run this shape.
struct Plan {
    Dims output; // as the tensor has it
    Dims source; // x with its border, [N, C, spatial...]; empty where no border is filled here
    Dims before; // the border's width at the beginning of each spatial axis
    dnnl::primitive primitive;
    dnnl::memory::desc x;
    dnnl::memory::desc y;
    dnnl::memory::desc residual;
    dnnl::memory::desc scratchpad;
    onednn::FinalSteps steps;
    std::unordered_map<int, dnnl::memory> arguments; // of x, y and the residual: those of the newest run
    std::string implementation;
    bool usesLibrary = false;
};

// What the primitive computes.
struct Geometry {
    Dims x; // [N, C, spatial...]
    Dims w;
    Dims y;
    onednn::WindowAttributes window;
    bool hasGroups = false;
};

class FusedQuantized final : public Kernel {
public:
    FusedQuantized(const KernelRequest& request, Description description, std::unique_ptr<Kernel> steps)
        : m_node(*request.node), m_d(std::move(description)), m_steps(std::move(steps))
    {
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {X}, m_d.x.type));
        if (m_d.residual)
            TRY(requireTensors(context, {Residual}, m_d.residual->type));
        TRY_ASSIGN(Plan * plan, planFor(context.tensor(X)));
        if (!plan->usesLibrary) {
            m_implementation = m_steps->implementation();
            return m_steps->run(context);
        }
        if (m_d.residual && context.tensor(Residual).dims() != plan->output)
            return makeError(ErrorCode::ShapeMismatch, "residual: expected " + toString(plan->output) +
                                                           ", found " +
                                                           toString(context.tensor(Residual).dims()));
        TRY_ASSIGN(Tensor * y, context.allocate(0, m_d.y ? m_d.y->type : DataType::Float, plan->output));
        m_implementation = "oneDNN " + plan->implementation;
        return onednn::guarded([&] { execute(*plan, context, *y); });
    }

private:
    Result<Plan*> planFor(const Tensor& x)
    {
        if (Plan* plan = m_plans.find(x.dims()))
            return plan;
        Plan plan;
        TRY_ASSIGN(const std::optional<Geometry> geometry, m_node.opType == "QuantizedMatMul"
                                                               ? productGeometry(plan, x)
                                                               : convolutionGeometry(plan, x));
        if (geometry) {
            const Status prepared = onednn::guarded([&] { prepare(plan, *geometry); });
            if (!prepared.ok() && prepared.error().code == ErrorCode::OutOfMemory)
                return prepared.error();
        }
        return m_plans.add(x.dims(), std::move(plan));
    }

    // The rows of x are the positions of a convolution of one tap.
    Result<std::optional<Geometry>> productGeometry(Plan& plan, const Tensor& x) const
    {
        const Dims& w = m_d.weights.dims();
        if (w.size() != 2 || x.rank() < 1 || x.dims().back() != w[1])
            return makeError(ErrorCode::ShapeMismatch, "product: expected [..., K] and [N, K], found " +
                                                           toString(x.dims()) + " and " + toString(w));
        if (x.count() == 0)
            return std::optional<Geometry>();
        plan.output = x.dims();
        plan.output.back() = w[0];
        const int64_t rows = x.count() / w[1];
        return std::optional(Geometry{{1, w[1], rows, 1},
                                      {w[0], w[1], 1, 1},
                                      {1, w[0], rows, 1},
                                      {{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}}});
    }

    Result<std::optional<Geometry>> convolutionGeometry(Plan& plan, const Tensor& x) const
    {
        Geometry geometry;
        geometry.x = x.dims();
        if (geometry.x.size() > 2)
            std::rotate(geometry.x.begin() + 1, geometry.x.end() - 1, geometry.x.end());
        TRY_ASSIGN(const ConvolutionShape shape,
                   convolutionShape(m_node, geometry.x, m_d.weights.dims(), nullptr));
        if (elementCount(shape.output).value_or(0) == 0 || x.count() == 0 || shape.placements.size() > 3)
            return std::optional<Geometry>();
        geometry.w = weightDims(shape);
        geometry.y = shape.output;
        geometry.window = windowAttributes(shape);
        geometry.hasGroups = geometry.w.size() > geometry.x.size();
        plan.output = shape.output;
        std::rotate(plan.output.begin() + 1, plan.output.begin() + 2, plan.output.end());
        const bool hasBorder =
            std::any_of(shape.placements.begin(), shape.placements.end(),
                        [](const auto& placement) { return placement.padBegin > 0 || placement.padEnd > 0; });
        if (hasBorder && m_d.x.zeroPoint != 0) { // the library fills it with zeros
            onednn::WindowAttributes& window = geometry.window;
            plan.before = window.padsBegin;
            for (size_t i = 0; i < shape.placements.size(); ++i)
                geometry.x[i + 2] += window.padsBegin[i] + window.padsEnd[i];
            plan.source = geometry.x;
            window.padsBegin.assign(window.padsBegin.size(), 0);
            window.padsEnd = window.padsBegin;
        }
        return std::optional(std::move(geometry));
    }

    void prepare(Plan& plan, const Geometry& geometry)
    {
        const auto layout = onednn::channelsLast;
        plan.x = layout(geometry.x, libraryType(m_d.x.type));
        plan.y = layout(geometry.y, libraryType(m_d.y ? m_d.y->type : DataType::Float));
        if (m_d.residual)
            plan.residual = layout(geometry.y, libraryType(m_d.residual->type));
        const Finish finish(m_d, plan.residual, geometry.y.size());
        if (!finish.isKnown)
            return;
        // Integers mostly, as the bias is a number of such steps: what is added to the sum stays exact.
        std::vector<float> factors;
        std::vector<float> biases;
        for (size_t i = 0; i < m_d.scales.size(); ++i) {
            const double step = static_cast<double>(m_d.x.scale) * static_cast<double>(m_d.scales[i]);
            double bias = static_cast<double>(m_d.bias[i]) / step;
            if (std::abs(bias - std::round(bias)) < 1e-6 * std::abs(bias))
                bias = std::round(bias);
            biases.push_back(static_cast<float>(bias - static_cast<double>(m_d.x.zeroPoint * m_d.sums[i])));
            factors.push_back(m_d.x.scale * m_d.scales[i] / finish.firstUnit);
            if (!std::isnormal(factors.back()) || !std::isfinite(biases.back()))
                return;
        }
        const onednn::ChannelFactors scaling(factors, biases, geometry.hasGroups);
        plan.steps = finish.steps;
        dnnl::primitive_attr attributes = onednn::userScratchpad();
        plan.steps.addTo(attributes);
        scaling.addTo(attributes);
        const auto operation = onednn::convolution(plan.x, onednn::anyLayout(geometry.w, Type::s8),
                                                   scaling.bias(), plan.y, geometry.window, attributes);
        plan.implementation = operation.impl_info_str();
        if (plan.implementation.find("ref") != std::string::npos)
            return;
        plan.arguments = {
            {DNNL_ARG_SRC, onednn::wrap(plan.x, nullptr)},
            {DNNL_ARG_DST, onednn::wrap(plan.y, nullptr)},
            {DNNL_ARG_WEIGHTS, packedWeights(Operand(onednn::rowMajor(geometry.w, Type::s8),
                                                     operation.weights_desc(), Slot::Weights))}};
        if (m_d.residual)
            plan.arguments.emplace(plan.steps.tensorArgument(), onednn::wrap(plan.residual, nullptr));
        scaling.addTo(plan.arguments);
        plan.steps.addTo(plan.arguments);
        plan.scratchpad = operation.scratchpad_desc();
        plan.primitive = dnnl::convolution_forward(operation);
        plan.usesLibrary = true;
    }

    dnnl::memory packedWeights(const Operand& weights)
    {
        for (const dnnl::memory& packed : m_packed) { // shapes often agree on one layout
            if (packed.get_desc() == weights.inside())
                return packed;
        }
        m_packed.push_back(weights.pack(m_d.weights.bytes()));
        return m_packed.back();
    }

    void execute(Plan& plan, const KernelContext& context, Tensor& y) const
    {
        const Tensor& x = context.tensor(X);
        const std::byte* source = plan.source.empty() ? x.bytes() : bordered(plan, x);
        point(plan, DNNL_ARG_SRC, source);
        point(plan, DNNL_ARG_DST, y.bytes());
        if (m_d.residual)
            point(plan, plan.steps.tensorArgument(), context.tensor(Residual).bytes());
        plan.arguments.insert_or_assign(DNNL_ARG_SCRATCHPAD, onednn::scratchpad(plan.scratchpad));
        plan.primitive.execute(onednn::stream(), plan.arguments);
    }

    static void point(Plan& plan, int argument, const std::byte* data)
    {
        plan.arguments.at(argument).set_data_handle(const_cast<std::byte*>(data));
    }

    // x with a border of zero points.
    const std::byte* bordered(const Plan& plan, const Tensor& x) const
    {
        const int64_t channels = plan.source[1];
        int64_t rows = plan.source[0];
        for (size_t i = 2; i + 1 < plan.source.size(); ++i)
            rows *= plan.source[i];
        const int64_t width = plan.source.back() * channels;
        auto* to =
            static_cast<uint8_t*>(onednn::sharedBuffer(Slot::Source, static_cast<size_t>(rows * width)));
        const auto zero = static_cast<uint8_t>(m_d.x.zeroPoint);
        const int64_t inside = x.dims()[x.dims().size() - 2] * channels;
        const int64_t before = plan.before.back() * channels;
        parallelFor(rows, 1 + (1 << 15) / width, [&](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; ++row) {
                uint8_t* at = to + row * width;
                const int64_t from = innerRow(plan, x.dims(), row);
                if (from < 0) {
                    std::memset(at, zero, static_cast<size_t>(width));
                    continue;
                }
                std::memset(at, zero, static_cast<size_t>(before));
                std::memcpy(at + before, x.data<uint8_t>() + from * inside, static_cast<size_t>(inside));
                std::memset(at + before + inside, zero, static_cast<size_t>(width - before - inside));
            }
        });
        return reinterpret_cast<const std::byte*>(to);
    }

    // Which row of x, [N, spatial..., C], is this row of the source; -1: it is border.
    static int64_t innerRow(const Plan& plan, const Dims& x, int64_t row)
    {
        int64_t result = 0;
        int64_t step = 1;
        for (size_t axis = plan.source.size() - 2; axis >= 2; --axis) {
            const int64_t size = x[axis - 1];
            const int64_t at = row % plan.source[axis] - plan.before[axis - 2];
            row /= plan.source[axis];
            if (at < 0 || at >= size)
                return -1;
            result += at * step;
            step *= size;
        }
        return result + row * step;
    }

    const Node m_node;
    const Description m_d;
    std::unique_ptr<Kernel> m_steps;
    std::vector<dnnl::memory> m_packed;
    ShapeCache<Plan> m_plans;
    std::string m_implementation = "oneDNN int8";
};

Result<std::unique_ptr<Kernel>> createSteps(const KernelRequest& request)
{
    return fusedKernel(request, [node = *request.node](const KernelContext& context) -> Result<FusedPlan> {
        const bool isProduct = node.opType == "QuantizedMatMul";
        const bool isTurned = node.intAttribute("channels_last", 0) != 0;
        const auto rank = static_cast<size_t>(context.tensor(X).rank());
        if (!isProduct && rank < 3)
            return makeError(ErrorCode::ShapeMismatch, "expected an input of rank 3 or more, found " +
                                                           toString(context.tensor(X).dims()));
        FusedPlan plan;
        const auto turned = [&](const std::string& value, const char* result,
                                const std::vector<int64_t>& order) {
            return isTurned ? plan.add("Transpose", {value}, result, {makeAttribute("perm", order)}) : value;
        };
        const std::vector<Attribute> alongRows{makeAttribute("axis", int64_t{0})};
        const std::string x =
            plan.add("DequantizeLinear", {turned("x0", "x turned", channelsFirst(rank)), "x1", "x2"}, "x");
        std::string w = plan.add("DequantizeLinear", {"x3", "x4"}, "w", alongRows);
        std::string value;
        if (isProduct) {
            w = plan.add("Transpose", {w}, "w turned", {makeAttribute("perm", std::vector<int64_t>{1, 0})});
            value = plan.add("MatMul", {x, w}, "product");
            if (context.hasInput(Bias))
                value = plan.add("Add", {value, "x5"}, "with bias");
        } else {
            std::vector<Attribute> attributes;
            for (const char* name : {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"}) {
                if (const Attribute* attribute = node.attribute(name))
                    attributes.push_back(*attribute);
            }
            value = plan.add("Conv", {x, w, context.hasInput(Bias) ? "x5" : ""}, "convolved", attributes);
        }
        if (context.hasInput(Inner)) {
            value = plan.add("QuantizeLinear", {value, "x11", "x12"}, "inner codes");
            value = plan.add("DequantizeLinear", {value, "x11", "x12"}, "inner");
        }
        if (context.hasInput(Residual)) {
            const std::string codes = turned("x8", "residual turned", channelsFirst(rank));
            value = plan.add("Add", {value, plan.add("DequantizeLinear", {codes, "x9", "x10"}, "residual")},
                             "sum");
        }
        TRY_ASSIGN(value, addActivation(plan, node, value, context.tensor(X + 1)));
        if (context.hasInput(Y))
            value = plan.add("QuantizeLinear", {value, "x6", "x7"}, "codes");
        turned(value, "y turned", channelsLast(rank));
        return endsIn(plan, "y0");
    });
}

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (!onednn::hasExactBytes())
        return makeError(ErrorCode::UnsupportedOp, "this processor has no exact sums of 8-bit products");
    if (request.node->opType == "QuantizedConv" && request.node->intAttribute("channels_last", 0) == 0)
        return makeError(ErrorCode::UnsupportedOp, "wants channels last");
    TRY_ASSIGN(Description description, describe(request));
    TRY_ASSIGN(std::unique_ptr<Kernel> steps, createSteps(request));
    return {std::make_unique<FusedQuantized>(request, std::move(description), std::move(steps))};
}

constexpr KernelRow rows[] = {
    {"lapidary", "QuantizedConv", 1, newestOpset, "oneDNN", createOneDnn},
    {"lapidary", "QuantizedConv", 1, newestOpset, "plain", createSteps},
    {"lapidary", "QuantizedMatMul", 1, newestOpset, "oneDNN", createOneDnn},
    {"lapidary", "QuantizedMatMul", 1, newestOpset, "plain", createSteps},
};

} // namespace

std::span<const KernelRow> fusedQuantizedKernels() { return rows; }

} // namespace lapidary

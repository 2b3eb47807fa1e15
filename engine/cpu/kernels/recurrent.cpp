// SPDX-License-Identifier: GPL-3.0-or-later
// RNN, GRU and LSTM. X W^T of all steps and directions is one matrix product; then each direction walks
// its steps, all elements of the batch at once.
#include "engine/cpu/kernels/recurrent.h"

#include "engine/cpu/float_convert.h"
#include "engine/cpu/inner_kernel.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/recurrent_cells.h"
#include "engine/cpu/kernels/recurrent_product.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"

namespace lapidary {

namespace {

enum RecurrentInput : size_t { inputX, inputW, inputR, inputB, sequenceLens, initialH, initialC, inputP };

Status requireDims(const KernelContext& context, size_t index, const char* name, const Dims& expected)
{
    const Dims& found = context.tensor(index).dims();
    if (found == expected)
        return {};
    return makeError(ErrorCode::ShapeMismatch, "input " + std::string(name) + ": expected " +
                                                   toString(expected) + ", found " + toString(found));
}

// Steps of each element of the batch.
Result<Ints> sequenceLengths(const KernelContext& context, const RecurrentShape& shape)
{
    TRY_ASSIGN(const auto given, optionalListInput(context, sequenceLens));
    if (!given)
        return Ints(static_cast<size_t>(shape.batch), shape.steps);
    TRY(requireDims(context, sequenceLens, "sequence_lens", {shape.batch}));
    for (const int64_t length : *given) {
        if (length < 0 || length > shape.steps)
            return makeError(ErrorCode::ShapeMismatch, "input sequence_lens: expected 0 to " +
                                                           std::to_string(shape.steps) + ", found " +
                                                           std::to_string(length));
    }
    return *given;
}

// Bytes of all buffers are counted before any is made.
Status checkSize(const RecurrentAttributes& attributes, const RecurrentShape& shape)
{
    const int64_t width = attributes.directions * attributes.gates * std::max<int64_t>(1, shape.hidden);
    if (elementCount({shape.steps, shape.batch, width, 8}))
        return {};
    return makeError(ErrorCode::ShapeMismatch, "the sequence is too large: " + std::to_string(shape.steps) +
                                                   " steps of " + std::to_string(shape.batch));
}

// The state of one direction, [batch, hidden], and where it is in initial_h, Y_h and their kin.
template <typename T>
class State {
public:
    State(const RecurrentAttributes& attributes, const RecurrentShape& shape, int64_t direction)
        : m_shape(shape),
          m_first(direction * (attributes.batchFirst ? 1 : shape.batch) * shape.hidden),
          m_step(shape.hidden * (attributes.batchFirst ? attributes.directions : 1)),
          m_values(static_cast<size_t>(shape.batch * shape.hidden))
    {
    }
    void load(const T* initial)
    {
        for (int64_t b = 0; b < m_shape.batch; ++b)
            std::copy_n(initial + m_first + b * m_step, m_shape.hidden, row(b));
    }
    void store(T* last)
    {
        for (int64_t b = 0; b < m_shape.batch; ++b)
            std::copy_n(row(b), m_shape.hidden, last + m_first + b * m_step);
    }
    T* row(int64_t b) { return m_values.data() + b * m_shape.hidden; }
    T* data() { return m_values.data(); }

private:
    const RecurrentShape& m_shape;
    int64_t m_first;
    int64_t m_step;
    std::vector<T> m_values;
};

template <typename T>
class Recurrent final : public Kernel {
public:
    Recurrent(const KernelRequest& request, RecurrentAttributes attributes, std::vector<Activation> functions,
              std::unique_ptr<Kernel> projection, RecurrentOptions options)
        : m_attributes(std::move(attributes)), m_projection(std::move(projection)), m_options(options)
    {
        const Node& node = *request.node;
        const size_t perDirection = functions.size() / static_cast<size_t>(m_attributes.directions);
        for (size_t first = 0; first < functions.size(); first += perDirection) {
            CellRule rule;
            rule.f = functions[first];
            rule.g = functions[first + (perDirection > 1 ? 1 : 0)];
            rule.h = functions[first + perDirection - 1];
            if (const Attribute* clip = node.attribute("clip"))
                rule.clip = clip->as<float>() ? std::optional(*clip->as<float>()) : std::nullopt;
            rule.inputForget = node.intAttribute("input_forget", 0) != 0;
            rule.linearBeforeReset = node.intAttribute("linear_before_reset", 0) != 0;
            m_rules.push_back(rule);
        }
        for (size_t i = 0; i < 3; ++i)
            m_wantsOutput[i] = i < node.outputs.size() && node.outputs[i] != noValue;
        if (request.constantInputs.size() > inputR)
            m_constantR = request.constantInputs[inputR];
    }

    std::string implementation() const override { return m_implementation; }

    Status run(KernelContext& context) override
    {
        TRY(requireTensors(context, {inputX, inputW, inputR}, typeOf<T>()));
        const Dims& x = context.tensor(inputX).dims();
        TRY_ASSIGN(m_shape, recurrentShape(m_attributes, x, context.tensor(inputW).dims(),
                                           context.tensor(inputR).dims()));
        TRY(checkSize(m_attributes, m_shape));
        TRY(checkOptionalInputs(context));
        TRY_ASSIGN(m_lengths, sequenceLengths(context, m_shape));
        TRY_ASSIGN(Outputs outputs, allocateOutputs(context));
        const FlushDenormals flush;
        TRY_ASSIGN(const Tensor projected, project(context));
        TRY(prepareProducts(context));
        for (int64_t direction = 0; direction < m_attributes.directions; ++direction) {
            Pass pass = makePass(context, direction, projected, outputs);
            TRY(runDirection(context, pass, outputs));
        }
        for (size_t i = 0; i < 3; ++i) {
            if (m_wantsOutput[i] && !outputs[i].empty())
                context.setOutput(i, std::move(outputs[i]));
        }
        return {};
    }

private:
    using Outputs = std::array<Tensor, 3>; // Y, Y_h, Y_c; empty where nobody asks

    int64_t gatesSize() const { return m_attributes.gates * m_shape.hidden; }
    bool isLstm() const { return m_attributes.cell == RecurrentCell::Lstm; }
    bool isGru() const { return m_attributes.cell == RecurrentCell::Gru; }
    const T* optional(const KernelContext& context, size_t index) const
    {
        return context.hasInput(index) ? context.tensor(index).data<T>() : nullptr;
    }

    Status checkOptionalInputs(const KernelContext& context) const
    {
        const Dims state = stateSizes<Dims>(m_attributes, m_shape.batch, m_shape.hidden);
        const struct {
            size_t index;
            const char* name;
            Dims dims;
        } inputs[] = {{inputB, "B", {m_attributes.directions, 2 * gatesSize()}},
                      {initialH, "initial_h", state},
                      {initialC, "initial_c", state},
                      {inputP, "P", {m_attributes.directions, 3 * m_shape.hidden}}};
        for (const auto& input : inputs) {
            if (!context.hasInput(input.index) || (input.index >= initialC && !isLstm()))
                continue;
            TRY(requireTensors(context, {input.index}, typeOf<T>()));
            TRY(requireDims(context, input.index, input.name, input.dims));
        }
        return {};
    }

    Result<Outputs> allocateOutputs(const KernelContext& context) const
    {
        Outputs outputs;
        const Dims y = sequenceSizes<Dims>(m_attributes, m_shape.steps, m_shape.batch, m_shape.hidden);
        const Dims state = stateSizes<Dims>(m_attributes, m_shape.batch, m_shape.hidden);
        for (size_t i = 0; i < std::min<size_t>(context.outputCount(), isLstm() ? 3 : 2); ++i) {
            if (!m_wantsOutput[i])
                continue;
            TRY_ASSIGN(outputs[i], Tensor::allocate(typeOf<T>(), i == 0 ? y : state));
        }
        // Behind the end of a shorter sequence Y is 0.
        if (context.hasInput(sequenceLens) && !outputs[0].empty())
            std::fill_n(outputs[0].template mutableData<T>(), outputs[0].count(), T{0});
        return outputs;
    }

    // X W^T + Wb + Rb: [steps * batch, directions * gates * hidden]. Rb of gate h of a GRU that is linear
    // before its reset is left out.
    Result<Tensor> project(const KernelContext& context)
    {
        const int64_t width = gatesSize();
        const Tensor x = context.tensor(inputX).reshaped({m_shape.steps * m_shape.batch, m_shape.input});
        const Tensor w = context.tensor(inputW).reshaped({m_attributes.directions * width, m_shape.input});
        if (!context.hasInput(inputB))
            return runInnerKernelOnce(*m_projection, {x, w}, context.job());
        TRY_ASSIGN(Tensor bias, Tensor::allocate(typeOf<T>(), {m_attributes.directions * width}));
        const T* b = context.tensor(inputB).data<T>();
        T* sums = bias.mutableData<T>();
        for (int64_t i = 0; i < bias.count(); ++i) {
            const int64_t direction = i / width;
            const int64_t gate = i % width;
            const bool inside = isGru() && m_rules[0].linearBeforeReset && gate >= 2 * m_shape.hidden;
            const T* own = b + direction * 2 * width;
            sums[i] = own[gate] + (inside ? T{0} : own[width + gate]);
        }
        return runInnerKernelOnce(*m_projection, {x, w, bias}, context.job());
    }

    Result<std::unique_ptr<RecurrentProduct<T>>> makeProduct(int64_t rows) const
    {
        if constexpr (std::is_same_v<T, float>) {
            if (m_options.usesLibrary)
                return libraryRecurrentProduct(m_shape.batch, m_shape.hidden, rows);
        }
        return plainRecurrentProduct<T>(m_shape.batch, m_shape.hidden, rows);
    }

    // One product for each direction, with all of R; a GRU has two, for R[zr] and R[h].
    Status prepareProducts(const KernelContext& context)
    {
        const Dims key{m_shape.batch, m_shape.hidden};
        const bool isNew = key != m_productsKey;
        if (elementCount(key) == 0 || (!isNew && !m_constantR.empty()))
            return {};
        const T* r = (m_constantR.empty() ? context.tensor(inputR) : m_constantR).template data<T>();
        const int64_t hidden = m_shape.hidden;
        std::vector<int64_t> blocks{gatesSize()};
        if (isGru())
            blocks = {2 * hidden, hidden};
        m_productsKey.clear();
        m_products.resize(blocks.size() * static_cast<size_t>(m_attributes.directions));
        for (size_t i = 0; i < m_products.size(); ++i) {
            const int64_t rows = blocks[i % blocks.size()];
            if (isNew) {
                TRY_ASSIGN(m_products[i], makeProduct(rows));
            }
            TRY(m_products[i]->setWeights(r));
            r += rows * hidden;
        }
        m_productsKey = key;
        m_implementation = m_products[0]->implementation();
        return {};
    }

    // One direction on its way through the sequence.
    struct Pass {
        int64_t direction = 0;
        const CellRule& rule;
        State<T> h;
        State<T> c;
        const T* projected = nullptr; // what project() made
        const T* peepholes = nullptr;
        const T* bias = nullptr; // Rb of gate h of a GRU that is linear before its reset
        T* y = nullptr;
        std::vector<T> sums;         // H R^T; of a GRU first z and r of all, then h of all
        std::vector<T> reset;        // GRU: r * H
        T* candidates = nullptr;     // GRU: gate h in sums
        std::vector<T> rounded = {}; // H as a quantized operator multiplies it
    };

    Pass makePass(const KernelContext& context, int64_t direction, const Tensor& projected, Outputs& outputs)
    {
        const auto state = static_cast<size_t>(m_shape.batch * m_shape.hidden);
        Pass pass{.direction = direction,
                  .rule = m_rules[static_cast<size_t>(direction)],
                  .h = State<T>(m_attributes, m_shape, direction),
                  .c = State<T>(m_attributes, m_shape, direction),
                  .projected = projected.data<T>(),
                  .sums = std::vector<T>(state * static_cast<size_t>(m_attributes.gates)),
                  .reset = std::vector<T>(isGru() ? state : 0)};
        if (const T* initial = optional(context, initialH))
            pass.h.load(initial);
        if (const T* initial = isLstm() ? optional(context, initialC) : nullptr)
            pass.c.load(initial);
        if (const T* peepholes = isLstm() ? optional(context, inputP) : nullptr)
            pass.peepholes = peepholes + direction * 3 * m_shape.hidden;
        if (const T* bias = isGru() && pass.rule.linearBeforeReset ? optional(context, inputB) : nullptr)
            pass.bias = bias + (direction * 2 + 1) * gatesSize() + 2 * m_shape.hidden;
        pass.rounded.resize(m_options.quantizesState ? state : 0);
        if (isGru())
            pass.candidates = pass.sums.data() + 2 * state;
        if (!outputs[0].empty())
            pass.y = outputs[0].template mutableData<T>();
        return pass;
    }

    Status runDirection(const KernelContext& context, Pass& pass, Outputs& outputs)
    {
        if (m_shape.batch * m_shape.hidden > 0) {
            const int64_t longest = *std::max_element(m_lengths.begin(), m_lengths.end());
            for (int64_t step = 0; step < longest; ++step) {
                if (context.stopRequested())
                    return cancelled();
                TRY(runStep(pass, step));
            }
        }
        if (!outputs[1].empty())
            pass.h.store(outputs[1].template mutableData<T>());
        if (!outputs[2].empty())
            pass.c.store(outputs[2].template mutableData<T>());
        return {};
    }

    Status runStep(Pass& pass, int64_t step)
    {
        const int64_t hidden = m_shape.hidden;
        const auto product = static_cast<size_t>(pass.direction * (isGru() ? 2 : 1));
        const T* state = pass.h.data();
        if constexpr (std::is_same_v<T, float>) {
            if (m_options.quantizesState) {
                roundToBytes(state, pass.rounded.data(), m_shape.batch * hidden);
                state = pass.rounded.data();
            }
        }
        TRY(m_products[product]->multiply(state, pass.sums.data()));
        if (isGru()) {
            forEachRow(pass, step, [&](int64_t b, int64_t, const T* projected) {
                stepGruGates(pass.rule, hidden, projected, pass.sums.data() + b * 2 * hidden, pass.h.row(b),
                             pass.reset.data() + b * hidden);
            });
            const T* factor = pass.rule.linearBeforeReset ? pass.h.data() : pass.reset.data();
            TRY(m_products[product + 1]->multiply(factor, pass.candidates));
        }
        forEachRow(pass, step, [&](int64_t b, int64_t time, const T* projected) {
            finishRow(pass, b, projected);
            if (pass.y)
                std::copy_n(pass.h.row(b), hidden, pass.y + outputPlace(pass.direction, time, b));
        });
        return {};
    }

    void finishRow(Pass& pass, int64_t b, const T* projected) const
    {
        const int64_t hidden = m_shape.hidden;
        T* sums = pass.sums.data() + b * gatesSize();
        switch (m_attributes.cell) {
        case RecurrentCell::Rnn: stepRnn(pass.rule, hidden, projected, sums, pass.h.row(b)); break;
        case RecurrentCell::Gru:
            stepGruState(pass.rule, hidden, projected + 2 * hidden, pass.sums.data() + b * 2 * hidden,
                         pass.candidates + b * hidden, pass.bias, pass.h.row(b));
            break;
        case RecurrentCell::Lstm:
            stepLstm(pass.rule, hidden, projected, sums, pass.peepholes, pass.h.row(b), pass.c.row(b));
            break;
        }
    }

    // body(b, time, projected row) for the elements of the batch whose sequence has not ended.
    template <typename Body>
    void forEachRow(const Pass& pass, int64_t step, const Body& body) const
    {
        const int64_t directions = m_attributes.directions;
        const bool reverse = m_attributes.reverse || pass.direction == 1;
        parallelFor(m_shape.batch, 1 + (1 << 12) / gatesSize(), [&](int64_t begin, int64_t end) {
            for (int64_t b = begin; b < end; ++b) {
                const int64_t length = m_lengths[static_cast<size_t>(b)];
                if (step >= length)
                    continue;
                const int64_t time = reverse ? length - 1 - step : step;
                const int64_t place =
                    m_attributes.batchFirst ? b * m_shape.steps + time : time * m_shape.batch + b;
                body(b, time, pass.projected + (place * directions + pass.direction) * gatesSize());
            }
        });
    }

    int64_t outputPlace(int64_t direction, int64_t time, int64_t b) const
    {
        const int64_t directions = m_attributes.directions;
        const int64_t row = m_attributes.batchFirst ? (b * m_shape.steps + time) * directions + direction
                                                    : (time * directions + direction) * m_shape.batch + b;
        return row * m_shape.hidden;
    }

    const RecurrentAttributes m_attributes;
    std::vector<CellRule> m_rules; // one for each direction
    std::unique_ptr<Kernel> m_projection;
    const RecurrentOptions m_options;
    std::array<bool, 3> m_wantsOutput = {};
    Tensor m_constantR; // empty when it is not constant
    std::vector<std::unique_ptr<RecurrentProduct<T>>> m_products;
    Dims m_productsKey; // what the products were made for
    // Of the run in progress.
    RecurrentShape m_shape;
    Ints m_lengths;
    std::string m_implementation = "plain";
};

template <typename T>
Result<std::unique_ptr<Kernel>> createFor(const KernelRequest& request, RecurrentOptions options)
{
    TRY_ASSIGN(const RecurrentAttributes attributes, recurrentAttributes(*request.node));
    TRY_ASSIGN(std::vector<Activation> functions, recurrentActivations(*request.node, attributes));
    std::vector<Tensor> constants(3);
    if (request.constantInputs.size() > inputW && request.constantInputs[inputW].rank() == 3) {
        const Tensor& w = request.constantInputs[inputW];
        if (w.type() == typeOf<T>() && elementCount({w.dims()[0], w.dims()[1]}))
            constants[1] = w.reshaped({w.dims()[0] * w.dims()[1], w.dims()[2]});
    }
    Attribute transposed;
    transposed.name = "transB";
    transposed.data = int64_t{1};
    const bool hasBias = request.node->inputs.size() > inputB && request.node->inputs[inputB] != noValue;
    TRY_ASSIGN(std::unique_ptr<Kernel> projection,
               createInnerKernel(request, {.opType = "Gemm",
                                           .inputTypes = std::vector<DataType>(hasBias ? 3 : 2, typeOf<T>()),
                                           .attributes = {transposed},
                                           .constants = std::move(constants)}));
    return {std::make_unique<Recurrent<T>>(request, attributes, std::move(functions), std::move(projection),
                                           options)};
}

Result<std::unique_ptr<Kernel>> createPlain(const KernelRequest& request)
{
    switch (request.inputDataType(inputX)) {
    case DataType::Float: return createFor<float>(request, {});
    case DataType::Double: return createFor<double>(request, {});
    default: return refuseType(request);
    }
}

Result<std::unique_ptr<Kernel>> createOneDnn(const KernelRequest& request)
{
    if (request.inputDataType(inputX) != DataType::Float)
        return refuseType(request);
    return createFor<float>(request, {.usesLibrary = true});
}

constexpr KernelRow rows[] = {
    {"", "RNN", 1, newestOpset, "oneDNN", forFloats<createOneDnn>},
    {"", "RNN", 1, newestOpset, "plain", forFloats<createPlain>},
    {"", "GRU", 1, newestOpset, "oneDNN", forFloats<createOneDnn>},
    {"", "GRU", 1, newestOpset, "plain", forFloats<createPlain>},
    {"", "LSTM", 1, newestOpset, "oneDNN", forFloats<createOneDnn>},
    {"", "LSTM", 1, newestOpset, "plain", forFloats<createPlain>},
    {"com.microsoft", "DynamicQuantizeLSTM", 1, newestOpset, "oneDNN", createDynamicQuantizeLstm},
};

} // namespace

Result<std::unique_ptr<Kernel>> createRecurrent(const KernelRequest& request, RecurrentOptions options)
{
    return createFor<float>(request, options);
}

std::span<const KernelRow> recurrentKernels() { return rows; }

} // namespace lapidary

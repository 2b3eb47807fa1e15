// SPDX-License-Identifier: GPL-3.0-or-later
// Scan: a body over slices of tensors. Opset 8 does that for every sequence of a batch.
#include "engine/cpu/kernels/body.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/tensor_slices.h"
#include "engine/ops/axis.h"
#include "engine/ops/control_flow.h"

#include <algorithm>

namespace lapidary {

namespace {

// One scan: states to begin with and tensors to take apart.
struct ScanInputs {
    std::vector<Value> states;
    std::vector<Tensor> scanned;
    std::vector<int64_t> axes; // in [0, rank) of scanned
    int64_t length = 0;
};

struct ScanResults {
    std::vector<Value> states;
    std::vector<std::vector<Tensor>> scans; // one list of parts for each scan output
};

class ScanKernel final : public Kernel {
public:
    ScanKernel(ScanLayout layout, std::unique_ptr<Body> body)
        : m_layout(std::move(layout)), m_body(std::move(body))
    {
    }

    std::string implementation() const override { return "plain"; }

    Status run(KernelContext& context) override
    {
        return m_layout.batched ? runBatch(context) : runOnce(context);
    }

private:
    Result<ScanResults> scan(KernelContext& context, const ScanInputs& inputs) const
    {
        ScanResults results{inputs.states, {}};
        results.scans.resize(m_layout.outputAxes.size());
        std::vector<Value> values(inputs.states.size() + inputs.scanned.size());
        for (int64_t step = 0; step < inputs.length; ++step) {
            if (context.stopRequested())
                return cancelled();
            std::move(results.states.begin(), results.states.end(), values.begin());
            for (size_t i = 0; i < inputs.scanned.size(); ++i) {
                const int64_t at = m_layout.inputReversed[i] ? inputs.length - 1 - step : step;
                TRY_ASSIGN(Tensor part, sliceAt(inputs.scanned[i], inputs.axes[i], at));
                values[inputs.states.size() + i] = std::move(part);
            }
            auto outputs = m_body->run(values, context.captures(), context.job());
            if (!outputs.ok())
                return std::move(outputs).error().at("step " + std::to_string(step));
            const auto firstScan = outputs->begin() + static_cast<ptrdiff_t>(inputs.states.size());
            std::move(outputs->begin(), firstScan, results.states.begin());
            TRY(keepTensors({firstScan, outputs->end()}, results.scans));
        }
        for (size_t i = 0; i < results.scans.size(); ++i) {
            if (m_layout.outputReversed[i])
                std::reverse(results.scans[i].begin(), results.scans[i].end());
        }
        return results;
    }

    Result<const Tensor*> scannedTensor(const KernelContext& context, size_t index) const
    {
        const size_t input = m_layout.firstInput + m_layout.stateCount + index;
        const Tensor* tensor = context.input(input).tensor();
        if (!tensor)
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(input) +
                                                           " must be a tensor, found " +
                                                           describe(context.input(input)));
        return tensor;
    }

    Result<ScanInputs> wholeInputs(const KernelContext& context) const
    {
        ScanInputs inputs;
        for (size_t i = 0; i < m_layout.stateCount; ++i)
            inputs.states.push_back(context.input(i));
        for (size_t i = 0; i < m_layout.inputAxes.size(); ++i) {
            TRY_ASSIGN(const Tensor* tensor, scannedTensor(context, i));
            TRY_ASSIGN(const int64_t axis, normalizeAxis(m_layout.inputAxes[i], tensor->rank()));
            const int64_t length = tensor->dims()[static_cast<size_t>(axis)];
            if (i > 0 && length != inputs.length)
                return makeError(ErrorCode::ShapeMismatch,
                                 "the scanned axes must have one length: the first has " +
                                     std::to_string(inputs.length) + ", that of scanned input " +
                                     std::to_string(i) + " has " + std::to_string(length));
            inputs.length = length;
            inputs.scanned.push_back(*tensor);
            inputs.axes.push_back(axis);
        }
        return inputs;
    }

    Status runOnce(KernelContext& context) const
    {
        TRY_ASSIGN(const ScanInputs inputs, wholeInputs(context));
        TRY_ASSIGN(ScanResults results, scan(context, inputs));
        std::vector<Value> outputs = std::move(results.states);
        for (size_t i = 0; i < results.scans.size(); ++i) {
            TRY_ASSIGN(Tensor whole, stackOrEmpty(results.scans[i], m_layout.outputAxes[i],
                                                  m_body->outputTypes()[m_layout.stateCount + i]));
            outputs.emplace_back(std::move(whole));
        }
        return setOutputs(context, std::move(outputs));
    }

    // Opset 8: every tensor has the batch as axis 0, scanned ones the sequence as axis 1. Scan outputs
    // of shorter sequences end in zeros.
    Status runBatch(KernelContext& context) const
    {
        TRY_ASSIGN(const Tensor* first, scannedTensor(context, 0));
        if (first->rank() < 2)
            return makeError(ErrorCode::ShapeMismatch,
                             "a scanned input must have a batch and a sequence axis, found shape " +
                                 toString(first->dims()));
        const int64_t batch = first->dims()[0];
        const int64_t longest = first->dims()[1];
        TRY_ASSIGN(const auto lengths, optionalListInput(context, 0));
        if (batch < 1 || (lengths && static_cast<int64_t>(lengths->size()) != batch))
            return makeError(ErrorCode::ShapeMismatch, "expected one sequence length for each of " +
                                                           std::to_string(batch) + " sequences");
        std::vector<std::vector<Tensor>> wholes(m_layout.stateCount + m_layout.outputAxes.size());
        for (int64_t entry = 0; entry < batch; ++entry) {
            TRY_ASSIGN(ScanInputs inputs, entryInputs(context, entry, batch, longest));
            if (lengths)
                inputs.length = (*lengths)[static_cast<size_t>(entry)];
            if (inputs.length < 0 || inputs.length > longest)
                return makeError(ErrorCode::InvalidArgument, "sequence length " +
                                                                 std::to_string(inputs.length) +
                                                                 " is not in 0.." + std::to_string(longest));
            TRY_ASSIGN(ScanResults results, scan(context, inputs));
            TRY(keepEntry(std::move(results), longest, wholes));
        }
        std::vector<Value> outputs;
        for (const auto& parts : wholes) {
            TRY_ASSIGN(Tensor whole, stack(parts, 0));
            outputs.emplace_back(std::move(whole));
        }
        return setOutputs(context, std::move(outputs));
    }

    Result<ScanInputs> entryInputs(const KernelContext& context, int64_t entry, int64_t batch,
                                   int64_t longest) const
    {
        ScanInputs inputs;
        inputs.length = longest;
        for (size_t i = 0; i < m_layout.stateCount; ++i) {
            const Tensor* state = context.input(m_layout.firstInput + i).tensor();
            if (!state || state->rank() < 1 || state->dims()[0] != batch)
                return makeError(ErrorCode::ShapeMismatch,
                                 "a state must be a tensor for " + std::to_string(batch) +
                                     " sequences, found " + describe(context.input(m_layout.firstInput + i)));
            TRY_ASSIGN(Tensor part, sliceAt(*state, 0, entry));
            inputs.states.emplace_back(std::move(part));
        }
        for (size_t i = 0; i < m_layout.inputAxes.size(); ++i) {
            TRY_ASSIGN(const Tensor* tensor, scannedTensor(context, i));
            if (tensor->rank() < 2 || tensor->dims()[0] != batch || tensor->dims()[1] != longest)
                return makeError(ErrorCode::ShapeMismatch,
                                 "a scanned input must begin with " + std::to_string(batch) + "×" +
                                     std::to_string(longest) + ", found " + toString(tensor->dims()));
            TRY_ASSIGN(Tensor part, sliceAt(*tensor, 0, entry));
            inputs.scanned.push_back(std::move(part));
            inputs.axes.push_back(0);
        }
        return inputs;
    }

    Status keepEntry(ScanResults results, int64_t longest, std::vector<std::vector<Tensor>>& wholes) const
    {
        TRY(keepTensors(results.states, std::span(wholes).first(m_layout.stateCount)));
        for (size_t i = 0; i < results.scans.size(); ++i) {
            std::vector<Tensor>& parts = results.scans[i];
            if (parts.empty() && longest > 0)
                return makeError(ErrorCode::UnsupportedOp, "a sequence of length 0 in a batch");
            while (static_cast<int64_t>(parts.size()) < longest) {
                TRY_ASSIGN(Tensor zeros, Tensor::allocate(parts[0].type(), parts[0].dims()));
                if (zeros.type() != DataType::String)
                    std::memset(zeros.mutableBytes(), 0, zeros.sizeBytes());
                parts.push_back(std::move(zeros));
            }
            TRY_ASSIGN(Tensor whole, stackOrEmpty(parts, 0, m_body->outputTypes()[m_layout.stateCount + i]));
            wholes[m_layout.stateCount + i].push_back(std::move(whole));
        }
        return {};
    }

    ScanLayout m_layout;
    std::unique_ptr<Body> m_body;
};

} // namespace

Result<std::unique_ptr<Kernel>> createScan(const KernelRequest& request)
{
    TRY_ASSIGN(ScanLayout layout, scanLayout(*request.node, request.opsetVersion));
    std::vector<TypeInfo> inputTypes;
    for (size_t i = layout.firstInput; i < request.inputTypes.size(); ++i)
        inputTypes.push_back(withoutShape(request.inputTypes[i]));
    TRY_ASSIGN(auto body, compileBody(request, "body", inputTypes));
    return std::unique_ptr<Kernel>(std::make_unique<ScanKernel>(std::move(layout), std::move(body)));
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/fused_kernel.h"

#include "engine/backend/backend.h"
#include "engine/cpu/kernel_table.h"

#include <algorithm>

namespace lapidary {

namespace {

// A step with names resolved to places in the list of values.
struct PlacedStep {
    Node node; // its value ids are places
    int64_t opset = 0;
    std::unique_ptr<Kernel> kernel;
    bool isFixed = false; // depends on constants alone
    bool isDone = false;
    std::vector<size_t> releases; // values that nobody reads after this step
};

class FusedKernel final : public Kernel {
public:
    FusedKernel(const KernelRequest& request, FusedPlanner planner)
        : m_planner(std::move(planner)), m_constants(request.constantInputs), m_precision(request.precision)
    {
    }

    std::string implementation() const override
    {
        std::string names;
        for (const PlacedStep& step : m_steps) {
            const std::string name = step.kernel ? step.kernel->implementation() : std::string();
            if (!name.empty() && names.find(name) == std::string::npos)
                names += (names.empty() ? "" : ", ") + name;
        }
        return names.empty() ? "plain" : names;
    }

    Status run(KernelContext& context) override
    {
        if (std::string signature = signatureOf(context); signature != m_signature) {
            m_signature.clear(); // until the preparation succeeds
            TRY(prepare(context));
            m_signature = std::move(signature);
        }
        const Status status = runSteps(context);
        for (size_t place = 0; place < m_values.size(); ++place) {
            if (!m_isFixed[place])
                m_values[place] = {};
        }
        return status;
    }

private:
    static std::string signatureOf(const KernelContext& context)
    {
        std::string signature = "-";
        for (size_t i = 0; i < context.inputCount(); ++i) {
            const Tensor& tensor = context.tensor(i);
            signature +=
                std::to_string(static_cast<int>(tensor.type())) + ":" + std::to_string(tensor.rank()) + " ";
        }
        return signature;
    }

    size_t placeOf(const std::string& name)
    {
        const auto [at, isNew] = m_places.try_emplace(name, m_places.size());
        if (isNew) {
            m_values.emplace_back();
            m_isFixed.push_back(false);
        }
        return at->second;
    }

    Status prepare(const KernelContext& context)
    {
        m_places.clear();
        m_values.clear();
        m_isFixed.clear();
        m_steps.clear();
        TRY_ASSIGN(const FusedPlan plan, m_planner(context));
        for (size_t i = 0; i < m_constants.size(); ++i) {
            const size_t place = placeOf("x" + std::to_string(i));
            m_isFixed[place] = !m_constants[i].empty();
            if (m_isFixed[place])
                m_values[place] = m_constants[i];
        }
        for (const auto& [name, tensor] : plan.constants) {
            const size_t place = placeOf(name);
            m_values[place] = tensor;
            m_isFixed[place] = true;
        }
        for (const FusedStep& step : plan.steps)
            placeStep(step, context);
        planReleases();
        return {};
    }

    void placeStep(const FusedStep& step, const KernelContext& context)
    {
        PlacedStep& placed = m_steps.emplace_back();
        placed.opset = step.opset;
        placed.node.opType = step.opType;
        placed.node.attributes = step.attributes;
        placed.isFixed = true;
        for (const std::string& name : step.inputs) {
            if (name.empty() || isAbsent(name, context)) {
                placed.node.inputs.push_back(noValue);
                continue;
            }
            const size_t place = placeOf(name);
            placed.node.inputs.push_back(static_cast<ValueId>(place));
            placed.isFixed = placed.isFixed && m_isFixed[place];
        }
        while (!placed.node.inputs.empty() && placed.node.inputs.back() == noValue)
            placed.node.inputs.pop_back();
        for (const std::string& name : step.outputs) {
            const size_t place = placeOf(name);
            m_isFixed[place] = placed.isFixed;
            placed.node.outputs.push_back(name.empty() ? noValue : static_cast<ValueId>(place));
        }
    }

    static bool isAbsent(const std::string& name, const KernelContext& context)
    {
        return name.size() > 1 && name[0] == 'x' &&
               name.find_first_not_of("0123456789", 1) == std::string::npos &&
               !context.hasInput(std::stoul(name.substr(1)));
    }

    void planReleases()
    {
        std::vector<PlacedStep*> lastReader(m_values.size(), nullptr);
        for (PlacedStep& step : m_steps) {
            for (const ValueId id : step.node.inputs) {
                if (id != noValue)
                    lastReader[static_cast<size_t>(id)] = &step;
            }
        }
        for (const auto& [name, place] : m_places) {
            if (lastReader[place] && !m_isFixed[place] && name[0] != 'y')
                lastReader[place]->releases.push_back(place);
        }
    }

    Status runSteps(KernelContext& context)
    {
        for (size_t i = 0; i < context.inputCount(); ++i) {
            const auto place = m_places.find("x" + std::to_string(i));
            if (place != m_places.end())
                m_values[place->second] = context.input(i);
        }
        for (PlacedStep& step : m_steps) {
            if (step.isDone)
                continue;
            if (Status status = runStep(step, context); !status.ok())
                return std::move(status).error().at("step " + step.node.opType);
            step.isDone = step.isFixed;
        }
        for (size_t i = 0; i < context.outputCount(); ++i) {
            const auto place = m_places.find("y" + std::to_string(i));
            if (place != m_places.end())
                context.setOutput(i, m_values[place->second]);
        }
        return {};
    }

    Status runStep(PlacedStep& step, const KernelContext& context)
    {
        static const Value absent;
        std::vector<const Value*> inputs;
        for (const ValueId id : step.node.inputs)
            inputs.push_back(id == noValue ? &absent : &m_values[static_cast<size_t>(id)]);
        if (!step.kernel)
            TRY(createKernel(step, inputs));
        std::vector<Value> outputs(step.node.outputs.size());
        KernelContext inner(inputs, outputs, context.job());
        TRY(step.kernel->run(inner));
        for (size_t i = 0; i < outputs.size(); ++i) {
            if (step.node.outputs[i] != noValue)
                m_values[static_cast<size_t>(step.node.outputs[i])] = std::move(outputs[i]);
        }
        for (const size_t place : step.releases)
            m_values[place] = {};
        return {};
    }

    Status createKernel(PlacedStep& step, const std::vector<const Value*>& inputs)
    {
        static const Model model;
        KernelRequest request;
        request.model = &model;
        request.graph = &model.graph;
        request.node = &step.node;
        request.opsetVersion = step.opset;
        request.precision = m_precision;
        for (size_t i = 0; i < inputs.size(); ++i) {
            const Tensor* tensor = inputs[i]->tensor();
            const bool isFixed = tensor && step.node.inputs[i] != noValue &&
                                 m_isFixed[static_cast<size_t>(step.node.inputs[i])];
            request.inputTypes.push_back(tensor ? TypeInfo::tensor(tensor->type()) : TypeInfo());
            request.constantInputs.push_back(isFixed ? *tensor : Tensor());
        }
        TRY_ASSIGN(step.kernel, createFromTable(cpuKernelTable(), request));
        return {};
    }

    const FusedPlanner m_planner;
    const std::vector<Tensor> m_constants; // of the node's inputs; empty where they change
    const Precision m_precision;
    std::string m_signature; // types and ranks that the steps were planned for
    std::map<std::string, size_t> m_places;
    std::vector<Value> m_values;
    std::vector<bool> m_isFixed;
    std::vector<PlacedStep> m_steps;
};

} // namespace

std::string FusedPlan::add(std::string opType, std::vector<std::string> inputs, std::string output,
                           std::vector<Attribute> attributes, int64_t opset)
{
    steps.push_back({std::move(opType), std::move(inputs), {output}, std::move(attributes), opset});
    return output;
}

std::string FusedPlan::constant(std::string name, Tensor tensor)
{
    constants[name] = std::move(tensor);
    return name;
}

std::string FusedPlan::constantInts(std::string name, std::vector<int64_t> values)
{
    return constant(std::move(name), Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values));
}

std::unique_ptr<Kernel> fusedKernel(const KernelRequest& request, FusedPlanner planner)
{
    return std::make_unique<FusedKernel>(request, std::move(planner));
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/node_runner.h"

#include "engine/cpu/cpu_backend.h"
#include "engine/ir/model.h"

#include <algorithm>

namespace lapidary {

namespace {

bool contains(const std::vector<size_t>& numbers, size_t number)
{
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

Result<std::vector<Value>> runOnce(Kernel& kernel, const NodeCase& nodeCase)
{
    static const JobContext job;
    std::vector<const Value*> inputs;
    for (const Value& input : nodeCase.inputs)
        inputs.push_back(&input);
    std::vector<Value> outputs(nodeCase.outputCount);
    KernelContext context(inputs, outputs, job);
    TRY(kernel.run(context));
    return outputs;
}

KernelRequest makeRequest(const Model& model, const NodeCase& nodeCase)
{
    KernelRequest request;
    request.model = &model;
    request.graph = &model.graph;
    request.node = &model.graph.nodes.front();
    request.opsetVersion = nodeCase.opset;
    for (size_t i = 0; i < nodeCase.inputs.size(); ++i) {
        const Tensor* tensor = nodeCase.inputs[i].tensor();
        request.inputTypes.push_back(tensor ? TypeInfo::tensor(tensor->type(), toShape(tensor->dims()))
                                            : TypeInfo());
        request.constantInputs.push_back(tensor && contains(nodeCase.constants, i) ? *tensor : Tensor());
    }
    return request;
}

Result<std::vector<Value>> runTwice(Kernel& kernel, const NodeCase& nodeCase)
{
    TRY_ASSIGN([[maybe_unused]] const std::vector<Value> first, runOnce(kernel, nodeCase));
    return runOnce(kernel, nodeCase);
}

} // namespace

Attribute intAttribute(std::string name, int64_t value) { return makeAttribute(std::move(name), value); }

Attribute floatAttribute(std::string name, float value) { return makeAttribute(std::move(name), value); }

Attribute intsAttribute(std::string name, std::vector<int64_t> values)
{
    return makeAttribute(std::move(name), std::move(values));
}

Attribute stringAttribute(std::string name, std::string value)
{
    return makeAttribute(std::move(name), std::move(value));
}

Attribute floatsAttribute(std::string name, std::vector<float> values)
{
    return makeAttribute(std::move(name), std::move(values));
}

Attribute stringsAttribute(std::string name, std::vector<std::string> values)
{
    return makeAttribute(std::move(name), std::move(values));
}

Attribute tensorAttribute(std::string name, Tensor value)
{
    return makeAttribute(name, makeTensorRef(name, std::move(value)));
}

Model makeModel(const NodeCase& nodeCase)
{
    Model model;
    model.irVersion = 8;
    model.opsets = {{nodeCase.domain, nodeCase.opset}};
    Graph& graph = model.graph;
    Node node;
    node.opType = nodeCase.opType;
    node.domain = nodeCase.domain;
    node.attributes = nodeCase.attributes;
    for (size_t i = 0; i < nodeCase.inputs.size(); ++i) {
        if (!nodeCase.inputs[i].present()) {
            node.inputs.push_back(noValue);
            continue;
        }
        const ValueId id = graph.addValue("x" + std::to_string(i));
        if (const Tensor* tensor = nodeCase.inputs[i].tensor())
            graph.values[static_cast<size_t>(id)].type =
                TypeInfo::tensor(tensor->type(), toShape(tensor->dims()));
        node.inputs.push_back(id);
        if (contains(nodeCase.constants, i) && nodeCase.inputs[i].isTensor())
            graph.initializers.push_back(
                {makeTensorRef("x" + std::to_string(i), *nodeCase.inputs[i].tensor()), id});
        else
            graph.inputs.push_back(id);
    }
    for (size_t i = 0; i < nodeCase.outputCount; ++i) {
        if (contains(nodeCase.absentOutputs, i)) {
            node.outputs.push_back(noValue);
            continue;
        }
        const ValueId id = graph.addValue("y" + std::to_string(i));
        node.outputs.push_back(id);
        graph.outputs.push_back(id);
    }
    graph.nodes.push_back(std::move(node));
    graph.connect();
    return model;
}

std::vector<RowResult> runOnAllRows(const NodeCase& nodeCase)
{
    const Model model = makeModel(nodeCase);
    const KernelRequest request = makeRequest(model, nodeCase);
    std::vector<RowResult> results;
    for (const std::span<const KernelRow> family : cpuBackend().kernelTable()) {
        for (const KernelRow& row : family) {
            if (row.opType != nodeCase.opType || domainName(row.domain) != domainName(nodeCase.domain) ||
                nodeCase.opset < row.firstOpset || nodeCase.opset > row.lastOpset)
                continue;
            const std::string name(row.implementation);
            auto kernel = row.create(request);
            if (kernel.ok()) {
                auto outputs = runTwice(**kernel, nodeCase);
                results.push_back({name, (*kernel)->implementation(), std::move(outputs)});
            } else if (kernel.error().code != ErrorCode::UnsupportedOp) {
                results.push_back({name, {}, kernel.error()});
            }
        }
    }
    return results;
}

} // namespace lapidary

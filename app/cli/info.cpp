// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/schema_inference.h"
#include "engine/session/model_summary.h"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace lapidary::cli {

namespace {

Json valueJson(const GraphValue& value, const TypeInfo& type)
{
    Json json{{"name", value.name}, {"type", toString(type)}};
    if (!value.doc.empty())
        json["doc"] = value.doc;
    return json;
}

Json peakJson(const Graph& graph, const ActivationMemory& memory)
{
    Json json{{"uncounted_values", memory.uncountedValues}, {"values", Json::array()}};
    if (memory.peakNode != noNode)
        json["node"] = nodeLabel(graph.node(memory.peakNode), memory.peakNode);
    for (const auto& [value, bytes] : memory.valuesAtPeak)
        json["values"].push_back({{"name", graph.value(value).name}, {"bytes", bytes}});
    return json;
}

Json infoJson(const Model& model, const ModelSummary& summary, const InferredTypes& types, bool withNodes)
{
    Json json{{"path", model.path.string()},
              {"file_bytes", model.fileSizeBytes},
              {"ir_version", model.irVersion},
              {"producer", model.producerName},
              {"producer_version", model.producerVersion},
              {"domain", model.domain},
              {"model_version", model.modelVersion},
              {"doc", model.doc},
              {"graph", model.graph.name}};
    for (const OpSetImport& opset : model.opsets)
        json["opsets"][std::string(domainName(opset.domain))] = opset.version;
    json["metadata"] = Json::object();
    for (const auto& [key, value] : model.metadata)
        json["metadata"][key] = value;
    json["inputs"] = Json::array();
    json["outputs"] = Json::array();
    for (const ValueId id : model.graph.requiredInputs())
        json["inputs"].push_back(valueJson(model.graph.value(id), types.type(id)));
    for (const ValueId id : model.graph.outputs)
        json["outputs"].push_back(valueJson(model.graph.value(id), types.type(id)));
    json["nodes"] = summary.size.nodes;
    json["parameters"] = summary.size.parameters;
    json["weight_bytes"] = summary.size.weightBytes;
    json["flops"] = summary.flops;
    json["flops_complete"] = summary.flopsUnknownShapes + summary.flopsWithoutRule == 0;
    json["flops_unknown_shapes"] = summary.flopsUnknownShapes;
    json["flops_without_rule"] = summary.flopsWithoutRule;
    json["activation_bytes"] = summary.activations.peakBytes;
    json["activation_peak"] = peakJson(model.graph, summary.activations);
    json["functions"] = model.functions.size();
    json["operators"] = Json::object();
    json["flops_by_operator"] = Json::object();
    for (const OperatorSummary& entry : summary.operators) {
        json["operators"][entry.name] = entry.nodes;
        json["flops_by_operator"][entry.name] = entry.flops;
    }
    if (withNodes) {
        for (const Node& node : model.graph.nodes) {
            Json entry{{"name", node.name}, {"op_type", node.opType}, {"domain", domainName(node.domain)}};
            for (const ValueId id : node.inputs)
                entry["inputs"].push_back(id == noValue ? "" : model.graph.value(id).name);
            for (const ValueId id : node.outputs)
                entry["outputs"].push_back(id == noValue ? "" : model.graph.value(id).name);
            json["node_list"].push_back(std::move(entry));
        }
    }
    return json;
}

void row(const std::string& label, const std::string& value)
{
    if (!value.empty())
        std::cout << std::left << std::setw(14) << label << value << "\n";
}

void printValues(const char* label, const Model& model, const std::vector<ValueId>& ids,
                 const InferredTypes& types)
{
    for (const ValueId id : ids)
        row(std::exchange(label, ""), model.graph.value(id).name + "  " + toString(types.type(id)));
}

void printWork(const ModelSummary& summary)
{
    std::string text = countText(summary.flops) + "FLOP";
    if (summary.flopsUnknownShapes > 0)
        text += ", not counting " + std::to_string(summary.flopsUnknownShapes) +
                " nodes of unknown shape (--dim NAME=N may help)";
    if (summary.flopsWithoutRule > 0)
        text += ", not counting " + std::to_string(summary.flopsWithoutRule) +
                " nodes whose work does not follow from shapes";
    row("work", text);
}

void printActivations(const Graph& graph, const ActivationMemory& memory)
{
    if (memory.peakNode == noNode)
        return;
    std::string text = sizeText(memory.peakBytes) + " at the peak, at " +
                       nodeLabel(graph.node(memory.peakNode), memory.peakNode);
    if (memory.uncountedValues > 0)
        text += ", without " + std::to_string(memory.uncountedValues) + " values of unknown size";
    row("activations", text);
    constexpr size_t shown = 5;
    for (size_t i = 0; i < std::min(shown, memory.valuesAtPeak.size()); ++i) {
        const auto& [value, bytes] = memory.valuesAtPeak[i];
        row("", sizeText(bytes) + "  " + graph.value(value).name);
    }
    if (memory.valuesAtPeak.size() > shown)
        row("", "and " + std::to_string(memory.valuesAtPeak.size() - shown) + " more values");
}

void printInfo(const Model& model, const ModelSummary& summary, const InferredTypes& types)
{
    row("file", model.path.string() + " (" + sizeText(model.fileSizeBytes) + ")");
    row("graph", model.graph.name);
    row("description", model.doc);
    row("producer", model.producerName + (model.producerVersion.empty() ? "" : " " + model.producerVersion));
    row("IR version", std::to_string(model.irVersion));
    std::string opsets;
    for (const OpSetImport& opset : model.opsets)
        opsets += (opsets.empty() ? "" : ", ") + std::string(domainName(opset.domain)) + " " +
                  std::to_string(opset.version);
    row("operator sets", opsets);
    const char* label = "metadata";
    for (const auto& [key, value] : model.metadata)
        row(std::exchange(label, ""), key + " = " + value);
    printValues("inputs", model, model.graph.requiredInputs(), types);
    printValues("outputs", model, model.graph.outputs, types);
    row("parameters",
        std::to_string(summary.size.parameters) + " (" + sizeText(summary.size.weightBytes) + ")");
    printWork(summary);
    printActivations(model.graph, summary.activations);
    row("nodes", std::to_string(summary.size.nodes));
    for (const OperatorSummary& entry : summary.operators) {
        std::cout << std::right << std::setw(20) << entry.nodes << "  ";
        if (entry.flops > 0)
            std::cout << std::left << std::setw(32) << entry.name << " " << countText(entry.flops)
                      << "FLOP\n";
        else
            std::cout << entry.name << "\n";
    }
}

void printNodes(const Graph& graph)
{
    const auto names = [&graph](const std::vector<ValueId>& ids) {
        std::string text;
        for (const ValueId id : ids)
            text += (text.empty() ? "" : ", ") + (id == noValue ? std::string("-") : graph.value(id).name);
        return text;
    };
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        std::cout << i << "  " << node.opType << "  " << node.name << "  (" << names(node.inputs) << ") -> ("
                  << names(node.outputs) << ")\n";
    }
}

} // namespace

int runInfo(const Arguments& arguments)
{
    CommandLine line("info", "Shows what a model is.");
    std::string path;
    bool withNodes = false;
    std::vector<std::string> dims;
    line.app().add_option("MODEL", path, "the .onnx file")->required();
    line.app().add_flag("--nodes", withNodes, "list all nodes");
    line.app().add_option("--dim", dims, "size of a named dimension, NAME=N");
    if (!line.parse(arguments))
        return line.exitCode();
    auto sizes = parseDims(dims);
    if (!sizes.ok())
        return fail(sizes.error(), line.json());

    JobContext job;
    const auto model = loadModel(path, job);
    if (!model.ok())
        return fail(model.error(), line.json());
    InferenceOptions options;
    options.dims = std::move(sizes).value();
    options.fallback = inferWithSchema;
    const auto types = inferTypes(**model, options, job);
    if (!types.ok())
        return fail(types.error(), line.json());
    const auto summary = summarize(**model, *types, job);
    if (!summary.ok())
        return fail(summary.error(), line.json());
    if (line.json()) {
        print(infoJson(**model, *summary, *types, withNodes));
        return exitOk;
    }
    printInfo(**model, *summary, *types);
    if (withNodes)
        printNodes((*model)->graph);
    return exitOk;
}

} // namespace lapidary::cli

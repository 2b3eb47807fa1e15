// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/schema_inference.h"
#include "engine/session/model_summary.h"

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
    json["nodes"] = summary.nodeCount;
    json["parameters"] = summary.parameterCount;
    json["weight_bytes"] = summary.weightBytes;
    json["flops"] = summary.flops;
    json["flops_complete"] = summary.flopsUnknown == 0;
    json["activation_bytes"] = summary.activationBytes;
    json["functions"] = model.functions.size();
    json["operators"] = Json::object();
    for (const auto& [op, count] : summary.operators)
        json["operators"][op] = count;
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
    row("parameters", std::to_string(summary.parameterCount) + " (" + sizeText(summary.weightBytes) + ")");
    if (summary.flops > 0)
        row("work", countText(summary.flops) + "FLOP" +
                        (summary.flopsUnknown > 0 ? ", not counting " + std::to_string(summary.flopsUnknown) +
                                                        " nodes of unknown shape"
                                                  : ""));
    if (summary.activationBytes > 0)
        row("activations", sizeText(summary.activationBytes) + " at the peak");
    row("nodes", std::to_string(summary.nodeCount));
    for (const auto& [op, count] : summary.operators)
        std::cout << std::right << std::setw(20) << count << "  " << op << "\n";
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
    line.app().add_option("MODEL", path, "the .onnx file")->required();
    line.app().add_flag("--nodes", withNodes, "list all nodes");
    if (!line.parse(arguments))
        return line.exitCode();

    JobContext job;
    const auto model = loadModel(path, job);
    if (!model.ok())
        return fail(model.error(), line.json());
    InferenceOptions options;
    options.fallback = inferWithSchema;
    const auto types = inferTypes(**model, options, job);
    if (!types.ok())
        return fail(types.error(), line.json());
    const ModelSummary summary = summarize(**model, *types);
    if (line.json()) {
        print(infoJson(**model, summary, *types, withNodes));
        return exitOk;
    }
    printInfo(**model, summary, *types);
    if (withNodes)
        printNodes((*model)->graph);
    return exitOk;
}

} // namespace lapidary::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_inputs.h"

#include "app/cli/command_line.h"
#include "engine/onnx/npy.h"
#include "engine/onnx/reader.h"
#include "engine/session/inputs.h"

namespace lapidary::cli {

namespace {

Result<Value> loadInputFile(const std::string& file, const TypeInfo& type)
{
    if (std::filesystem::path(file).extension() == ".npy") {
        TRY_ASSIGN(Tensor tensor, loadNpy(file));
        return Value(std::move(tensor));
    }
    return loadValueFile(file, type);
}

} // namespace

void InputArguments::addTo(CLI::App& app)
{
    app.add_option("--input", files, "NAME=FILE, a .npy or a serialized TensorProto (.pb)");
    app.add_option("--data", dataFolder, "a test_data_set_N folder: inputs and expected outputs");
    app.add_option("--seed", seed, "of random inputs")->capture_default_str();
}

Result<ModelInputs> collectInputs(const Model& model, const SessionOptions& options,
                                  const InputArguments& arguments)
{
    const Graph& graph = model.graph;
    std::map<std::string, Value> named;
    ModelInputs inputs;
    if (!arguments.dataFolder.empty()) {
        TRY_ASSIGN(TestDataSet data, loadTestDataSet(graph, arguments.dataFolder));
        named = std::move(data.inputs);
        inputs.expected = std::move(data.expected);
    }
    for (const std::string& text : arguments.files) {
        TRY_ASSIGN(const auto pair, splitPair(text, "--input"));
        const ValueId id = graph.findValue(pair.first);
        TRY_ASSIGN(named[pair.first],
                   loadInputFile(pair.second, id == noValue ? TypeInfo() : graph.value(id).type));
    }
    uint64_t seed = arguments.seed;
    for (const ValueId id : graph.requiredInputs()) {
        const GraphValue& value = graph.value(id);
        if (named.contains(value.name))
            continue;
        auto tensor = randomTensor(value.type.dataType, concreteInputDims(value.type, options.dims), seed++);
        if (!tensor.ok())
            return std::move(tensor).error().at("input '" + value.name + "'");
        named[value.name] = std::move(tensor).value();
    }
    TRY_ASSIGN(inputs.values, bindInputs(graph, std::move(named)));
    return inputs;
}

} // namespace lapidary::cli

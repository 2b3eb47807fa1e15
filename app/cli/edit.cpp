// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "engine/edit/dimensions.h"
#include "engine/edit/extract.h"
#include "engine/edit/properties.h"
#include "engine/edit/remove_identities.h"
#include "engine/edit/rename.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/writer.h"

#include <charconv>
#include <iostream>

namespace lapidary::cli {

namespace {

struct EditArguments {
    std::string model;
    std::string output;
    std::vector<std::string> from;
    std::vector<std::string> to;
    std::string batch;
    std::vector<std::string> dims;
    std::vector<std::string> nodes;
    std::vector<std::string> values;
    std::vector<std::string> metadata;
    bool removeIdentities = false;
    bool external = false;
};

Dim parseDim(const std::string& text)
{
    int64_t size = -1;
    const char* end = text.data() + text.size();
    const auto [next, problem] = std::from_chars(text.data(), end, size);
    if (text.empty() || text == "?")
        return {};
    if (problem == std::errc::result_out_of_range)
        return Dim(-2); // refused as a size
    return problem == std::errc() && next == end ? Dim(size) : Dim(text);
}

bool parseAxis(std::string_view text, size_t& axis)
{
    const auto [next, problem] = std::from_chars(text.data(), text.data() + text.size(), axis);
    return problem == std::errc() && next == text.data() + text.size();
}

Result<ValueId> findValue(const Graph& graph, const std::string& name)
{
    const ValueId id = graph.findValue(name);
    if (id == noValue || name.empty())
        return makeError(ErrorCode::NotFound, "the model has no value '" + name + "'",
                         "See the names with: lapidary info --nodes MODEL");
    return id;
}

// "NAME" or "#12".
Result<NodeId> findNode(const Graph& graph, const std::string& name)
{
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].name == name || "#" + std::to_string(i) == name)
            return static_cast<NodeId>(i);
    }
    return makeError(ErrorCode::NotFound, "the model has no node '" + name + "'",
                     "See the names with: lapidary info --nodes MODEL");
}

// "NAME=SIZE" for all dimensions of that name, "INPUT:AXIS=SIZE" for one.
Result<std::vector<DimensionChange>> dimensionChanges(const Graph& graph, const std::string& text)
{
    TRY_ASSIGN(const auto pair, splitPair(text, "--dim"));
    const Dim dim = parseDim(pair.second);
    auto changes = changesOfName(graph, pair.first, dim);
    if (!changes.empty())
        return changes;
    const size_t colon = pair.first.rfind(':');
    const ValueId input = graph.findValue(pair.first.substr(0, colon));
    size_t axis = 0;
    if (colon == std::string::npos || input == noValue ||
        !parseAxis(std::string_view(pair.first).substr(colon + 1), axis))
        return makeError(ErrorCode::NotFound,
                         "'" + pair.first + "' is neither the name of a dimension nor an axis of an input",
                         "Write NAME=SIZE, or INPUT:AXIS=SIZE such as x:0=8.");
    return std::vector<DimensionChange>{{input, axis, dim}};
}

// What was done, for the user.
using Notes = std::vector<std::string>;

Result<Model> changeSizes(const Model& model, const std::vector<DimensionChange>& changes, Notes& notes,
                          JobContext& job)
{
    TRY_ASSIGN(ChangedDimensions changed, changeDimensions(model, changes, job));
    for (const NodeId id : changed.reshapes)
        notes.push_back("opened the first size in the stored shape of " +
                        nodeLabel(model.graph.node(id), id));
    return std::move(changed.model);
}

Result<Model> extracted(const Model& model, const EditArguments& wanted, JobContext& job)
{
    GraphBorder border;
    for (const std::string& name : wanted.from) {
        TRY_ASSIGN(const ValueId id, findValue(model.graph, name));
        border.inputs.push_back(id);
    }
    for (const std::string& name : wanted.to) {
        TRY_ASSIGN(const ValueId id, findValue(model.graph, name));
        border.outputs.push_back(id);
    }
    if (border.outputs.empty())
        std::copy_if(model.graph.outputs.begin(), model.graph.outputs.end(),
                     std::back_inserter(border.outputs),
                     [&](ValueId id) { return model.graph.value(id).producer != noNode; });
    return extractPart(model, border, job);
}

Result<Model> withMetadata(const Model& model, const std::vector<std::string>& entries)
{
    ModelProperties properties = propertiesOf(model);
    for (const std::string& text : entries) {
        TRY_ASSIGN(const auto entry, splitPair(text, "--metadata"));
        auto& all = properties.metadata;
        std::erase_if(all, [&](const auto& old) { return old.first == entry.first; });
        if (!entry.second.empty())
            all.push_back(entry);
    }
    return withProperties(model, properties);
}

Result<Model> edited(Model model, const EditArguments& wanted, Notes& notes, JobContext& job)
{
    if (!wanted.from.empty() || !wanted.to.empty()) {
        TRY_ASSIGN(model, extracted(model, wanted, job));
    }
    if (wanted.removeIdentities) {
        WithoutIdentities without = removeIdentities(model);
        notes.push_back("removed " + std::to_string(without.removed) + " nodes that pass on what they get");
        model = std::move(without.model);
    }
    if (!wanted.batch.empty()) {
        const auto changes = changesOfBatch(model.graph, parseDim(wanted.batch));
        if (changes.empty())
            return makeError(ErrorCode::InvalidArgument,
                             "no input has a first dimension, so there is no batch");
        TRY_ASSIGN(model, changeSizes(model, changes, notes, job));
    }
    for (const std::string& text : wanted.dims) {
        TRY_ASSIGN(const auto changes, dimensionChanges(model.graph, text));
        TRY_ASSIGN(model, changeSizes(model, changes, notes, job));
    }
    for (const std::string& text : wanted.nodes) {
        TRY_ASSIGN(const auto names, splitPair(text, "--rename-node"));
        TRY_ASSIGN(const NodeId id, findNode(model.graph, names.first));
        TRY_ASSIGN(model, renameNode(model, nullptr, id, names.second));
    }
    for (const std::string& text : wanted.values) {
        TRY_ASSIGN(const auto names, splitPair(text, "--rename-value"));
        TRY_ASSIGN(const ValueId id, findValue(model.graph, names.first));
        TRY_ASSIGN(model, renameValue(model, nullptr, id, names.second));
    }
    if (!wanted.metadata.empty()) {
        TRY_ASSIGN(model, withMetadata(model, wanted.metadata));
    }
    return model;
}

} // namespace

int runEdit(const Arguments& arguments)
{
    CommandLine line("edit", "Saves a changed copy of a model. The model itself is never changed.");
    EditArguments wanted;
    CLI::App& app = line.app();
    app.add_option("MODEL", wanted.model, "the .onnx file")->required();
    app.add_option("OUT", wanted.output, "the .onnx file to write")->required();
    app.add_option("--from", wanted.from, "the part that begins at these values")->delimiter(',');
    app.add_option("--to", wanted.to, "the part that ends at these values")->delimiter(',');
    app.add_flag("--remove-identities", wanted.removeIdentities, "leave out Identity and inactive Dropout");
    app.add_option("--batch", wanted.batch, "first dimension of the inputs: a size, a name, or ?");
    app.add_option("--dim", wanted.dims, "another size: NAME=SIZE, or INPUT:AXIS=SIZE")
        ->allow_extra_args(false);
    app.add_option("--rename-node", wanted.nodes, "OLD=NEW; OLD may be a number, #12")
        ->allow_extra_args(false);
    app.add_option("--rename-value", wanted.values, "OLD=NEW")->allow_extra_args(false);
    app.add_option("--metadata", wanted.metadata, "KEY=TEXT; without TEXT the key is removed")
        ->allow_extra_args(false);
    app.add_flag("--external", wanted.external, "weights in a file of their own, OUT.data");
    if (!line.parse(arguments))
        return line.exitCode();

    JobContext job;
    const auto model = loadModel(wanted.model, job);
    if (!model.ok())
        return fail(model.error(), line.json());
    Notes notes;
    const auto result = edited(**model, wanted, notes, job);
    if (!result.ok())
        return fail(result.error(), line.json());
    const WeightStorage storage = wanted.external ? WeightStorage::External : WeightStorage::Inside;
    if (const Status saved = saveModel(*result, wanted.output, storage, job); !saved.ok())
        return fail(saved.error(), line.json());
    if (line.json()) {
        print(Json{{"saved", wanted.output}, {"nodes", result->graph.nodes.size()}, {"notes", notes}});
        return exitOk;
    }
    for (const std::string& note : notes)
        std::cout << note << "\n";
    std::cout << "saved " << wanted.output << "\n";
    return exitOk;
}

} // namespace lapidary::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/test_data.h"

#include "engine/onnx/reader.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lapidary {

namespace {

namespace fs = std::filesystem;

// The number behind prefix, as in "input_3.pb"; nullopt when the name is another.
std::optional<size_t> numberAfter(const std::string& stem, std::string_view prefix)
{
    if (stem.rfind(prefix, 0) != 0)
        return std::nullopt;
    size_t number = 0;
    const char* end = stem.data() + stem.size();
    const auto [next, problem] = std::from_chars(stem.data() + prefix.size(), end, number);
    return problem == std::errc() && next == end ? std::optional(number) : std::nullopt;
}

std::map<size_t, fs::path> numberedFiles(const fs::path& folder, std::string_view prefix)
{
    std::map<size_t, fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const fs::path& path = entry.path();
        if (const auto number = numberAfter(path.stem().string(), prefix);
            number && path.extension() == ".pb")
            files[*number] = path;
    }
    return files;
}

// numpy has no bfloat16, so tools store its bits as uint16 (ONNX's own test data up to 1.12 do).
Value asDeclared(Value value, const TypeInfo& declared)
{
    const Tensor* tensor = value.tensor();
    if (!tensor || tensor->type() != DataType::UInt16 || declared.dataType != DataType::BFloat16)
        return value;
    return Tensor::view(DataType::BFloat16, tensor->dims(), tensor->bytes(),
                        std::make_shared<Tensor>(*tensor));
}

Status loadFiles(const Graph& graph, const fs::path& folder, std::string_view prefix,
                 const std::vector<ValueId>& ids, std::map<std::string, Value>& values)
{
    for (const auto& [number, path] : numberedFiles(folder, prefix)) {
        if (number >= ids.size())
            return makeError(ErrorCode::InvalidArgument, "the model has " + std::to_string(ids.size()) +
                                                             " such values, so this file fits none")
                .at(path.string());
        const GraphValue& value = graph.value(ids[number]);
        TRY_ASSIGN(Value loaded, loadValueFile(path, value.type));
        values[value.name] = asDeclared(std::move(loaded), value.type);
    }
    return {};
}

} // namespace

std::vector<fs::path> findTestDataSets(const fs::path& folder)
{
    if (!numberedFiles(folder, "input_").empty() || !numberedFiles(folder, "output_").empty())
        return {folder};
    std::map<size_t, fs::path> numbered;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (const auto number = numberAfter(entry.path().filename().string(), "test_data_set_"))
            numbered[*number] = entry.path();
    }
    std::vector<fs::path> folders;
    for (auto& [number, path] : numbered)
        folders.push_back(std::move(path));
    return folders;
}

Result<TestDataSet> loadTestDataSet(const Graph& graph, const fs::path& folder)
{
    TestDataSet data;
    data.folder = folder;
    TRY(loadFiles(graph, folder, "input_", graph.requiredInputs(), data.inputs));
    TRY(loadFiles(graph, folder, "output_", graph.outputs, data.expected));
    if (data.inputs.empty() && data.expected.empty())
        return makeError(ErrorCode::NotFound, "the folder holds no input_0.pb or output_0.pb",
                         "Choose a test_data_set_N folder of a model zoo.")
            .at(folder.string());
    return data;
}

std::vector<OutputComparison> compareOutputs(const Graph& graph, std::span<const Value> outputs,
                                             const std::map<std::string, Value>& expected,
                                             const ToleranceRule& rule)
{
    std::vector<OutputComparison> comparisons;
    for (size_t i = 0; i < graph.outputs.size() && i < outputs.size(); ++i) {
        const std::string& name = graph.value(graph.outputs[i]).name;
        if (const auto wanted = expected.find(name); wanted != expected.end())
            comparisons.push_back({name, compareValues(outputs[i], wanted->second, rule)});
    }
    return comparisons;
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/reader.h"

#include "engine/base/mapped_file.h"
#include "engine/onnx/foreign_format.h"
#include "engine/onnx/graph_reader.h"
#include "engine/onnx/packed_file.h"
#include "engine/onnx/text_model.h"

#include <limits>

namespace lapidary {

namespace {

// protobuf addresses a message with 31 bits.
Status checkSize(size_t sizeBytes, const char* what)
{
    if (sizeBytes == 0)
        return makeError(ErrorCode::InvalidModel, std::string("the file is empty; expected ") + what,
                         "Export or download the file again.");
    if (sizeBytes > static_cast<size_t>(std::numeric_limits<int>::max()))
        return makeError(ErrorCode::InvalidModel,
                         "the file has " + std::to_string(sizeBytes) +
                             " bytes; a protobuf file cannot exceed 2 GB",
                         "Save the model with its weights as external data.");
    return {};
}

using ModelResult = Result<std::shared_ptr<const Model>>;

// A model's bytes, wherever they come from.
struct Content {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
    std::filesystem::path folder; // of external weights
    std::filesystem::path name;   // says what the content could be
};

// path: of the file that the user opened.
ModelResult parse(const Content& content, const std::filesystem::path& path, JobContext& job)
{
    TRY(checkSize(content.bytes.size(), "an ONNX model"));
    auto model = std::make_shared<Model>();
    model->path = path;
    model->fileSizeBytes = content.bytes.size();
    auto tensors = std::make_shared<TensorFile>(content.owner, content.folder);
    GraphReader reader(std::move(tensors), content.bytes.data(), job);
    TRY(reader.readModel(content.bytes, *model));
    return std::shared_ptr<const Model>(std::move(model));
}

ModelResult parseText(const Content& content, TextSyntax syntax, const std::filesystem::path& path,
                      JobContext& job)
{
    TRY_ASSIGN(std::string text, modelFromText(content.bytes, syntax));
    const auto owner = std::make_shared<const std::string>(std::move(text));
    return parse({std::as_bytes(std::span(*owner)), owner, content.folder, content.name}, path, job);
}

// As a binary model, and when it is none, as what else it may be.
ModelResult parseOrRecognise(const Content& content, const std::filesystem::path& path, JobContext& job)
{
    ModelResult model = parse(content, path, job);
    if (model.ok() || model.error().code != ErrorCode::InvalidModel || content.bytes.empty())
        return model;
    if (const auto syntax = textSyntaxOf(content.bytes))
        return parseText(content, *syntax, path, job);
    if (auto answer = foreignFormat(content.name, content.bytes))
        return std::move(*answer);
    return model;
}

ModelResult loadContent(const Content& content, const std::filesystem::path& path, JobContext& job)
{
    if (!isPacked(content.bytes))
        return parseOrRecognise(content, path, job);
    TRY_ASSIGN(UnpackedModel unpacked, unpackModel(content.bytes, content.name, job));
    return parseOrRecognise(
        {unpacked.bytes, std::move(unpacked.owner), std::move(unpacked.folder), std::move(unpacked.name)},
        path, job);
}

} // namespace

Result<std::shared_ptr<const Model>> loadModel(const std::filesystem::path& path, JobContext& job)
{
    if (auto answer = foreignFolder(path))
        return std::move(*answer).at(path.string());
    TRY_ASSIGN(const auto file, MappedFile::open(path));
    auto model = loadContent({file->bytes(), file, path.parent_path(), path.filename()}, path, job);
    if (!model.ok())
        return std::move(model).error().at(path.string());
    return model;
}

Result<std::shared_ptr<const Model>> parseModel(std::span<const std::byte> bytes,
                                                std::shared_ptr<const void> owner, JobContext& job)
{
    return parse({bytes, std::move(owner), {}, {}}, {}, job);
}

} // namespace lapidary

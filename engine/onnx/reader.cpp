// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/reader.h"

#include "engine/base/mapped_file.h"
#include "engine/onnx/graph_reader.h"

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

Result<std::shared_ptr<const Model>> parse(std::span<const std::byte> bytes,
                                           std::shared_ptr<const void> owner,
                                           const std::filesystem::path& path, JobContext& job)
{
    TRY(checkSize(bytes.size(), "an ONNX model"));
    auto model = std::make_shared<Model>();
    model->path = path;
    model->fileSizeBytes = bytes.size();
    auto tensors = std::make_shared<TensorFile>(std::move(owner), path.parent_path());
    GraphReader reader(std::move(tensors), bytes.data(), job);
    TRY(reader.readModel(bytes, *model));
    return std::shared_ptr<const Model>(std::move(model));
}

} // namespace

Result<std::shared_ptr<const Model>> loadModel(const std::filesystem::path& path, JobContext& job)
{
    TRY_ASSIGN(const auto file, MappedFile::open(path));
    auto model = parse(file->bytes(), file, path, job);
    if (!model.ok())
        return std::move(model).error().at(path.string());
    return model;
}

Result<std::shared_ptr<const Model>> parseModel(std::span<const std::byte> bytes,
                                                std::shared_ptr<const void> owner, JobContext& job)
{
    return parse(bytes, std::move(owner), {}, job);
}

} // namespace lapidary

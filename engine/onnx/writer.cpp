// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/writer.h"

#include "engine/base/file_writer.h"
#include "engine/onnx/graph_writer.h"

#include <limits>

namespace lapidary {

namespace {

// What onnx.save leaves in the model as well.
constexpr uint64_t smallestExternalBytes = 1024;
// So that a reader can map a weight: ONNX, "External Data".
constexpr uint64_t pageBytes = 4096;
constexpr uint64_t smallestPageAligned = 65536;
constexpr uint64_t lineBytes = 64;

wire::Message externalEntry(std::string_view key, const std::string& value)
{
    wire::Message entry;
    entry.text(1, key);
    entry.text(2, value);
    return entry;
}

// The file of external weights: first all get their places, then they are written.
class WeightFile {
public:
    explicit WeightFile(std::filesystem::path path) : m_path(std::move(path)) {}

    Status place(wire::Message& tensorProto, const TensorRef& tensor)
    {
        const uint64_t size = tensor.sizeBytes();
        if (tensor.type == DataType::String || size < smallestExternalBytes)
            return placeInside(tensorProto, tensor);
        const uint64_t alignment = size >= smallestPageAligned ? pageBytes : lineBytes;
        m_sizeBytes = (m_sizeBytes + alignment - 1) / alignment * alignment;
        tensorProto.message(13, externalEntry("location", m_path.filename().string()));
        tensorProto.message(13, externalEntry("offset", std::to_string(m_sizeBytes)));
        tensorProto.message(13, externalEntry("length", std::to_string(size)));
        tensorProto.integer(14, 1); // DataLocation.EXTERNAL
        m_weights.emplace_back(m_sizeBytes, tensor);
        m_sizeBytes += size;
        return {};
    }

    bool empty() const { return m_weights.empty(); }

    Result<FileWriter> write(JobContext& job) const
    {
        TRY_ASSIGN(FileWriter file, FileWriter::create(m_path));
        static constexpr std::byte zeros[pageBytes]{};
        for (const auto& [offset, tensor] : m_weights) {
            TRY(file.write({zeros, static_cast<size_t>(offset - file.sizeBytes())}, job));
            TRY_ASSIGN(const Tensor elements, tensor.load());
            TRY(file.write({elements.bytes(), static_cast<size_t>(tensor.sizeBytes())}, job));
            job.report(static_cast<double>(file.sizeBytes()) / static_cast<double>(m_sizeBytes));
        }
        return file;
    }

private:
    std::filesystem::path m_path;
    uint64_t m_sizeBytes = 0;
    std::vector<std::pair<uint64_t, TensorRef>> m_weights; // with their offsets
};

bool isSameFile(const std::filesystem::path& a, const std::filesystem::path& b)
{
    std::error_code problem;
    return !a.empty() && std::filesystem::equivalent(a, b, problem);
}

// The model reads its weights from its files as long as it lives: they must not change under it.
Status checkNotRead(const Model& model, const std::filesystem::path& path)
{
    const auto files = filesOf(model);
    const bool read = std::any_of(files.begin(), files.end(),
                                  [&](const std::filesystem::path& file) { return isSameFile(file, path); });
    if (!read)
        return {};
    return makeError(ErrorCode::InvalidArgument, "the model is read from this file, which is never changed",
                     "Save under another name.")
        .at(path.string());
}

Result<FileWriter> writeModelFile(const std::filesystem::path& path, const wire::Message& message,
                                  JobContext& job)
{
    if (message.sizeBytes() > static_cast<uint64_t>(std::numeric_limits<int>::max()))
        return makeError(ErrorCode::InvalidModel,
                         "the file would have " + std::to_string(message.sizeBytes()) +
                             " bytes; a protobuf file cannot exceed 2 GB",
                         "Save the weights in a file of their own.")
            .at(path.string());
    TRY_ASSIGN(FileWriter file, FileWriter::create(path));
    TRY(message.write([&](std::span<const std::byte> bytes) {
        job.report(static_cast<double>(file.sizeBytes()) / static_cast<double>(message.sizeBytes()));
        return file.write(bytes, job);
    }));
    return file;
}

} // namespace

std::set<std::filesystem::path> filesOf(const Model& model)
{
    std::set<std::filesystem::path> files{model.path};
    const auto add = [&files](const TensorRef& tensor) {
        if (tensor.source)
            files.insert(tensor.source->externalFile(tensor));
    };
    const auto addSparse = [&add](const SparseTensorRef& tensor) {
        add(tensor.values);
        add(tensor.indices);
    };
    const auto addAttribute = [&](const Attribute& attribute) {
        if (const auto* tensor = attribute.as<TensorRef>())
            add(*tensor);
        else if (const auto* tensors = attribute.as<std::vector<TensorRef>>())
            std::for_each(tensors->begin(), tensors->end(), add);
        else if (const auto* sparse = attribute.as<SparseTensorRef>())
            addSparse(*sparse);
        else if (const auto* sparses = attribute.as<std::vector<SparseTensorRef>>())
            std::for_each(sparses->begin(), sparses->end(), addSparse);
    };
    visitGraphs(model, [&](const Graph& graph) {
        for (const Initializer& initializer : graph.initializers)
            add(initializer.tensor);
        for (const SparseInitializer& initializer : graph.sparseInitializers)
            addSparse(initializer.tensor);
        for (const Node& node : graph.nodes)
            std::for_each(node.attributes.begin(), node.attributes.end(), addAttribute);
    });
    files.erase(std::filesystem::path());
    return files;
}

std::filesystem::path externalFile(const std::filesystem::path& modelPath)
{
    std::filesystem::path file = modelPath;
    file += ".data";
    return file;
}

Status saveModel(const Model& model, const std::filesystem::path& path, WeightStorage storage,
                 JobContext& job)
{
    TRY(checkNotRead(model, path));
    if (storage == WeightStorage::Inside) {
        TRY_ASSIGN(const wire::Message message, GraphWriter().model(model));
        TRY_ASSIGN(FileWriter file, writeModelFile(path, message, job));
        return file.finish();
    }
    const std::filesystem::path dataPath = externalFile(path);
    TRY(checkNotRead(model, dataPath));
    WeightFile weights(dataPath);
    const auto place = [&weights](wire::Message& proto, const TensorRef& tensor) {
        return weights.place(proto, tensor);
    };
    TRY_ASSIGN(const wire::Message message, GraphWriter(place).model(model));
    if (weights.empty()) {
        TRY_ASSIGN(FileWriter file, writeModelFile(path, message, job));
        return file.finish();
    }
    TRY_ASSIGN(FileWriter data, weights.write(job));
    TRY_ASSIGN(FileWriter file, writeModelFile(path, message, job));
    TRY(data.finish());
    return file.finish();
}

} // namespace lapidary

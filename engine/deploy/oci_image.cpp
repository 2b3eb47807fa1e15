// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/oci_image.h"

#include "engine/deploy/files.h"
#include "engine/deploy/json.h"

#include <QCryptographicHash>

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fstream>
#include <memory>
#include <set>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

constexpr auto manifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr auto configType = "application/vnd.oci.image.config.v1+json";
constexpr auto tarType = "application/vnd.oci.image.layer.v1.tar";
constexpr auto gzipType = "application/vnd.oci.image.layer.v1.tar+gzip";
// Of everything in an image: a time of its own would change the digest at every build.
constexpr auto noTime = "1970-01-01T00:00:00Z";

std::string digestOf(const QCryptographicHash& hash)
{
    return "sha256:" + hash.result().toHex().toStdString();
}

Error archiveError(archive* stream, const fs::path& file)
{
    const char* text = archive_error_string(stream);
    return makeError(ErrorCode::IoError, text ? text : "the archive library failed").at(file.string());
}

struct WriteArchive {
    archive* stream = archive_write_new();
    ~WriteArchive() { archive_write_free(stream); }
};

// A file whose name is the digest of what was written.
struct BlobFile {
    fs::path path;
    std::ofstream stream;
    QCryptographicHash hash{QCryptographicHash::Sha256};
    uint64_t sizeBytes = 0;

    void write(const void* data, size_t size)
    {
        stream.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
        hash.addData(QByteArrayView(static_cast<const char*>(data), static_cast<qsizetype>(size)));
        sizeBytes += size;
    }
};

// The tar stream of a layer goes through here: hashed as it is, then written as it is or through gzip.
struct LayerSink {
    BlobFile blob;
    QCryptographicHash diffId{QCryptographicHash::Sha256};
    std::unique_ptr<WriteArchive> gzip;
};

la_ssize_t writeBlob(archive*, void* data, const void* bytes, size_t size)
{
    auto& blob = *static_cast<BlobFile*>(data);
    blob.write(bytes, size);
    return blob.stream ? static_cast<la_ssize_t>(size) : -1;
}

la_ssize_t writeTar(archive* stream, void* data, const void* bytes, size_t size)
{
    auto& sink = *static_cast<LayerSink*>(data);
    sink.diffId.addData(QByteArrayView(static_cast<const char*>(bytes), static_cast<qsizetype>(size)));
    return sink.gzip ? archive_write_data(sink.gzip->stream, bytes, size)
                     : writeBlob(stream, &sink.blob, bytes, size);
}

Status openGzip(LayerSink& sink)
{
    sink.gzip = std::make_unique<WriteArchive>();
    archive* gzip = sink.gzip->stream;
    archive_write_set_format_raw(gzip);
    archive_write_add_filter_gzip(gzip);
    archive_write_set_filter_option(gzip, "gzip", "timestamp", nullptr);
    // Higher levels take twice as long for a tenth less.
    archive_write_set_filter_option(gzip, "gzip", "compression-level", "3");
    archive_write_set_bytes_in_last_block(gzip, 1);
    std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                        &archive_entry_free);
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    if (archive_write_open(gzip, &sink.blob, nullptr, writeBlob, nullptr) != ARCHIVE_OK ||
        archive_write_header(gzip, entry.get()) != ARCHIVE_OK)
        return archiveError(gzip, sink.blob.path);
    return {};
}

Status addFile(archive* tar, const ImageFile& file, JobContext& job)
{
    std::ifstream source(file.source, std::ios::binary);
    std::error_code problem;
    const auto size = fs::file_size(file.source, problem);
    if (!source || problem)
        return makeError(ErrorCode::IoError, "cannot read the file").at(file.source.string());
    std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                        &archive_entry_free);
    archive_entry_set_pathname(entry.get(), file.path.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), file.executable ? 0755 : 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    if (archive_write_header(tar, entry.get()) != ARCHIVE_OK)
        return archiveError(tar, file.source);
    std::vector<char> buffer(size_t{1} << 20);
    uint64_t written = 0;
    while (source.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), source.gcount() > 0) {
        if (job.stopRequested())
            return cancelled();
        if (archive_write_data(tar, buffer.data(), static_cast<size_t>(source.gcount())) < 0)
            return archiveError(tar, file.source);
        written += static_cast<uint64_t>(source.gcount());
    }
    if (written != size)
        return makeError(ErrorCode::IoError, "the file changed while it was read").at(file.source.string());
    return {};
}

Status addFolder(archive* tar, const std::string& name, const fs::path& file)
{
    std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                        &archive_entry_free);
    archive_entry_set_pathname(entry.get(), (name + "/").c_str());
    archive_entry_set_filetype(entry.get(), AE_IFDIR);
    archive_entry_set_perm(entry.get(), 0755);
    archive_entry_set_mtime(entry.get(), 0, 0);
    if (archive_write_header(tar, entry.get()) != ARCHIVE_OK)
        return archiveError(tar, file);
    return {};
}

// Those that the files are in. Docker up to version 20 makes a folder that no layer names one which only root
// can enter.
std::set<std::string> foldersOf(const ImageLayer& layer)
{
    std::set<std::string> folders;
    for (const ImageFile& file : layer.files) {
        for (fs::path path = fs::path(file.path).parent_path(); !path.empty() && path != path.root_path();
             path = path.parent_path())
            folders.insert(path.generic_string());
    }
    return folders;
}

// Folders come before what is in them, files in the order of their names.
Status writeLayer(ImageLayer layer, const fs::path& folder, LayerSink& sink, JobContext& job)
{
    std::sort(layer.files.begin(), layer.files.end(),
              [](const ImageFile& a, const ImageFile& b) { return a.path < b.path; });
    sink.blob.path = folder / "unfinished";
    sink.blob.stream.open(sink.blob.path, std::ios::binary);
    if (!sink.blob.stream)
        return makeError(ErrorCode::IoError, "cannot write the file").at(sink.blob.path.string());
    if (layer.compressed)
        TRY(openGzip(sink));
    WriteArchive tar;
    archive_write_set_format_pax_restricted(tar.stream);
    archive_write_set_bytes_in_last_block(tar.stream, 1);
    if (archive_write_open(tar.stream, &sink, nullptr, writeTar, nullptr) != ARCHIVE_OK)
        return archiveError(tar.stream, sink.blob.path);
    for (const std::string& name : foldersOf(layer))
        TRY(addFolder(tar.stream, name, sink.blob.path));
    for (const ImageFile& file : layer.files)
        TRY(addFile(tar.stream, file, job));
    if (archive_write_close(tar.stream) != ARCHIVE_OK)
        return archiveError(tar.stream, sink.blob.path);
    if (sink.gzip && archive_write_close(sink.gzip->stream) != ARCHIVE_OK)
        return archiveError(sink.gzip->stream, sink.blob.path);
    return {};
}

Result<ImageBlob> keepBlob(BlobFile& blob, const std::string& mediaType)
{
    blob.stream.close();
    const std::string digest = digestOf(blob.hash);
    std::error_code problem;
    fs::rename(blob.path, blob.path.parent_path() / digest.substr(7), problem);
    if (blob.stream.fail() || problem)
        return makeError(ErrorCode::IoError, "cannot write the file").at(blob.path.string());
    return ImageBlob{mediaType, digest, blob.sizeBytes};
}

Result<ImageBlob> writeJsonBlob(const Json& json, const std::string& mediaType, const fs::path& folder)
{
    BlobFile blob{folder / "unfinished", std::ofstream(folder / "unfinished", std::ios::binary)};
    const std::string text = json.dump();
    blob.write(text.data(), text.size());
    return keepBlob(blob, mediaType);
}

Json descriptor(const ImageBlob& blob)
{
    return {{"mediaType", blob.mediaType}, {"digest", blob.digest}, {"size", blob.sizeBytes}};
}

Json configJson(const ImageConfig& config, const std::vector<std::string>& diffIds,
                const std::vector<ImageLayer>& layers)
{
    Json run = {{"Entrypoint", config.entrypoint}, {"WorkingDir", "/"}};
    if (!config.user.empty())
        run["User"] = config.user;
    for (const auto& [name, value] : config.environment)
        run["Env"].push_back(std::string(name).append("=").append(value));
    if (config.port)
        run["ExposedPorts"][std::to_string(config.port) + "/tcp"] = Json::object();
    if (!config.labels.empty())
        run["Labels"] = config.labels;
    Json json = {{"created", noTime}, {"architecture", "amd64"}, {"os", "linux"}, {"config", run}};
    json["rootfs"] = {{"type", "layers"}, {"diff_ids", diffIds}};
    for (const ImageLayer& layer : layers)
        json["history"].push_back({{"created", noTime}, {"created_by", layer.comment}});
    return json;
}

std::string nameInLayout(const ImageBlob& blob)
{
    return "blobs/sha256/" + blob.digest.substr(blob.digest.find(':') + 1);
}

// What "docker load" reads. Docker of containerd reads the layout instead, and its name from the annotation.
Status writeDockerManifest(const Image& image, const std::string& name)
{
    Json entry = {{"Config", nameInLayout(image.config)}, {"RepoTags", nullptr}, {"Layers", Json::array()}};
    if (!name.empty())
        entry["RepoTags"] = Json::array({name});
    for (const ImageBlob& layer : image.layers)
        entry["Layers"].push_back(nameInLayout(layer));
    return writeTextFile(image.folder / "manifest.json", Json::array({entry}).dump());
}

Result<ImageBlob> blobFrom(const Json& json, const fs::path& folder)
{
    const ImageBlob blob{textAt(json, "mediaType"), textAt(json, "digest"), json.value("size", uint64_t{0})};
    Image image{.folder = folder, .tag = {}, .manifest = {}, .config = {}, .layers = {}};
    std::error_code problem;
    if (blob.digest.rfind("sha256:", 0) != 0 ||
        fs::file_size(image.fileOf(blob), problem) != blob.sizeBytes || problem)
        return makeError(ErrorCode::InvalidArgument,
                         "the image is damaged: '" + blob.digest + "' is missing or has another size",
                         "Write the image again.")
            .at(folder.string());
    return blob;
}

} // namespace

fs::path Image::fileOf(const ImageBlob& blob) const { return folder / nameInLayout(blob); }

uint64_t Image::sizeBytes() const
{
    uint64_t size = manifest.sizeBytes + config.sizeBytes;
    for (const ImageBlob& layer : layers)
        size += layer.sizeBytes;
    return size;
}

Result<Image> writeImage(const std::vector<ImageLayer>& layers, const ImageConfig& config,
                         const fs::path& folder, const std::string& tag, JobContext& job,
                         const std::string& dockerName)
{
    const fs::path blobs = folder / "blobs" / "sha256";
    std::error_code problem;
    fs::remove_all(folder, problem);
    fs::create_directories(blobs, problem);
    if (problem)
        return makeError(ErrorCode::IoError, problem.message()).at(folder.string());
    Image image{.folder = folder, .tag = tag, .manifest = {}, .config = {}, .layers = {}};
    std::vector<std::string> diffIds;
    for (size_t i = 0; i < layers.size(); ++i) {
        job.report(static_cast<double>(i) / static_cast<double>(layers.size()), layers[i].comment);
        LayerSink sink;
        TRY(writeLayer(layers[i], blobs, sink, job));
        diffIds.push_back(digestOf(sink.diffId));
        TRY_ASSIGN(const ImageBlob blob, keepBlob(sink.blob, layers[i].compressed ? gzipType : tarType));
        image.layers.push_back(blob);
    }
    TRY_ASSIGN(image.config, writeJsonBlob(configJson(config, diffIds, layers), configType, blobs));
    Json manifest = {{"schemaVersion", 2}, {"mediaType", manifestType}, {"config", descriptor(image.config)}};
    for (const ImageBlob& layer : image.layers)
        manifest["layers"].push_back(descriptor(layer));
    TRY_ASSIGN(image.manifest, writeJsonBlob(manifest, manifestType, blobs));
    Json entry = descriptor(image.manifest);
    entry["annotations"] = {{"org.opencontainers.image.ref.name", tag}};
    if (!dockerName.empty())
        entry["annotations"]["io.containerd.image.name"] = dockerName;
    TRY(writeDockerManifest(image, dockerName));
    TRY(writeTextFile(folder / "oci-layout", Json{{"imageLayoutVersion", "1.0.0"}}.dump()));
    // Last: a folder without it is no image.
    TRY(writeTextFile(folder / "index.json",
                      Json{{"schemaVersion", 2}, {"manifests", Json::array({entry})}}.dump()));
    job.report(1);
    return image;
}

Result<Image> readImage(const fs::path& folder)
{
    TRY_ASSIGN(const Json index, readJsonFile(folder / "index.json"));
    if (!index.contains("manifests") || index["manifests"].empty())
        return makeError(ErrorCode::InvalidArgument, "the layout holds no image").at(folder.string());
    Image image{.folder = folder, .tag = {}, .manifest = {}, .config = {}, .layers = {}};
    image.tag = textAt(index["manifests"][0], "annotations", "org.opencontainers.image.ref.name");
    TRY_ASSIGN(image.manifest, blobFrom(index["manifests"][0], folder));
    TRY_ASSIGN(const Json manifest, readJsonFile(image.fileOf(image.manifest)));
    TRY_ASSIGN(image.config, blobFrom(manifest.value("config", Json::object()), folder));
    for (const Json& layer : manifest.value("layers", Json::array())) {
        TRY_ASSIGN(const ImageBlob blob, blobFrom(layer, folder));
        image.layers.push_back(blob);
    }
    return image;
}

Result<ImageConfig> configOf(const Image& image)
{
    TRY_ASSIGN(const Json json, readJsonFile(image.fileOf(image.config)));
    ImageConfig config;
    const Json run = json.value("config", Json::object());
    config.entrypoint = run.value("Entrypoint", std::vector<std::string>());
    config.labels = run.value("Labels", std::map<std::string, std::string>());
    config.user = textAt(run, "User");
    for (const std::string& entry : run.value("Env", std::vector<std::string>())) {
        const size_t equals = entry.find('=');
        config.environment[entry.substr(0, equals)] = entry.substr(std::min(entry.size(), equals + 1));
    }
    for (const auto& port : at(run, "ExposedPorts").items())
        config.port = std::atoi(port.key().c_str());
    return config;
}

Status archiveImage(const Image& image, const fs::path& file, JobContext& job)
{
    std::vector<ImageFile> files;
    for (const char* name : {"oci-layout", "index.json", "manifest.json"})
        files.push_back({name, image.folder / name});
    files.push_back({nameInLayout(image.manifest), image.fileOf(image.manifest)});
    files.push_back({nameInLayout(image.config), image.fileOf(image.config)});
    for (const ImageBlob& layer : image.layers)
        files.push_back({nameInLayout(layer), image.fileOf(layer)});
    WriteArchive tar;
    archive_write_set_format_pax_restricted(tar.stream);
    if (archive_write_open_filename(tar.stream, file.c_str()) != ARCHIVE_OK)
        return archiveError(tar.stream, file);
    for (const ImageFile& each : files)
        TRY(addFile(tar.stream, each, job));
    if (archive_write_close(tar.stream) != ARCHIVE_OK)
        return archiveError(tar.stream, file);
    return {};
}

Status unpackImage(const Image& image, const fs::path& target, JobContext& job)
{
    for (const ImageBlob& layer : image.layers) {
        const fs::path file = image.fileOf(layer);
        std::unique_ptr<archive, decltype(&archive_read_free)> tar(archive_read_new(), &archive_read_free);
        archive_read_support_format_tar(tar.get());
        archive_read_support_filter_gzip(tar.get());
        if (archive_read_open_filename(tar.get(), file.c_str(), size_t{1} << 16) != ARCHIVE_OK)
            return archiveError(tar.get(), file);
        archive_entry* entry = nullptr;
        int state = ARCHIVE_OK;
        while ((state = archive_read_next_header(tar.get(), &entry)) == ARCHIVE_OK) {
            if (job.stopRequested())
                return cancelled();
            archive_entry_set_pathname(entry, (target / archive_entry_pathname(entry)).c_str());
            if (archive_read_extract(tar.get(), entry,
                                     ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_SECURE_NODOTDOT) != ARCHIVE_OK)
                return archiveError(tar.get(), target);
        }
        if (state != ARCHIVE_EOF)
            return archiveError(tar.get(), file);
    }
    return {};
}

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/packed_file.h"

#include "engine/base/mapped_file.h"
#include "engine/base/text.h"
#include "engine/onnx/foreign_format.h"

#include <archive.h>
#include <archive_entry.h>
#include <fstream>
#include <stdlib.h>

namespace lapidary {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t gigabyte = uint64_t{1} << 30;
// An archive that unpacks to more is refused: at this size the model would have been split up by hand.
constexpr uint64_t mostUnpacked = 64 * gigabyte;
constexpr uint64_t mostInMemory = 2 * gigabyte; // protobuf's own limit
// Weights shrink by a tenth or a half; more than this, and a gigabyte at least, is a trap.
constexpr uint64_t mostRatio = 200;
constexpr size_t mostEntries = 100'000;
constexpr size_t blockBytes = size_t{1} << 20;

Error broken(archive* reader)
{
    const char* text = archive_error_string(reader);
    return makeError(ErrorCode::InvalidModel,
                     std::string("the archive cannot be unpacked: ") + (text ? text : "it is malformed"),
                     "The file may be truncated; download it again.");
}

struct CloseReader {
    void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseReader>;

Result<Reader> openArchive(std::span<const std::byte> bytes)
{
    Reader reader(archive_read_new());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_raw(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return broken(reader.get());
    return reader;
}

std::string nameOf(archive_entry* entry)
{
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    return name ? name : "";
}

// False at the end.
Result<bool> nextFile(archive* reader, archive_entry*& entry, std::string& name)
{
    for (;;) {
        const int code = archive_read_next_header(reader, &entry);
        if (code == ARCHIVE_EOF)
            return false;
        if (code < ARCHIVE_WARN)
            return broken(reader);
        if (archive_entry_filetype(entry) != AE_IFREG && archive_format(reader) != ARCHIVE_FORMAT_RAW)
            continue;
        if (archive_entry_is_data_encrypted(entry))
            return makeError(ErrorCode::InvalidModel, "the archive is locked with a password",
                             "Unpack it first, then open the model in it.");
        name = nameOf(entry);
        return true;
    }
}

// Hands out the content of the current entry in blocks; take returns false when it cannot take one.
class Content {
public:
    Content(std::span<const std::byte> packed, JobContext& job) : m_packed(packed), m_job(job) {}

    template <typename Take>
    Status read(archive* reader, uint64_t most, Take take)
    {
        uint64_t size = 0;
        m_block.resize(blockBytes);
        for (;;) {
            if (m_job.stopRequested())
                return cancelled();
            const la_ssize_t count = archive_read_data(reader, m_block.data(), m_block.size());
            if (count < 0)
                return broken(reader);
            if (count == 0)
                return {};
            size += static_cast<uint64_t>(count);
            m_total += static_cast<uint64_t>(count);
            if (size > most || m_total > mostUnpacked ||
                (m_total > gigabyte && m_total / mostRatio > m_packed.size()))
                return makeError(ErrorCode::InvalidModel,
                                 "the archive unpacks to far more than a model has; it was not unpacked",
                                 "If you trust it, unpack it yourself and open the model in it.");
            if (!take(m_block.data(), static_cast<size_t>(count)))
                return makeError(ErrorCode::IoError, "cannot unpack the archive into the temporary folder",
                                 "Check the free space of the folder for temporary files.");
            const auto done = static_cast<double>(archive_filter_bytes(reader, -1));
            m_job.report(done / static_cast<double>(m_packed.size()), "unpacking");
        }
    }

private:
    std::span<const std::byte> m_packed;
    JobContext& m_job;
    std::vector<char> m_block;
    uint64_t m_total = 0;
};

struct TemporaryFolder {
    fs::path path;
    TemporaryFolder() = default;
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        if (!path.empty())
            fs::remove_all(path, ignored);
    }
};

Result<std::shared_ptr<TemporaryFolder>> makeFolder()
{
    auto folder = std::make_shared<TemporaryFolder>();
    std::error_code code;
    std::string name = (fs::temp_directory_path(code) / "lapidary-XXXXXX").string();
    if (code || !mkdtemp(name.data()))
        return makeError(ErrorCode::IoError, "cannot make a temporary folder for the archive",
                         "Check the folder for temporary files.");
    folder->path = name;
    return folder;
}

// Inside the folder, whatever the archive says.
std::optional<fs::path> safePath(const std::string& name)
{
    const fs::path path = fs::path(name).lexically_normal();
    if (path.empty() || path.is_absolute() || *path.begin() == "..")
        return {};
    return path;
}

bool isModelName(const std::string& name)
{
    const fs::path path(lowerCase(name));
    const std::string file = path.filename().string();
    if (file.starts_with("._") || name.starts_with("__MACOSX/"))
        return false;
    return path.extension() == ".onnx" || path.extension() == ".onnxtxt" || file.ends_with(".onnx.txt");
}

// "a, b, c and 5 more"
std::string listed(const std::vector<std::string>& names)
{
    constexpr size_t most = 5;
    std::string text;
    for (size_t i = 0; i < std::min(most, names.size()); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    if (names.size() > most)
        text += " and " + std::to_string(names.size() - most) + " more";
    return text;
}

struct Contents {
    bool single = false; // one compressed file, not an archive
    std::vector<std::string> names;
};

Result<Contents> listContents(std::span<const std::byte> bytes, JobContext& job)
{
    TRY_ASSIGN(const Reader reader, openArchive(bytes));
    Contents contents;
    archive_entry* entry = nullptr;
    std::string name;
    for (;;) {
        TRY_ASSIGN(const bool more, nextFile(reader.get(), entry, name));
        if (!more)
            return contents;
        contents.single = archive_format(reader.get()) == ARCHIVE_FORMAT_RAW;
        contents.names.push_back(name);
        if (contents.single)
            return contents;
        if (contents.names.size() > mostEntries)
            return makeError(ErrorCode::InvalidModel, "the archive holds too many files",
                             "Unpack it first, then open the model in it.");
        if (job.stopRequested())
            return cancelled();
    }
}

Result<UnpackedModel> unpackIntoMemory(std::span<const std::byte> bytes, const std::string& model,
                                       JobContext& job)
{
    TRY_ASSIGN(const Reader reader, openArchive(bytes));
    archive_entry* entry = nullptr;
    std::string name;
    const auto unpacked = std::make_shared<std::vector<std::byte>>();
    for (;;) {
        TRY_ASSIGN(const bool more, nextFile(reader.get(), entry, name));
        if (!more)
            return broken(reader.get());
        if (name == model)
            break;
    }
    Content content(bytes, job);
    TRY(content.read(reader.get(), mostInMemory, [&](const char* block, size_t count) {
        const auto* data = reinterpret_cast<const std::byte*>(block);
        unpacked->insert(unpacked->end(), data, data + count);
        return true;
    }));
    return UnpackedModel{*unpacked, unpacked, {}, model};
}

Result<UnpackedModel> unpackIntoFolder(std::span<const std::byte> bytes, const std::string& model,
                                       JobContext& job)
{
    TRY_ASSIGN(const auto folder, makeFolder());
    TRY_ASSIGN(const Reader reader, openArchive(bytes));
    archive_entry* entry = nullptr;
    std::string name;
    Content content(bytes, job);
    for (;;) {
        TRY_ASSIGN(const bool more, nextFile(reader.get(), entry, name));
        if (!more)
            break;
        const auto relative = safePath(name);
        if (!relative)
            continue;
        const fs::path path = folder->path / *relative;
        std::error_code code;
        fs::create_directories(path.parent_path(), code);
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        TRY(content.read(reader.get(), mostUnpacked, [&](const char* block, size_t count) {
            return static_cast<bool>(file.write(block, static_cast<std::streamsize>(count)));
        }));
        file.close();
        if (!file)
            return makeError(ErrorCode::IoError, "cannot unpack the archive into the temporary folder",
                             "Check the free space of the folder for temporary files.");
    }
    const auto path = safePath(model);
    if (!path)
        return makeError(ErrorCode::InvalidModel, "the model lies outside of its archive",
                         "Unpack it first, then open the model in it.");
    TRY_ASSIGN(const auto file, MappedFile::open(folder->path / *path));
    struct Owner {
        std::shared_ptr<TemporaryFolder> folder;
        std::shared_ptr<const MappedFile> file;
    };
    return UnpackedModel{file->bytes(), std::make_shared<Owner>(Owner{folder, file}),
                         (folder->path / *path).parent_path(), model};
}

} // namespace

bool isPacked(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    using namespace std::string_view_literals;
    for (const std::string_view magic : {"\x1f\x8b"sv, "PK\x03\x04"sv, "BZh"sv,
                                         "\xfd"
                                         "7zXZ\0"sv,
                                         "\x28\xb5\x2f\xfd"sv}) {
        if (text.starts_with(magic))
            return true;
    }
    return text.size() > 262 && text.substr(257, 5) == "ustar";
}

Result<UnpackedModel> unpackModel(std::span<const std::byte> bytes, const fs::path& file, JobContext& job)
{
    TRY_ASSIGN(const Contents contents, listContents(bytes, job));
    if (contents.single) {
        TRY_ASSIGN(UnpackedModel model, unpackIntoMemory(bytes, contents.names.front(), job));
        model.name = file.stem();
        return model;
    }
    std::vector<std::string> models;
    for (const std::string& name : contents.names) {
        if (isModelName(name))
            models.push_back(name);
    }
    if (models.empty()) {
        if (auto answer = foreignArchive(contents.names))
            return std::move(*answer);
        return makeError(ErrorCode::InvalidModel,
                         contents.names.empty()
                             ? std::string("the archive is empty")
                             : "the archive holds no ONNX model; it holds " + listed(contents.names),
                         "Choose an archive with one .onnx file in it.");
    }
    if (models.size() > 1)
        return makeError(ErrorCode::InvalidModel, "the archive holds several models: " + listed(models),
                         "Unpack it first, then open one of them.");
    return contents.names.size() == 1 ? unpackIntoMemory(bytes, models.front(), job)
                                      : unpackIntoFolder(bytes, models.front(), job);
}

} // namespace lapidary

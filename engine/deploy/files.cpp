// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/files.h"

#include "engine/base/file_writer.h"

#include <QCryptographicHash>

#include <fstream>
#include <iterator>

namespace lapidary::deploy {

Result<std::string> readTextFile(const std::filesystem::path& path)
{
    std::error_code problem;
    if (!std::filesystem::exists(path, problem))
        return makeError(ErrorCode::NotFound, "the file does not exist").at(path.string());
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file)
        return makeError(ErrorCode::IoError, "cannot read the file").at(path.string());
    return text;
}

Result<Json> readJsonFile(const std::filesystem::path& path)
{
    TRY_ASSIGN(const std::string text, readTextFile(path));
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return makeError(ErrorCode::InvalidArgument, "the file is no JSON").at(path.string());
    return json;
}

Status writeTextFile(const std::filesystem::path& path, const std::string& text)
{
    TRY_ASSIGN(FileWriter writer, FileWriter::create(path));
    TRY(writer.write(std::as_bytes(std::span(text)), JobContext()));
    return writer.finish();
}

Status hashFile(const std::filesystem::path& path, QCryptographicHash& hash, const JobContext& job)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(size_t{1} << 20);
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0) {
        if (job.stopRequested())
            return cancelled();
        hash.addData(QByteArrayView(buffer.data(), file.gcount()));
    }
    if (!file.eof())
        return makeError(ErrorCode::IoError, "cannot read the file").at(path.string());
    return {};
}

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_writer.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <unistd.h>

namespace lapidary {

namespace {

// Between two looks at whether the job shall stop.
constexpr size_t blockBytes = size_t{8} << 20;

} // namespace

FileWriter::FileWriter(std::filesystem::path path, int fd)
    : m_path(std::move(path)), m_unfinished(m_path), m_fd(fd)
{
    // A name that no other file has: O_EXCL sees to it.
    char ending[24];
    std::snprintf(ending, sizeof ending, ".%08x.part", std::random_device()());
    m_unfinished += ending;
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_unfinished(std::move(other.m_unfinished)),
      m_fd(std::exchange(other.m_fd, -1)),
      m_sizeBytes(other.m_sizeBytes)
{
}

Result<FileWriter> FileWriter::create(const std::filesystem::path& path)
{
    // A link stays one: what it leads to is replaced.
    std::error_code problem;
    const std::filesystem::path target = std::filesystem::canonical(path, problem);
    FileWriter writer(problem ? path : target, -1);
    writer.m_fd = ::open(writer.m_unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (writer.m_fd < 0)
        return writer.failure(errno);
    return writer;
}

FileWriter::~FileWriter()
{
    if (m_fd < 0)
        return;
    ::close(m_fd);
    ::unlink(m_unfinished.c_str());
}

Error FileWriter::failure(int errorNumber) const
{
    return makeError(ErrorCode::IoError, std::string("cannot write the file: ") + std::strerror(errorNumber),
                     errorNumber == ENOSPC ? "Free some space on the disk, or choose another folder."
                                           : "Check the folder and its permissions.")
        .at(m_path.string());
}

Status FileWriter::write(std::span<const std::byte> bytes, const JobContext& job)
{
    while (!bytes.empty()) {
        if (job.stopRequested())
            return cancelled();
        const ssize_t written = ::write(m_fd, bytes.data(), std::min(bytes.size(), blockBytes));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failure(errno);
        bytes = bytes.subspan(static_cast<size_t>(written));
        m_sizeBytes += static_cast<uint64_t>(written);
    }
    return {};
}

Status FileWriter::finish()
{
    // Some file systems say only here that there was no room.
    const int fd = std::exchange(m_fd, -1);
    const bool closed = ::close(fd) == 0;
    if (closed && ::rename(m_unfinished.c_str(), m_path.c_str()) == 0)
        return {};
    const Error error = failure(errno);
    ::unlink(m_unfinished.c_str());
    return error;
}

} // namespace lapidary

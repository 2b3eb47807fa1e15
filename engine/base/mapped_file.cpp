// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/mapped_file.h"

#include "engine/base/lost_pages.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lapidary {

namespace {

Error systemError(const std::filesystem::path& path, const char* action, int errorNumber)
{
    const ErrorCode code = errorNumber == ENOENT ? ErrorCode::NotFound : ErrorCode::IoError;
    return makeError(code, std::string("cannot ") + action + ": " + std::strerror(errorNumber),
                     errorNumber == ENOENT ? "Check the path." : "Check the file's permissions.")
        .at(path.string());
}

struct FileDescriptor {
    int fd;
    ~FileDescriptor()
    {
        if (fd >= 0)
            ::close(fd);
    }
};

} // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path)
{
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.fd < 0)
        return systemError(path, "open the file", errno);

    struct stat info {};
    if (::fstat(file.fd, &info) != 0)
        return systemError(path, "read the file's size", errno);
    if (!S_ISREG(info.st_mode)) {
        const char* found = S_ISDIR(info.st_mode) ? "a folder" : "not a regular file";
        return makeError(ErrorCode::InvalidArgument, std::string("expected a file, found ") + found,
                         "Choose a file.")
            .at(path.string());
    }

    const auto sizeBytes = static_cast<size_t>(info.st_size);
    const std::byte* data = nullptr;
    if (sizeBytes > 0) {
        void* address = ::mmap(nullptr, sizeBytes, PROT_READ, MAP_PRIVATE, file.fd, 0);
        if (address == MAP_FAILED)
            return systemError(path, "map the file", errno);
        data = static_cast<const std::byte*>(address);
        watchMapping(address, sizeBytes);
    }
    return std::shared_ptr<const MappedFile>(new MappedFile(path, data, sizeBytes));
}

MappedFile::MappedFile(std::filesystem::path path, const std::byte* data, size_t sizeBytes)
    : m_path(std::move(path)), m_data(data), m_sizeBytes(sizeBytes)
{
}

MappedFile::~MappedFile()
{
    if (m_data == nullptr)
        return;
    forgetMapping(m_data);
    ::munmap(const_cast<std::byte*>(m_data), m_sizeBytes);
}

} // namespace lapidary

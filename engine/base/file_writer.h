// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a file that appears whole or not at all: it is written beside its path and takes its name at
// the end. One thread.
#pragma once

#include "engine/base/job_context.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace lapidary {

class FileWriter {
public:
    // Errors, of all functions: IoError with the system's reason.
    static Result<FileWriter> create(const std::filesystem::path& path);
    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&&) = delete;
    ~FileWriter(); // without finish(): nothing is left behind

    // Also Cancelled.
    Status write(std::span<const std::byte> bytes, const JobContext& job);
    uint64_t sizeBytes() const { return m_sizeBytes; } // written so far
    // Takes the place of a file that is there. Nothing more can be written.
    Status finish();

private:
    FileWriter(std::filesystem::path path, int fd);
    Error failure(int errorNumber) const;

    std::filesystem::path m_path;
    std::filesystem::path m_unfinished;
    int m_fd;
    uint64_t m_sizeBytes = 0;
};

} // namespace lapidary

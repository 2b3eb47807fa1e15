// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a file seen as memory, read-only, paged in by the system when touched. A 2 GB model costs
// nothing until its weights are read. What another program cuts off meanwhile reads as zeros, see
// lost_pages.h.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace lapidary {

class MappedFile {
public:
    // Errors: NotFound (no such file), InvalidArgument (a directory or device), IoError.
    // An empty file maps to an empty span.
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);

    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    const std::filesystem::path& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return {m_data, m_sizeBytes}; }

private:
    MappedFile(std::filesystem::path path, const std::byte* data, size_t sizeBytes);

    std::filesystem::path m_path;
    const std::byte* m_data;
    size_t m_sizeBytes;
};

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: models in archives: .onnx.gz, .zip, .tar.gz and the like (gzip, bzip2, xz, zstd). A single file
// is unpacked into memory; a model with files beside it into a temporary folder. Internal to engine/onnx.
#pragma once

#include "engine/base/job_context.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace lapidary {

struct UnpackedModel {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner; // of the bytes and of the temporary folder
    std::filesystem::path folder;      // where external weights lie; may be empty
    std::filesystem::path name;        // of the model in the archive
};

// By its first bytes.
bool isPacked(std::span<const std::byte> bytes);

// file: for its name only. Errors: InvalidModel (broken, locked, or suspiciously large archive; none or
// several models in it; another framework's archive, with what to do), IoError, Cancelled.
Result<UnpackedModel> unpackModel(std::span<const std::byte> bytes, const std::filesystem::path& file,
                                  JobContext& job);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: files of a deployment: small ones read whole, written whole or not at all; hashes of any.
#pragma once

#include "engine/base/job_context.h"
#include "engine/deploy/json.h"

#include <filesystem>

class QCryptographicHash;

namespace lapidary::deploy {

// Errors: NotFound, IoError.
Result<std::string> readTextFile(const std::filesystem::path& path);
// Also InvalidArgument: no JSON.
Result<Json> readJsonFile(const std::filesystem::path& path);
// Errors: IoError.
Status writeTextFile(const std::filesystem::path& path, const std::string& text);

// Adds the bytes of a file of any size. Errors: IoError, Cancelled.
Status hashFile(const std::filesystem::path& path, QCryptographicHash& hash, const JobContext& job);

} // namespace lapidary::deploy

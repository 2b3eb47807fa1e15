// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: small files of a deployment: read whole, written whole or not at all.
#pragma once

#include "engine/base/result.h"
#include "engine/deploy/json.h"

#include <filesystem>

namespace lapidary::deploy {

// Errors: NotFound, IoError.
Result<std::string> readTextFile(const std::filesystem::path& path);
// Also InvalidArgument: no JSON.
Result<Json> readJsonFile(const std::filesystem::path& path);
// Errors: IoError.
Status writeTextFile(const std::filesystem::path& path, const std::string& text);

} // namespace lapidary::deploy

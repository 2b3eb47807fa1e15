// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: files that people take for ONNX models, and what to do with each. Internal to engine/onnx.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

namespace lapidary {

// Asked after a file could not be read as a model: by its content, then by the ending of its name. None when
// nothing is known. All errors are InvalidModel.
std::optional<Error> foreignFormat(const std::filesystem::path& file, std::span<const std::byte> bytes);
// By the names of the files in an archive.
std::optional<Error> foreignArchive(const std::vector<std::string>& names);
// A folder that some framework takes for a model.
std::optional<Error> foreignFolder(const std::filesystem::path& folder);

} // namespace lapidary

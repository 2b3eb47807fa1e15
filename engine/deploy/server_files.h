// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the scoring server as files of an image: the program and every library that it loads.
#pragma once

#include "engine/base/result.h"
#include "engine/deploy/oci_image.h"

namespace lapidary::deploy {

// lapidary-serve in the folder of this program.
std::filesystem::path serverBesideUs();

// The program first; the dynamic loader is the one executable library. Runs the program for a moment.
// Errors: NotFound (it does not start).
Result<std::vector<ImageFile>> serverFiles(const std::filesystem::path& program);

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: numpy's .npy files. Source: numpy.lib.format, versions 1.0 to 3.0.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/tensor.h"

#include <filesystem>

namespace lapidary {

// C and Fortran order, little and big endian; bool, integers, floats 16/32/64, complex, unicode
// strings. Errors: NotFound, IoError, InvalidArgument (not a .npy file, object arrays, truncated).
Result<Tensor> loadNpy(const std::filesystem::path& path);
// bfloat16 and narrower types are written as their bits (uint16, uint8, unpacked).
// The file appears whole or not at all: it is written beside path and then takes its name.
// Errors: InvalidArgument (strings), IoError, Cancelled.
Status saveNpy(const std::filesystem::path& path, const Tensor& tensor, JobContext& job);
Status saveNpy(const std::filesystem::path& path, const Tensor& tensor);

} // namespace lapidary

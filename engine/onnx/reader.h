// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: .onnx files become Models. The file is mapped and its wire format walked once; weights
// stay where they are until somebody loads one. Also compressed models, alone (.onnx.gz) or in an archive
// with their external weights (.zip, .tar.gz), and models as text (protobuf's, its JSON, ONNX's syntax).
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/ir/value.h"

namespace lapidary {

// Errors: NotFound, IoError, InvalidArgument (a folder), InvalidModel (empty, truncated, not an ONNX
// file; the message says which part and at which byte, or which other format it is and what to do),
// Cancelled. External weight files are not
// opened here: a missing one is an error of TensorRef::load.
Result<std::shared_ptr<const Model>> loadModel(const std::filesystem::path& path, JobContext& job);
// The same from memory, which must live as long as the model or be kept alive by owner.
Result<std::shared_ptr<const Model>> parseModel(std::span<const std::byte> bytes,
                                                std::shared_ptr<const void> owner, JobContext& job);

// A serialized TensorProto, or SequenceProto, MapProto, OptionalProto when type says so.
// name receives the name stored in the file. Errors as loadModel.
Result<Value> loadValueFile(const std::filesystem::path& path, const TypeInfo& type,
                            std::string* name = nullptr);

} // namespace lapidary

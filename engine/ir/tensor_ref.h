// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor of a model file, described but not read. Its bytes stay in the (mapped) file
// until load() is called, so a model of any size opens at once.
#pragma once

#include "engine/ir/tensor.h"

#include <filesystem>

namespace lapidary {

struct TensorRef;

// Implemented by the reader of a file format. Thread safe.
class TensorSource {
public:
    virtual ~TensorSource() = default;
    virtual Result<Tensor> load(const TensorRef& ref) const = 0;
    // Where the bytes are, for people: "in the model file", "weights.bin".
    virtual std::string location(const TensorRef& ref) const = 0;
    // The file, when it is another one than the model's; else empty.
    virtual std::filesystem::path externalFile(const TensorRef&) const { return {}; }
};

struct TensorRef {
    std::string name;
    std::string doc;
    DataType type = DataType::Undefined;
    Dims dims;
    std::shared_ptr<const TensorSource> source; // null: an empty reference
    uint64_t token = 0;                         // meaning private to the source

    uint64_t sizeBytes() const;
    // Tensors inside the mapped file are views without a copy, perhaps unaligned. Errors:
    // InvalidModel (size and shape disagree), NotFound or IoError (external file).
    Result<Tensor> load() const;
    std::string location() const;
};

// A reference to a tensor that is already in memory.
TensorRef makeTensorRef(std::string name, Tensor tensor);

} // namespace lapidary

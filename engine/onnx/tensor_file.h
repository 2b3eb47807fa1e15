// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the tensors of one model file: where each one's bytes are, and reading them on demand.
// Internal to engine/onnx.
#pragma once

#include "engine/ir/tensor_ref.h"
#include "engine/onnx/wire.h"

#include <deque>
#include <filesystem>
#include <map>
#include <mutex>

namespace lapidary {

class MappedFile;

class TensorFile final : public TensorSource, public std::enable_shared_from_this<TensorFile> {
public:
    // owner keeps the bytes of the model alive. folder: where external files are looked for.
    TensorFile(std::shared_ptr<const void> owner, std::filesystem::path folder);

    // Notes the whereabouts of a TensorProto. Only the reader calls this, before the file is shared.
    // Errors: InvalidModel (malformed message, unknown data type).
    Result<TensorRef> add(wire::Bytes tensorProto, const std::byte* base);

    Result<Tensor> load(const TensorRef& ref) const override;
    std::string location(const TensorRef& ref) const override;
    std::filesystem::path externalFile(const TensorRef& ref) const override;

private:
    // How the elements are stored: raw bytes, or a field of numbers.
    enum class Encoding : uint8_t { None, Raw, Floats, Varints, Doubles, Strings, External };
    struct Entry {
        Encoding encoding = Encoding::None;
        wire::Bytes bytes;               // Raw, or the one packed field
        std::vector<wire::Field> fields; // unpacked numbers or several fields
        int external = -1;               // index into m_externals
    };
    struct External {
        std::string location;
        int64_t offset = 0;
        int64_t length = -1; // -1: as many bytes as the shape needs
    };

    Status readExternal(wire::Bytes entry, const std::byte* base, External& external) const;
    Result<Tensor> fromRaw(const TensorRef& ref, wire::Bytes bytes, std::shared_ptr<const void> owner) const;
    Result<Tensor> fromVarints(const TensorRef& ref, const Entry& entry) const;
    Result<Tensor> fromStrings(const TensorRef& ref, const Entry& entry) const;
    Result<Tensor> fromExternal(const TensorRef& ref, const External& external) const;
    Result<std::shared_ptr<const MappedFile>> openExternal(const std::string& location) const;

    std::shared_ptr<const void> m_owner;
    std::filesystem::path m_folder;
    std::deque<Entry> m_entries; // by TensorRef::token
    std::vector<External> m_externals;
    mutable std::mutex m_mutex; // guards m_files
    mutable std::map<std::string, std::shared_ptr<const MappedFile>> m_files;
};

} // namespace lapidary

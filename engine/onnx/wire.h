// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: walking protobuf's wire format in place, so that large fields can be located instead of
// copied. Internal to engine/onnx.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <google/protobuf/io/coded_stream.h>
#include <span>
#include <string>
#include <vector>

namespace lapidary::wire {

using Bytes = std::span<const std::byte>;

// One field of a message. Which of number, fixed and bytes is meaningful depends on the wire type.
struct Field {
    int id = 0;
    enum class Type { Varint, Fixed64, Delimited, Fixed32 } type = Type::Varint;
    uint64_t number = 0; // Varint, Fixed32, Fixed64: the bits
    Bytes bytes;         // length-delimited content: a view into the file
    Bytes whole;         // the field as stored, with its number and length

    std::string text() const;
    int64_t integer() const { return static_cast<int64_t>(number); }
    float asFloat() const;
};

// Reads one message field by field:  while (fields.next()) switch (fields->id) ...
class Fields {
public:
    // base is the first byte of the whole file, for offsets in messages.
    Fields(Bytes message, const std::byte* base);

    // False at the end of the message, and after an error (see status()).
    bool next();
    const Field& operator*() const { return m_field; }
    const Field* operator->() const { return &m_field; }
    // Error InvalidModel with the byte at which the message cannot be decoded.
    Status status() const;
    const std::byte* base() const { return m_base; }

private:
    bool read(uint32_t tag);
    bool fail();
    Bytes m_message;
    const std::byte* m_base;
    google::protobuf::io::CodedInputStream m_stream;
    Field m_field;
    bool m_failed = false;
};

// A repeated number may come one by one or packed: both are appended. False on malformed bytes.
bool appendVarints(const Field& field, std::vector<int64_t>& values);
bool appendFloats(const Field& field, std::vector<float>& values);
// Number of varints in packed bytes.
int64_t countVarints(Bytes bytes);

} // namespace lapidary::wire

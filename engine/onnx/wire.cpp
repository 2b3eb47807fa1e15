// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/wire.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lapidary::wire {

namespace {

const uint8_t* start(Bytes bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

} // namespace

std::string Field::text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

float Field::asFloat() const { return std::bit_cast<float>(static_cast<uint32_t>(number)); }

Fields::Fields(Bytes message, const std::byte* base)
    : m_message(message), m_base(base), m_stream(start(message), static_cast<int>(message.size()))
{
}

bool Fields::fail()
{
    m_failed = true;
    return false;
}

bool Fields::next()
{
    if (m_failed)
        return false;
    const auto begin = static_cast<size_t>(m_stream.CurrentPosition());
    const uint32_t tag = m_stream.ReadTag();
    if (tag == 0)
        return m_stream.CurrentPosition() == static_cast<int>(m_message.size()) ? false : fail();
    if (!read(tag))
        return false;
    m_field.whole = m_message.subspan(begin, static_cast<size_t>(m_stream.CurrentPosition()) - begin);
    return true;
}

bool Fields::read(uint32_t tag)
{
    m_field = {};
    m_field.id = static_cast<int>(tag >> 3);
    switch (tag & 7u) {
    case 0: m_field.type = Field::Type::Varint; return m_stream.ReadVarint64(&m_field.number) || fail();
    case 1:
        m_field.type = Field::Type::Fixed64;
        return m_stream.ReadLittleEndian64(&m_field.number) || fail();
    case 2: {
        m_field.type = Field::Type::Delimited;
        uint32_t length = 0;
        if (!m_stream.ReadVarint32(&length))
            return fail();
        const auto position = static_cast<size_t>(m_stream.CurrentPosition());
        if (length > m_message.size() - position)
            return fail();
        m_field.bytes = m_message.subspan(position, length);
        return m_stream.Skip(static_cast<int>(length)) || fail();
    }
    case 5: {
        m_field.type = Field::Type::Fixed32;
        uint32_t bits = 0;
        if (!m_stream.ReadLittleEndian32(&bits))
            return fail();
        m_field.number = bits;
        return true;
    }
    default: return fail(); // groups (3, 4) do not occur in ONNX; 6 and 7 are not defined
    }
}

Status Fields::status() const
{
    if (!m_failed)
        return {};
    const auto offset = m_message.data() - m_base + m_stream.CurrentPosition();
    return makeError(ErrorCode::InvalidModel,
                     "the data cannot be decoded as an ONNX (protobuf) message at byte " +
                         std::to_string(offset),
                     "The file may be truncated, corrupt or of another format.");
}

bool appendVarints(const Field& field, std::vector<int64_t>& values)
{
    if (field.type == Field::Type::Varint) {
        values.push_back(field.integer());
        return true;
    }
    if (field.type != Field::Type::Delimited)
        return false;
    google::protobuf::io::CodedInputStream stream(start(field.bytes), static_cast<int>(field.bytes.size()));
    while (stream.CurrentPosition() < static_cast<int>(field.bytes.size())) {
        uint64_t number = 0;
        if (!stream.ReadVarint64(&number))
            return false;
        values.push_back(static_cast<int64_t>(number));
    }
    return true;
}

bool appendFloats(const Field& field, std::vector<float>& values)
{
    if (field.type == Field::Type::Fixed32) {
        values.push_back(field.asFloat());
        return true;
    }
    if (field.type != Field::Type::Delimited || field.bytes.size() % sizeof(float) != 0)
        return false;
    const size_t count = field.bytes.size() / sizeof(float);
    const size_t before = values.size();
    values.resize(before + count);
    if (count > 0)
        std::memcpy(values.data() + before, field.bytes.data(), field.bytes.size());
    return true;
}

int64_t countVarints(Bytes bytes)
{
    // Every varint ends with the one byte that has no continuation bit.
    return std::count_if(bytes.begin(), bytes.end(),
                         [](std::byte byte) { return (byte & std::byte{0x80}) == std::byte{0}; });
}

} // namespace lapidary::wire

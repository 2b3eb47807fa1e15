// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/wire_message.h"

#include "engine/onnx/wire.h"

#include <bit>
#include <google/protobuf/io/coded_stream.h>

namespace lapidary::wire {

namespace {
constexpr int varintType = 0;
constexpr int delimitedType = 2;
constexpr int fixed32Type = 5;

using Coded = google::protobuf::io::CodedOutputStream;
} // namespace

void Message::varint(uint64_t value)
{
    uint8_t buffer[10];
    const uint8_t* end = Coded::WriteVarint64ToArray(value, buffer);
    m_bytes.append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(end - buffer));
}

void Message::key(int id, int wireType)
{
    varint(static_cast<uint64_t>(id) << 3 | static_cast<uint64_t>(wireType));
}

void Message::integer(int id, int64_t value)
{
    key(id, varintType);
    varint(static_cast<uint64_t>(value));
}

void Message::number(int id, float value)
{
    key(id, fixed32Type);
    uint8_t buffer[4];
    Coded::WriteLittleEndian32ToArray(std::bit_cast<uint32_t>(value), buffer);
    m_bytes.append(reinterpret_cast<const char*>(buffer), sizeof buffer);
}

void Message::text(int id, std::string_view value)
{
    key(id, delimitedType);
    varint(value.size());
    m_bytes += value;
}

void Message::textIfAny(int id, std::string_view value)
{
    if (!value.empty())
        text(id, value);
}

void Message::message(int id, const Message& value)
{
    key(id, delimitedType);
    varint(value.sizeBytes());
    for (const Elements& elements : value.m_elements)
        m_elements.push_back({m_bytes.size() + elements.position, elements.tensor});
    m_bytes += value.m_bytes;
    m_elementBytes += value.m_elementBytes;
}

void Message::elements(int id, const TensorRef& tensor)
{
    key(id, delimitedType);
    varint(tensor.sizeBytes());
    m_elements.push_back({m_bytes.size(), tensor});
    m_elementBytes += tensor.sizeBytes();
}

void Message::fields(std::string_view stored) { m_bytes += stored; }

Status Message::write(const std::function<Status(std::span<const std::byte>)>& write) const
{
    const Bytes bytes = std::as_bytes(std::span(m_bytes));
    size_t written = 0;
    for (const Elements& elements : m_elements) {
        TRY(write(bytes.subspan(written, elements.position - written)));
        written = elements.position;
        TRY_ASSIGN(const Tensor tensor, elements.tensor.load());
        TRY(write({tensor.bytes(), static_cast<size_t>(elements.tensor.sizeBytes())}));
    }
    return write(bytes.subspan(written));
}

} // namespace lapidary::wire

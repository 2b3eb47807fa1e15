// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: protobuf messages written by hand, so that tests of the reader can say exactly which bytes
// a file has, also wrong ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lapidary {

class WireWriter {
public:
    WireWriter& number(int field, int64_t value)
    {
        varint(static_cast<uint64_t>(field) << 3);
        varint(static_cast<uint64_t>(value));
        return *this;
    }
    WireWriter& text(int field, std::string_view bytes)
    {
        varint((static_cast<uint64_t>(field) << 3) | 2);
        varint(bytes.size());
        m_bytes.append(bytes);
        return *this;
    }
    WireWriter& message(int field, const WireWriter& inner) { return text(field, inner.m_bytes); }
    WireWriter& real(int field, float value)
    {
        varint((static_cast<uint64_t>(field) << 3) | 5);
        char bits[4];
        std::memcpy(bits, &value, 4);
        m_bytes.append(bits, 4);
        return *this;
    }
    WireWriter& fields(const WireWriter& more)
    {
        m_bytes += more.m_bytes;
        return *this;
    }
    const std::string& bytes() const { return m_bytes; }

private:
    void varint(uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
    }
    std::string m_bytes;
};

} // namespace lapidary

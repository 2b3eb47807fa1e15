// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: building protobuf's wire format without copying weights: a message whose large tensors stay where
// they are until it is written out. Internal to engine/onnx.
#pragma once

#include "engine/ir/tensor_ref.h"

#include <functional>

namespace lapidary::wire {

class Message {
public:
    void integer(int id, int64_t value);
    void number(int id, float value);
    void text(int id, std::string_view value);
    void textIfAny(int id, std::string_view value); // nothing when empty
    void message(int id, const Message& value);
    // The elements of a tensor of numbers as a field of bytes; they are read by write().
    void elements(int id, const TensorRef& tensor);
    // Whole fields as they are stored.
    void fields(std::string_view stored);

    uint64_t sizeBytes() const { return m_bytes.size() + m_elementBytes; }
    // Gives the message to write piece by piece. Errors: of reading tensors, and of write.
    Status write(const std::function<Status(std::span<const std::byte>)>& write) const;

private:
    void key(int id, int wireType);
    void varint(uint64_t value);

    struct Elements {
        size_t position; // in m_bytes: they stand before this byte
        TensorRef tensor;
    };
    std::string m_bytes; // all but the elements
    std::vector<Elements> m_elements;
    uint64_t m_elementBytes = 0;
};

} // namespace lapidary::wire

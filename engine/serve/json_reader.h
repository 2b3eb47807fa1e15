// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tensors out of JSON, read in one pass by simdjson: a document of a megabyte holds 150,000 numbers.
#pragma once

#include "engine/ir/value.h"

#include <simdjson.h>

namespace lapidary::serve {

using JsonValue = simdjson::ondemand::value;

// A text on its way through the parser of this thread: one at a time, and its values can be read once, in
// order. Parts that nobody reads are hardly checked.
class JsonDocument {
public:
    // bytes: of the text that are JSON; npos: all.
    explicit JsonDocument(std::string text, size_t bytes = std::string::npos);
    ~JsonDocument();
    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;

    // Once. Errors: InvalidArgument (no JSON).
    Result<JsonValue> root();

private:
    std::string m_text;
    size_t m_bytes;
    simdjson::ondemand::document m_document;
};

// The body or a part of it is no JSON.
Error notJson();

// A nested list, a number, a text or a truth value as a tensor of the expected type; its shape is that of the
// list, or, for a flat list of the right length, the expected one. Errors: InvalidArgument (what is no such
// list, with the place: "[0][3]"), ShapeMismatch (lists of unequal length).
Result<Tensor> tensorFromJson(JsonValue value, const TypeInfo& expected);

} // namespace lapidary::serve

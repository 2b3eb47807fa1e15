// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: regular expressions in RE2's syntax, which match in linear time. The only place that names RE2.
#pragma once

#include "engine/base/result.h"

#include <memory>
#include <optional>
#include <string_view>

namespace re2 {
class RE2;
}

namespace lapidary {

// Cheap to copy; may be used by several threads.
class TextPattern {
public:
    enum class Match { LeftmostFirst, LeftmostLongest };

    // Errors: InvalidModel (not RE2's syntax, or too large; the message says where).
    static Result<TextPattern> compile(std::string_view pattern, Match match = Match::LeftmostFirst);

    bool matchesAll(std::string_view text) const;

    struct Range {
        size_t begin = 0;
        size_t end = 0;
    };
    // The first match that begins at start (at most the size of the text) or behind.
    std::optional<Range> find(std::string_view text, size_t start) const;

private:
    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace lapidary

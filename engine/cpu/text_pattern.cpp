// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/text_pattern.h"

#include <re2/re2.h>

namespace lapidary {

namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

} // namespace

Result<TextPattern> TextPattern::compile(std::string_view pattern, Match match)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_longest_match(match == Match::LeftmostLongest);
    auto compiled = std::make_shared<const re2::RE2>(piece(pattern), options);
    if (!compiled->ok())
        return makeError(ErrorCode::InvalidModel, "the regular expression '" +
                                                      std::string(pattern.substr(0, 200)) +
                                                      "' cannot be used: " + compiled->error());
    TextPattern result;
    result.m_compiled = std::move(compiled);
    return result;
}

bool TextPattern::matchesAll(std::string_view text) const
{
    return re2::RE2::FullMatch(piece(text), *m_compiled);
}

std::optional<TextPattern::Range> TextPattern::find(std::string_view text, size_t start) const
{
    re2::StringPiece found;
    if (!m_compiled->Match(piece(text), start, text.size(), re2::RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    const auto begin = static_cast<size_t>(found.data() - text.data());
    return Range{begin, begin + found.size()};
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a search query and how it is written. Pure data, any thread.
//
// clang-format off
//   conv relu               words, all of them: in the name, operator, attributes or tensors, in any case
//   "a b"  /a.*b/           a text with spaces; a regular expression
//   a|b  -a  not:a          one of two; everything else
//   op:Conv                 a key and a text, with a "*" in it for anything, /regex/ or "=text"
//   params:>1M              numbers: > >= < <= = != and 10..20, with k, M, G
//   shape:1,*,224,224       lists: "*" is any size, "..." any number of them, a name is a symbol
//   kernel_shape:3,3        any other key is an attribute; one number is meant for all items of a list
//   MatMul -> * -> Softmax  a chain of nodes; "*" is any one node, "**" or "..." any few
// clang-format on
#pragma once

#include "viewers/search/value_test.h"

#include <QString>

namespace lapidary {

enum class QueryKey : uint8_t {
    Word, // no key
    Op,
    Name,
    Input,
    Output,
    Tensor,
    Weight,
    HasAttribute, // attr:
    Attribute,    // a key that is none of the others
    Type,
    Dimensions, // shape:
    Rank,
    Domain,
    Parameters,
    Bytes,
    InputCount,
    OutputCount,
    Kind // kind:node, tensor, weight, input, output
};

struct QueryValue {
    TextTest text;
    std::optional<NumberTest> number; // where the text is one
    ListTest list;
    bool negated = false; // "!="
};

struct QueryTerm {
    QueryKey key = QueryKey::Word;
    std::string attribute;          // folded name, QueryKey::Attribute
    std::vector<QueryValue> values; // one of them is enough; none: that there is such a thing at all
    bool excluded = false;
    TextTest whole; // the term read as a word, for names with a ':' in them
};

struct QueryStep {
    enum class Kind : uint8_t { Terms, AnyNode, AnyPath };
    Kind kind = Kind::Terms;
    std::vector<QueryTerm> terms; // all must hold
};

struct Query {
    std::vector<QueryStep> steps; // none: an empty query; several: a pattern
    bool isEmpty() const { return steps.empty(); }
    bool isPattern() const { return steps.size() > 1; }
};

struct QueryError {
    enum class Kind {
        BadRegex,     // detail: why, in English
        NotANumber,   // the key takes a number or comparison
        NotAKind,     // kind: takes one of five words
        TextCompared, // "<" or ">" on a key whose values are texts
        EmptyStep,    // nothing between two arrows, or at the start
        OpenEnd,      // the pattern ends with an arrow: the user is still typing
        OnlyWildcards,
        TooManySteps
    };
    Kind kind = Kind::BadRegex;
    int position = 0; // of the text that is meant
    int length = 0;
    QString detail = {};
};

constexpr size_t mostQuerySteps = 16;

struct ParsedQuery {
    Query query; // empty where there is an error
    std::optional<QueryError> error;
};
ParsedQuery parseQuery(const QString& text);

} // namespace lapidary

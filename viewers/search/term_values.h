// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: whether one of a term's values accepts a number, a type, a shape or an attribute. Any thread.
#pragma once

#include "engine/ir/model.h"
#include "viewers/search/query.h"

#include <array>

namespace lapidary {

// A term without values accepts everything.
bool acceptsNumber(const QueryTerm& term, double number);
// Of an attribute; "!=" is the caller's.
bool acceptsAttribute(const QueryValue& value, const Attribute& attribute);
// kind: "node", "weight", ...
bool isKind(const QueryTerm& term, std::string_view kind);

// Terms about the type of a value: type, shape, rank. The term must outlive it.
class TypeTest {
public:
    explicit TypeTest(const QueryTerm& term);
    bool accepts(const TypeInfo& type) const;
    bool accepts(const TensorRef& weight) const;

private:
    template <typename Sizes>
    bool acceptsShape(const Sizes& shape) const;

    const QueryTerm& m_term;
    std::array<bool, dataTypeCount> m_types{};
};

} // namespace lapidary

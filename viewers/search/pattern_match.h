// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: chains of nodes that a pattern describes. Effort is that of the steps times the edges, however
// many chains there are.
#pragma once

#include "viewers/search/term_match.h"

namespace lapidary {

// query.isPattern(), its terms resolved. hits: where chains start, each with its shortest chain.
SearchResult searchPattern(const SearchContext& context, const Query& query);

} // namespace lapidary

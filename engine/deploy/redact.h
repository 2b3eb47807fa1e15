// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: texts that people or files will see, without what is secret in them.
#pragma once

#include <string>

namespace lapidary::deploy {

// Signatures, tokens, keys, passwords, client secrets and authorization codes, in URLs, headers, forms and
// JSON, become "***".
std::string redact(const std::string& text);

} // namespace lapidary::deploy

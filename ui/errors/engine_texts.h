// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the engine speaks English; the sentences that people meet most are translated here.
#pragma once

#include <QString>

#include <string>

namespace lapidary {

// Each line in the language of the window, or as it is when it is not known.
QString inUsersLanguage(const std::string& text);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the language of the window, switchable while it runs. Widgets hear of a change through
// QEvent::LanguageChange.
#pragma once

#include <QString>

namespace lapidary {

struct Language {
    const char* code; // "en"
    const char* name; // in the language itself: never translated
};

// The languages there is a translation for, English first.
const QList<Language>& languages();

// Loads the translations of a language ("" = the system's) and makes its number format the default.
// Falls back to English. GUI thread.
void applyLanguage(const QString& code);

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: programs that call an endpoint, to copy. They read the key from the variable ENDPOINT_KEY, never
// hold it.
#pragma once

#include <QString>

namespace lapidary {

enum class SnippetLanguage { Curl, Python, CSharp, JavaScript, PowerShell };
constexpr int snippetLanguages = 5;
QString snippetLanguageName(SnippetLanguage language);

// A request body of more than 2 KB is read from request.json, which the caller saves.
struct SnippetRequest {
    QString url;
    bool needsKey = false;
    QString body; // JSON
};
bool bodyIsInFile(const SnippetRequest& request);
QString snippet(SnippetLanguage language, const SnippetRequest& request);

} // namespace lapidary

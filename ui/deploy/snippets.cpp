// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/snippets.h"

namespace lapidary {

namespace {

constexpr qsizetype longestBody = 2048;

// Between quotes that the shell leaves alone.
QString shellQuoted(QString text)
{
    return QLatin1Char('\'') + text.replace("'", "'\\''") + QLatin1Char('\'');
}

QString curl(const SnippetRequest& request)
{
    QString text = QStringLiteral("curl --fail-with-body %1 \\\n").arg(shellQuoted(request.url));
    text += QStringLiteral("  -H 'Content-Type: application/json' \\\n");
    if (request.needsKey)
        text += QStringLiteral("  -H \"Authorization: Bearer $ENDPOINT_KEY\" \\\n");
    return text + QStringLiteral("  --data ") +
           (bodyIsInFile(request) ? QStringLiteral("@request.json") : shellQuoted(request.body)) +
           QLatin1Char('\n');
}

QString python(const SnippetRequest& request)
{
    QString text = QStringLiteral("import json, os, urllib.request\n\n");
    text += bodyIsInFile(request) ? QStringLiteral("body = open(\"request.json\", \"rb\").read()\n")
                                  : QStringLiteral("body = b'%1'\n").arg(request.body);
    text += QStringLiteral("headers = {\"Content-Type\": \"application/json\"}\n");
    if (request.needsKey)
        text += QStringLiteral("headers[\"Authorization\"] = \"Bearer \" + os.environ[\"ENDPOINT_KEY\"]\n");
    return text + QStringLiteral("request = urllib.request.Request(\"%1\", body, headers)\n"
                                 "with urllib.request.urlopen(request) as answer:\n"
                                 "    print(json.load(answer)[\"result\"])\n")
                      .arg(request.url);
}

QString cSharp(const SnippetRequest& request)
{
    QString text = QStringLiteral("using System.Net.Http.Headers;\nusing System.Text;\n\n"
                                  "using var client = new HttpClient();\n");
    if (request.needsKey)
        text += QStringLiteral("client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(\n"
                               "    \"Bearer\", Environment.GetEnvironmentVariable(\"ENDPOINT_KEY\"));\n");
    QString quoted = request.body;
    text += bodyIsInFile(request)
                ? QStringLiteral("var body = await File.ReadAllTextAsync(\"request.json\");\n")
                : QStringLiteral("var body = @\"%1\";\n").arg(quoted.replace("\"", "\"\""));
    return text + QStringLiteral("using var content = new StringContent(body, Encoding.UTF8, "
                                 "\"application/json\");\n"
                                 "using var answer = await client.PostAsync(\"%1\", content);\n"
                                 "answer.EnsureSuccessStatusCode();\n"
                                 "Console.WriteLine(await answer.Content.ReadAsStringAsync());\n")
                      .arg(request.url);
}

QString javaScript(const SnippetRequest& request)
{
    QString text;
    if (bodyIsInFile(request))
        text += QStringLiteral("import { readFile } from \"node:fs/promises\";\n\n"
                               "const body = await readFile(\"request.json\", \"utf8\");\n");
    else
        text += QStringLiteral("const body = JSON.stringify(%1);\n").arg(request.body);
    text += QStringLiteral("const answer = await fetch(\"%1\", {\n  method: \"POST\",\n  headers: {\n"
                           "    \"Content-Type\": \"application/json\",\n")
                .arg(request.url);
    if (request.needsKey)
        text += QStringLiteral("    Authorization: `Bearer ${process.env.ENDPOINT_KEY}`,\n");
    return text +
           QStringLiteral("  },\n  body,\n});\n"
                          "if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);\n"
                          "console.log((await answer.json()).result);\n");
}

QString powerShell(const SnippetRequest& request)
{
    QString text = QStringLiteral("$headers = @{}\n");
    if (request.needsKey)
        text += QStringLiteral("$headers.Authorization = \"Bearer $env:ENDPOINT_KEY\"\n");
    QString quoted = request.body;
    text += bodyIsInFile(request) ? QStringLiteral("$body = Get-Content -Raw request.json\n")
                                  : QStringLiteral("$body = '%1'\n").arg(quoted.replace("'", "''"));
    return text + QStringLiteral("Invoke-RestMethod -Method Post -Uri '%1' -Headers $headers `\n"
                                 "    -ContentType 'application/json' -Body $body\n")
                      .arg(request.url);
}

} // namespace

QString snippetLanguageName(SnippetLanguage language)
{
    static const char* const names[] = {"curl", "Python", "C#", "JavaScript", "PowerShell"};
    return QLatin1String(names[static_cast<int>(language)]);
}

bool bodyIsInFile(const SnippetRequest& request) { return request.body.size() > longestBody; }

QString snippet(SnippetLanguage language, const SnippetRequest& request)
{
    switch (language) {
    case SnippetLanguage::Curl: return curl(request);
    case SnippetLanguage::Python: return python(request);
    case SnippetLanguage::CSharp: return cSharp(request);
    case SnippetLanguage::JavaScript: return javaScript(request);
    case SnippetLanguage::PowerShell: return powerShell(request);
    }
    return {};
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/redact.h"

#include <QRegularExpression>

namespace lapidary::deploy {

std::string redact(const std::string& text)
{
    // Raw strings do not go through QStringLiteral: it is a macro.
    const auto pattern = [](const char* expression) {
        return QRegularExpression(QString::fromLatin1(expression), QRegularExpression::CaseInsensitiveOption);
    };
    // name=value in URLs and forms; "name": "value" in JSON; headers; a token wherever it stands.
    static const QRegularExpression pairs =
        pattern(R"((\b(?:sig|code|client_secret|client_assertion|access_token|refresh_token|id_token|)"
                R"(password|device_code|code_verifier|sastoken|key)=)[^&\s"']+)");
    static const QRegularExpression members =
        pattern(R"re(("(?:sasToken|sasUri|key|accessToken|access_token|refresh_token|id_token|)re"
                R"re(refreshToken|password|secureValue|primaryKey|secondaryKey|keyValue|)re"
                R"re(client_secret|clientSecret|device_code|userStorageKey)"\s*:\s*")[^"]*)re");
    static const QRegularExpression headers = pattern(R"re((\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,})re");
    static const QRegularExpression webTokens = pattern(R"re(\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9._-]+)re");
    QString clean = QString::fromStdString(text);
    clean.replace(pairs, QStringLiteral("\\1***"));
    clean.replace(members, QStringLiteral("\\1***"));
    clean.replace(headers, QStringLiteral("\\1***"));
    clean.replace(webTokens, QStringLiteral("***"));
    return clean.toStdString();
}

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tokens.h"

#include "clock.h"

#include <algorithm>

namespace fake_azure {

namespace {

[[noreturn]] void refuse(const std::string& code, const std::string& message, const std::string& authority)
{
    ArmError error(401, code, message);
    error.headers.emplace("WWW-Authenticate", "Bearer authorization_uri=\"" + authority +
                                                  "\", error=\"invalid_token\", error_description=\"" +
                                                  message + '"');
    throw error;
}

} // namespace

const AccessToken& Tokens::check(const Call& call, const std::vector<std::string>& audiences,
                                 const std::string& authority)
{
    const std::string header = call.header("Authorization");
    if (header.empty())
        refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.",
               authority);
    if (!sameText(header.substr(0, 7), "Bearer "))
        refuse("AuthenticationFailedInvalidHeader",
               "Authentication failed. The 'Authorization' header is provided in an invalid format.",
               authority);
    const auto found = m_tokens.find(header.substr(7));
    if (found == m_tokens.end())
        refuse("InvalidAuthenticationToken", "The access token is invalid.", authority);
    AccessToken& token = found->second;
    if (token.expires <= now() || token.usesLeft == 0)
        refuse("ExpiredAuthenticationToken",
               "The access token expiry UTC time '" + isoTime(token.expires) +
                   "' is earlier than current UTC time '" + isoTime(now()) + "'.",
               authority);
    if (std::find(audiences.begin(), audiences.end(), token.audience) == audiences.end())
        refuse("InvalidAuthenticationTokenAudience",
               "The access token has been obtained for wrong audience or resource '" + token.audience +
                   "'. It should exactly match with one of the allowed audiences '" + audiences.front() +
                   "'.",
               authority);
    if (token.usesLeft > 0)
        --token.usesLeft;
    return token;
}

void Tokens::expireAll()
{
    for (auto& [text, token] : m_tokens)
        token.expires = 0;
}

} // namespace fake_azure

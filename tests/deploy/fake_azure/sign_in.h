// SPDX-License-Identifier: GPL-3.0-or-later
// What Entra remembers between the pages of a sign-in.
#pragma once

#include "call.h"

namespace fake_azure {

struct Cloud;

struct AuthorizationCode {
    std::string tenant;
    std::string clientId;
    std::string redirectUri;
    std::string challenge;
    std::string nonce;
    int64_t expires = 0;
    bool used = false;
};

struct DeviceCode {
    std::string tenant;
    std::string clientId;
    int pollsLeft = 0; // that answer "pending"
    int64_t lastPoll = 0;
    int64_t expires = 0;
};

struct RefreshToken {
    std::string tenant;
    std::string clientId;
    bool replaced = false;
};

struct SignIn {
    std::map<std::string, AuthorizationCode> codes;
    std::map<std::string, DeviceCode> devices;
    std::map<std::string, RefreshToken> refreshTokens;
};

// {error, error_description "AADSTS900023: ...", error_codes, ...}: Entra has its own form.
Reply entraError(int status, const std::string& error, int number, const std::string& text);
// The tenant in the path; throws EntraError.
struct EntraError {
    Reply reply;
};
const struct Tenant& tenantOfPath(const Cloud& cloud, const Call& call);

// https://management.azure.com for a scope of that resource. Throws EntraError.
std::string audienceOf(const Cloud& cloud, const std::string& scope);
// A new access token, known to the cloud from now on.
std::string issueAccessToken(Cloud& cloud, const std::string& tenant, const std::string& audience,
                             const std::string& principal, const std::string& clientId);

} // namespace fake_azure

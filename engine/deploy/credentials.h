// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: tokens of Microsoft Entra, by each way of signing in. Access tokens live in memory only.
#pragma once

#include "engine/deploy/azure_cloud.h"
#include "engine/deploy/http.h"

#include <mutex>

namespace lapidary::deploy {

// May be shared by threads, each with an HttpClient of its own.
class Credentials {
public:
    virtual ~Credentials() = default;

    // A token for the scope, from memory while it has five minutes to live. Errors: AuthFailure with what to
    // do, NetworkFailure, Cancelled.
    Result<std::string> token(const std::string& scope, HttpClient& http, JobContext& job);
    // The token was refused: the next call of token() asks for a new one. claims: of the challenge, or empty.
    void forget(const std::string& token, std::string claims = {});

protected:
    struct Token {
        std::string text;
        std::chrono::system_clock::time_point expires;
    };
    virtual Result<Token> fetch(const std::string& scope, const std::string& claims, HttpClient& http,
                                JobContext& job) = 0;
    // The answer of a token endpoint. Errors: AuthFailure.
    static Result<Token> tokenIn(const HttpResponse& response);

private:
    std::timed_mutex m_mutex;
    std::map<std::string, Token> m_tokens; // by scope
    std::string m_claims;
};

// "az account get-access-token": whoever is signed in there. tenant may be empty.
std::unique_ptr<Credentials> azureCliCredentials(const std::string& tenant);

struct ServicePrincipal {
    std::string tenant;
    std::string clientId;
    std::string secret;
};
std::unique_ptr<Credentials> servicePrincipalCredentials(const Cloud& cloud, ServicePrincipal principal);

// Of the machine that this runs on. clientId: of a user-assigned identity, or empty.
std::unique_ptr<Credentials> managedIdentityCredentials(const std::string& clientId);

// A user, by a refresh token; it is replaced at each use: keep tells of the new one, which belongs into the
// keychain; called on the thread that asks for a token.
std::unique_ptr<Credentials> userCredentials(const Cloud& cloud, std::string refreshToken,
                                             std::function<void(const std::string&)> keep);

// The user opens a page and types a code; show is told both. Returns a refresh token. Errors: AuthFailure
// (declined, expired, forbidden by the tenant), NetworkFailure, Cancelled.
struct DeviceCode {
    std::string userCode;
    std::string page;
    std::string message;
};
Result<std::string> signInByDeviceCode(HttpClient& http, const Cloud& cloud,
                                       const std::function<void(const DeviceCode&)>& show, JobContext& job);

// The user signs in in a browser (authorization code with PKCE), which comes back to a port of this machine;
// open is told the page. Returns a refresh token. Errors: as above; also IoError (no port).
Result<std::string> signInByBrowser(HttpClient& http, const Cloud& cloud,
                                    const std::function<void(const std::string& url)>& open, JobContext& job);

} // namespace lapidary::deploy

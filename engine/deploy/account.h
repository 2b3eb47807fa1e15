// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: who is signed in to Azure, by whichever way, and what a thread needs to talk to it as them.
#pragma once

#include "engine/deploy/arm.h"

namespace lapidary::deploy {

enum class SignInWay { AzureCli, Browser, DeviceCode, ServicePrincipal, ManagedIdentity };

struct SignIn {
    SignInWay way = SignInWay::AzureCli;
    Cloud cloud;
    std::string tenant;   // empty: the cloud's
    std::string clientId; // of a service principal or of a user-assigned identity; of a user: the cloud's
    std::string secret;   // of a service principal; lives in memory only
    // Told on the thread of signIn; what the way does not need may be empty.
    std::function<void(const std::string& url)> openPage;
    std::function<void(const DeviceCode&)> showCode;
    // Each new refresh token of a user, on the thread that asks for a token.
    std::function<void(const std::string&)> keepToken;
};

// A user is asked; the others are tried with a token of Azure Resource Manager, so that what is wrong shows
// here. Errors: of Credentials and the ways to sign in; AuthFailure (something is missing).
Result<std::shared_ptr<Credentials>> signIn(const SignIn& how, HttpClient& http, JobContext& job);

// With the refresh token of an earlier sign-in.
Result<std::shared_ptr<Credentials>> signInAgain(const SignIn& how, const std::string& refreshToken,
                                                 HttpClient& http, JobContext& job);

// For one thread; credentials may serve several. Without credentials arm is null: for what is not Azure.
struct Connection {
    Cloud cloud;
    std::shared_ptr<Credentials> credentials;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<ArmClient> arm;
};
// Errors: of HttpClient::create.
Result<std::unique_ptr<Connection>> connect(HttpOptions options, const Cloud& cloud,
                                            std::shared_ptr<Credentials> credentials);

} // namespace lapidary::deploy

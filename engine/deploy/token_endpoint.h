// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: forms to Microsoft Entra's OAuth endpoints, and what their refusals mean.
#pragma once

#include "engine/deploy/http.h"

namespace lapidary::deploy {

using Form = std::vector<std::pair<std::string, std::string>>;

std::string percentEncoded(const std::string& text);
QByteArray formBody(const Form& form);

// POST {authority}/{tenant}/oauth2/v2.0/{name}. Any answer; errors: of HttpClient::sendPatiently.
Result<HttpResponse> callTokenEndpoint(HttpClient& http, const std::string& authority,
                                       const std::string& tenant, const std::string& name, const Form& form,
                                       JobContext& job);

// AuthFailure, with Entra's own words and what to do.
Error signInError(const HttpResponse& response);

} // namespace lapidary::deploy

// SPDX-License-Identifier: GPL-3.0-or-later
// Entra's pages: discovery, authorize (which approves by itself), device code.
#include "areas.h"
#include "clock.h"
#include "crypto.h"

#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace fake_azure {

Reply entraError(int status, const std::string& error, int number, const std::string& text)
{
    const std::string trace = randomGuid(), correlation = randomGuid();
    return reply(
        status,
        {{"error", error},
         {"error_description", "AADSTS" + std::to_string(number) + ": " + text + " Trace ID: " + trace +
                                   " Correlation ID: " + correlation + " Timestamp: " + isoSeconds(now())},
         {"error_codes", {number}},
         {"timestamp", isoSeconds(now())},
         {"trace_id", trace},
         {"correlation_id", correlation},
         {"error_uri", "https://login.microsoftonline.com/error?code=" + std::to_string(number)}});
}

const Tenant& tenantOfPath(const Cloud& cloud, const Call& call)
{
    const Tenant* tenant = cloud.tenant(call.name("tenant"));
    if (!tenant)
        throw EntraError{
            entraError(400, "invalid_request", 90002,
                       "Tenant '" + call.name("tenant") +
                           "' not found. Check to make sure you have the correct tenant ID and are "
                           "signing into the correct cloud.")};
    return *tenant;
}

namespace {

// Runs a page; its EntraError becomes the answer.
Handler page(std::function<Reply(Call&)> body)
{
    return [body = std::move(body)](Call& call) {
        try {
            return body(call);
        } catch (const EntraError& error) {
            return error.reply;
        }
    };
}

Json discovery(const Cloud& cloud, const std::string& tenant, const std::string& tenantId)
{
    const std::string base = cloud.url + '/' + tenant;
    return {{"issuer", cloud.url + '/' + tenantId + "/v2.0"},
            {"authorization_endpoint", base + "/oauth2/v2.0/authorize"},
            {"token_endpoint", base + "/oauth2/v2.0/token"},
            {"device_authorization_endpoint", base + "/oauth2/v2.0/devicecode"},
            {"end_session_endpoint", base + "/oauth2/v2.0/logout"},
            {"jwks_uri", base + "/discovery/v2.0/keys"},
            {"token_endpoint_auth_methods_supported", {"client_secret_post", "private_key_jwt"}},
            {"response_modes_supported", {"query", "fragment", "form_post"}},
            {"response_types_supported", {"code", "id_token"}},
            {"scopes_supported", {"openid", "profile", "email", "offline_access"}},
            {"id_token_signing_alg_values_supported", {"RS256"}},
            {"subject_types_supported", {"pairwise"}},
            {"cloud_instance_name", "localhost"}};
}

// The modulus and exponent of the signing certificate.
Json signingKeys(const Certificates& certificates)
{
    const auto* der = reinterpret_cast<const unsigned char*>(certificates.signingCertificate.data());
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        d2i_X509(nullptr, &der, static_cast<long>(certificates.signingCertificate.size())), X509_free);
    const auto number = [&](const char* name) {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(X509_get0_pubkey(certificate.get()), name, &value);
        std::string bytes(static_cast<size_t>(BN_num_bytes(value)), '\0');
        BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
        BN_free(value);
        return base64Url(bytes);
    };
    return {{"keys",
             {{{"kty", "RSA"},
               {"use", "sig"},
               {"kid", hex(sha256(certificates.signingCertificate)).substr(0, 40)},
               {"n", number(OSSL_PKEY_PARAM_RSA_N)},
               {"e", number(OSSL_PKEY_PARAM_RSA_E)},
               {"x5c", {base64(certificates.signingCertificate)}}}}}};
}

bool isLoopback(const std::string& redirect)
{
    for (const char* start : {"http://localhost", "http://127.0.0.1"}) {
        const std::string prefix = start;
        if (redirect.compare(0, prefix.size(), prefix) == 0 &&
            (redirect.size() == prefix.size() || redirect[prefix.size()] == ':' ||
             redirect[prefix.size()] == '/'))
            return true;
    }
    return false;
}

// A page for the person who made the mistake: nothing may be sent to a redirect address that is not trusted.
Reply authorizeProblem(int number, const std::string& text)
{
    return {400, "<html><body>AADSTS" + std::to_string(number) + ": " + text + "</body></html>", "text/html"};
}

Reply authorize(Cloud& cloud, const Call& call)
{
    const Tenant& tenant = tenantOfPath(cloud, call);
    const std::string redirect = call.parameter("redirect_uri");
    if (call.parameter("client_id").empty())
        return authorizeProblem(900144,
                                "The request body must contain the following parameter: 'client_id'.");
    if (!isLoopback(redirect))
        return authorizeProblem(50011,
                                "The redirect URI '" + redirect +
                                    "' specified in the request does not match the redirect URIs configured "
                                    "for the application.");
    const std::string mode = call.parameter("response_mode");
    const auto answer = [&](const std::map<std::string, std::string>& fields) {
        if (mode == "form_post") {
            std::string form =
                "<html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"" +
                redirect + "\">";
            for (const auto& [name, value] : fields)
                form += "<input type=\"hidden\" name=\"" + name + "\" value=\"" + value + "\">";
            return Reply{200, form + "</form></body></html>", "text/html"};
        }
        std::string location = redirect + (redirect.find('?') == std::string::npos ? '?' : '&');
        for (const auto& [name, value] : fields)
            location += toForm(name) + '=' + toForm(value) + '&';
        location.pop_back();
        return emptyReply(302).set("Location", location);
    };
    const std::string state = call.parameter("state");
    const auto refuse = [&](const char* error, const std::string& text) {
        return answer({{"error", error}, {"error_description", text}, {"state", state}});
    };
    if (!cloud.options.authorizeError.empty())
        return refuse(cloud.options.authorizeError.c_str(),
                      "AADSTS65004: User declined to consent to access the app.");
    if (call.parameter("response_type") != "code")
        return refuse("unsupported_response_type",
                      "AADSTS700054: response_type is not enabled for the application.");
    if (call.parameter("scope").empty())
        return refuse("invalid_request", "AADSTS900144: The request must contain the parameter 'scope'.");
    // A public client with PKCE is what the tests are about: without it, or with "plain", nothing works.
    if (call.parameter("code_challenge").size() != 43 || call.parameter("code_challenge_method") != "S256")
        return refuse("invalid_request",
                      "AADSTS9002325: Proof Key for Code Exchange is required, with S256.");
    const std::string code = "0.A" + randomHex(24);
    cloud.signIn.codes[code] = {tenant.id,
                                call.parameter("client_id"),
                                redirect,
                                call.parameter("code_challenge"),
                                call.parameter("nonce"),
                                now() + 10 * 60'000};
    return answer({{"code", code}, {"state", state}, {"session_state", randomGuid()}});
}

Reply deviceCode(Cloud& cloud, const Call& call)
{
    const Tenant& tenant = tenantOfPath(cloud, call);
    const auto form = call.form();
    for (const char* needed : {"client_id", "scope"}) {
        if (!form.count(needed))
            return entraError(400, "invalid_request", 900144,
                              std::string("The request body must contain the following parameter: '") +
                                  needed + "'.");
    }
    const std::string code = "D" + randomHex(32);
    const std::string user = [] {
        std::string text = randomHex(5);
        for (char& c : text)
            c = static_cast<char>(std::toupper(c));
        return text.substr(0, 9);
    }();
    const int life = 900;
    cloud.signIn.devices[code] = {tenant.id, form.at("client_id"), cloud.options.devicePolls, 0,
                                  now() + life * 1000};
    return reply(200, {{"user_code", user},
                       {"device_code", code},
                       {"verification_uri", cloud.url + "/devicelogin"},
                       {"expires_in", life},
                       {"interval", cloud.options.deviceIntervalSeconds},
                       {"message", "To sign in, use a web browser to open the page " + cloud.url +
                                       "/devicelogin and enter the code " + user + " to authenticate."}});
}

} // namespace

void addEntra(Router& router, Cloud& cloud)
{
    router.add("GET", "/{tenant}/v2.0/.well-known/openid-configuration", Area::Open, page([&](Call& call) {
                   return reply(200, discovery(cloud, call.name("tenant"), tenantOfPath(cloud, call).id));
               }));
    router.add("GET", "/common/discovery/instance", Area::Open, [&](Call& call) {
        return reply(200, {{"tenant_discovery_endpoint", cloud.url + "/" + cloud.options.tenants.front().id +
                                                             "/v2.0/.well-known/openid-configuration"},
                           {"api-version", call.parameter("api-version")},
                           {"metadata", Json::array()}});
    });
    router.add("GET", "/{tenant}/discovery/v2.0/keys", Area::Open,
               [&](Call&) { return reply(200, signingKeys(cloud.certificates)); });
    router.add("GET", "/{tenant}/oauth2/v2.0/authorize", Area::Open,
               page([&](Call& call) { return authorize(cloud, call); }));
    router.add("POST", "/{tenant}/oauth2/v2.0/devicecode", Area::Open,
               page([&](Call& call) { return deviceCode(cloud, call); }));
    router.add("GET", "/devicelogin", Area::Open, [](Call&) {
        return Reply{200, "<html><body>Enter the code. (It approves itself.)</body></html>", "text/html"};
    });
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in front of the registry: token exchange, Azure's own /acr/v1 routes, and the way through to
// it.
#include "areas.h"
#include "clock.h"
#include "crypto.h"
#include "forward.h"
#include "registry_service.h"

#include <sstream>

namespace fake_azure {

namespace {

const char adminUser[] = "fakeregistry";

Reply registryError(int status, const char* code, const std::string& message)
{
    return reply(status, {{"errors", {{{"code", code}, {"message", message}, {"detail", nullptr}}}}});
}

// repository:models/digits:pull,push and registry:catalog:*; several are separated by spaces.
std::vector<RegistryAccess> accessOf(const std::string& scopes)
{
    std::vector<RegistryAccess> access;
    std::istringstream words(scopes);
    std::string word;
    while (words >> word) {
        const size_t first = word.find(':'), last = word.rfind(':');
        if (first == std::string::npos || last == first)
            continue;
        RegistryAccess each{word.substr(0, first), word.substr(first + 1, last - first - 1), {}};
        std::istringstream actions(word.substr(last + 1));
        std::string action;
        while (std::getline(actions, action, ','))
            each.actions.push_back(action);
        access.push_back(each);
    }
    return access;
}

// The refresh token's subject; throws ArmError for one that is not ours or is too old.
std::string refreshSubject(const std::string& token)
{
    const Json claims = tokenClaims(token);
    if (claims.is_null() || claims.value("grant_type", "") != "refresh_token" ||
        claims.value("exp", 0) <= now() / 1000)
        throw ArmError(401, "UNAUTHORIZED", "authentication required: the refresh token is not valid");
    return claims.value("sub", "");
}

Reply exchange(Cloud& cloud, const Call& call)
{
    auto form = call.form();
    if (form["grant_type"] != "access_token")
        return registryError(400, "UNSUPPORTED", "grant_type must be access_token");
    if (form["service"] != registryHost(cloud))
        return registryError(400, "UNAUTHORIZED", "the service is not this registry: " + form["service"]);
    Call checked = call;
    checked.headers.erase("Authorization");
    checked.headers.emplace("Authorization", "Bearer " + form["access_token"]);
    std::vector<std::string> audiences = cloud.armAudiences();
    audiences.push_back("https://containerregistry.azure.net");
    std::string subject;
    try {
        subject = cloud.tokens.check(checked, audiences, cloud.url).principal;
    } catch (const ArmError& error) {
        return registryError(401, "UNAUTHORIZED", error.what());
    }
    const int64_t seconds = now() / 1000;
    return reply(200, {{"refresh_token", signedToken({},
                                                     {{"jti", randomGuid()},
                                                      {"sub", subject},
                                                      {"nbf", seconds - 60},
                                                      {"exp", seconds + 3L * 3600},
                                                      {"iat", seconds},
                                                      {"iss", "Azure Container Registry"},
                                                      {"aud", registryHost(cloud)},
                                                      {"grant_type", "refresh_token"}},
                                                     cloud.certificates.signingKeyFile)}});
}

Reply accessToken(const Cloud& cloud, const Call& call)
{
    auto form = call.form();
    if (form["service"] != registryHost(cloud))
        return registryError(400, "UNAUTHORIZED", "the service is not this registry: " + form["service"]);
    std::vector<RegistryAccess> access = accessOf(form["scope"]);
    std::string subject;
    if (form["grant_type"] == "refresh_token")
        subject = refreshSubject(form["refresh_token"]);
    else if (form["grant_type"] != "password")
        return registryError(400, "UNSUPPORTED", "grant_type must be refresh_token or password");
    else if (!form["refresh_token"].empty() || form.count("username"))
        return registryError(401, "UNAUTHORIZED", "authentication required");
    else
        access.clear(); // anonymous pull is off, as it is by default: a token that opens nothing
    return reply(200, {{"access_token", registryToken(cloud, access, subject)}});
}

// As `docker login` does it: Basic, by the admin user or by a refresh token as password.
Reply basicToken(const Cloud& cloud, const Call& call)
{
    const std::string header = call.header("Authorization");
    const std::string pair =
        sameText(header.substr(0, 6), "Basic ") ? fromBase64(header.substr(6)) : std::string();
    const size_t colon = std::min(pair.find(':'), pair.size());
    const std::string user = pair.substr(0, colon),
                      password = colon < pair.size() ? pair.substr(colon + 1) : "";
    const bool admin = user == adminUser && (password == "admin-one" || password == "admin-two");
    if (!admin && user == "00000000-0000-0000-0000-000000000000")
        refreshSubject(password);
    else if (!admin)
        return registryError(401, "UNAUTHORIZED", "authentication required");
    std::vector<RegistryAccess> access;
    for (auto [it, end] = call.query.equal_range("scope"); it != end; ++it) {
        for (const RegistryAccess& each : accessOf(it->second))
            access.push_back(each);
    }
    const std::string token = registryToken(cloud, access, user);
    return reply(200, {{"access_token", token}, {"token", token}, {"expires_in", 75 * 60}});
}

Handler inRegistryForm(std::function<Reply(Call&)> body)
{
    return [body = std::move(body)](Call& call) {
        try {
            return body(call);
        } catch (const ArmError& error) {
            return registryError(error.status, error.code.c_str(), error.what());
        }
    };
}

// Whether the bearer token opens it; otherwise the challenge.
std::optional<Reply> challenge(const Cloud& cloud, const Call& call, const std::string& scope)
{
    const std::string header = call.header("Authorization");
    const Json claims = tokenClaims(header.size() > 7 ? header.substr(7) : std::string());
    const RegistryAccess wanted = accessOf(scope).front();
    if (!claims.is_null() && claims.value("aud", "") == registryHost(cloud)) {
        for (const Json& each : claims.value("access", Json::array())) {
            if (each["type"] == wanted.type && each["name"] == wanted.name)
                return {};
        }
    }
    Reply answer =
        registryError(401, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization");
    answer.set("WWW-Authenticate", "Bearer realm=\"" + cloud.url + "/oauth2/token\",service=\"" +
                                       registryHost(cloud) + "\",scope=\"" + scope + '"');
    return answer;
}

Json manifests(const Cloud& cloud, const std::string& repository)
{
    const std::vector<RegistryAccess> access{{"repository", repository, {"pull"}}};
    const Reply tags = askRegistry(cloud, "GET", "/v2/" + repository + "/tags/list", "", {}, access);
    if (tags.status != 200)
        throw ArmError(404, "NAME_UNKNOWN", "repository name not known to registry");
    std::map<std::string, Json> byDigest;
    const Json list = Json::parse(tags.body)["tags"];
    for (const Json& tag : list.is_array() ? list : Json::array()) {
        const Reply head =
            askRegistry(cloud, "HEAD", "/v2/" + repository + "/manifests/" + tag.get<std::string>(), "",
                        {{"Accept", "application/vnd.oci.image.manifest.v1+json, "
                                    "application/vnd.docker.distribution.manifest.v2+json"}},
                        access);
        const auto digest = head.headers.find("Docker-Content-Digest");
        if (digest == head.headers.end())
            continue;
        Json& manifest = byDigest[digest->second];
        manifest["digest"] = digest->second;
        manifest["tags"].push_back(tag);
        manifest["mediaType"] = head.type;
        manifest["createdTime"] = manifest["lastUpdateTime"] = isoTime(now());
        manifest["architecture"] = "amd64";
        manifest["os"] = "linux";
        manifest["changeableAttributes"] = {
            {"deleteEnabled", true}, {"writeEnabled", true}, {"readEnabled", true}, {"listEnabled", true}};
    }
    Json result = Json::array();
    for (const auto& [digest, manifest] : byDigest)
        result.push_back(manifest);
    return result;
}

// /acr/v1/{repository}, with /_tags or /_manifests behind it; a repository's name may hold slashes.
Reply acr(const Cloud& cloud, const Call& call)
{
    std::string repository = call.name("path"), part;
    for (const std::string each : {"/_tags", "/_manifests"}) {
        if (repository.size() > each.size() &&
            repository.compare(repository.size() - each.size(), each.size(), each) == 0) {
            part = each;
            repository.resize(repository.size() - each.size());
        }
    }
    const bool erase = call.method == "DELETE";
    if (auto refused =
            challenge(cloud, call, "repository:" + repository + (erase ? ":delete" : ":metadata_read")))
        return *refused;
    const Json all = manifests(cloud, repository);
    if (erase) {
        Json tags = Json::array(), digests = Json::array();
        for (const Json& manifest : all) {
            const std::string digest = manifest["digest"];
            askRegistry(cloud, "DELETE",
                        std::string("/v2/").append(repository).append("/manifests/").append(digest), "", {},
                        {{"repository", repository, {"pull", "delete"}}});
            digests.push_back(digest);
            tags.insert(tags.end(), manifest["tags"].begin(), manifest["tags"].end());
        }
        return reply(202, {{"manifestsDeleted", digests}, {"tagsDeleted", tags}});
    }
    Json body{{"registry", registryHost(cloud)}, {"imageName", repository}};
    if (part == "/_manifests") {
        body["manifests"] = all;
    } else if (part == "/_tags") {
        body["tags"] = Json::array();
        for (const Json& manifest : all) {
            for (const Json& tag : manifest["tags"])
                body["tags"].push_back({{"name", tag},
                                        {"digest", manifest["digest"]},
                                        {"createdTime", manifest["createdTime"]},
                                        {"lastUpdateTime", manifest["createdTime"]},
                                        {"signed", false},
                                        {"changeableAttributes", manifest["changeableAttributes"]}});
        }
    } else {
        body["manifestCount"] = all.size();
        body["tagCount"] = all.size();
        body["createdTime"] = body["lastUpdateTime"] = isoTime(now());
        body["changeableAttributes"] = {
            {"deleteEnabled", true}, {"writeEnabled", true}, {"readEnabled", true}, {"listEnabled", true}};
    }
    return reply(200, body);
}

Reply catalog(const Cloud& cloud, const Call& call)
{
    if (auto refused = challenge(cloud, call, "registry:catalog:*"))
        return *refused;
    const Reply answer =
        askRegistry(cloud, "GET", "/v2/_catalog?n=1000", "", {}, {{"registry", "catalog", {"*"}}});
    return Reply{answer.status, answer.body};
}

Reply through(const Cloud& cloud, const Call& call)
{
    const std::string address = cloud.registryAddress();
    if (address.empty())
        return registryError(503, "UNAVAILABLE", "no docker-registry behind the fake");
    // The scheme and host that clients see, for absolute addresses in answers.
    return forward(call, address, call.target,
                   {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", registryHost(cloud)}});
}

} // namespace

void addRegistryTokens(Router& router, Cloud& cloud)
{
    router.add("POST", "/oauth2/exchange", Area::Open,
               inRegistryForm([&](Call& call) { return exchange(cloud, call); }));
    router.add("POST", "/oauth2/token", Area::Open,
               inRegistryForm([&](Call& call) { return accessToken(cloud, call); }));
    router.add("GET", "/oauth2/token", Area::Open,
               inRegistryForm([&](Call& call) { return basicToken(cloud, call); }));
    router.addUnlocked("GET", "/acr/v1/_catalog",
                       inRegistryForm([&](Call& call) { return catalog(cloud, call); }));
    router.addUnlocked("GET", "/acr/v1/{path*}",
                       inRegistryForm([&](Call& call) { return acr(cloud, call); }));
    router.addUnlocked("DELETE", "/acr/v1/{path*}",
                       inRegistryForm([&](Call& call) { return acr(cloud, call); }));
    router.addUnlocked("*", "/v2", inRegistryForm([&](Call& call) { return through(cloud, call); }));
    router.addUnlocked("*", "/v2/{path*}", inRegistryForm([&](Call& call) { return through(cloud, call); }));
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
#include "registry_service.h"

#include "clock.h"
#include "crypto.h"
#include "forward.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <zlib.h>

namespace fake_azure {

std::string registryHost(const Cloud& cloud) { return cloud.url.substr(8); }

void writeRegistryConfig(const Cloud& cloud, const std::string& listenAddress)
{
    const std::string& folder = cloud.options.folder;
    std::ofstream file(folder + "/registry.yml");
    file << "version: 0.1\n"
            "log:\n  level: warn\n  accesslog:\n    disabled: true\n"
            "storage:\n  filesystem:\n    rootdirectory: "
         << folder
         << "/registry\n  delete:\n    enabled: true\n"
            "http:\n  addr: "
         << listenAddress << "\n  relativeurls: true\nauth:\n  token:\n    realm: " << cloud.url
         << "/oauth2/token\n    service: " << registryHost(cloud)
         << "\n    issuer: fake-azure\n    rootcertbundle: " << cloud.certificates.authorityFile << '\n';
    if (!file.flush())
        throw std::runtime_error("cannot write " + folder + "/registry.yml");
}

void startRegistry(Cloud& cloud)
{
    const std::string address = "127.0.0.1:" + std::to_string(freePort());
    writeRegistryConfig(cloud, address);
    std::filesystem::remove_all(cloud.options.folder + "/registry"); // of an earlier start
    cloud.backends.start("registry", {"docker-registry", "serve", cloud.options.folder + "/registry.yml"},
                         cloud.options.folder + "/registry.log");
    cloud.options.registry = "http://" + address;
    for (int i = 0; i < 500; ++i) {
        httplib::Client client(cloud.options.registry);
        if (const auto result = client.Get("/v2/"); result && result->status == 401)
            return;
        if (!cloud.backends.running("registry"))
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    throw std::runtime_error("docker-registry does not start: " + cloud.backends.log("registry"));
}

std::string registryToken(const Cloud& cloud, const std::vector<RegistryAccess>& access,
                          const std::string& subject)
{
    Json list = Json::array();
    for (const RegistryAccess& each : access)
        list.push_back({{"type", each.type}, {"name", each.name}, {"actions", each.actions}});
    const int64_t seconds = now() / 1000;
    return signedToken({{"x5c", {base64(cloud.certificates.signingCertificate)}}},
                       {{"iss", "fake-azure"},
                        {"sub", subject},
                        {"aud", registryHost(cloud)},
                        {"iat", seconds},
                        {"nbf", seconds - 60},
                        {"exp", seconds + 75 * 60},
                        {"jti", randomGuid()},
                        {"grant_type", "access_token"},
                        {"access", list}},
                       cloud.certificates.signingKeyFile);
}

Reply askRegistry(const Cloud& cloud, const std::string& method, const std::string& path,
                  const std::string& body, const httplib::Headers& headers,
                  const std::vector<RegistryAccess>& access)
{
    Call call;
    call.method = method;
    call.body = body;
    call.headers = headers;
    call.headers.emplace("Authorization", "Bearer " + registryToken(cloud, access, "fake-azure"));
    return forward(call, cloud.registryAddress(), path);
}

namespace {

std::string gunzipped(const std::string& bytes)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 32) != Z_OK)
        return {};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string result;
    std::string part(1 << 16, '\0');
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        state = inflate(&stream, Z_NO_FLUSH);
        result.append(part, 0, part.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? result : std::string();
}

std::string digestOf(const std::string& bytes) { return "sha256:" + hex(sha256(bytes)); }

} // namespace

std::string pushImage(const Cloud& cloud, const std::string& repository, const std::string& tag,
                      const std::string& layer)
{
    if (cloud.options.registry.empty())
        return digestOf(repository + ':' + tag + randomGuid());
    const std::vector<RegistryAccess> access{{"repository", repository, {"pull", "push"}}};
    const auto require = [](const Reply& answer, int status) {
        if (answer.status != status)
            throw std::runtime_error("the registry answers " + std::to_string(answer.status) + ": " +
                                     answer.body);
        return answer;
    };
    const auto upload = [&](const std::string& bytes) {
        const Reply started =
            require(askRegistry(cloud, "POST", "/v2/" + repository + "/blobs/uploads/", "", {}, access), 202);
        std::string location = started.headers.find("Location")->second;
        location += (location.find('?') == std::string::npos ? '?' : '&') + ("digest=" + digestOf(bytes));
        require(askRegistry(cloud, "PUT", location, bytes, {{"Content-Type", "application/octet-stream"}},
                            access),
                201);
    };
    const Json config{{"architecture", "amd64"},
                      {"os", "linux"},
                      {"config", Json::object()},
                      {"rootfs", {{"type", "layers"}, {"diff_ids", {digestOf(gunzipped(layer))}}}}};
    upload(layer);
    upload(config.dump());
    const std::string type = "application/vnd.docker.distribution.manifest.v2+json";
    const Json manifest{{"schemaVersion", 2},
                        {"mediaType", type},
                        {"config",
                         {{"mediaType", "application/vnd.docker.container.image.v1+json"},
                          {"size", config.dump().size()},
                          {"digest", digestOf(config.dump())}}},
                        {"layers",
                         {{{"mediaType", "application/vnd.docker.image.rootfs.diff.tar.gzip"},
                           {"size", layer.size()},
                           {"digest", digestOf(layer)}}}}};
    require(askRegistry(cloud, "PUT", "/v2/" + repository + "/manifests/" + tag, manifest.dump(),
                        {{"Content-Type", type}}, access),
            201);
    return digestOf(manifest.dump());
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
// The container registry: a real docker-registry behind the fake, which trusts tokens that the fake signs.
#pragma once

#include "cloud.h"

namespace fake_azure {

// Writes the registry's configuration into the fake's folder: DIR/registry.yml. The fake's port must be
// known.
void writeRegistryConfig(const Cloud& cloud, const std::string& listenAddress);
// Starts Debian's docker-registry and sets options.registry. Throws std::runtime_error if it does not answer.
void startRegistry(Cloud& cloud);

struct RegistryAccess {
    std::string type; // repository, registry
    std::string name;
    std::vector<std::string> actions; // pull, push, delete, *
};
// A bearer token for docker-registry.
std::string registryToken(const Cloud& cloud, const std::vector<RegistryAccess>& access,
                          const std::string& subject);
std::string registryHost(const Cloud& cloud); // localhost:12345: login server and token service

// Requests of the fake itself, with a token of its own.
Reply askRegistry(const Cloud& cloud, const std::string& method, const std::string& path,
                  const std::string& body, const httplib::Headers& headers,
                  const std::vector<RegistryAccess>& access);
// Pushes an image with one layer, a gzipped tar. Its digest; a made-up one if there is no registry.
std::string pushImage(const Cloud& cloud, const std::string& repository, const std::string& tag,
                      const std::string& layer);

} // namespace fake_azure

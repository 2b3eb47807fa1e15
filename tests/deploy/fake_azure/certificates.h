// SPDX-License-Identifier: GPL-3.0-or-later
// The fake's own certificate authority and what it signs, made anew at each start.
#pragma once

#include <string>

namespace fake_azure {

// PEM files in the fake's folder.
struct Certificates {
    std::string authorityFile;      // ca.pem: what clients, and the registry, must trust
    std::string serverFile;         // server.pem: for localhost and 127.0.0.1
    std::string serverKeyFile;      // server.key
    std::string signingFile;        // signing.pem: RSA, signs tokens of the registry and of Entra
    std::string signingKeyFile;     // signing.key
    std::string signingCertificate; // the same certificate as DER, for x5c
};

// Throws std::runtime_error if the folder cannot be written.
Certificates makeCertificates(const std::string& folder);

} // namespace fake_azure

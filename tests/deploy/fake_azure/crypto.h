// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings, digests and signatures, by OpenSSL. Failures of OpenSSL throw std::runtime_error.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace fake_azure {

std::string base64(std::string_view bytes);
std::string base64Url(std::string_view bytes); // without padding
std::string fromBase64(std::string_view text);
std::string hex(std::string_view bytes);
std::string fromForm(std::string_view text); // %41 and + decoded
std::string toForm(std::string_view text);   // all but letters, digits and -_.~ encoded
std::string sha256(std::string_view bytes);  // 32 raw bytes
std::string hmacSha256(std::string_view key, std::string_view text);
std::string randomHex(int byteCount);
std::string randomGuid();
// A JSON Web Token, signed RS256 with the private key of that PEM file. `alg` is added to the header.
std::string signedToken(nlohmann::json header, const nlohmann::json& claims, const std::string& keyFile);
nlohmann::json tokenClaims(const std::string& token); // null if it is no JWT; the signature is not checked

} // namespace fake_azure

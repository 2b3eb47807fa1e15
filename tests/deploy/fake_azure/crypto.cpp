// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto.h"

#include <cctype>
#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace fake_azure {

namespace {

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytesOf(bytes),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<size_t>(length));
    return text;
}

std::string base64Url(std::string_view bytes)
{
    std::string text = base64(bytes);
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    for (char& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::string fromBase64(std::string_view text)
{
    std::string padded(text);
    for (char& c : padded)
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (padded.size() % 4)
        padded += '=';
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytesOf(padded),
                                       static_cast<int>(padded.size()));
    if (length < 0)
        return {};
    size_t padding = 0;
    while (padding < 2 && padding < padded.size() && padded[padded.size() - 1 - padding] == '=')
        ++padding;
    bytes.resize(static_cast<size_t>(length) - padding);
    return bytes;
}

std::string hex(std::string_view bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::string fromForm(std::string_view text)
{
    std::string decoded;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

std::string toForm(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) ||
            std::string_view("-_.~").find(c) != std::string::npos)
            encoded += c;
        else
            for (const char digit : '%' + hex(std::string_view(&c, 1)))
                encoded += static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
    }
    return encoded;
}

std::string sha256(std::string_view bytes)
{
    std::string digest(32, '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                   EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 failed");
    return digest;
}

std::string hmacSha256(std::string_view key, std::string_view text)
{
    std::string digest(32, '\0');
    unsigned int length = 32;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytesOf(text), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()), &length);
    return digest;
}

std::string randomHex(int byteCount)
{
    std::string bytes(static_cast<size_t>(byteCount), '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), byteCount);
    return hex(bytes);
}

std::string randomGuid()
{
    const std::string digits = randomHex(16);
    return digits.substr(0, 8) + '-' + digits.substr(8, 4) + "-4" + digits.substr(13, 3) + "-8" +
           digits.substr(17, 3) + '-' + digits.substr(20, 12);
}

std::string signedToken(nlohmann::json header, const nlohmann::json& claims, const std::string& keyFile)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(keyFile.c_str(), "r"), std::fclose);
    if (!file)
        throw std::runtime_error("no signing key in " + keyFile);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    header["alg"] = "RS256";
    header["typ"] = "JWT";
    const std::string text = base64Url(header.dump()) + '.' + base64Url(claims.dump());
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    size_t length = 0;
    std::string signature;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &length, bytesOf(text), text.size()) != 1)
        throw std::runtime_error("signing failed");
    signature.resize(length);
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytesOf(text),
                   text.size());
    return text + '.' + base64Url(signature);
}

nlohmann::json tokenClaims(const std::string& token)
{
    const size_t first = token.find('.');
    const size_t second = token.find('.', first + 1);
    if (first == std::string::npos || second == std::string::npos)
        return nullptr;
    auto claims =
        nlohmann::json::parse(fromBase64(token.substr(first + 1, second - first - 1)), nullptr, false);
    return claims.is_object() ? claims : nlohmann::json();
}

} // namespace fake_azure

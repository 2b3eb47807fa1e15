// SPDX-License-Identifier: GPL-3.0-or-later
#include "certificates.h"

#include <cstdio>
#include <memory>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace fake_azure {

namespace {

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

void require(bool fine, const char* what)
{
    if (!fine)
        throw std::runtime_error(std::string("certificates: ") + what);
}

void extend(X509* certificate, X509* issuer, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

Certificate makeCertificate(const char* name, EVP_PKEY* key)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    // Random: programs that trusted an earlier start's authority must not take this one for it.
    const std::unique_ptr<BIGNUM, Freed<BN_free>> serial(BN_new());
    BN_rand(serial.get(), 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 7L * 24 * 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return certificate;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuerKey)
{
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    extend(certificate, issuer, NID_subject_key_identifier, "hash");
    extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    require(X509_sign(certificate, issuerKey, EVP_sha256()) > 0, "signing");
}

using File = std::unique_ptr<FILE, Freed<std::fclose>>;

void write(const std::string& path, X509* certificate)
{
    const File file(std::fopen(path.c_str(), "w"));
    require(file && PEM_write_X509(file.get(), certificate) == 1, path.c_str());
}

void write(const std::string& path, EVP_PKEY* key)
{
    const File file(std::fopen(path.c_str(), "w"));
    require(file && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
            path.c_str());
}

} // namespace

Certificates makeCertificates(const std::string& folder)
{
    Certificates files{folder + "/ca.pem",      folder + "/server.pem",  folder + "/server.key",
                       folder + "/signing.pem", folder + "/signing.key", {}};
    const Key authorityKey(EVP_EC_gen("P-256"));
    const Key serverKey(EVP_EC_gen("P-256"));
    const Key signingKey(EVP_RSA_gen(2048));
    require(authorityKey && serverKey && signingKey, "keys");

    const Certificate authority = makeCertificate("Fake Azure test authority", authorityKey.get());
    extend(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    sign(authority.get(), authority.get(), authorityKey.get());

    const Certificate server = makeCertificate("localhost", serverKey.get());
    extend(server.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(server.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
    extend(server.get(), authority.get(), NID_ext_key_usage, "serverAuth");
    extend(server.get(), authority.get(), NID_subject_alt_name,
           "DNS:localhost,DNS:*.localhost,DNS:*.blob.localhost,IP:127.0.0.1,IP:::1");
    sign(server.get(), authority.get(), authorityKey.get());

    const Certificate signing = makeCertificate("Fake Azure token signing", signingKey.get());
    extend(signing.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(signing.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
    sign(signing.get(), authority.get(), authorityKey.get());

    write(files.authorityFile, authority.get());
    write(files.serverFile, server.get());
    write(files.serverKeyFile, serverKey.get());
    write(files.signingFile, signing.get());
    write(files.signingKeyFile, signingKey.get());
    unsigned char* der = nullptr;
    const int length = i2d_X509(signing.get(), &der);
    require(length > 0, "DER");
    files.signingCertificate.assign(reinterpret_cast<const char*>(der), static_cast<size_t>(length));
    OPENSSL_free(der);
    return files;
}

} // namespace fake_azure

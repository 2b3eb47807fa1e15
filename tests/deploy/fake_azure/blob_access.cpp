// SPDX-License-Identifier: GPL-3.0-or-later
// Shared access signatures as the storage service checks them.
#include "blob_store.h"
#include "clock.h"
#include "crypto.h"
#include "storage.h"

namespace fake_azure {

namespace {

// The letter that the call needs in sp=.
char permissionOf(const Call& call, bool wholeContainer)
{
    if (call.method == "GET" || call.method == "HEAD")
        return wholeContainer && call.parameter("comp") == "list" ? 'l' : 'r';
    if (call.method == "DELETE")
        return 'd';
    return call.parameter("comp") == "appendblock" ? 'a' : 'w';
}

Reply refusal(const std::string& detail)
{
    return blobError(
        403, "AuthenticationFailed",
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed "
        "correctly including the signature. " +
            detail);
}

} // namespace

std::optional<Reply> checkSas(const Call& call, const std::string& container, const std::string& blob)
{
    const auto q = [&](const char* name) { return call.parameter(name); };
    if (q("sig").empty())
        return blobError(403, "AuthorizationFailure",
                         "Server failed to authorize: neither a signature nor a token.");
    const bool account = !q("ss").empty();
    std::string text;
    if (account) {
        text = storageAccount + '\n' + q("sp") + '\n' + q("ss") + '\n' + q("srt") + '\n' + q("st") + '\n' +
               q("se") + '\n' + q("sip") + '\n' + q("spr") + '\n' + q("sv") + '\n' + q("ses") + '\n';
    } else {
        std::string resource = "/blob/" + storageAccount + '/' + container;
        if (q("sr") == "b")
            resource += '/' + blob;
        text = q("sp") + '\n' + q("st") + '\n' + q("se") + '\n' + resource + '\n' + q("si") + '\n' +
               q("sip") + '\n' + q("spr") + '\n' + q("sv") + '\n' + q("sr") + "\n\n" + q("ses") + '\n' +
               q("rscc") + '\n' + q("rscd") + '\n' + q("rsce") + '\n' + q("rscl") + '\n' + q("rsct");
    }
    // A signature for another container or blob does not fit either.
    if (base64(hmacSha256(fromBase64(storageKey), text)) != q("sig"))
        return refusal("Signature did not match.");
    const std::string time = isoSeconds(now());
    if (q("se") <= time || (!q("st").empty() && q("st") > time))
        return refusal("Signature not valid in the specified time frame.");
    const std::string permissions = q("sp");
    char needed = permissionOf(call, blob.empty());
    // Who may create may write what is not there; this store does not tell the two apart.
    const bool fine = permissions.find(needed) != std::string::npos ||
                      (needed == 'w' && permissions.find('c') != std::string::npos);
    if (!fine || (!account && blob.empty() && call.method == "PUT"))
        return blobError(403, "AuthorizationPermissionMismatch",
                         "This request is not authorized to perform this operation using this permission.");
    return {};
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
// Blob storage behind the fake, Azurite or the fake's own, so that uploads are counted and can be spoiled.
#include "areas.h"
#include "storage.h"

namespace fake_azure {

namespace {

// A bearer token instead of a signature: the fake checks it, and the storage gets a signature that it knows.
void addSignature(Cloud& cloud, Call& call)
{
    if (!sameText(call.header("Authorization").substr(0, 7), "Bearer "))
        return;
    const std::lock_guard lock(cloud.mutex);
    cloud.tokens.check(call, {"https://storage.azure.com"},
                       cloud.authority(cloud.options.tenants.front().id));
    call.headers.erase("Authorization");
    addQuery(call, accountSas());
}

} // namespace

void addBlobs(Router& router, Cloud& cloud)
{
    router.addUnlocked("*", '/' + storageAccount + "/{path*}", [&](Call& call) {
        {
            const std::lock_guard lock(cloud.mutex);
            if (call.parameter("comp") == "list" && !call.hasParameter("maxresults"))
                addQuery(call, "maxresults=" + std::to_string(cloud.options.blobPageSize));
            if (cloud.beforeBlob)
                cloud.beforeBlob(call.name("path"));
        }
        addSignature(cloud, call);
        return askStorage(cloud, call);
    });
}

} // namespace fake_azure

// SPDX-License-Identifier: GPL-3.0-or-later
// Blob storage: Azurite behind the fake, so that uploads are counted and can be spoiled.
#include "areas.h"
#include "forward.h"
#include "storage.h"

namespace fake_azure {

namespace {

// A bearer token instead of a signature: the fake checks it, and Azurite gets a signature that it knows.
std::string signedTarget(Cloud& cloud, Call& call)
{
    if (!sameText(call.header("Authorization").substr(0, 7), "Bearer "))
        return call.target;
    const std::lock_guard lock(cloud.mutex);
    cloud.tokens.check(call, {"https://storage.azure.com"},
                       cloud.authority(cloud.options.tenants.front().id));
    call.headers.erase("Authorization");
    return call.target + (call.target.find('?') == std::string::npos ? '?' : '&') + accountSas();
}

} // namespace

void addBlobs(Router& router, Cloud& cloud)
{
    router.addUnlocked("*", '/' + storageAccount + "/{path*}", [&](Call& call) {
        std::string azurite;
        {
            const std::lock_guard lock(cloud.mutex);
            azurite = cloud.options.azurite;
            if (cloud.beforeBlob)
                cloud.beforeBlob(call.name("path"));
        }
        if (azurite.empty())
            return Reply{
                503,
                "<?xml version=\"1.0\"?><Error><Code>ServerBusy</Code><Message>no Azurite</Message></Error>",
                "application/xml"};
        const std::string target = signedTarget(cloud, call);
        return forward(call, azurite, target);
    });
}

} // namespace fake_azure

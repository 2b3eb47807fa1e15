// SPDX-License-Identifier: GPL-3.0-or-later
// The state of the fake cloud, which all areas share, and what several of them need of it.
#pragma once

#include "api_versions.h"
#include "backends.h"
#include "blob_store.h"
#include "certificates.h"
#include "faults.h"
#include "journal.h"
#include "operations.h"
#include "options.h"
#include "plain_servers.h"
#include "resources.h"
#include "sign_in.h"
#include "tokens.h"

#include <mutex>
#include <set>

namespace fake_azure {

// One call of a deployed model, for the metrics.
struct ScoringCall {
    int64_t time = 0;
    int64_t milliseconds = 0;
    std::string endpointId;
    std::string deployment;
    int status = 0;
};

struct ContainerGroupState {
    int64_t start = 0;
    int milliseconds = 0;
    std::string fault;
    bool stopped = false;
};

struct Cloud {
    explicit Cloud(Options given);

    // Guards all but the journal and the faults, which guard themselves.
    mutable std::recursive_mutex mutex;
    Options options;
    Certificates certificates;
    std::string url; // https://localhost:12345
    Journal journal;
    Faults faults;
    Resources resources;
    Operations operations;
    Tokens tokens;
    Backends backends;
    BlobStore blobStore; // where there is no Azurite
    SignIn signIn;
    std::vector<ScoringCall> scoringCalls;
    std::map<std::string, ContainerGroupState> containerGroups; // by lower-case id
    PlainServers plainServers;                                  // ends before what its servers use
    std::function<void(const std::string& path)> beforeBlob;    // called before a blob is read or written
    std::map<std::string, std::shared_ptr<Operation>> lastOperation; // lower-case id of a deployment
    std::map<std::string, Json> secrets; // lower-case id of an endpoint -> primaryKey, secondaryKey, tokens
    std::set<std::string> registered;    // "subscription namespace", lower case
    std::map<std::string, int64_t> registering; // the same, until when

    const Subscription& subscription(const std::string& id) const; // throws ArmError 404
    std::string registryAddress() const;                           // of the docker-registry; takes the mutex
    std::string homeAuthority() const;                             // of the first tenant; takes the mutex
    const Tenant* tenant(const std::string& idOrDomain) const;     // null if unknown
    std::string authority(const std::string& tenantId) const { return url + '/' + tenantId; }
    Json& workspace(const Call& call); // of {sub} {rg} {ws}; throws ArmError 404
    // Resource that must be there. Throws ArmError 404.
    Json& existing(const std::string& id, const std::string& type, const std::string& name);
    std::vector<std::string> armAudiences() const;
    bool isRegistered(const std::string& subscriptionId, const std::string& provider);
};

// One page of a list: options.pageSize items, or `count` of them if the caller asks for fewer; nextLink is
// the same request with $skip.
Reply page(const Cloud& cloud, const Call& call, const std::vector<Json>& items, int count = 0);

// Headers of an answer to a request that started an operation. With `monitor`: Azure-AsyncOperation, as for a
// PUT; otherwise Location, as for PATCH, POST and DELETE.
std::string monitorUrl(const Cloud& cloud, const Operation& operation);
std::string resultUrl(const Cloud& cloud, const Operation& operation);
void addMonitor(const Cloud& cloud, Reply& answer, const Operation& operation);
void addLocation(const Cloud& cloud, Reply& answer, const Operation& operation);
void addRetryAfter(const Cloud& cloud, Reply& answer);
// 202 with Location.
Reply accepted(const Cloud& cloud, const Operation& operation);

// systemData of a resource; `created` keeps what an earlier version of the resource says.
Json systemData(const Call& call, const Json* earlier);

} // namespace fake_azure

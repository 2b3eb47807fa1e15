// SPDX-License-Identifier: GPL-3.0-or-later
// What the fake cloud contains and how it behaves; every member is also a key of the JSON form.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fake_azure {

struct Tenant {
    std::string id;
    std::string displayName;
    std::string defaultDomain;
};

struct Subscription {
    std::string id;
    std::string tenantId;
    std::string displayName;
    std::string state = "Enabled";
};

struct Workspace {
    std::string subscription;
    std::string resourceGroup;
    std::string name;
    std::string location = "westeurope";
    std::string container = "azureml-blobstore"; // of the storage account, for the default datastore
    std::string registry = "fakeregistry";       // empty: none until an image is built
};

struct Options {
    std::string folder; // for certificates, the journal and logs; must be given
    int port = 0;       // 0: a free one

    // Real services behind the fake; without them their routes answer 503.
    std::string azurite; // http://127.0.0.1:10000
    // "start": the fake starts Debian's docker-registry itself. http://127.0.0.1:5000: one that runs with the
    // configuration that the fake writes to DIR/registry.yml.
    std::string registry;

    std::vector<Tenant> tenants{
        {"11111111-1111-4111-8111-111111111111", "Contoso", "contoso.onmicrosoft.com"},
        {"22222222-2222-4222-8222-222222222222", "Fabrikam", "fabrikam.onmicrosoft.com"}};
    std::vector<Subscription> subscriptions{
        {"aaaaaaaa-0000-4000-8000-000000000001", "11111111-1111-4111-8111-111111111111",
         "Contoso production"},
        {"aaaaaaaa-0000-4000-8000-000000000002", "11111111-1111-4111-8111-111111111111", "Contoso trial",
         "Warned"},
        {"bbbbbbbb-0000-4000-8000-000000000001", "22222222-2222-4222-8222-222222222222", "Fabrikam"}};
    std::vector<Workspace> workspaces{
        {"aaaaaaaa-0000-4000-8000-000000000001", "rg-one", "ws-one"},
        {"aaaaaaaa-0000-4000-8000-000000000001", "rg-one", "ws-two", "northeurope", "second-blobstore"},
        {"aaaaaaaa-0000-4000-8000-000000000001", "rg-two", "ws-three", "westeurope", "third-blobstore", ""},
        {"aaaaaaaa-0000-4000-8000-000000000001", "rg-two", "ws-four", "eastus", "fourth-blobstore"},
        {"bbbbbbbb-0000-4000-8000-000000000001", "rg-fabrikam", "ws-fabrikam", "westeurope", "fabrikam"}};
    std::vector<std::string> unregisteredProviders; // namespaces, in every subscription
    std::vector<std::string> deniedActions; // e.g. Microsoft.MachineLearningServices/workspaces/models/write
    std::vector<std::string> takenNames;    // endpoint and registry names that others have
    std::vector<std::string> unpullableImages; // substrings of image references

    // Sign-in.
    std::string servicePrincipal = "cccccccc-0000-4000-8000-000000000001";
    std::string servicePrincipalSecret = "fake-client-secret";
    int devicePolls = 1;                   // answers "pending" before the device code works
    std::string deviceOutcome = "approve"; // approve, decline, expire, forbid (conditional access)
    int deviceIntervalSeconds = 1;
    std::string authorizeError; // what the authorize page answers instead of a code: access_denied
    bool jwtTokens = true;      // otherwise access tokens are opaque
    int accessTokenSeconds = 3600;
    int accessTokenUses = -1;                            // requests until a new token expires; -1: no limit
    std::string identityHeader = "fake-identity-header"; // X-IDENTITY-HEADER of the App Service route

    // Storage.
    std::string secretsType = "Sas"; // Sas, AccountKey, None
    int sasSeconds = 3600;           // life of a shared access signature

    // Time and size.
    int operationMs = 50;  // a long-running operation
    int deploymentMs = 50; // the same, for deployments
    int retryAfterSeconds = 0;
    int pageSize = 3;         // of every list that has pages
    int blobPageSize = 5000;  // of lists of blobs
    int coreLimit = 24;       // per virtual machine family
    bool tasksAllowed = true; // of the container registry

    // Scoring: where calls go. A test can set other addresses per deployment.
    std::string backend;                     // http://127.0.0.1:5001; empty: the fake answers with an echo
    std::vector<std::string> backendCommand; // started per deployment; {model} {folder} {port} are replaced
    std::vector<std::string> imageCommand;   // the same where the image matters; {image} {port} are replaced
};

Options optionsFromJson(const nlohmann::json& json, Options base = {}); // throws nlohmann::json::exception
nlohmann::json toJson(const Options& options);

} // namespace fake_azure

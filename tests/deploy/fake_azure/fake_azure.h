// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for Azure over HTTPS on this machine, for tests: Entra, ARM, Machine Learning, Container
// Registry, Container Instances, Monitor, prices, and, in front of real services, blobs and a registry.
//
//     Options options;
//     options.folder = folder.path().toStdString();
//     FakeAzure fake(options);
//     fake.start();
//     client.setEverything(fake.url(), fake.caFile());
//     fake.addFault({.kind = "throttled", .method = "PUT", .path = "/onlineEndpoints/"});
//
// All functions may be called from any thread while it runs.
#pragma once

#include "faults.h"
#include "journal.h"
#include "options.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fake_azure {

class FakeAzure {
public:
    explicit FakeAzure(Options options); // throws std::runtime_error if the folder cannot be written
    ~FakeAzure();

    void start(); // throws std::runtime_error
    void stop();

    int port() const;
    std::string url() const;     // https://localhost:PORT: authority, ARM, registry and prices alike
    std::string blobUrl() const; // https://localhost:PORT/devstoreaccount1
    std::string caFile() const;
    std::string workspaceId(size_t index = 0) const; // ARM id
    nlohmann::json addresses() const;                // what the program prints when it is ready

    std::vector<JournalEntry> journal() const;
    void clearJournal();
    // Requests whose "METHOD path" matches the expression, and the bytes of their bodies.
    size_t requestCount(const std::string& expression) const;
    size_t uploadedBytes(const std::string& expression) const;

    void addFault(const Fault& fault);
    void clearFaults();
    void change(const std::function<void(Options&)>& edit); // of what may change while it runs
    void expireTokens();                                    // all access tokens, at once
    // Where calls of a deployment go; for a container group: endpoint "aci", its name as deployment.
    void setBackend(const std::string& endpoint, const std::string& deployment, const std::string& url);
    void setLog(const std::string& endpoint, const std::string& deployment, const std::string& text);
    nlohmann::json resource(const std::string& id) const; // as stored; null if there is none

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace fake_azure

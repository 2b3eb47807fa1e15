// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_azure.h"

#include "areas.h"
#include "registry_service.h"
#include "server.h"

#include <filesystem>

namespace fake_azure {

struct FakeAzure::Parts {
    explicit Parts(Options options) : cloud(std::move(options)) {}
    Cloud cloud;
    Router router;
    std::unique_ptr<Server> server;
    int port = 0;
};

FakeAzure::FakeAzure(Options options) : m_parts(std::make_unique<Parts>(std::move(options)))
{
    Cloud& cloud = m_parts->cloud;
    if (cloud.options.folder.empty() || cloud.options.tenants.empty())
        throw std::runtime_error("the fake needs a folder and a tenant");
    std::error_code failure;
    std::filesystem::create_directories(cloud.options.folder, failure);
    cloud.certificates = makeCertificates(cloud.options.folder);
    cloud.journal.open(cloud.options.folder + "/journal.jsonl");
    for (const auto add :
         {addControl,       addEntra,          addEntraTokens, addArmCore,         addOperations,
          addWorkspaces,    addDatastores,     addAssets,      addEndpoints,       addDeployments,
          addBlobs,         addScoring,        addComputes,    addContainerGroups, addRegistries,
          addRegistryTasks, addRegistryTokens, addMetrics,     addPrices,          addTemplates})
        add(m_parts->router, cloud);
}

FakeAzure::~FakeAzure() { stop(); }

void FakeAzure::start()
{
    m_parts->server = std::make_unique<Server>(m_parts->cloud, m_parts->router);
    m_parts->port = m_parts->server->bind(m_parts->cloud.options.port);
    m_parts->cloud.url = "https://localhost:" + std::to_string(m_parts->port);
    if (m_parts->cloud.options.registry == "start")
        startRegistry(m_parts->cloud);
    else if (!m_parts->cloud.options.registry.empty())
        writeRegistryConfig(m_parts->cloud, m_parts->cloud.options.registry.substr(7));
    m_parts->server->listen();
}

void FakeAzure::stop() { m_parts->server.reset(); }

int FakeAzure::port() const { return m_parts->port; }
std::string FakeAzure::url() const { return m_parts->cloud.url; }
std::string FakeAzure::blobUrl() const { return url() + "/devstoreaccount1"; }
std::string FakeAzure::caFile() const { return m_parts->cloud.certificates.authorityFile; }

std::string FakeAzure::workspaceId(size_t index) const
{
    const Workspace& workspace = m_parts->cloud.options.workspaces.at(index);
    return "/subscriptions/" + workspace.subscription + "/resourceGroups/" + workspace.resourceGroup +
           "/providers/Microsoft.MachineLearningServices/workspaces/" + workspace.name;
}

nlohmann::json FakeAzure::addresses() const
{
    const Options& options = m_parts->cloud.options;
    return {{"url", url()},
            {"ca", caFile()},
            {"authority", url()},
            {"arm", url()},
            {"blob", blobUrl()},
            {"registry", "localhost:" + std::to_string(port())},
            {"prices", url() + "/api/retail/prices"},
            {"tenant", options.tenants.front().id},
            {"clientId", options.servicePrincipal},
            {"clientSecret", options.servicePrincipalSecret},
            {"workspace", options.workspaces.empty() ? std::string() : workspaceId()},
            {"journal", options.folder + "/journal.jsonl"}};
}

std::vector<JournalEntry> FakeAzure::journal() const { return m_parts->cloud.journal.entries(); }
void FakeAzure::clearJournal() { m_parts->cloud.journal.clear(); }

size_t FakeAzure::requestCount(const std::string& expression) const
{
    const std::regex pattern(expression, std::regex::icase);
    size_t count = 0;
    for (const JournalEntry& entry : journal())
        count += std::regex_search(entry.method + ' ' + entry.path + '?' + entry.query, pattern);
    return count;
}

size_t FakeAzure::uploadedBytes(const std::string& expression) const
{
    const std::regex pattern(expression, std::regex::icase);
    size_t bytes = 0;
    for (const JournalEntry& entry : journal()) {
        if (std::regex_search(entry.method + ' ' + entry.path + '?' + entry.query, pattern))
            bytes += entry.requestBytes;
    }
    return bytes;
}

void FakeAzure::addFault(const Fault& fault) { m_parts->cloud.faults.add(fault); }
void FakeAzure::clearFaults() { m_parts->cloud.faults.clear(); }

void FakeAzure::change(const std::function<void(Options&)>& edit)
{
    const std::lock_guard lock(m_parts->cloud.mutex);
    edit(m_parts->cloud.options);
}

void FakeAzure::expireTokens()
{
    const std::lock_guard lock(m_parts->cloud.mutex);
    m_parts->cloud.tokens.expireAll();
}

void FakeAzure::setBackend(const std::string& endpoint, const std::string& deployment, const std::string& url)
{
    const std::lock_guard lock(m_parts->cloud.mutex);
    m_parts->cloud.backends.setAddress(lower(endpoint + '/' + deployment), url);
}

void FakeAzure::setLog(const std::string& endpoint, const std::string& deployment, const std::string& text)
{
    const std::lock_guard lock(m_parts->cloud.mutex);
    m_parts->cloud.backends.setLog(lower(endpoint + '/' + deployment), text);
}

nlohmann::json FakeAzure::resource(const std::string& id) const
{
    const std::lock_guard lock(m_parts->cloud.mutex);
    m_parts->cloud.operations.settle();
    const Json* found = m_parts->cloud.resources.find(id);
    return found ? *found : Json();
}

} // namespace fake_azure

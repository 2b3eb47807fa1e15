// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal.h"

#include "clock.h"
#include "crypto.h"

#include <set>

namespace fake_azure {

namespace {

const char redacted[] = "REDACTED";

bool isSecret(const std::string& name)
{
    static const std::set<std::string> names{
        "sig",           "sastoken",         "code",        "client_secret", "client_assertion",
        "refresh_token", "password",         "device_code", "code_verifier", "access_token",
        "key",           "primarykey",       "keyvalue",    "secondarykey",  "securevalue",
        "workspacekey",  "storageaccountkey"};
    return names.count(lower(name)) != 0;
}

void redact(Json& body)
{
    if (body.is_object()) {
        for (auto& [name, value] : body.items()) {
            if (isSecret(name) && value.is_string())
                value = redacted;
            else
                redact(value);
        }
    } else if (body.is_array()) {
        for (Json& item : body)
            redact(item);
    }
}

std::string redactedQuery(const httplib::Params& query)
{
    std::string text;
    for (const auto& [name, value] : query)
        text += (text.empty() ? "" : "&") + name + '=' + (isSecret(name) ? redacted : toForm(value));
    return text;
}

Json redactedBody(const Call& call)
{
    const std::string type = call.header("Content-Type");
    if (type.find("json") != std::string::npos) {
        // Inputs of a model can be large and are nobody's business.
        if (call.path.find("/score") != std::string::npos || call.body.size() > 1'000'000)
            return nullptr;
        Json body = Json::parse(call.body, nullptr, false);
        if (body.is_discarded())
            return nullptr;
        redact(body);
        return body;
    }
    if (type.find("x-www-form-urlencoded") != std::string::npos && call.body.size() < 100'000) {
        Json body = Json::object();
        for (const auto& [name, value] : call.form())
            body[name] = isSecret(name) ? redacted : value;
        return body;
    }
    return nullptr;
}

} // namespace

void Journal::open(const std::string& path)
{
    m_file.open(path, std::ios::trunc);
    if (!m_file)
        throw std::runtime_error("cannot write " + path);
}

void Journal::add(const Call& call, const Reply& answer, const std::string& fault, size_t requestBytes)
{
    JournalEntry entry;
    entry.time = now();
    entry.method = call.method;
    entry.path = call.path;
    entry.query = redactedQuery(call.query);
    entry.status = answer.dropped ? 0 : answer.status;
    entry.requestBytes = requestBytes;
    entry.responseBytes = answer.dropped ? 0 : answer.body.size();
    entry.fault = fault;
    entry.body = redactedBody(call);
    const auto id = answer.headers.find("x-ms-request-id");
    entry.requestId = id == answer.headers.end() ? std::string() : id->second;
    entry.clientRequestId = call.header("x-ms-client-request-id");
    const std::lock_guard lock(m_mutex);
    if (m_file.is_open())
        m_file << toJson(entry).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    m_entries.push_back(std::move(entry));
}

std::vector<JournalEntry> Journal::entries() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries;
}

void Journal::clear()
{
    const std::lock_guard lock(m_mutex);
    m_entries.clear();
}

Json Journal::toJson(const JournalEntry& entry)
{
    return {{"time", isoTime(entry.time)},
            {"method", entry.method},
            {"path", entry.path},
            {"query", entry.query},
            {"status", entry.status},
            {"requestBytes", entry.requestBytes},
            {"responseBytes", entry.responseBytes},
            {"fault", entry.fault},
            {"body", entry.body},
            {"requestId", entry.requestId},
            {"clientRequestId", entry.clientRequestId}};
}

} // namespace fake_azure

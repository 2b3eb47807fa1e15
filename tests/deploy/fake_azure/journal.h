// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked of the fake and what it answered, without secrets. Safe to use from any thread.
#pragma once

#include "call.h"

#include <fstream>
#include <mutex>

namespace fake_azure {

struct JournalEntry {
    int64_t time = 0;
    std::string method;
    std::string path;  // decoded
    std::string query; // secrets redacted
    int status = 0;    // 0: the connection was cut before an answer
    size_t requestBytes = 0;
    size_t responseBytes = 0;
    std::string fault; // kinds of the faults that acted
    Json body;         // of JSON requests and of forms, secrets redacted; otherwise null
    std::string requestId;
    std::string clientRequestId;
};

class Journal {
public:
    void open(const std::string& path); // one JSON object per line
    void add(const Call& call, const Reply& answer, const std::string& fault, size_t requestBytes);
    std::vector<JournalEntry> entries() const;
    void clear(); // forgets the entries; the file goes on
    static Json toJson(const JournalEntry& entry);

private:
    mutable std::mutex m_mutex;
    std::vector<JournalEntry> m_entries;
    std::ofstream m_file;
};

} // namespace fake_azure

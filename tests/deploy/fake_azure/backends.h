// SPDX-License-Identifier: GPL-3.0-or-later
// The containers of the fake cloud: addresses that a test sets, or programs that the fake starts. Keys are
// "endpoint/deployment" and "aci/group", lower case. Not safe to use from two threads: Cloud::mutex guards
// it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fake_azure {

class Backends {
public:
    ~Backends(); // ends the programs that were started
    void setAddress(const std::string& key, const std::string& url);
    // Starts a program; "{port}" in its words becomes a free port of this machine. What it writes goes to the
    // file `log`. Throws std::runtime_error.
    void start(const std::string& key, std::vector<std::string> command, const std::string& log);
    void stop(const std::string& key);
    std::string url(const std::string& key) const; // empty if there is none
    std::string log(const std::string& key) const; // what the program wrote
    void setLog(const std::string& key, const std::string& text);
    bool running(const std::string& key); // the program; true for a plain address

private:
    struct Container {
        std::string url;
        std::string logFile;
        std::string logText;
        int process = 0;
    };
    mutable std::recursive_mutex m_mutex;
    std::map<std::string, Container> m_containers;
};

int freePort(); // of 127.0.0.1, free a moment ago

} // namespace fake_azure

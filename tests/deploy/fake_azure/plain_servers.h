// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP servers without TLS on ports of their own: what container groups answer with.
#pragma once

#include "call.h"

#include <functional>
#include <memory>
#include <thread>

namespace fake_azure {

class PlainServers {
public:
    ~PlainServers();
    // False if the port is taken.
    bool start(const std::string& key, int port, std::function<Reply(const Call&)> answer);
    void stop(const std::string& key);

private:
    struct Running {
        httplib::Server server;
        std::thread thread;
    };
    std::map<std::string, std::unique_ptr<Running>> m_servers;
};

} // namespace fake_azure

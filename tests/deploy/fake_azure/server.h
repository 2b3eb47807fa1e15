// SPDX-License-Identifier: GPL-3.0-or-later
// HTTPS in front of the routes: reads requests, lets faults act, writes answers, keeps the journal.
#pragma once

#include "cloud.h"
#include "router.h"

#include <atomic>
#include <memory>
#include <thread>

namespace fake_azure {

class Server {
public:
    Server(Cloud& cloud, const Router& router);
    ~Server();
    int bind(int port); // 0: a free one. The port; throws std::runtime_error
    void listen();      // returns at once
    void stop();

private:
    void serve(const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader* reader);
    Reply answer(Call& call);
    void write(const Reply& answer, const httplib::Request& request, httplib::Response& response);
    void cutConnection(int peerPort) const;
    void wait(int milliseconds) const;

    Cloud& m_cloud;
    const Router& m_router;
    std::unique_ptr<httplib::SSLServer> m_server;
    std::thread m_thread;
    std::atomic<bool> m_stopping{false};
    int m_port = 0;
};

} // namespace fake_azure

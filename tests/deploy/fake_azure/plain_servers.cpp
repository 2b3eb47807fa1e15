// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_servers.h"

#include <chrono>

namespace fake_azure {

PlainServers::~PlainServers()
{
    while (!m_servers.empty())
        stop(m_servers.begin()->first);
}

bool PlainServers::start(const std::string& key, int port, std::function<Reply(const Call&)> answer)
{
    stop(key);
    auto running = std::make_unique<Running>();
    const auto handler = [answer = std::move(answer)](const httplib::Request& request,
                                                      httplib::Response& response) {
        Call call = callOf(request);
        call.body = request.body;
        const Reply reply = answer(call);
        response.status = reply.status;
        for (const auto& [name, value] : reply.headers)
            response.headers.emplace(name, value);
        response.set_content(reply.body, reply.type.empty() ? "application/octet-stream" : reply.type);
    };
    httplib::Server& server = running->server;
    server.Get(".*", handler).Post(".*", handler).Options(".*", handler);
    // Two servers on one port would share its calls.
    server.set_socket_options([](socket_t) {});
    if (!server.bind_to_port("127.0.0.1", port))
        return false;
    running->thread = std::thread([&server] { server.listen_after_bind(); });
    while (!server.is_running())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    m_servers[key] = std::move(running);
    return true;
}

void PlainServers::stop(const std::string& key)
{
    const auto found = m_servers.find(key);
    if (found == m_servers.end())
        return;
    found->second->server.stop();
    found->second->thread.join();
    m_servers.erase(found);
}

} // namespace fake_azure

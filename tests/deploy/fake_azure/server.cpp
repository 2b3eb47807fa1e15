// SPDX-License-Identifier: GPL-3.0-or-later
#include "server.h"

#include "crypto.h"
#include "gate.h"

#include <arpa/inet.h>
#include <chrono>
#include <dirent.h>
#include <sys/socket.h>

namespace fake_azure {

namespace {

bool hasBody(const httplib::Request& request)
{
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

bool speaksMachineLearning(const Route* route) { return route && route->area == Area::MachineLearning; }

std::string joined(const std::vector<Fault>& faults)
{
    std::string text;
    for (const Fault& fault : faults)
        text += (text.empty() ? "" : ",") + fault.kind;
    return text;
}

} // namespace

Server::Server(Cloud& cloud, const Router& router) : m_cloud(cloud), m_router(router)
{
    m_server = std::make_unique<httplib::SSLServer>(cloud.certificates.serverFile.c_str(),
                                                    cloud.certificates.serverKeyFile.c_str());
    if (!m_server->is_valid())
        throw std::runtime_error("the server's certificate is not usable");
    // Clients keep connections open, and each holds a thread.
    m_server->new_task_queue = [] { return new httplib::ThreadPool(48); };
    m_server->set_keep_alive_max_count(100'000);
    m_server->set_read_timeout(30);
    m_server->set_write_timeout(30);
    m_server->set_tcp_nodelay(true);
    const auto plain = [this](const httplib::Request& request, httplib::Response& response) {
        serve(request, response, nullptr);
    };
    const auto withBody = [this](const httplib::Request& request, httplib::Response& response,
                                 const httplib::ContentReader& reader) { serve(request, response, &reader); };
    // Not a dot: a path may hold an encoded line break.
    m_server->Get("[^]*", plain).Options("[^]*", plain);
    m_server->Post("[^]*", withBody).Put("[^]*", withBody).Patch("[^]*", withBody).Delete("[^]*", withBody);
}

Server::~Server() { stop(); }

int Server::bind(int port)
{
    m_port = port ? (m_server->bind_to_port("127.0.0.1", port) ? port : -1)
                  : m_server->bind_to_any_port("127.0.0.1");
    if (m_port <= 0)
        throw std::runtime_error("cannot listen on port " + std::to_string(port));
    return m_port;
}

void Server::listen()
{
    m_thread = std::thread([this] { m_server->listen_after_bind(); });
    while (!m_server->is_running())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void Server::stop()
{
    m_stopping = true;
    if (m_thread.joinable()) {
        m_server->stop();
        m_thread.join();
    }
}

void Server::serve(const httplib::Request& request, httplib::Response& response,
                   const httplib::ContentReader* reader)
{
    Call call = callOf(request);
    const std::vector<Fault> faults = m_cloud.faults.take(call);
    size_t limit = std::numeric_limits<size_t>::max();
    for (const Fault& fault : faults) {
        if (fault.kind == "delay")
            wait(fault.milliseconds);
        if (fault.kind == "cutUpload")
            limit = fault.bytes;
    }
    bool complete = true;
    if (reader && hasBody(request))
        complete = (*reader)([&](const char* data, size_t length) {
            call.body.append(data, length);
            return call.body.size() < limit;
        });

    std::optional<Reply> result;
    if (!complete && limit == std::numeric_limits<size_t>::max()) {
        result.emplace().dropped = true; // the client went away
    }
    for (const Fault& fault : faults) {
        if (!result)
            result = answerOf(fault, call, m_cloud.homeAuthority());
        if (const auto spoiled = operationFaultOf(fault))
            call.operationFault = spoiled;
    }
    if (!result)
        result = answer(call);
    for (const Fault& fault : faults)
        spoil(*result, fault);

    if (!result->headers.count("x-ms-request-id"))
        result->set("x-ms-request-id", randomGuid());
    result->set("x-ms-correlation-request-id", randomGuid());
    if (sameText(call.header("x-ms-return-client-request-id"), "true"))
        result->set("x-ms-client-request-id", call.header("x-ms-client-request-id"));
    if (call.path.compare(0, 7, "/_fake/") != 0)
        m_cloud.journal.add(call, *result, joined(faults), call.body.size());
    if (result->dropped)
        cutConnection(request.remote_port);
    else
        write(*result, request, response);
}

Reply Server::answer(Call& call)
{
    std::vector<std::string> methods;
    const Route* route = m_router.find(call, methods);
    try {
        if (!route) {
            if (methods.empty())
                throw ArmError(404, "InvalidResourceType",
                               "The resource type could not be found for the path '" + call.path + "'.");
            throw ArmError(405, "MethodNotAllowed",
                           "The request contains a method '" + call.method +
                               "' that the resource does not support.");
        }
        std::unique_lock lock(m_cloud.mutex);
        m_cloud.operations.settle();
        if (route->area != Area::Open)
            checkArmRequest(m_cloud, *route, call);
        if (!route->locked)
            lock.unlock();
        Reply answer = route->handler(call);
        if (route->area != Area::Open) {
            const char* kind = call.method == "GET"      ? "reads"
                               : call.method == "DELETE" ? "deletes"
                                                         : "writes";
            answer.set(std::string("x-ms-ratelimit-remaining-subscription-") + kind, "11999");
        }
        return answer;
    } catch (const ArmError& error) {
        return errorReply(error, speaksMachineLearning(route));
    } catch (const std::exception& error) {
        return errorReply(
            ArmError(500, "InternalServerError", std::string("the fake itself failed: ") + error.what()),
            speaksMachineLearning(route));
    }
}

void Server::write(const Reply& answer, const httplib::Request& request, httplib::Response& response)
{
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers)
        response.headers.emplace(name, value);
    // The areas answer ranges themselves; the server must not cut their answers again.
    const_cast<httplib::Request&>(request).ranges.clear();
    if (answer.cutAfter) {
        const size_t promised = std::max(answer.body.size(), *answer.cutAfter + 1);
        response.set_content_provider(
            promised, answer.type.empty() ? "application/octet-stream" : answer.type.c_str(),
            [body = answer.body, end = *answer.cutAfter](size_t offset, size_t length,
                                                         httplib::DataSink& sink) {
                if (offset >= end)
                    return false;
                std::string part =
                    offset < body.size() ? body.substr(offset, std::min(length, end - offset)) : " ";
                return sink.write(part.data(), part.size());
            });
    } else if (!answer.body.empty()) {
        response.set_content(answer.body, answer.type.empty() ? "application/octet-stream" : answer.type);
    }
}

// The connection cannot be ended through httplib, so its socket is looked up: ours is the one whose own port
// is the server's and whose peer is the client's. (A client in the same process has the opposite pair.)
void Server::cutConnection(int peerPort) const
{
    DIR* folder = opendir("/proc/self/fd");
    if (!folder)
        return;
    while (const dirent* entry = readdir(folder)) {
        const int descriptor = std::atoi(entry->d_name);
        sockaddr_in own{}, peer{};
        socklen_t ownSize = sizeof own, peerSize = sizeof peer;
        if (descriptor > 2 && getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &ownSize) == 0 &&
            getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &peerSize) == 0 &&
            ntohs(own.sin_port) == m_port && ntohs(peer.sin_port) == peerPort)
            shutdown(descriptor, SHUT_RDWR);
    }
    closedir(folder);
}

void Server::wait(int milliseconds) const
{
    for (int waited = 0; waited < milliseconds && !m_stopping; waited += 10)
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min(10, milliseconds - waited)));
}

} // namespace fake_azure

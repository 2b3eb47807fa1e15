// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward.h"

#include "crypto.h"

#include <chrono>
#include <set>

namespace fake_azure {

namespace {

// This version of httplib decodes the values of headers; an address must be encoded again.
std::string encodedAddress(const std::string& address)
{
    const size_t question = address.find('?');
    if (question == std::string::npos)
        return address;
    std::string encoded = address.substr(0, question);
    for (size_t start = question + 1; start <= address.size();) {
        const size_t end = std::min(address.find('&', start), address.size());
        const size_t equals = std::min(address.find('=', start), end);
        encoded += start == question + 1 ? '?' : '&';
        encoded += address.substr(start, equals - start);
        if (equals < end)
            encoded += '=' + toForm(address.substr(equals + 1, end - equals - 1));
        start = end + 1;
    }
    return encoded;
}

} // namespace

Reply forward(const Call& call, const std::string& server, const std::string& target,
              const httplib::Headers& extra, double timeoutSeconds)
{
    // Those that belong to one connection, and what httplib itself writes.
    static const std::set<std::string> dropped{
        "host",   "connection", "keep-alive",  "content-length", "accept-encoding", "transfer-encoding",
        "expect", "local_addr", "remote_addr", "local_port",     "remote_port"};
    httplib::Request request;
    request.method = call.method;
    request.path = target;
    request.body = call.body;
    for (const auto& [name, value] : call.headers) {
        if (!dropped.count(lower(name)) && !extra.count(name))
            request.headers.emplace(name, value);
    }
    request.headers.insert(extra.begin(), extra.end());
    httplib::Client client(server);
    client.set_url_encode(false); // it is encoded already
    client.set_decompress(false);
    client.set_keep_alive(false);
    client.set_read_timeout(std::chrono::milliseconds(static_cast<int>(timeoutSeconds * 1000)));
    client.set_tcp_nodelay(true);
    const auto start = std::chrono::steady_clock::now();
    const httplib::Result result = client.send(request);
    if (!result) {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        const bool late = passed.count() >= timeoutSeconds;
        return Reply{late ? 504 : 502, "no answer from " + server + ": " + to_string(result.error()),
                     "text/plain"};
    }
    Reply answer{result->status, result->body, result->get_header_value("Content-Type")};
    for (const auto& [name, value] : result->headers) {
        const std::string small = lower(name);
        // The length of an answer to HEAD is known only from its header.
        if (small == "content-length" ? call.method == "HEAD"
                                      : small != "content-type" && !dropped.count(small))
            answer.set(name, small == "location" ? encodedAddress(value) : value);
    }
    if (call.method == "HEAD" && !answer.type.empty())
        answer.set("Content-Type", answer.type);
    return answer;
}

} // namespace fake_azure

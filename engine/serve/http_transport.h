// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: HTTP/1.1 over TCP: connections, their limits and timeouts, requests in and answers out. One thread
// reads and writes for all connections; answers may come later and from other threads. By Boost.Beast, which
// does not leave http_transport.cpp.
#pragma once

#include "engine/base/result.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::serve {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method; // "POST"
    std::string path;   // decoded, without the query
    HttpHeaders headers;
    std::string body;

    // Its first value; the name in any case; empty when there is none. Valid while the request lives.
    std::string_view header(std::string_view name) const;
};

struct HttpAnswer {
    int status = 200;
    std::string contentType;
    HttpHeaders headers; // besides type and length
    std::string body;
};

struct HttpLimits {
    size_t requestBytes = size_t{100} << 20; // of a body; more gets 413
    int connections = 1024;                  // open at the same time; more get 503
};

class HttpTransport {
public:
    // Answers a request. Exactly once, from any thread, while serve() runs.
    using Reply = std::function<void(HttpAnswer)>;
    // On the thread of serve(), so it must be quick. gone: is asked to stop when the caller hangs up before
    // the answer; the answer must be given all the same. isAlone: the request before came from the same
    // caller, so perhaps nobody else is waiting.
    using Handler =
        std::function<void(HttpRequest request, std::stop_source gone, bool isAlone, Reply reply)>;
    // The answer to what is no request, or too large: 400, 413, 503.
    using Refusal = std::function<HttpAnswer(int status)>;

    HttpTransport(HttpLimits limits, Handler handler, Refusal refusal);
    ~HttpTransport();
    HttpTransport(const HttpTransport&) = delete;
    HttpTransport& operator=(const HttpTransport&) = delete;

    // Takes the port (0: any free one); returns it. Errors: IoError (taken, not allowed, no such address).
    Result<int> bind(const std::string& host, int port);
    // Serves until stop(): answers then the requests that have come whole, and returns.
    void serve();
    void stop(); // any thread

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace lapidary::serve

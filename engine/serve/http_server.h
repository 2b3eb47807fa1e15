// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the scoring server: routes of Azure's inference server (/, /score, /swagger.json), of the Open
// Inference Protocol v2 (/v2/...), and /metrics. Probes and metrics are answered while the model is busy.
#pragma once

#include "engine/serve/scorer.h"

namespace lapidary::serve {

struct ServerOptions {
    std::string host = "0.0.0.0";
    int port = 5001;       // 0: any free one
    std::string modelName; // in /v2; empty: the file's name
    std::string apiKey;    // empty: everybody may call
    size_t largestRequestBytes = size_t{100} << 20;
    int connections = 1024; // open at the same time; more get 503
};

class HttpServer {
public:
    // scorer outlives the server.
    HttpServer(Scorer& scorer, ServerOptions options);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Takes the port; returns it. Errors: IoError (taken, not allowed).
    Result<int> bind();
    // Serves until stop(): answers then what has begun, and returns.
    void serve();
    void stop(); // any thread, also from a signal handler's thread

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace lapidary::serve

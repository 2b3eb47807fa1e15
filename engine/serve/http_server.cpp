// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/http_server.h"

#include "engine/base/log.h"
#include "engine/serve/metrics.h"
#include "engine/serve/open_inference.h"
#include "engine/serve/score_request.h"
#include "engine/serve/swagger.h"

#include <httplib.h>

#include <atomic>
#include <random>

namespace lapidary::serve {

namespace {

using Clock = std::chrono::steady_clock;
using httplib::Request;
using httplib::Response;

constexpr const char* jsonType = "application/json";
constexpr size_t longestRequestId = 100;
constexpr int keepAliveSeconds = 5; // also the longest that stop() waits for an idle connection

double milliseconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

std::string newRequestId()
{
    static thread_local std::mt19937_64 generator{std::random_device()()};
    char text[40];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(generator()),
                  static_cast<unsigned long long>(generator()));
    return text;
}

void setError(Response& response, int status, const std::string& message)
{
    std::string body = "{\"error\":";
    appendJsonText(body, message);
    response.status = status;
    response.set_content(body + "}", jsonType);
}

void setError(Response& response, const Error& error)
{
    const bool callers = error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::ShapeMismatch;
    setError(response, callers ? 400 : 500,
             error.toString() + (error.nextStep.empty() ? std::string() : ". " + error.nextStep));
}

void setJson(Response& response, const Json& json)
{
    response.set_content(json.dump(-1, ' ', false, Json::error_handler_t::replace), jsonType);
}

// Takes as long for a wrong key as for the right one.
bool sameText(std::string_view a, std::string_view b)
{
    unsigned different = a.size() == b.size() ? 0 : 1;
    for (size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i] ^ b[b.empty() ? 0 : i % b.size()]);
    return different == 0 && !b.empty();
}

bool isJson(const Request& request)
{
    const std::string type = request.get_header_value("Content-Type");
    return type.empty() || type.find("json") != std::string::npos;
}

} // namespace

struct HttpServer::State {
    Scorer& scorer;
    ServerOptions options;
    std::string modelName;
    std::string swagger;
    Metrics metrics;
    httplib::Server http;

    State(Scorer& theScorer, ServerOptions theOptions);
    void addRoutes();

    using Handler = void (State::*)(const Request&, Response&);
    // Counted, and with the ids of the request.
    httplib::Server::Handler route(const std::string& name, Handler handler);
    // For callers who have the key, once the model is ready; else the answer says why not.
    bool admits(const Request& request, Response& response) const;

    void score(const Request& request, Response& response);
    void infer(const Request& request, Response& response);
    void metadata(const Request& request, Response& response);
    void ready(const Request& request, Response& response);
    // Empty when an answer was set: an error, or a refusal.
    std::optional<std::vector<Value>> run(std::span<const Value> inputs, Response& response);
    bool isOurs(const Request& request, Response& response) const; // the model that the path names
};

HttpServer::State::State(Scorer& theScorer, ServerOptions theOptions)
    : scorer(theScorer), options(std::move(theOptions))
{
    const std::filesystem::path file = scorer.model().path;
    modelName = options.modelName.empty() ? file.stem().string() : options.modelName;
    swagger = swaggerOf(scorer, modelName).dump(-1, ' ', false, Json::error_handler_t::replace);
    http.new_task_queue = [connections = options.connections] {
        return new httplib::ThreadPool(static_cast<size_t>(connections));
    };
    http.set_payload_max_length(options.largestRequestBytes);
    http.set_keep_alive_timeout(keepAliveSeconds);
    http.set_keep_alive_max_count(std::numeric_limits<size_t>::max());
    http.set_tcp_nodelay(true);
    addRoutes();
}

httplib::Server::Handler HttpServer::State::route(const std::string& name, Handler handler)
{
    return [this, name, handler](const Request& request, Response& response) {
        const auto began = Clock::now();
        std::string id = request.get_header_value("x-request-id");
        if (id.empty() || id.size() > longestRequestId)
            id = newRequestId();
        response.set_header("x-request-id", id);
        if (request.has_header("x-ms-client-request-id"))
            response.set_header(
                "x-ms-client-request-id",
                request.get_header_value("x-ms-client-request-id").substr(0, longestRequestId));
        response.status = 200;
        (this->*handler)(request, response);
        metrics.count(name, response.status, Clock::now() - began);
        if (response.status >= 500)
            log(LogLevel::Warning, "serve", name + " " + std::to_string(response.status) + " " + id);
    };
}

bool HttpServer::State::admits(const Request& request, Response& response) const
{
    if (!options.apiKey.empty() &&
        !sameText(request.get_header_value("Authorization"), "Bearer " + options.apiKey)) {
        response.set_header("WWW-Authenticate", "Bearer");
        setError(response, 401, "the key is missing or wrong. Send it as 'Authorization: Bearer KEY'");
        return false;
    }
    if (!scorer.isReady()) {
        response.set_header("Retry-After", "1");
        setError(response, 503, "the model is not ready yet");
        return false;
    }
    return true;
}

std::optional<std::vector<Value>> HttpServer::State::run(std::span<const Value> inputs, Response& response)
{
    JobContext job;
    auto scored = scorer.score(inputs, job);
    if (!scored.ok()) {
        response.set_header("x-ms-run-function-failed", "True");
        setError(response, scored.error());
        return std::nullopt;
    }
    if (scored->refusal != Scorer::Refusal::None) {
        response.set_header("Retry-After", "1");
        const bool full = scored->refusal == Scorer::Refusal::QueueFull;
        setError(response, full ? 429 : 503,
                 full ? "too many requests are waiting" : "the request waited too long for the model");
        return std::nullopt;
    }
    metrics.countRun(scored->waited, scored->ran);
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", milliseconds(scored->ran));
    response.set_header("x-ms-run-fn-exec-ms", text);
    std::snprintf(text, sizeof text, "%.3f", milliseconds(scored->waited));
    response.set_header("x-lapidary-queue-ms", text);
    return std::move(scored->outputs);
}

void HttpServer::State::score(const Request& request, Response& response)
{
    if (!admits(request, response))
        return;
    if (!isJson(request)) {
        setError(response, 415, "expected JSON. Send 'Content-Type: application/json'");
        return;
    }
    const auto inputs = parseScoreRequest(scorer, request.body);
    if (!inputs.ok()) {
        setError(response, inputs.error());
        return;
    }
    if (const auto outputs = run(*inputs, response))
        response.set_content(scoreAnswer(scorer.model().graph, *outputs), jsonType);
}

bool HttpServer::State::isOurs(const Request& request, Response& response) const
{
    if (request.matches[1] == modelName)
        return true;
    setError(response, 404,
             "there is no model '" + request.matches[1].str() + "' here; this server has '" + modelName +
                 "'");
    return false;
}

void HttpServer::State::infer(const Request& request, Response& response)
{
    if (!admits(request, response) || !isOurs(request, response))
        return;
    constexpr const char* lengthHeader = "Inference-Header-Content-Length";
    size_t jsonBytes = std::string::npos;
    if (request.has_header(lengthHeader)) {
        const std::string text = request.get_header_value(lengthHeader);
        char* end = nullptr;
        jsonBytes = std::strtoull(text.c_str(), &end, 10);
        if (text.empty() || *end != '\0' || jsonBytes > request.body.size()) {
            setError(response, 400, std::string(lengthHeader) + " is no number of bytes of the request");
            return;
        }
    }
    const auto parsed = parseInfer(scorer, request.body, jsonBytes);
    if (!parsed.ok()) {
        setError(response, parsed.error());
        return;
    }
    const auto outputs = run(parsed->inputs, response);
    if (!outputs)
        return;
    auto answer = inferAnswer(scorer, modelName, *parsed, *outputs);
    if (!answer.ok()) {
        setError(response, answer.error());
        return;
    }
    const bool binary = answer->jsonBytes < answer->body.size();
    if (binary)
        response.set_header(lengthHeader, std::to_string(answer->jsonBytes));
    response.set_content(std::move(answer->body), binary ? "application/octet-stream" : jsonType);
}

void HttpServer::State::metadata(const Request& request, Response& response)
{
    if (isOurs(request, response))
        setJson(response, modelMetadata(scorer, modelName));
}

void HttpServer::State::ready(const Request& request, Response& response)
{
    if (request.matches.size() > 1 && request.matches[1].matched && !isOurs(request, response))
        return;
    if (!scorer.isReady())
        response.status = 503;
    setJson(response, {{"name", modelName}, {"ready", scorer.isReady()}});
}

void HttpServer::State::addRoutes()
{
    http.Get("/", [](const Request&, Response& response) { response.set_content("Healthy", "text/plain"); });
    http.Get("/ready", route("/ready", &State::ready));
    http.Get("/swagger.json",
             [this](const Request&, Response& response) { response.set_content(swagger, jsonType); });
    http.Get("/metrics", [this](const Request&, Response& response) {
        response.set_content(metrics.text(scorer.isReady(), scorer.waiting()), "text/plain; version=0.0.4");
    });
    http.Post("/score", route("/score", &State::score));
    http.Get("/score", [](const Request&, Response& response) {
        response.set_header("Allow", "POST");
        setError(response, 405, "send the inputs with POST");
    });
    http.Get("/v2", [](const Request&, Response& response) {
        setJson(response, {{"name", "lapidary-serve"},
                           {"version", LAPIDARY_VERSION},
                           {"extensions", Json::array({"binary_tensor_data"})}});
    });
    http.Get("/v2/health/live", [](const Request&, Response& response) {
        setJson(response, {{"live", true}});
    });
    http.Get("/v2/health/ready", route("/v2/health/ready", &State::ready));
    http.Get("/v2/models/([^/]+)(?:/versions/[^/]+)?", route("/v2/models", &State::metadata));
    http.Get("/v2/models/([^/]+)(?:/versions/[^/]+)?/ready", route("/v2/models/ready", &State::ready));
    http.Post("/v2/models/([^/]+)(?:/versions/[^/]+)?/infer", route("/v2/models/infer", &State::infer));
    http.set_error_handler([](const Request& request, Response& response) {
        if (!response.body.empty())
            return; // said already
        const std::string type = request.get_header_value("Content-Type");
        if (response.status == 413 && type.find("urlencoded") != std::string::npos)
            setError(response, 415, "expected JSON. Send 'Content-Type: application/json'");
        else if (response.status == 413)
            setError(response, 413, "the request is larger than this server takes");
        else if (response.status == 404)
            setError(response, 404, "there is nothing at '" + request.path + "'");
        else
            setError(response, response.status, "the request cannot be answered");
    });
    http.set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
        setError(response, 500, "the server could not answer"); // no memory, most likely
    });
}

HttpServer::HttpServer(Scorer& scorer, ServerOptions options)
    : m_state(std::make_unique<State>(scorer, std::move(options)))
{
}

HttpServer::~HttpServer() = default;

Result<int> HttpServer::bind()
{
    const ServerOptions& options = m_state->options;
    const int port = options.port == 0 ? m_state->http.bind_to_any_port(options.host)
                     : m_state->http.bind_to_port(options.host, options.port) ? options.port
                                                                              : -1;
    if (port > 0)
        return port;
    return makeError(ErrorCode::IoError,
                     "cannot listen on " + options.host + ":" + std::to_string(options.port),
                     "Another program may use the port: choose one with --port.");
}

void HttpServer::serve() { m_state->http.listen_after_bind(); }

void HttpServer::stop() { m_state->http.stop(); }

} // namespace lapidary::serve

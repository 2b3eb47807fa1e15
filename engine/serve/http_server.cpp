// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/http_server.h"

#include "engine/base/log.h"
#include "engine/serve/http_transport.h"
#include "engine/serve/metrics.h"
#include "engine/serve/open_inference.h"
#include "engine/serve/score_request.h"
#include "engine/serve/swagger.h"

#include <charconv>
#include <random>

namespace lapidary::serve {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* jsonType = "application/json";
constexpr size_t longestRequestId = 100;
constexpr const char* lengthHeader =
    "Inference-Header-Content-Length"; // the JSON before the bytes of tensors

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

HttpAnswer jsonAnswer(std::string body) { return {200, jsonType, {}, std::move(body)}; }

HttpAnswer jsonAnswer(const Json& json)
{
    return jsonAnswer(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

HttpAnswer errorAnswer(int status, const std::string& message)
{
    std::string body = "{\"error\":";
    appendJsonText(body, message);
    HttpAnswer answer = jsonAnswer(body + '}');
    answer.status = status;
    return answer;
}

HttpAnswer errorAnswer(const Error& error)
{
    const bool callers = error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::ShapeMismatch;
    return errorAnswer(callers ? 400 : 500,
                       error.toString() + (error.nextStep.empty() ? std::string() : ". " + error.nextStep));
}

HttpAnswer comeBack(int status, const std::string& message)
{
    HttpAnswer answer = errorAnswer(status, message);
    answer.headers.emplace_back("Retry-After", "1");
    return answer;
}

HttpAnswer refusalAnswer(Refusal refusal)
{
    switch (refusal) {
    case Refusal::QueueFull: return comeBack(429, "too many requests are waiting");
    case Refusal::WaitedTooLong: return comeBack(503, "the request waited too long for the model");
    case Refusal::RanTooLong: return errorAnswer(504, "the model ran longer than this server allows");
    default: return errorAnswer(499, "the caller has gone"); // for the metrics
    }
}

HttpAnswer methodAnswer(const char* allowed)
{
    HttpAnswer answer = errorAnswer(405, std::string("use ") + allowed + " here");
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

// What the transport cannot hand on.
HttpAnswer transportAnswer(int status)
{
    if (status == 413)
        return errorAnswer(413, "the request is larger than this server takes");
    if (status == 503)
        return comeBack(503, "too many connections are open");
    return errorAnswer(status, status == 431 ? "the headers are too long" : "this is no HTTP request");
}

// Takes as long for a wrong key as for the right one.
bool sameText(std::string_view a, std::string_view b)
{
    unsigned different = a.size() == b.size() ? 0 : 1;
    for (size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i] ^ b[b.empty() ? 0 : i % b.size()]);
    return different == 0 && !b.empty();
}

bool isJson(const HttpRequest& request)
{
    const std::string_view type = request.header("Content-Type");
    return type.empty() || type.find("json") != std::string::npos;
}

// The bytes of JSON before those of tensors; npos: all is JSON. Empty when the header is no such number.
std::optional<size_t> jsonBytesOf(const HttpRequest& request, size_t bodyBytes)
{
    const std::string_view text = request.header(lengthHeader);
    if (text.empty())
        return std::string::npos;
    size_t bytes = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (problem != std::errc() || end != text.data() + text.size() || bytes > bodyBytes)
        return std::nullopt;
    return bytes;
}

std::string inMilliseconds(std::chrono::nanoseconds duration)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", milliseconds(duration));
    return text;
}

// The parts of a path: "/v2/models/digits/infer" -> v2, models, digits, infer.
std::vector<std::string_view> partsOf(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const size_t end = std::min(path.find('/'), path.size());
        if (end > 0)
            parts.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return parts;
}

// What a request is counted under, and when it came.
struct Visit {
    const char* route;
    Clock::time_point began;
    std::string requestId;
    std::string clientRequestId;
};

} // namespace

struct HttpServer::State {
    Scorer& scorer;
    ServerOptions options;
    std::string modelName;
    std::string swagger;
    Metrics metrics;
    HttpTransport transport;

    State(Scorer& theScorer, ServerOptions theOptions);

    using Reply = HttpTransport::Reply;
    void handle(HttpRequest request, std::stop_source gone, bool isAlone, Reply reply);
    // Everything but runs of the model.
    HttpAnswer answerAtOnce(const HttpRequest& request) const;
    HttpAnswer modelAnswer(const HttpRequest& request, std::span<const std::string_view> parts) const;
    HttpAnswer readyAnswer() const;
    // Why the request cannot be scored; empty when it can.
    std::optional<HttpAnswer> objection(const HttpRequest& request) const;
    std::optional<HttpAnswer> isOther(std::string_view name) const; // than our model

    // Counts the answer and gives it the ids of the request.
    void finish(const Visit& visit, HttpAnswer answer, const Reply& reply);

    struct Call;
    struct ScoreBody;
    struct InferBody;
};

// A request to run the model, on its way through the scorer.
struct HttpServer::State::Call : ScoreCall {
    State& server;
    Visit visit;
    HttpRequest request;
    Reply reply;
    bool isDecoded = false;

    Call(State& theServer, Visit theVisit, HttpRequest theRequest, Reply theReply)
        : server(theServer),
          visit(std::move(theVisit)),
          request(std::move(theRequest)),
          reply(std::move(theReply))
    {
    }
    virtual Result<std::vector<Value>> parse(std::string body) = 0;
    virtual Result<HttpAnswer> print(const std::vector<Value>& outputs) = 0;

    Result<std::vector<Value>> decode() override
    {
        try {
            auto inputs = parse(std::move(request.body));
            isDecoded = inputs.ok();
            return inputs;
        } catch (const std::bad_alloc&) {
            return makeError(ErrorCode::OutOfMemory, "not enough memory to read the request");
        }
    }
    void answer(Result<Scored> result) override
    {
        try {
            server.finish(visit, answerOf(std::move(result)), reply);
        } catch (const std::bad_alloc&) {
            server.finish(visit, errorAnswer(500, "not enough memory for the answer"), reply);
        }
    }
    HttpAnswer answerOf(Result<Scored> result)
    {
        if (!result.ok()) {
            HttpAnswer failed = errorAnswer(result.error());
            if (isDecoded)
                failed.headers.emplace_back("x-ms-run-function-failed", "True");
            return failed;
        }
        if (result->refusal != Refusal::None)
            return refusalAnswer(result->refusal);
        server.metrics.countRun(result->waited, result->ran);
        auto printed = print(result->outputs);
        if (!printed.ok())
            return errorAnswer(printed.error());
        printed->headers.emplace_back("x-ms-run-fn-exec-ms", inMilliseconds(result->ran));
        printed->headers.emplace_back("x-lapidary-queue-ms", inMilliseconds(result->waited));
        return std::move(*printed);
    }
};

struct HttpServer::State::ScoreBody : Call {
    using Call::Call;
    Result<std::vector<Value>> parse(std::string body) override
    {
        return parseScoreRequest(server.scorer, std::move(body));
    }
    Result<HttpAnswer> print(const std::vector<Value>& outputs) override
    {
        return jsonAnswer(scoreAnswer(server.scorer.model().graph, outputs));
    }
};

struct HttpServer::State::InferBody : Call {
    using Call::Call;
    InferRequest parsed;
    Result<std::vector<Value>> parse(std::string body) override
    {
        const auto jsonBytes = jsonBytesOf(request, body.size());
        if (!jsonBytes)
            return makeError(ErrorCode::InvalidArgument,
                             std::string(lengthHeader) + " is no number of bytes of the request");
        TRY_ASSIGN(parsed, parseInfer(server.scorer, std::move(body), *jsonBytes));
        return std::move(parsed.inputs);
    }
    Result<HttpAnswer> print(const std::vector<Value>& outputs) override
    {
        TRY_ASSIGN(auto body, inferAnswer(server.scorer, server.modelName, parsed, outputs));
        const bool binary = body.jsonBytes < body.body.size();
        HttpAnswer answer{200, binary ? "application/octet-stream" : jsonType, {}, std::move(body.body)};
        if (binary)
            answer.headers.emplace_back(lengthHeader, std::to_string(body.jsonBytes));
        return answer;
    }
};

HttpServer::State::State(Scorer& theScorer, ServerOptions theOptions)
    : scorer(theScorer),
      options(std::move(theOptions)),
      transport(
          {options.largestRequestBytes, options.connections},
          [this](HttpRequest request, std::stop_source gone, bool isAlone, Reply reply) {
              handle(std::move(request), std::move(gone), isAlone, std::move(reply));
          },
          transportAnswer)
{
    const std::filesystem::path file = scorer.model().path;
    modelName = options.modelName.empty() ? file.stem().string() : options.modelName;
    swagger = swaggerOf(scorer, modelName).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void HttpServer::State::finish(const Visit& visit, HttpAnswer answer, const Reply& reply)
{
    answer.headers.emplace_back("x-request-id", visit.requestId);
    if (!visit.clientRequestId.empty())
        answer.headers.emplace_back("x-ms-client-request-id", visit.clientRequestId);
    metrics.count(visit.route, answer.status, Clock::now() - visit.began);
    if (answer.status >= 500)
        log(LogLevel::Warning, "serve",
            std::string(visit.route) + " " + std::to_string(answer.status) + " " + visit.requestId);
    reply(std::move(answer));
}

std::optional<HttpAnswer> HttpServer::State::objection(const HttpRequest& request) const
{
    if (!options.apiKey.empty() && !sameText(request.header("Authorization"), "Bearer " + options.apiKey)) {
        auto answer = errorAnswer(401, "the key is missing or wrong. Send it as 'Authorization: Bearer KEY'");
        answer.headers.emplace_back("WWW-Authenticate", "Bearer");
        return answer;
    }
    if (!scorer.isReady())
        return comeBack(503, "the model is not ready yet");
    return std::nullopt;
}

std::optional<HttpAnswer> HttpServer::State::isOther(std::string_view name) const
{
    if (name == modelName)
        return std::nullopt;
    return errorAnswer(404, "there is no model '" + std::string(name) + "' here; this server has '" +
                                modelName + "'");
}

HttpAnswer HttpServer::State::readyAnswer() const
{
    HttpAnswer answer = jsonAnswer(Json{{"name", modelName}, {"ready", scorer.isReady()}});
    answer.status = scorer.isReady() ? 200 : 503;
    return answer;
}

void HttpServer::State::handle(HttpRequest request, std::stop_source gone, bool isAlone, Reply reply)
{
    const bool isPost = request.method == "POST";
    const auto parts = partsOf(request.path);
    const bool isScore = isPost && request.path == "/score";
    const bool isInfer = isPost && parts.size() >= 4 && parts[0] == "v2" && parts[1] == "models" &&
                         parts.back() == "infer" &&
                         (parts.size() == 4 || (parts.size() == 6 && parts[3] == "versions"));
    if (!isScore && !isInfer) {
        reply(answerAtOnce(request));
        return;
    }
    Visit visit{isScore ? "/score" : "/v2/models/infer", Clock::now(),
                std::string(request.header("x-request-id")),
                std::string(request.header("x-ms-client-request-id").substr(0, longestRequestId))};
    if (visit.requestId.empty() || visit.requestId.size() > longestRequestId)
        visit.requestId = newRequestId();
    auto objected = objection(request);
    if (!objected && isInfer)
        objected = isOther(parts[2]);
    if (!objected && isScore && !isJson(request))
        objected = errorAnswer(415, "expected JSON. Send 'Content-Type: application/json'");
    if (objected) {
        finish(visit, std::move(*objected), reply);
        return;
    }
    std::unique_ptr<Call> call;
    if (isScore)
        call = std::make_unique<ScoreBody>(*this, std::move(visit), std::move(request), std::move(reply));
    else
        call = std::make_unique<InferBody>(*this, std::move(visit), std::move(request), std::move(reply));
    call->stop = std::move(gone);
    scorer.submit(std::move(call), isAlone);
}

HttpAnswer HttpServer::State::answerAtOnce(const HttpRequest& request) const
{
    const std::string& path = request.path;
    const auto parts = partsOf(path);
    const bool isModel = parts.size() >= 3 && parts[0] == "v2" && parts[1] == "models";
    if (path == "/score" || (isModel && parts.back() == "infer"))
        return methodAnswer("POST");
    if (request.method != "GET" && request.method != "HEAD")
        return methodAnswer("GET");
    if (path == "/")
        return {200, "text/plain", {}, "Healthy"};
    if (path == "/ready" || path == "/v2/health/ready")
        return readyAnswer();
    if (path == "/swagger.json")
        return jsonAnswer(swagger);
    if (path == "/metrics")
        return {200,
                "text/plain; version=0.0.4",
                {},
                metrics.text(scorer.isReady(), scorer.waiting(), scorer.runSizes())};
    if (path == "/v2")
        return jsonAnswer(Json{{"name", "lapidary-serve"},
                               {"version", LAPIDARY_VERSION},
                               {"extensions", Json::array({"binary_tensor_data"})}});
    if (path == "/v2/health/live")
        return jsonAnswer(Json{{"live", true}});
    if (isModel)
        return modelAnswer(request, parts);
    return errorAnswer(404, "there is nothing at '" + path + "'");
}

// /v2/models/NAME[/versions/V][/ready]
HttpAnswer HttpServer::State::modelAnswer(const HttpRequest& request,
                                          std::span<const std::string_view> parts) const
{
    if (auto other = isOther(parts[2]))
        return std::move(*other);
    parts = parts.subspan(3);
    if (parts.size() >= 2 && parts[0] == "versions")
        parts = parts.subspan(2);
    if (parts.empty())
        return jsonAnswer(modelMetadata(scorer, modelName));
    if (parts.size() == 1 && parts[0] == "ready")
        return readyAnswer();
    return errorAnswer(404, "there is nothing at '" + request.path + "'");
}

HttpServer::HttpServer(Scorer& scorer, ServerOptions options)
    : m_state(std::make_unique<State>(scorer, std::move(options)))
{
}

HttpServer::~HttpServer() = default;

Result<int> HttpServer::bind()
{
    return m_state->transport.bind(m_state->options.host, m_state->options.port);
}

void HttpServer::serve() { m_state->transport.serve(); }

void HttpServer::stop() { m_state->transport.stop(); }

} // namespace lapidary::serve

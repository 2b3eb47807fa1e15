// SPDX-License-Identifier: GPL-3.0-or-later
// The scoring server over real HTTP, against results computed by hand.
#include "engine/serve/http_server.h"
#include "engine/serve/json_reader.h"
#include "engine/serve/json_values.h"
#include "engine/serve/sessions.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>
#include <cstring>
#include <future>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace lapidary;
using namespace lapidary::serve;

namespace {

// y = x * 2 for rows of three; s = x + z
std::shared_ptr<Model> doubling()
{
    GraphBuilder builder;
    builder.input("x", {Dim("N"), Dim(3)}).constant("two", Tensor::scalar(2.0f));
    builder.node("Mul", {"x", "two"}, {"y"});
    auto model = builder.output("y").build();
    model->path = "doubling.onnx";
    return model;
}

std::shared_ptr<Model> adding()
{
    GraphBuilder builder;
    builder.input("a", TypeInfo::tensor(DataType::Int64, Shape{Dim(2)}));
    builder.input("b", TypeInfo::tensor(DataType::Int64, Shape{Dim(2)}));
    builder.node("Add", {"a", "b"}, {"sum"});
    builder.node("Equal", {"a", "b"}, {"same"});
    auto model = builder.output("sum").output("same").build();
    model->path = "adding.onnx";
    return model;
}

// A Loop of so many additions of large tensors: long enough that callers meet.
std::shared_ptr<Model> slow()
{
    GraphBuilder inside;
    inside.input("i", TypeInfo::tensor(DataType::Int64, Shape{}));
    inside.input("go", TypeInfo::tensor(DataType::Bool, Shape{})).input("v", {Dim(100'000)});
    inside.node("Identity", {"go"}, {"still"});
    inside.node("Add", {"v", "v"}, {"next"});
    inside.output("still").output("next");
    GraphBuilder builder;
    builder.input("x", {Dim(100'000)}).constant("times", Tensor::scalar<int64_t>(3000));
    builder.node("Loop", {"times", "", "x"}, {"end"}).attributes = {inside.body("body")};
    builder.node("ReduceMax", {"end"}, {"y"});
    auto model = builder.output("y").build();
    model->path = "slow.onnx";
    return model;
}

std::string zeros(int count)
{
    std::string body = "{\"data\": [0";
    for (int i = 1; i < count; ++i)
        body += ",0";
    return body + "]}";
}

// What comes back for a text, until nothing has come for a while.
QByteArray rawAnswer(int port, const std::string& text)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{0, 300'000};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    QByteArray answer;
    if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        send(socket, text.data(), text.size(), MSG_NOSIGNAL) > 0) {
        char part[4096];
        for (ssize_t got = 0; (got = recv(socket, part, sizeof part, 0)) > 0;)
            answer.append(part, got);
    }
    close(socket);
    return answer;
}

// A server on a port of its own, until the test ends.
class Running {
public:
    explicit Running(const std::shared_ptr<Model>& model, ServerOptions server = {},
                     ScorerOptions options = {}, bool warm = true)
    {
        JobContext job;
        scorer = std::move(Scorer::create(model, options, job)).value();
        server.host = "127.0.0.1";
        server.port = 0;
        m_server = std::make_unique<HttpServer>(*scorer, server);
        port = m_server->bind().value();
        m_thread = std::thread([this] { m_server->serve(); });
        if (warm && !scorer->start(true, job).ok())
            qFatal("the first run fails");
    }
    ~Running()
    {
        m_server->stop();
        m_thread.join();
    }
    httplib::Client client() const
    {
        httplib::Client client("127.0.0.1", port);
        client.set_read_timeout(60);
        client.set_connection_timeout(10);
        client.set_tcp_nodelay(true); // it sends the head and the body apart
        return client;
    }
    httplib::Result score(const std::string& body, const httplib::Headers& headers = {}) const
    {
        return client().Post("/score", headers, body, "application/json");
    }

    std::unique_ptr<Scorer> scorer;
    int port = 0;

private:
    std::unique_ptr<HttpServer> m_server;
    std::thread m_thread;
};

QString errorOf(const httplib::Result& result)
{
    const Json json = result ? Json::parse(result->body, nullptr, false) : Json();
    return json.is_object() && json.contains("error") ? QString::fromStdString(json["error"]) : QString();
}

class ServeTest : public QObject {
    Q_OBJECT
private slots:
    void scores()
    {
        const Running server(doubling());
        const auto nested = server.score(R"({"data": [[1, 2.5, -3], [0, 1e3, 7]]})");
        QVERIFY(nested);
        QCOMPARE(nested->status, 200);
        QCOMPARE(nested->body, R"({"result":[[2,5,-6],[0,2000,14]]})");
        QCOMPARE(nested->get_header_value("Content-Type"), "application/json");
        QVERIFY(!nested->get_header_value("x-request-id").empty());
        QVERIFY(!nested->get_header_value("x-ms-run-fn-exec-ms").empty());
        QCOMPARE(server.score(R"({"data": {"x": [[1, 1, 1]]}})")->body, R"({"result":[[2,2,2]]})");
        QCOMPARE(server.score(R"({"x": [[1, 1, 1]]})")->body, R"({"result":[[2,2,2]]})");
        QCOMPARE(server.score("{}", {{"x-request-id", "mine"}})->get_header_value("x-request-id"), "mine");
    }

    void severalInputsAndOutputs()
    {
        const Running server(adding());
        // More digits than a double has.
        const auto answer = server.score(R"({"data": {"a": [9007199254740993, 5], "b": [0, 5]}})");
        QCOMPARE(answer->body, R"({"result":{"sum":[9007199254740993,10],"same":[false,true]}})");
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << QByteArray("{\"data\": [") << "no JSON";
        QTest::newRow("no end") << QByteArray("{\"data\": [[1, 2, 3]]") << "no JSON";
        QTest::newRow("no UTF-8") << QByteArray("{\"data\": [[1, 2, 3]], \"\xff\": 0}") << "no JSON";
        QTest::newRow("unequal lists") << QByteArray(R"({"data": [[1, 2, 3], [4]]})") << "data[1]";
        QTest::newRow("text for a number") << QByteArray(R"({"data": [[1, "2", 3]]})") << "data[0][1]";
        QTest::newRow("wrong shape") << QByteArray(R"({"data": [[1, 2]]})") << "input 'x'";
        QTest::newRow("unknown name") << QByteArray(R"({"data": {"q": [1]}})") << "'x'";
        QTest::newRow("one name too many")
            << QByteArray(R"({"data": {"x": [[1,2,3]], "q": 1}})") << "no input";
        QTest::newRow("nothing") << QByteArray() << "no JSON";
        QTest::newRow("null") << QByteArray("null") << "input 'x'";
        QTest::newRow("deep") << "{\"data\": " + QByteArray(40, '[') + QByteArray(40, ']') + "}"
                              << "16 deep";
        QTest::newRow("very deep") << "{\"data\": " + QByteArray(100'000, '[') + QByteArray(100'000, ']') +
                                          "}"
                                   << "16 deep";
    }
    void refusals()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const Running server(doubling());
        const auto answer = server.score(body.toStdString());
        QVERIFY(answer);
        QCOMPARE(answer->status, 400);
        QVERIFY2(errorOf(answer).contains(says), qPrintable(errorOf(answer)));
        QCOMPARE(server.score(R"({"data": [[1, 1, 1]]})")->status, 200); // goes on
    }

    void routes()
    {
        const Running server(doubling());
        auto client = server.client();
        QCOMPARE(client.Get("/")->status, 200);
        QCOMPARE(client.Get("/nothing")->status, 404);
        QVERIFY(errorOf(client.Get("/nothing")).contains("/nothing"));
        QCOMPARE(client.Get("/score")->status, 405);
        QCOMPARE(client.Post("/score", "x=1", "application/x-www-form-urlencoded")->status, 415);
        const Json swagger = Json::parse(client.Get("/swagger.json")->body);
        QCOMPARE(swagger["swagger"].get<std::string>(), "2.0");
        const Json& data = swagger["definitions"]["ServiceInput"]["properties"]["data"];
        QCOMPARE(data["items"]["maxItems"].get<int>(), 3);
        QVERIFY(!data.contains("maxItems")); // N is open
        (void)server.score(R"({"data": [[1, 1, 1]]})");
        const std::string metrics = client.Get("/metrics")->body;
        QVERIFY(metrics.find("lapidary_requests_total{route=\"/score\",status=\"200\"} 1\n") !=
                std::string::npos);
        QVERIFY(metrics.find("lapidary_run_seconds_count 1\n") != std::string::npos);
    }

    void namesWithSpaces()
    {
        ServerOptions options;
        options.modelName = "my model 100%";
        const Running server(doubling(), options);
        QCOMPARE(server.client().Get("/v2/models/my%20model%20100%25?x=1")->status, 200);
        QCOMPARE(server.client().Get("/v2/models/my%20model%20100%")->status, 200);
        QCOMPARE(server.client().Get("/v2/models/my")->status, 404);
    }

    // What curl sends before a large body, bodies in chunks, answers to HEAD, and to what is not HTTP.
    void otherWaysToAsk()
    {
        const Running server(doubling());
        auto client = server.client();
        const auto chunked = client.Post(
            "/score",
            [](size_t, httplib::DataSink& sink) {
                sink.write("{\"data\": [[1,", 13);
                sink.write(" 2, 3]]}", 8);
                sink.done();
                return true;
            },
            "application/json");
        QCOMPARE(chunked->body, R"({"result":[[2,4,6]]})");
        QCOMPARE(client.Head("/")->status, 200);
        const auto ask = [&](const std::string& text) { return rawAnswer(server.port, text); };
        QVERIFY(ask("POST /score HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n")
                    .startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
        QVERIFY(ask("GARBAGE\r\n\r\n").startsWith("HTTP/1.1 400 "));
        // Two requests at once get two answers.
        QCOMPARE(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").count("Healthy"),
                 2);
        QVERIFY(ask("GET / HTTP/1.0\r\n\r\n").contains("Connection: close"));
    }

    void readyAfterTheFirstRun()
    {
        const Running server(doubling(), {}, {}, false);
        auto client = server.client();
        QCOMPARE(client.Get("/")->status, 200); // alive
        for (const char* path : {"/ready", "/v2/health/ready", "/v2/models/doubling/ready"})
            QCOMPARE(client.Get(path)->status, 503);
        QCOMPARE(server.score(R"({"data": [[1, 1, 1]]})")->status, 503);
        JobContext job;
        QVERIFY(server.scorer->start(true, job).ok());
        for (const char* path : {"/ready", "/v2/health/ready", "/v2/models/doubling/ready"})
            QCOMPARE(client.Get(path)->status, 200);
        QCOMPARE(server.score(R"({"data": [[1, 1, 1]]})")->status, 200);
    }

    void keyIsChecked()
    {
        ServerOptions options;
        options.apiKey = "secret";
        const Running server(doubling(), options);
        const std::string body = R"({"data": [[1, 1, 1]]})";
        for (const char* wrong : {"", "Bearer ", "Bearer secre", "Bearer secret2", "secret", "Basic secret"})
            QCOMPARE(server.score(body, {{"Authorization", wrong}})->status, 401);
        QCOMPARE(server.score(body)->status, 401);
        QCOMPARE(server.client().Post("/v2/models/doubling/infer", "{}", "application/json")->status, 401);
        QCOMPARE(server.score(body, {{"Authorization", "Bearer secret"}})->status, 200);
        QCOMPARE(server.client().Get("/v2/health/live")->status, 200); // probes have no key
    }

    void requestsThatAreTooLarge()
    {
        ServerOptions options;
        options.largestRequestBytes = 1000;
        const Running server(doubling(), options);
        const auto answer = server.score("{\"data\": [" + std::string(2000, ' ') + "]}");
        QVERIFY(answer);
        QCOMPARE(answer->status, 413);
        QVERIFY(!errorOf(answer).isEmpty());
    }

    // Open Inference Protocol: JSON, and tensors as bytes.
    void openInference()
    {
        const Running server(doubling());
        auto client = server.client();
        const Json metadata = Json::parse(client.Get("/v2/models/doubling")->body);
        QVERIFY((metadata["inputs"][0] == Json{{"name", "x"}, {"datatype", "FP32"}, {"shape", {-1, 3}}}));
        const auto infer = [&](const std::string& body, const httplib::Headers& headers = {}) {
            return client.Post("/v2/models/doubling/infer", headers, body, "application/json");
        };
        const auto flat = infer(
            R"({"id": "7", "inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [1, 2, 3]}]})");
        QCOMPARE(flat->status, 200);
        const Json output{{"name", "y"}, {"datatype", "FP32"}, {"shape", {1, 3}}, {"data", {2, 4, 6}}};
        QVERIFY((Json::parse(flat->body) ==
                 Json{{"model_name", "doubling"}, {"id", "7"}, {"outputs", Json::array({output})}}));

        const float numbers[] = {1, 2, 3};
        const std::string json = R"({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3],
            "parameters": {"binary_data_size": 12}}], "parameters": {"binary_data_output": true}})";
        const std::string bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
        const auto binary =
            infer(json + bytes, {{"Inference-Header-Content-Length", std::to_string(json.size())}});
        QCOMPARE(binary->status, 200);
        const auto jsonBytes = std::stoul(binary->get_header_value("Inference-Header-Content-Length"));
        QCOMPARE(binary->body.size(), jsonBytes + 12);
        float results[3];
        std::memcpy(results, binary->body.data() + jsonBytes, sizeof results);
        QCOMPARE(results[2], 6.0f);

        QCOMPARE(client.Post("/v2/models/other/infer", json, "application/json")->status, 404);
        for (
            const char* wrong :
            {"", "[]", "{}", R"({"inputs": 3})", R"({"inputs": [3]})", R"({"inputs": [{"name": 3}]})",
             R"({"inputs": []})",
             R"({"inputs": [{"name": "x", "datatype": "FP64", "shape": [1, 3], "data": [1, 2, 3]}]})",
             R"({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, -3], "data": [1, 2, 3]}]})",
             R"({"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 3], "data": [1, 2, 3]}]})",
             R"({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3]}]})",
             R"({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "parameters": {"binary_data_size": 12}}]})"}) {
            const auto answer = infer(wrong);
            QVERIFY2(answer && answer->status == 400, wrong);
            QVERIFY(!errorOf(answer).isEmpty());
        }
        QCOMPARE(infer(json, {{"Inference-Header-Content-Length", "99999"}})->status, 400);
    }

    // One runs, one waits, the others are told to come back; nobody is dropped.
    void overloadIsRefused()
    {
        ScorerOptions options;
        options.queue = 1;
        options.session.threads = 1;
        options.longestWait = std::chrono::seconds(60);
        const Running server(slow(), {}, options);
        const std::string body = zeros(100'000);
        std::vector<std::thread> callers;
        std::array<std::atomic<int>, 600> statuses{};
        for (int i = 0; i < 6; ++i)
            callers.emplace_back([&] {
                const auto answer = server.score(body);
                ++statuses[static_cast<size_t>(answer ? answer->status : 0)];
            });
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(statuses[200] + statuses[429], 6);
        QVERIFY(statuses[200] >= 2);
        QVERIFY(statuses[429] >= 1);
    }

    void waitingHasAnEnd()
    {
        ScorerOptions options;
        options.longestWait = std::chrono::milliseconds(5);
        options.session.threads = 1;
        const Running server(slow(), {}, options);
        const auto ask = [&] { return server.score(zeros(100'000)); };
        auto other = std::async(std::launch::async, ask);
        const auto one = ask();
        const auto two = other.get();
        QCOMPARE(std::min(one->status, two->status), 200);
        QCOMPARE(std::max(one->status, two->status), 503);
        const QString error = errorOf(one->status == 503 ? one : two);
        QVERIFY2(error.contains("waited"), qPrintable(error));
    }

    void runsHaveAnEnd()
    {
        ScorerOptions options;
        options.longestRun = std::chrono::milliseconds(5);
        options.session.threads = 1;
        const Running server(slow(), {}, options, false);
        JobContext job;
        QVERIFY(server.scorer->start(false, job).ok());
        const auto answer = server.score(zeros(100'000));
        QCOMPARE(answer->status, 504);
        QVERIFY2(errorOf(answer).contains("longer"), qPrintable(errorOf(answer)));
    }

    // The run of a caller who hangs up is stopped, so that the next one need not wait for it.
    void callersThatGo()
    {
        ScorerOptions options;
        options.session.threads = 1;
        const Running server(slow(), {}, options, false);
        JobContext job;
        QVERIFY(server.scorer->start(false, job).ok());
        auto impatient = server.client();
        impatient.set_read_timeout(0, 10'000);
        QVERIFY(!impatient.Post("/score", zeros(100'000), "application/json"));
        impatient.stop();
        const auto metrics = [&] { return server.client().Get("/metrics")->body; };
        QTRY_VERIFY(metrics().find("lapidary_requests_total{route=\"/score\",status=\"499\"} 1\n") !=
                    std::string::npos);
    }

    // More connections than sessions and processors: everybody gets the answer to what he asked.
    void manyConnections()
    {
        ScorerOptions options;
        options.sessions = 2;
        options.session.threads = 1;
        const Running server(doubling(), {}, options);
        std::atomic<int> right = 0;
        std::vector<std::thread> callers;
        for (int caller = 0; caller < 32; ++caller)
            callers.emplace_back([&, caller] {
                auto client = server.client();
                client.set_keep_alive(true);
                for (int i = 0; i < 20; ++i) {
                    const int x = caller * 100 + i;
                    const auto answer = client.Post("/score", "{\"data\": [[" + std::to_string(x) + ",0,0]]}",
                                                    "application/json");
                    right += answer && answer->body == "{\"result\":[[" + std::to_string(2 * x) + ",0,0]]}";
                }
            });
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(right.load(), 32 * 20);
    }

    void connectionsHaveALimit()
    {
        ServerOptions options;
        options.connections = 1;
        const Running server(doubling(), options);
        auto first = server.client();
        first.set_keep_alive(true);
        QCOMPARE(first.Get("/")->status, 200);
        QCOMPARE(server.client().Get("/")->status, 503);
        QCOMPARE(first.Get("/")->status, 200);
        first.stop();
        QTRY_COMPARE(server.client().Get("/")->status, 200);
    }

    // Bodies sent at the same time, and their answers in the same order.
    static std::vector<std::string> scoreTogether(const Running& server,
                                                  const std::vector<std::string>& bodies)
    {
        std::vector<std::future<std::string>> answers;
        for (const std::string& body : bodies)
            answers.push_back(std::async(std::launch::async, [&server, &body] {
                const auto answer = server.score(body);
                return answer ? std::to_string(answer->status) + answer->body : "none";
            }));
        std::vector<std::string> texts;
        for (auto& answer : answers)
            texts.push_back(answer.get());
        return texts;
    }

    static ScorerOptions joining()
    {
        ScorerOptions options;
        options.mostInRun = 4;
        options.gathering = std::chrono::milliseconds(500);
        options.session.threads = 1;
        return options;
    }

    // Each gets his own rows, also when callers send different numbers of them.
    void runsAreJoined()
    {
        const Running server(doubling(), {}, joining());
        const auto answers =
            scoreTogether(server, {R"({"data": [[1, 2, 3]]})", R"({"data": [[4, 5, 6], [7, 8, 9]]})",
                                   R"({"data": [[1, 2, "3"]]})", R"({"data": [[0, 0, 1]]})"});
        QCOMPARE(answers[0], R"(200{"result":[[2,4,6]]})");
        QCOMPARE(answers[1], R"(200{"result":[[8,10,12],[14,16,18]]})");
        QVERIFY(answers[2].starts_with("400"));
        QCOMPARE(answers[3], R"(200{"result":[[0,0,2]]})");
        QCOMPARE(server.scorer->runSizes().rbegin()->first, size_t{3});
        const std::string metrics = server.client().Get("/metrics")->body;
        QVERIFY(metrics.find("lapidary_run_requests_bucket{le=\"4\"} 1\n") != std::string::npos);
    }

    // A wrong index is found by the run alone: the callers beside it get their answers all the same.
    void oneBadRequestOfAJointRun()
    {
        GraphBuilder builder;
        const float table[] = {10, 20, 30};
        builder.input("at", TypeInfo::tensor(DataType::Int64, Shape{Dim("N")}));
        builder.constant("table", Tensor::of<float>({3}, table)).node("Gather", {"table", "at"}, {"y"});
        const Running server(builder.output("y").build(), {}, joining());
        const auto answers = scoreTogether(
            server, {R"({"data": [2]})", R"({"data": [99]})", R"({"data": [0, 1]})", R"({"data": [1]})"});
        QCOMPARE(answers[0], R"(200{"result":[30]})");
        QVERIFY(!answers[1].starts_with("200"));
        QCOMPARE(answers[2], R"(200{"result":[10,20]})");
        QCOMPARE(answers[3], R"(200{"result":[20]})");
    }

    void modelsThatCannotBeJoined()
    {
        JobContext job;
        const auto fixed = Scorer::create(adding(), joining(), job);
        QCOMPARE(fixed.error().code, ErrorCode::InvalidArgument);
        QVERIFY(fixed.error().message.find("'a'") != std::string::npos);
        // Free, and yet no batch: every row depends on the others.
        GraphBuilder builder;
        builder.input("x", {Dim("N"), Dim(3)}).node("Softmax", {"x"}, {"y"}).attributes = {
            makeAttribute("axis", int64_t{0})};
        const auto mixing = Scorer::create(builder.output("y").build(), joining(), job).value();
        const Status status = mixing->start(true, job);
        QVERIFY(!status.ok());
        QVERIFY(status.error().message.find("no batch") != std::string::npos);
    }

    void processorsAreDivided()
    {
        const auto divided = [](int sessions, int threads, uint64_t bytes) {
            const Division division = divide(8, sessions, threads, bytes);
            return std::pair(division.sessions, division.threads);
        };
        QCOMPARE(divided(0, 0, 1000), std::pair(8, 1));
        QCOMPARE(divided(0, 0, uint64_t{1} << 30), std::pair(2, 4)); // large weights
        QCOMPARE(divided(0, 0, uint64_t{9} << 30), std::pair(1, 8));
        QCOMPARE(divided(0, 4, 1000), std::pair(2, 4));
        QCOMPARE(divided(1, 0, 1000), std::pair(1, 8));
        QCOMPARE(divided(3, 5, 1000), std::pair(3, 5));
        QVERIFY(usableProcessors() >= 1);
    }

    void values()
    {
        const auto text = [](const Value& value) {
            std::string json;
            appendJson(json, value);
            return json;
        };
        const float notFinite[] = {std::nanf(""), INFINITY, 0.1f, 1e-30f};
        QCOMPARE(text(Tensor::of<float>({4}, notFinite)), "[null,null,0.1,1e-30]");
        QCOMPARE(text(Tensor::scalar(true)), "true");
        QCOMPARE(text(Tensor::of<float>({0, 3}, std::span<const float>())), "[]");
        QCOMPARE(text(Tensor::ofStrings({2}, {"a\"b", "\xff"})), "[\"a\\\"b\",\"\xef\xbf\xbd\"]");
        Map map;
        map.keys = Tensor::of<int64_t>({2}, std::vector<int64_t>{3, 5});
        map.values = {Tensor::scalar(0.5f), Tensor::scalar(0.25f)};
        Sequence sequence;
        sequence.items = {Value(map)};
        QCOMPARE(text(Value(sequence)), "[{\"3\":0.5,\"5\":0.25}]");

        const auto tensor = [](const char* json, DataType type) -> Result<Tensor> {
            JsonDocument document(json);
            TRY_ASSIGN(const JsonValue root, document.root());
            return tensorFromJson(root, TypeInfo::tensor(type));
        };
        QCOMPARE(tensor("[-1, 255]", DataType::UInt8).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(tensor("[300]", DataType::UInt8).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(tensor("[1.5]", DataType::Int32).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(tensor("[3.0, -2]", DataType::Int32)->values<int32_t>()[1], -2);
        QCOMPARE(tensor("18446744073709551615", DataType::UInt64)->values<uint64_t>()[0], UINT64_MAX);
        QCOMPARE(tensor("[\"a\"]", DataType::String)->strings()[0], "a");
        QCOMPARE(tensor("[true]", DataType::Bool)->values<bool>()[0], true);
        QVERIFY(std::isnan(tensor("[null]", DataType::Float)->values<float>()[0]));
        QCOMPARE(tensor("100000000000000000000", DataType::Float)->values<float>()[0],
                 1e20f); // of JavaScript
        QCOMPARE(tensor("[[], []]", DataType::Float)->dims(), Dims({2, 0}));
        for (const char* wrong : {"[1, [2]]", "[[1], 2]", "[[1], []]", "[1,", "[1 2]", "{}", "[1e999]"})
            QVERIFY2(!tensor(wrong, DataType::Float).ok(), wrong);
    }

    // The program: finds the model as Azure lays it out, answers, ends on SIGTERM.
    void program()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath("digits/1"));
        QVERIFY(QFile::copy(LAPIDARY_SOURCE_DIR "/resources/samples/digits/digits.onnx",
                            folder.filePath("digits/1/digits.onnx")));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("AZUREML_MODEL_DIR", folder.path());
        environment.insert("LAPIDARY_API_KEY", "from the environment");
        process.setProcessEnvironment(environment);
        process.start(LAPIDARY_SERVE, {"--host", "127.0.0.1", "--port", "0"});
        QByteArray log;
        QVERIFY(QTest::qWaitFor(
            [&] {
                process.waitForReadyRead(50);
                log += process.readAllStandardError();
                return log.contains("ready");
            },
            20000));
        const int port = log.mid(log.indexOf("127.0.0.1:") + 10).split('\n').first().toInt();
        httplib::Client client("127.0.0.1", port);
        QCOMPARE(client.Post("/score", zeros(784), "application/json")->status, 401);
        client.set_bearer_token_auth("from the environment");
        // The batch is open, so a flat list has no shape.
        QCOMPARE(client.Post("/score", zeros(784), "application/json")->status, 400);
        QCOMPARE(client.Get("/v2/models/digits")->status, 200);
        client.stop();
        process.terminate();
        QVERIFY(process.waitForFinished(15000));
        QCOMPARE(process.exitCode(), 0);

        QProcess without;
        without.start(LAPIDARY_SERVE, {"--port", "0", "/no/such/model.onnx"});
        QVERIFY(without.waitForFinished(10000));
        QCOMPARE(without.exitCode(), 1);
        QVERIFY(without.readAllStandardError().contains("/no/such/model.onnx"));
    }

    // The program, the libraries that it names and the loader among them are all that it needs.
    void programOutsideItsTree()
    {
        QProcess process;
        process.start(LAPIDARY_SERVE, {"--libraries"});
        QVERIFY(process.waitForFinished(10000));
        QCOMPARE(process.exitCode(), 0);
        QTemporaryDir folder;
        QString loader;
        for (const QString& file : QString(process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts)) {
            QVERIFY2(QFileInfo(file).isFile(), qPrintable(file));
            if (QFileInfo(file).fileName().startsWith("ld-"))
                loader = file;
            // Under the name that other objects ask for.
            QVERIFY(QFile::copy(file, folder.filePath(QFileInfo(file).fileName())));
        }
        QVERIFY(!loader.isEmpty());
        QVERIFY(QFile::copy(LAPIDARY_SERVE, folder.filePath("lapidary-serve")));
        process.setWorkingDirectory(folder.path());
        process.start(loader, {"--library-path", folder.path(), "./lapidary-serve", "--libraries"});
        QVERIFY(process.waitForFinished(10000));
        QCOMPARE(process.exitCode(), 0);
        for (const QString& file : QString(process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts))
            QVERIFY2(file.startsWith(folder.path()) || file == loader, qPrintable(file));
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createServeTest() { return std::make_unique<ServeTest>(); }

#include "serve_test.moc"

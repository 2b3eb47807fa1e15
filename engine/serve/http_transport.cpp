// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/http_transport.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <optional>
#include <set>

namespace lapidary::serve {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = net::ip::tcp;
using Failure = boost::system::error_code;

constexpr std::chrono::seconds idleTime{75}; // of a connection without a request
constexpr std::chrono::seconds bodyTime{300};
constexpr std::chrono::seconds writeTime{60};
constexpr std::chrono::seconds drainTime{2};
constexpr uint32_t headerBytes = 32 << 10;
constexpr size_t smallRead = 8 << 10;
constexpr size_t largeRead = 64 << 10;

// For co_await: errors go into failure.
auto into(Failure& failure) { return net::redirect_error(net::use_awaitable, failure); }

// "/v2/models/my%20model" -> "/v2/models/my model"
std::string decodedPath(std::string_view target)
{
    std::string path(target.substr(0, target.find('?')));
    for (size_t at = path.find('%'); at != std::string::npos; at = path.find('%', at + 1)) {
        unsigned char byte = 0;
        const char* digits = path.data() + at + 1;
        if (path.size() - at > 2 && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2)
            path.replace(at, 3, 1, static_cast<char>(byte));
    }
    return path;
}

HttpRequest requestOf(http::request<http::string_body>&& message)
{
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.path = decodedPath({message.target().data(), message.target().size()});
    for (const auto& field : message)
        request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = std::move(message.body());
    return request;
}

// Before the answer to a caller who finds the queue full: callers who come back at once, against what the
// answer says, would leave the model no processor. Longer requests cost more.
std::chrono::milliseconds pauseFor(size_t bodyBytes)
{
    return std::chrono::milliseconds(20 + std::min<size_t>(bodyBytes / 256, 980));
}

std::string headOf(const HttpAnswer& answer, bool keepAlive)
{
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
    head += std::string(http::obsolete_reason(static_cast<http::status>(answer.status)));
    if (!answer.contentType.empty())
        head += "\r\nContent-Type: " + answer.contentType;
    head += "\r\nContent-Length: " + std::to_string(answer.body.size());
    for (const auto& [name, value] : answer.headers)
        head += "\r\n" + name + ": " + value;
    return head + (keepAlive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
}

// 0: the connection ended, or the time was over; nobody waits for an answer.
int statusOf(const Failure& failure)
{
    if (failure == http::error::body_limit)
        return 413;
    if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
        return 431;
    const bool isHttp = failure.category() == make_error_code(http::error::bad_target).category();
    return isHttp && failure != http::error::end_of_stream && failure != http::error::partial_message ? 400
                                                                                                      : 0;
}

using Clock = std::chrono::steady_clock;

struct Connection {
    explicit Connection(Tcp::socket theSocket) : socket(std::move(theSocket)) { buffer.reserve(smallRead); }
    Tcp::socket socket;
    beast::flat_buffer buffer; // what was read and not yet used; what is free in it is read at once
    Clock::time_point patience = Clock::time_point::max(); // when it is closed if nothing happens
    bool isAnswering = false; // a whole request has come, and its answer has not gone
};

// Asks to stop when the other side hangs up. More bytes may be the next request: then nobody watches.
void watchForEnd(const std::shared_ptr<Connection>& connection, std::stop_source gone)
{
    connection->socket.async_wait(
        Tcp::socket::wait_read, [connection, gone = std::move(gone)](const Failure& failure) mutable {
            if (failure)
                return; // answered before
            Failure peeked;
            char byte = 0;
            connection->socket.receive(net::buffer(&byte, 1), net::socket_base::message_peek, peeked);
            if (peeked && peeked != net::error::would_block)
                gone.request_stop();
        });
}

} // namespace

std::string_view HttpRequest::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (beast::iequals({key.data(), key.size()}, {name.data(), name.size()}))
            return value;
    }
    return {};
}

struct HttpTransport::State {
    HttpLimits limits;
    Handler handler;
    Refusal refusal;
    net::io_context loop{1}; // one thread
    Tcp::acceptor acceptor{loop};
    net::steady_timer watchTimer{loop};
    std::set<Connection*> connections;
    const Connection* newest = nullptr; // that a request came from; perhaps gone
    bool isStopping = false;

    net::awaitable<void> accept();
    // Closes connections where nothing happens: one timer for all, because a timer for each read costs more
    // than the read.
    net::awaitable<void> watch();
    net::awaitable<void> serve(std::shared_ptr<Connection> connection);
    net::awaitable<void> converse(const std::shared_ptr<Connection>& connection);
    net::awaitable<HttpAnswer> answerTo(HttpRequest request, const std::shared_ptr<Connection>& connection);
    // False when it could not be sent.
    net::awaitable<bool> send(Connection& connection, const HttpAnswer& answer, bool keepAlive, bool hasBody);
    net::awaitable<void> refuse(Connection& connection, int status);
};

net::awaitable<void> HttpTransport::State::accept()
{
    Failure failure;
    while (acceptor.is_open()) {
        Tcp::socket socket = co_await acceptor.async_accept(into(failure));
        if (!failure) {
            co_spawn(loop, serve(std::make_shared<Connection>(std::move(socket))), net::detached);
        } else if (acceptor.is_open()) { // no more file descriptors, most likely
            net::steady_timer pause(loop, std::chrono::milliseconds(100));
            co_await pause.async_wait(into(failure));
        }
    }
}

net::awaitable<void> HttpTransport::State::watch()
{
    Failure ignored;
    while (!isStopping) {
        watchTimer.expires_after(std::chrono::seconds(1));
        co_await watchTimer.async_wait(into(ignored));
        for (Connection* connection : connections) {
            if (Clock::now() > connection->patience)
                connection->socket.close(ignored);
        }
    }
}

net::awaitable<void> HttpTransport::State::serve(std::shared_ptr<Connection> connection)
{
    Failure ignored;
    connection->socket.set_option(Tcp::no_delay(true), ignored);
    connections.insert(connection.get());
    try {
        if (static_cast<int>(connections.size()) > limits.connections)
            co_await refuse(*connection, 503);
        else
            co_await converse(connection);
    } catch (const std::exception&) {
        // No memory for the request: this connection ends, the others go on.
    }
    connections.erase(connection.get());
    connection->socket.close(ignored);
}

net::awaitable<void> HttpTransport::State::converse(const std::shared_ptr<Connection>& connection)
{
    Tcp::socket& socket = connection->socket;
    Failure failure;
    for (bool keepAlive = true; keepAlive && !isStopping;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(limits.requestBytes);
        parser.header_limit(headerBytes);
        connection->patience = Clock::now() + idleTime;
        co_await http::async_read_header(socket, connection->buffer, parser, into(failure));
        if (!failure && beast::iequals(parser.get()[http::field::expect], "100-continue"))
            co_await net::async_write(socket, net::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                      into(failure));
        if (!failure && !parser.is_done()) {
            connection->patience = Clock::now() + bodyTime;
            if (parser.content_length().value_or(largeRead) >= largeRead)
                connection->buffer.reserve(largeRead);
            co_await http::async_read(socket, connection->buffer, parser, into(failure));
        }
        if (failure) {
            if (const int status = statusOf(failure))
                co_await refuse(*connection, status);
            co_return;
        }
        keepAlive = parser.get().keep_alive();
        HttpRequest request = requestOf(parser.release());
        const bool hasBody = request.method != "HEAD";
        const size_t bodyBytes = request.body.size();
        connection->isAnswering = true;
        connection->patience = Clock::time_point::max();
        const HttpAnswer answer = co_await answerTo(std::move(request), connection);
        if (answer.status == 429) {
            net::steady_timer pause(loop, pauseFor(bodyBytes));
            co_await pause.async_wait(into(failure));
        }
        keepAlive = keepAlive && !isStopping;
        if (!co_await send(*connection, answer, keepAlive, hasBody))
            co_return;
        connection->isAnswering = false;
    }
    socket.shutdown(Tcp::socket::shutdown_send, failure);
}

net::awaitable<HttpAnswer> HttpTransport::State::answerTo(HttpRequest request,
                                                          const std::shared_ptr<Connection>& connection)
{
    // The coroutine goes on in the loop when somebody calls the function that the handler gets.
    const auto begin = [&](auto resume) {
        using Resume = decltype(resume);
        struct Waiting {
            Resume resume;
            net::executor_work_guard<net::io_context::executor_type> work; // the loop must not end before
        };
        auto waiting = std::make_shared<Waiting>(Waiting{std::move(resume), net::make_work_guard(loop)});
        std::stop_source gone;
        watchForEnd(connection, gone);
        const bool isAlone = newest == connection.get();
        newest = connection.get();
        handler(std::move(request), std::move(gone), isAlone, [this, waiting](HttpAnswer answer) {
            net::post(loop,
                      [waiting, given = std::move(answer)]() mutable { waiting->resume(std::move(given)); });
        });
    };
    HttpAnswer answer = co_await net::async_initiate<decltype(net::use_awaitable), void(HttpAnswer)>(
        begin, net::use_awaitable);
    Failure ignored;
    connection->socket.cancel(ignored); // the watch
    co_return answer;
}

net::awaitable<bool> HttpTransport::State::send(Connection& connection, const HttpAnswer& answer,
                                                bool keepAlive, bool hasBody)
{
    const std::string head = headOf(answer, keepAlive);
    const std::array parts{net::buffer(head),
                           net::buffer(answer.body.data(), hasBody ? answer.body.size() : 0)};
    Failure failure;
    connection.patience = Clock::now() + writeTime;
    co_await net::async_write(connection.socket, parts, into(failure));
    co_return !failure;
}

// Whoever still sends must be read for a while, or the answer is lost when the connection is reset.
net::awaitable<void> HttpTransport::State::refuse(Connection& connection, int status)
{
    if (!co_await send(connection, refusal(status), false, true))
        co_return;
    Failure failure;
    connection.socket.shutdown(Tcp::socket::shutdown_send, failure);
    std::array<char, 16384> unused;
    connection.patience = Clock::now() + drainTime;
    while (!failure)
        co_await connection.socket.async_read_some(net::buffer(unused), into(failure));
}

HttpTransport::HttpTransport(HttpLimits limits, Handler handler, Refusal refusal)
    : m_state(std::make_unique<State>(limits, std::move(handler), std::move(refusal)))
{
}

HttpTransport::~HttpTransport() = default;

Result<int> HttpTransport::bind(const std::string& host, int port)
{
    const auto error = [&](const Failure& failure) {
        return makeError(ErrorCode::IoError,
                         "cannot listen on " + host + ":" + std::to_string(port) + ": " + failure.message(),
                         "Another program may use the port: choose one with --port.");
    };
    Failure failure;
    Tcp::resolver resolver(m_state->loop);
    const auto found = resolver.resolve(host, std::to_string(port), Tcp::resolver::passive, failure);
    if (failure)
        return error(failure);
    const Tcp::endpoint endpoint = *found.begin();
    Tcp::acceptor& acceptor = m_state->acceptor;
    acceptor.open(endpoint.protocol(), failure);
    if (!failure)
        acceptor.set_option(net::socket_base::reuse_address(true), failure);
    if (!failure)
        acceptor.bind(endpoint, failure);
    if (!failure)
        acceptor.listen(net::socket_base::max_listen_connections, failure);
    if (failure) {
        Failure ignored;
        acceptor.close(ignored);
        return error(failure);
    }
    return static_cast<int>(acceptor.local_endpoint().port());
}

void HttpTransport::serve()
{
    co_spawn(m_state->loop, m_state->accept(), net::detached);
    co_spawn(m_state->loop, m_state->watch(), net::detached);
    m_state->loop.run();
}

void HttpTransport::stop()
{
    net::post(m_state->loop, [state = m_state.get()] {
        state->isStopping = true;
        Failure ignored;
        state->acceptor.close(ignored);
        state->watchTimer.cancel(ignored);
        for (Connection* connection : state->connections) {
            if (!connection->isAnswering)
                connection->socket.close(ignored);
        }
    });
}

} // namespace lapidary::serve

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model that answers many callers at once: a queue of bounded length, and a thread for each
// session that takes callers from it in the order in which they came.
#pragma once

#include "engine/session/session.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace lapidary::serve {

struct ScorerOptions {
    SessionOptions session;
    int sessions = 1; // runs at the same time
    int queue = 64;   // callers that may wait; more are refused
    std::chrono::milliseconds longestWait{5000};
    std::chrono::milliseconds longestRun{0}; // 0: no limit
    int mostInRun = 1;                       // callers whose inputs are joined for one run; 1: no joining
    std::chrono::microseconds gathering{0};  // how long a session that has some callers waits for more
};

enum class Refusal { None, QueueFull, WaitedTooLong, RanTooLong, CallerGone };

struct Scored {
    Refusal refusal = Refusal::None;
    std::vector<Value> outputs{}; // of the graph, in order; empty when refused
    std::chrono::nanoseconds waited{0};
    std::chrono::nanoseconds ran{0};
};

// One caller. Its functions are called one after the other, on a thread of the scorer or inside submit().
class ScoreCall {
public:
    virtual ~ScoreCall() = default;
    // One value for each of Scorer::inputs(). Its error is the caller's fault.
    virtual Result<std::vector<Value>> decode() = 0;
    // The end of every call, exactly once; a refusal may come without decode().
    // Errors: of decode() and of Session::run.
    virtual void answer(Result<Scored> result) = 0;

    std::stop_source stop; // asked when the caller does not wait any more
};

class Scorer {
public:
    // Errors: of Session::create; InvalidArgument when inputs are to be joined and one, or an output, has a
    // fixed first dimension.
    static Result<std::unique_ptr<Scorer>> create(std::shared_ptr<const Model> model,
                                                  const ScorerOptions& options, JobContext& job);
    ~Scorer(); // nobody may be waiting
    Scorer(const Scorer&) = delete;
    Scorer& operator=(const Scorer&) = delete;

    const Model& model() const { return *m_model; }
    const TypeInfo& inputType(size_t index) const { return m_sessions.front()->inputType(index); }
    const std::vector<ValueId>& inputs() const { return m_sessions.front()->inputs(); }

    std::optional<size_t> inputNamed(std::string_view name) const; // its place in inputs()

    // Starts the threads. With warmUp each session runs once on made-up inputs, so that the first caller
    // finds it warm. When inputs are to be joined, it is tried with two. isReady() is true afterwards. Once.
    // Errors: of Session::run; InvalidArgument when a joint run gives other results than single ones.
    Status start(bool warmUp, JobContext& job);
    bool isReady() const { return m_ready; }

    // Once isReady(); one thread at a time. With mayRun the call may be served before it returns: when that
    // is quicker than to hand it to another thread, because nobody else is being served and calls have taken
    // less than half a millisecond.
    void submit(std::unique_ptr<ScoreCall> call, bool mayRun);
    int waiting() const;
    std::map<size_t, uint64_t> runSizes() const; // how many runs there were for how many callers

private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        std::unique_ptr<ScoreCall> call;
        Clock::time_point asked;
    };
    // What a session is doing, for the watch.
    struct Running {
        bool active = false;
        bool timedOut = false;
        Clock::time_point began{};
        std::stop_source stop{};
    };

    explicit Scorer(std::shared_ptr<const Model> model, const ScorerOptions& options);
    Status prepare(size_t index, bool warmUp, JobContext& job);
    static Status tryJoining(Session& session, JobContext& job);
    void work(size_t index);
    std::vector<Waiting> take(std::unique_lock<std::mutex>& lock);
    void serveTogether(size_t index, std::span<const Waiting> callers);
    void serve(size_t index, ScoreCall& call, Clock::time_point asked);
    struct Decoded {
        ScoreCall* call = nullptr;
        std::chrono::nanoseconds waited{0};
        std::vector<Value> inputs{};
    };
    // False when there is nothing to run: the call was answered.
    static bool decode(ScoreCall& call, std::vector<Value>& inputs);
    void answer(size_t index, ScoreCall& call, std::span<const Value> inputs,
                std::chrono::nanoseconds waited);
    // False when nobody was answered.
    bool answerJoined(size_t index, std::span<const Decoded> callers);
    Result<RunResult> run(size_t index, std::span<const Value> inputs, const std::stop_source& stop,
                          size_t callers);
    void wakeWatch();
    void watch();

    std::shared_ptr<const Model> m_model;
    ScorerOptions m_options;
    std::vector<std::unique_ptr<Session>> m_sessions;
    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_came;
    std::condition_variable m_busy; // wakes the watch
    bool m_watching = false;        // the watch looks again by itself
    bool m_ending = false;
    std::deque<Waiting> m_queue;
    size_t m_idle = 0; // threads without a caller
    std::map<size_t, uint64_t> m_runSizes;
    std::vector<Running> m_running; // one for each session
    std::chrono::nanoseconds m_usual{
        std::chrono::hours(1)}; // what a call takes, from its decoding to its answer
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_ready = false;
};

} // namespace lapidary::serve

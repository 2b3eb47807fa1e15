// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model that answers many callers at once: sessions, and a queue of bounded length before them.
#pragma once

#include "engine/session/session.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace lapidary::serve {

struct ScorerOptions {
    SessionOptions session;
    int sessions = 1; // runs at the same time
    int queue = 64;   // callers that may wait; more are refused
    std::chrono::milliseconds longestWait{5000};
};

class Scorer {
public:
    // Errors: of Session::create.
    static Result<std::unique_ptr<Scorer>> create(std::shared_ptr<const Model> model,
                                                  const ScorerOptions& options, JobContext& job);

    const Model& model() const { return *m_model; }
    const TypeInfo& inputType(size_t index) const { return m_sessions.front()->inputType(index); }
    const std::vector<ValueId>& inputs() const { return m_sessions.front()->inputs(); }

    // Each session runs once on made-up inputs, so that the first caller finds it warm. isReady() is true
    // afterwards. Errors: of Session::run.
    Status warmUp(JobContext& job);
    void skipWarmUp() { m_ready = true; }
    bool isReady() const { return m_ready; }

    enum class Refusal { None, QueueFull, WaitedTooLong };
    struct Scored {
        Refusal refusal = Refusal::None;
        std::vector<Value> outputs; // of the graph, in order; empty when refused
        std::chrono::nanoseconds waited{0};
        std::chrono::nanoseconds ran{0};
    };
    // inputs: one for each of inputs(). Any thread. Errors: of Session::run.
    Result<Scored> score(std::span<const Value> inputs, JobContext& job);

    int waiting() const;

private:
    explicit Scorer(std::shared_ptr<const Model> model, const ScorerOptions& options);
    Session* acquire(Refusal& refusal);
    void release(Session* session);

    std::shared_ptr<const Model> m_model;
    ScorerOptions m_options;
    std::vector<std::unique_ptr<Session>> m_sessions;
    // A caller in the queue; a session is handed to the one who came first.
    struct Waiter {
        std::condition_variable served;
        Session* session = nullptr;
    };
    mutable std::mutex m_mutex; // guards m_idle, m_queue and what is in it
    std::vector<Session*> m_idle;
    std::list<Waiter*> m_queue;
    std::atomic<bool> m_ready = false;
};

} // namespace lapidary::serve

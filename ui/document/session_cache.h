// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: keeps the session of a model between runs, so that a second run with the same options
// starts at once. Used on the lane "run" only, which runs one job at a time: no lock.
#pragma once

#include "engine/session/session.h"

namespace lapidary {

bool sameOptions(const SessionOptions& a, const SessionOptions& b);

class SessionCache {
public:
    explicit SessionCache(std::shared_ptr<const Model> model);

    // The session for options; made if there is none yet or it was for others. createMs: 0 when
    // it was there. The pointer is valid until the next call. Errors: those of Session::create.
    Result<Session*> session(const SessionOptions& options, JobContext& job, double& createMs);

private:
    std::shared_ptr<const Model> m_model;
    std::unique_ptr<Session> m_session;
    SessionOptions m_options; // of m_session, as asked for
};

} // namespace lapidary

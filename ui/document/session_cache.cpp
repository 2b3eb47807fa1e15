// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/session_cache.h"

#include <chrono>

namespace lapidary {

bool sameOptions(const SessionOptions& a, const SessionOptions& b)
{
    return a.device == b.device && a.threads == b.threads && a.precision == b.precision && a.dims == b.dims;
}

SessionCache::SessionCache(std::shared_ptr<const Model> model) : m_model(std::move(model)) {}

Result<Session*> SessionCache::session(const SessionOptions& options, JobContext& job, double& createMs)
{
    createMs = 0;
    if (m_session && sameOptions(options, m_options))
        return m_session.get();
    m_session.reset(); // two sessions of a large model may not fit into memory
    const auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(m_session, Session::create(m_model, options, job));
    m_options = options;
    createMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return m_session.get();
}

} // namespace lapidary

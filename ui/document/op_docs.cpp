// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/op_docs.h"

namespace lapidary {

OpDocs::OpDocs(JobQueue& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {}

OpDocs::Answer OpDocs::find(const Model& model, const Node& node)
{
    const Key key{node.domain, node.opType, model.opsetVersion(node.domain)};
    if (const auto known = m_known.find(key); known != m_known.end()) {
        if (!known->second)
            return {State::Unknown, nullptr};
        return {State::Known, &*known->second};
    }
    if (m_loading.contains(key))
        return {};
    JobOptions options;
    options.title = tr("Looking up %1").arg(QString::fromStdString(node.opType)).toStdString();
    options.lane = "documentation";
    options.withOwner(m_alive);
    using Found = std::optional<OpDocumentation>;
    m_loading[key] = m_jobs.start(
        std::move(options),
        [key](JobContext&) -> Result<Found> {
            return opDocumentation(std::get<0>(key), std::get<1>(key), std::get<2>(key));
        },
        [this, key](Result<Found> result) {
            m_loading.erase(key);
            if (!result.ok())
                return; // stopped: asked again when it is needed
            m_known[key] = std::move(result).value();
            emit loaded();
        });
    return {};
}

} // namespace lapidary

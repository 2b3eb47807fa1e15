// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: documentation of operators for panels, fetched in the background and kept. GUI thread.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/ir/model.h"
#include "engine/onnx/op_docs.h"

#include <QObject>

#include <map>
#include <tuple>

namespace lapidary {

class OpDocs : public QObject {
    Q_OBJECT
public:
    explicit OpDocs(JobQueue& jobs, QObject* parent = nullptr);

    enum class State { Loading, Known, Unknown };
    struct Answer {
        State state = State::Loading;
        const OpDocumentation* documentation = nullptr; // set when Known; lives as long as this
    };
    // The documentation for the node's own opset. Loading: loaded() follows when it is there.
    Answer find(const Model& model, const Node& node);

signals:
    void loaded();

private:
    using Key = std::tuple<std::string, std::string, int64_t>; // domain, operator, opset

    JobQueue& m_jobs;
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
    std::map<Key, std::optional<OpDocumentation>> m_known;
    std::map<Key, JobId> m_loading;
};

} // namespace lapidary

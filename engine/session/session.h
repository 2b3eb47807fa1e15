// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model made ready to run on chosen devices, and its runs.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/ir/value.h"
#include "engine/passes/pass_selection.h"

#include <map>
#include <set>

namespace lapidary {

struct SessionOptions {
    std::string device = "cpu";
    int threads = 0; // 0: one for each physical core
    Precision precision = Precision::Float32;
    PassSelection passes; // rewrites of the graph; results stay the same within rounding
    // Sizes for named dimensions of the inputs: "batch" -> 4.
    std::map<std::string, int64_t> dims;
};

// Who runs a node, and why not the device that was asked for.
struct NodePlacement {
    NodeId node = noNode;
    std::string backend;        // "cpu"; empty: computed once when the session was made
    std::string implementation; // "oneDNN", "plain": of the newest run, else the row chosen
    std::string reason;         // empty when the node is where the user wanted it
    NodeId within = noNode;     // the node whose kernel does this one's work too
};

struct NodeTiming {
    NodeId node = noNode; // of the file; several timings may be of one node, others run within another one
    int64_t startNs = 0;  // since the start of the run
    int64_t durationNs = 0;
    uint64_t bytes = 0; // read and written: inputs plus outputs
    std::string implementation;
};

struct Profile {
    std::vector<NodeTiming> nodes; // in order of execution
    int64_t totalNs = 0;
};

struct RunOptions {
    bool profile = false;
    // Values whose tensors are kept in RunResult::intermediates, where they still exist after the passes:
    // only a session without passes has all of them.
    std::set<ValueId> keep;
};

struct RunResult {
    std::vector<Value> outputs; // in the order of Graph::outputs
    std::map<ValueId, Value> intermediates;
    Profile profile; // totalNs always; nodes only when asked for
};

class Session {
public:
    // Folds constants, chooses kernels, packs weights. Errors: UnsupportedOp (names every node that
    // cannot run and why), BackendUnavailable, InvalidModel, OutOfMemory, Cancelled.
    static Result<std::unique_ptr<Session>> create(std::shared_ptr<const Model> model, SessionOptions options,
                                                   JobContext& job);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const Model& model() const;
    const SessionOptions& options() const;
    // The inputs that run() wants, in order: Graph::requiredInputs().
    const std::vector<ValueId>& inputs() const;
    // What an input must look like: declared type with options().dims applied.
    const TypeInfo& inputType(size_t index) const;
    const std::vector<NodePlacement>& placements() const;
    // What the passes did to the main graph.
    const std::vector<PassReport>& passes() const;

    // inputs: one value for each of inputs(). One run at a time (the caller sees to it); any thread.
    // Progress is reported per node. Errors: InvalidArgument, ShapeMismatch (naming the input),
    // OutOfMemory, BackendFailure, Cancelled; errors of a node carry it in their trail.
    Result<RunResult> run(std::span<const Value> inputs, const RunOptions& options, JobContext& job);

private:
    struct State;
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace lapidary

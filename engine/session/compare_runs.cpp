// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/compare_runs.h"

#include "engine/diff/content.h"
#include "engine/ops/inference.h"

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// A result of matched nodes, in both models.
struct ValuePair {
    size_t node; // in the list of errors
    ValueId before;
    ValueId after;
    uint64_t bytes; // of one of them; 0: not known
};

class Runs {
public:
    Runs(Session& before, Session& after, JobContext& job) : m_before(before), m_after(after), m_job(job) {}

    // Compares the pairs of one round.
    Status compare(std::span<const ValuePair> pairs, std::span<const Value> inputsBefore,
                   std::span<const Value> inputsAfter, std::vector<NodeError>& errors)
    {
        RunOptions keepBefore, keepAfter;
        for (const ValuePair& pair : pairs) {
            keepBefore.keep.insert(pair.before);
            keepAfter.keep.insert(pair.after);
        }
        TRY_ASSIGN(const RunResult before, run(m_before, inputsBefore, keepBefore));
        TRY_ASSIGN(const RunResult after, run(m_after, inputsAfter, keepAfter));
        for (const ValuePair& pair : pairs) {
            const auto a = before.intermediates.find(pair.before);
            const auto b = after.intermediates.find(pair.after);
            if (a == before.intermediates.end() || b == after.intermediates.end())
                continue; // computed beforehand, or read by nobody
            TRY(compareValue(a->second.tensor(), b->second.tensor(), errors[pair.node]));
        }
        return {};
    }

private:
    Result<RunResult> run(Session& session, std::span<const Value> inputs, const RunOptions& options)
    {
        auto result = session.run(inputs, options, m_job);
        if (!result.ok())
            return std::move(result).error().at(session.model().path.filename().string());
        return result;
    }

    Status compareValue(const Tensor* before, const Tensor* after, NodeError& error)
    {
        if (!before || !after || before->type() == DataType::String || after->type() == DataType::String)
            return {};
        const bool first = std::isnan(error.relative);
        const double known = first ? 0 : error.relative;
        if (before->dims() != after->dims()) {
            error.relative = infinite;
            return {};
        }
        TRY_ASSIGN(const auto difference, compareTensors(*before, *after, m_job));
        double relative = 0;
        if (difference) {
            relative = difference->notFinite > 0 ? infinite : difference->relative;
            error.maxAbsolute = std::max(error.maxAbsolute, difference->maxAbsolute);
        }
        error.relative = std::max(known, relative);
        return {};
    }

    Session& m_before;
    Session& m_after;
    JobContext& m_job;
};

} // namespace

Result<std::vector<Value>> inputsOfOther(const Session& to, const Session& from,
                                         std::span<const Value> inputs)
{
    const auto nameOf = [](const Session& session, size_t input) -> const std::string& {
        return session.model().graph.value(session.inputs()[input]).name;
    };
    const auto placeOf = [&](const std::string& name) {
        for (size_t i = 0; i < from.inputs().size(); ++i) {
            if (nameOf(from, i) == name)
                return static_cast<int>(i);
        }
        return -1;
    };
    bool byName = false;
    for (size_t i = 0; i < to.inputs().size(); ++i)
        byName = byName || placeOf(nameOf(to, i)) >= 0;
    std::vector<Value> values;
    for (size_t i = 0; i < to.inputs().size(); ++i) {
        const int place = byName ? placeOf(nameOf(to, i)) : static_cast<int>(i);
        if (place < 0 || static_cast<size_t>(place) >= inputs.size())
            return makeError(ErrorCode::InvalidArgument,
                             "the other model has no input '" + nameOf(to, i) +
                                 "' that could be given to this one",
                             "Compare models of the same inputs.");
        values.push_back(inputs[static_cast<size_t>(place)]);
    }
    return values;
}

Result<std::vector<NodeError>> compareRuns(Session& before, Session& after, const NodeMatching& matching,
                                           std::span<const Value> inputs, JobContext& job, uint64_t keptBytes)
{
    TRY_ASSIGN(const std::vector<Value> inputsBefore, inputsOfOther(before, after, inputs));
    InferenceOptions inference;
    inference.dims = after.options().dims;
    TRY_ASSIGN(const InferredTypes types, inferTypes(after.model(), inference, job));
    const Graph& first = before.model().graph;
    const Graph& second = after.model().graph;

    std::vector<NodeError> errors;
    std::vector<ValuePair> pairs;
    for (size_t i = 0; i < second.nodes.size(); ++i) {
        const NodeId partner = matching.beforeOf[i];
        if (partner == noNode)
            continue;
        const std::vector<ValueId>& a = first.node(partner).outputs;
        const std::vector<ValueId>& b = second.nodes[i].outputs;
        for (size_t output = 0; output < std::min(a.size(), b.size()); ++output) {
            if (a[output] != noValue && b[output] != noValue)
                pairs.push_back(
                    {errors.size(), a[output], b[output], storageBytes(types.type(b[output])).value_or(0)});
        }
        // Not a number until one of its results was compared.
        errors.push_back({partner, static_cast<NodeId>(i), std::numeric_limits<double>::quiet_NaN(), 0});
    }

    Runs runs(before, after, job);
    for (size_t begin = 0; begin < pairs.size();) {
        size_t end = begin;
        uint64_t bytes = 0;
        while (end < pairs.size() && (end == begin || bytes + 2 * pairs[end].bytes <= keptBytes))
            bytes += 2 * pairs[end++].bytes;
        TRY(runs.compare(std::span(pairs).subspan(begin, end - begin), inputsBefore, inputs, errors));
        begin = end;
    }
    std::erase_if(errors, [](const NodeError& error) { return std::isnan(error.relative); });
    return errors;
}

} // namespace lapidary

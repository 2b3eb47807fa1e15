// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: types and shapes of every value of a model, as far as they can be known without running.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ops/op_def.h"

#include <functional>

namespace lapidary {

// Inference of nodes that the op table does not know. Same contract as InferFunction.
using InferenceFallback = std::function<Status(InferenceContext&)>;

struct InferenceOptions {
    // Sizes for named dimensions: "batch" -> 4.
    std::map<std::string, int64_t> dims;
    // Types that replace those declared for the main graph's inputs (concrete inputs of a run).
    std::unordered_map<ValueId, TypeInfo> inputTypes = {};
    InferenceFallback fallback = {}; // may be empty
};

// What is known of a value without running the model.
struct KnownValue {
    TypeInfo type;
    Tensor constant; // empty() unless it is the same in every run
    std::optional<std::vector<SymbolicInt>> ints;
};

// What surrounds a graph. A body of If, Loop, ... also sees values of the graphs around it, by name.
struct GraphEnvironment {
    const Model* model = nullptr; // for its functions
    std::span<const OpSetImport> opsets;
    std::unordered_map<std::string, KnownValue> captured;
    int depth = 0; // bodies and function calls around the graph
};
// Deeper nesting is a function that calls itself, or a hostile file.
constexpr int deepestGraph = 64;

struct InferenceFinding {
    NodeId node = noNode;
    Error error;
};

// Result for one graph.
struct InferredTypes {
    std::vector<TypeInfo> types;            // by ValueId: inferred if possible, else as declared
    std::vector<InferenceFinding> findings; // contradictions; inference went on past them
    // The same for the graphs inside nodes, as far as inference looked into them.
    std::unordered_map<const Graph*, std::shared_ptr<const InferredTypes>> bodies;

    const TypeInfo& type(ValueId id) const { return types[static_cast<size_t>(id)]; }
};

// Errors: Cancelled only.
Result<InferredTypes> inferTypes(const Model& model, const InferenceOptions& options, JobContext& job);
// For a graph inside another one. inputs: one for each of the graph's inputs, or fewer.
Result<InferredTypes> inferTypes(const Graph& graph, const GraphEnvironment& environment,
                                 std::span<const KnownValue> inputs, const InferenceOptions& options,
                                 const JobContext& job);

} // namespace lapidary

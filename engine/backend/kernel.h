// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a kernel runs one node on one backend. Kernels are made when a session is created and
// run many times; a kernel may keep state between runs (packed weights, primitives per shape), and
// is never run by two threads at once.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/ir/value.h"

#include <span>

namespace lapidary {

// A graph inside a node (a branch of If, the body of Loop, ...), ready to run. Made by the session, run
// by the kernel of the node.
class Body {
public:
    virtual ~Body() = default;
    // inputs: one for each of the graph's inputs. captures: those of the node's context. Returns one
    // value for each output of the graph. Errors: those of the nodes inside, which are in the trail.
    virtual Result<std::vector<Value>> run(std::span<const Value> inputs,
                                           std::span<const Value* const> captures, const JobContext& job) = 0;
    // What is known of the graph's outputs.
    virtual const std::vector<TypeInfo>& outputTypes() const = 0;
};

// Makes the graphs inside one node ready, with what is known of the values that they capture.
class BodyCompiler {
public:
    virtual ~BodyCompiler() = default;
    // inputTypes: what is known of the graph's inputs in every run (shapes that change must be left
    // out). Errors: UnsupportedOp (nodes inside that cannot run), InvalidModel.
    virtual Result<std::unique_ptr<Body>> compile(const Graph& body,
                                                  std::span<const TypeInfo> inputTypes) const = 0;
};

enum class Precision { Float32, Exact, BFloat16 };

// All that a backend may look at when it makes a kernel.
struct KernelRequest {
    const Model* model = nullptr;
    const Graph* graph = nullptr;
    const Node* node = nullptr;
    int64_t opsetVersion = 0; // of the node's domain
    // One for each input of the node: type and perhaps shape found by inference; Kind::Unknown if not.
    std::vector<TypeInfo> inputTypes;
    // One for each input: its value when it is the same in every run (an initializer or folded
    // constant), aligned; otherwise empty(). Kernels pack weights from here.
    std::vector<Tensor> constantInputs;
    Precision precision = Precision::Float32;
    // For nodes with graphs inside; null where nobody can run them.
    std::shared_ptr<const BodyCompiler> bodies;

    // Undefined when the input is absent or its type unknown.
    DataType inputDataType(size_t index) const
    {
        return index < inputTypes.size() ? inputTypes[index].dataType : DataType::Undefined;
    }
};

// What the session planned for the memory of one step. Empty: everything comes from the heap.
struct StepMemory {
    std::span<const TensorMemory> places; // by output; without data: from the heap
    std::span<uint64_t> asked;            // by output: set to the largest number of bytes asked for
    std::span<const uint8_t> dying;       // by input: made by a step, and nobody reads it after this one
    std::span<const uint8_t> leaving;     // by output: it outlives the run
    // Memory that ends with the run.
    const std::byte* arenaBegin = nullptr;
    const std::byte* arenaEnd = nullptr;
};

// One run of one node: its inputs, and where its outputs go.
class KernelContext {
public:
    KernelContext(std::span<const Value* const> inputs, std::span<Value> outputs, const JobContext& job,
                  std::span<const Value* const> captures = {}, const StepMemory& memory = {})
        : m_inputs(inputs), m_outputs(outputs), m_captures(captures), m_job(job), m_memory(memory)
    {
    }

    size_t inputCount() const { return m_inputs.size(); }
    size_t outputCount() const { return m_outputs.size(); }
    // False for an optional input that is left out.
    bool hasInput(size_t index) const { return index < m_inputs.size() && m_inputs[index]->present(); }
    const Value& input(size_t index) const { return *m_inputs[index]; }
    // The tensor, or an empty one (DataType::Undefined) where the input is absent or a container: a
    // kernel that checks its input's type needs no other check.
    const Tensor& tensor(size_t index) const;

    // Values that graphs inside the node read by name, in the order of Node::captures.
    std::span<const Value* const> captures() const { return m_captures; }

    // Allocates output index and keeps it; the reference is valid until the next output is set.
    Result<Tensor*> allocate(size_t index, DataType type, const Dims& dims);
    // The same, but in the memory of an input when nobody reads that any more and the sizes agree. For
    // kernels that write an element after they read all those of the inputs that lie at its place.
    Result<Tensor*> allocateOver(size_t input, size_t index, DataType type, const Dims& dims);
    void setOutput(size_t index, Value value) { m_outputs[index] = std::move(value); }

    bool stopRequested() const { return m_job.stopRequested(); }
    const JobContext& job() const { return m_job; } // for a kernel that runs another one

private:
    std::span<const Value* const> m_inputs;
    std::span<Value> m_outputs;
    std::span<const Value* const> m_captures;
    const JobContext& m_job;
    const StepMemory m_memory;
};

class Kernel {
public:
    virtual ~Kernel() = default;
    // Errors: ShapeMismatch (the inputs do not fit each other), OutOfMemory, UnsupportedOp (a type
    // known only now), BackendFailure, Cancelled. The session adds the node to the trail.
    virtual Status run(KernelContext& context) = 0;
    // What did the work, for the profile: "oneDNN jit:avx512_core", "plain". May change with shapes.
    virtual std::string implementation() const = 0;
    // Whether the kernel has all that it needs of a constant input: runs may leave it out then, and the
    // memory of weights that were packed is free.
    virtual bool keepsConstant(size_t /*input*/) const { return false; }
};

// The kernel, or the reason why this one cannot serve the node (ErrorCode::UnsupportedOp).
using KernelFactory = Result<std::unique_ptr<Kernel>> (*)(const KernelRequest&);

// One row of a backend's kernel table. Rows of an operator are tried in order, fastest first, plain
// C++ last.
struct KernelRow {
    std::string_view domain; // "" is ai.onnx
    std::string_view opType;
    int firstOpset; // serves opset versions firstOpset..lastOpset of the domain
    int lastOpset;
    std::string_view implementation; // "oneDNN", "plain", ...
    KernelFactory create;

    bool serves(std::string_view nodeDomain, std::string_view nodeOpType, int64_t opset) const
    {
        return opType == nodeOpType && domainName(domain) == domainName(nodeDomain) && opset >= firstOpset &&
               opset <= lastOpset;
    }
};
constexpr int newestOpset = 1 << 20; // lastOpset of a row that serves every newer version

} // namespace lapidary

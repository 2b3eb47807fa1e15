// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a model as a graph, in memory, independent of the file format. Built once by a reader,
// immutable afterwards, shared between threads as shared_ptr<const Model>.
#pragma once

#include "engine/ir/attribute.h"

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

namespace lapidary {

// Index into Graph::values(). Names are resolved once, by the reader.
using ValueId = int32_t;
constexpr ValueId noValue = -1; // an optional input or output that is not connected
using NodeId = int32_t;
constexpr NodeId noNode = -1;

// Fields of a message of the file that are not read (training, devices, what a newer ONNX added), as they are
// stored there: a model that is saved again keeps them.
using OtherFields = std::string;

using MetadataList = std::vector<std::pair<std::string, std::string>>;

// One edge (or hyperedge) of the graph: a named value, its producer and its consumers.
struct GraphValue {
    std::string name;
    TypeInfo type; // as declared in the file; inference results are kept apart (engine/ops)
    std::string doc;
    NodeId producer = noNode;
    std::vector<NodeId> consumers; // each node once, ascending
    int32_t initializer = -1;      // index into Graph::initializers()
    bool isInput = false;          // in Graph::inputs() (old files list initializers there too)
    bool isOutput = false;
    bool isOuter = false; // named in this body, defined in a graph around it
    OtherFields otherFields;
};

struct Node {
    std::string name; // may be empty
    std::string opType;
    std::string domain; // "" is ai.onnx
    std::string overload;
    std::string doc;
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    std::vector<ValueId> captures; // values of this graph that bodies inside the node read by name
    std::vector<Attribute> attributes;
    MetadataList metadata;
    OtherFields otherFields;

    // Null when absent.
    const Attribute* attribute(std::string_view attributeName) const;
    // The graphs inside the node (branches of If, the body of Loop, ...), in the order of its attributes.
    std::vector<std::shared_ptr<const Graph>> bodies() const;
    // The value, or fallback when the attribute is absent or of another type.
    int64_t intAttribute(std::string_view attributeName, int64_t fallback) const;
    float floatAttribute(std::string_view attributeName, float fallback) const;
    std::string stringAttribute(std::string_view attributeName, std::string_view fallback) const;
    std::vector<int64_t> intsAttribute(std::string_view attributeName,
                                       std::vector<int64_t> fallback = {}) const;
};

struct Initializer {
    TensorRef tensor;
    ValueId value = noValue;
};

struct SparseInitializer {
    SparseTensorRef tensor;
    ValueId value = noValue;
};

class Graph {
public:
    std::string name;
    std::string doc;
    MetadataList metadata;
    std::vector<GraphValue> values;
    std::vector<Node> nodes; // topological order, as in the file
    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    std::vector<Initializer> initializers;
    std::vector<SparseInitializer> sparseInitializers;
    // value name -> (role such as "SCALE_TENSOR", name of the tensor)
    std::map<std::string, MetadataList> quantization;
    OtherFields otherFields;

    const GraphValue& value(ValueId id) const { return values[static_cast<size_t>(id)]; }
    const Node& node(NodeId id) const { return nodes[static_cast<size_t>(id)]; }
    // noValue when the graph has no such name.
    ValueId findValue(std::string_view valueName) const;
    // Null when the value is not an initializer.
    const TensorRef* initializerOf(ValueId id) const;
    // The tensor that the value always is: an initializer, or what a Constant node holds. Null for others,
    // and for what no TensorRef holds (numbers and texts of a Constant, sparse tensors).
    const TensorRef* constantOf(ValueId id) const;
    // Inputs that somebody must feed: those without an initializer.
    std::vector<ValueId> requiredInputs() const;

    // For the reader: returns the id of the name, adding a value if it is new.
    ValueId addValue(std::string_view valueName);
    // For the reader, once, when all is in: fills captures, producers and consumers.
    void connect();

    // For edits. The name must be free; bodies that read the value are not changed.
    void rename(ValueId id, const std::string& valueName);
    // After nodes, inputs or outputs were changed: what connect() filled is found anew.
    void reconnect();

private:
    std::unordered_map<std::string, ValueId> m_ids;
};

struct OpSetImport {
    std::string domain; // "" is ai.onnx
    int64_t version = 0;
};
// The version that a list of imports gives a domain; 0 when it does not import the domain.
int64_t opsetVersion(std::span<const OpSetImport> opsets, std::string_view domain);

// A function defined in the model itself (FunctionProto).
struct Function {
    std::string name;
    std::string domain;
    std::string overload;
    std::string doc;
    std::vector<std::string> attributeNames;  // required ones
    std::vector<Attribute> attributeDefaults; // optional ones
    std::vector<OpSetImport> opsets;
    Graph body;
    MetadataList metadata;
    OtherFields otherFields;
};

struct Model {
    std::filesystem::path path; // empty when not from a file
    uint64_t fileSizeBytes = 0;
    int64_t irVersion = 0;
    std::string producerName;
    std::string producerVersion;
    std::string domain;
    int64_t modelVersion = 0;
    std::string doc;
    std::vector<OpSetImport> opsets;
    MetadataList metadata;
    Graph graph;
    std::vector<Function> functions;
    bool hasTrainingInfo = false;
    OtherFields otherFields;

    // Of the model's own graph; the body of a function has imports of its own.
    int64_t opsetVersion(std::string_view wanted) const { return lapidary::opsetVersion(opsets, wanted); }
    const Function* function(std::string_view domain, std::string_view functionName,
                             std::string_view overload = {}) const;
    std::string metadataValue(std::string_view key) const; // "" when absent
};

// Calls visit for the graph and for all graphs inside it; of a model, also for its functions.
void visitGraphs(const Graph& graph, const std::function<void(const Graph&)>& visit);
void visitGraphs(const Model& model, const std::function<void(const Graph&)>& visit);

// "'conv1' (Conv)", or "#12 (Conv)" for a node without a name: how messages call a node.
std::string nodeLabel(const Node& node, NodeId id);
// "ai.onnx" for the empty domain.
std::string_view domainName(std::string_view domain);

} // namespace lapidary

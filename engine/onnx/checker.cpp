// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/checker.h"

#include "engine/onnx/op_docs.h"
#include "engine/onnx/proto.h"
#include "engine/ops/op_def.h"

#include <onnx/checker.h>
#include <unordered_set>

namespace lapidary {

namespace {

// The wire format allows more, but nothing newer than this was published when ONNX 1.23 was.
constexpr int64_t newestIrVersion = 14;

class Checker {
public:
    Checker(const Model& model, JobContext& job) : m_model(model), m_job(job) {}

    Result<std::vector<CheckFinding>> run()
    {
        checkHeader();
        TRY(checkGraph(m_model.graph, m_model.opsets, "graph '" + m_model.graph.name + "'", nullptr));
        for (const Function& function : m_model.functions)
            TRY(checkGraph(function.body, function.opsets, "function '" + function.name + "'", nullptr));
        return std::move(m_findings);
    }

private:
    using Level = CheckFinding::Level;
    // Names that a body may use from the graphs around it.
    struct Scope {
        const Graph* graph = nullptr;
        const Scope* outer = nullptr;
        std::vector<bool> defined; // by ValueId of graph

        bool defines(const std::string& name) const
        {
            const ValueId id = graph->findValue(name);
            if (id != noValue && defined[static_cast<size_t>(id)])
                return true;
            return outer && outer->defines(name);
        }
    };

    void add(Level level, std::string place, std::string message, const Graph* graph = nullptr,
             NodeId node = noNode, ValueId value = noValue)
    {
        m_findings.push_back({level, std::move(message), graph, node, value, std::move(place)});
    }

    void checkHeader()
    {
        if (m_model.irVersion < 1)
            add(Level::Error, "model", "the model has no IR version");
        else if (m_model.irVersion > newestIrVersion)
            add(Level::Note, "model",
                "IR version " + std::to_string(m_model.irVersion) +
                    " is newer than this program; it is read as far as it is known");
        for (const OpSetImport& opset : m_model.opsets) {
            if (opset.version < 1)
                add(Level::Error, "model",
                    "the operator set of '" + std::string(domainName(opset.domain)) + "' has version " +
                        std::to_string(opset.version) + "; expected 1 or newer");
        }
    }

    Status checkGraph(const Graph& graph, const std::vector<OpSetImport>& opsets, const std::string& place,
                      const Scope* outer)
    {
        Scope scope{&graph, outer, std::vector<bool>(graph.values.size())};
        for (const ValueId id : graph.inputs)
            scope.defined[static_cast<size_t>(id)] = true;
        checkInitializers(graph, place, scope);
        for (size_t index = 0; index < graph.nodes.size(); ++index) {
            if (m_job.stopRequested())
                return cancelled();
            const auto id = static_cast<NodeId>(index);
            const std::string nodePlace = place + " / node " + nodeLabel(graph.node(id), id);
            TRY(checkNode(graph, opsets, id, nodePlace, scope));
        }
        for (const ValueId id : graph.outputs) {
            if (!scope.defines(graph.value(id).name))
                add(Level::Error, place, "the output '" + graph.value(id).name + "' is computed by no node",
                    &graph, noNode, id);
        }
        return {};
    }

    void checkInitializers(const Graph& graph, const std::string& place, Scope& scope)
    {
        std::unordered_set<ValueId> seen;
        for (const Initializer& initializer : graph.initializers) {
            const std::string& name = initializer.tensor.name;
            scope.defined[static_cast<size_t>(initializer.value)] = true;
            if (name.empty())
                add(Level::Error, place, "an initializer has no name", &graph);
            if (!seen.insert(initializer.value).second)
                add(Level::Error, place, "the initializer '" + name + "' is defined twice", &graph, noNode,
                    initializer.value);
            if (const auto tensor = initializer.tensor.load(); !tensor.ok())
                add(Level::Error, place, tensor.error().toString(), &graph, noNode, initializer.value);
        }
        for (const SparseInitializer& initializer : graph.sparseInitializers)
            scope.defined[static_cast<size_t>(initializer.value)] = true;
    }

    Status checkNode(const Graph& graph, const std::vector<OpSetImport>& opsets, NodeId id,
                     const std::string& place, Scope& scope)
    {
        const Node& node = graph.node(id);
        for (const ValueId input : node.inputs) {
            if (input != noValue && !scope.defines(graph.value(input).name))
                add(Level::Error, place,
                    "the input '" + graph.value(input).name +
                        "' is neither an input, a weight, nor the output of an earlier node",
                    &graph, id, input);
        }
        checkOperator(graph, opsets, id, place);
        for (const Attribute& attribute : node.attributes) {
            if (const auto* body = attribute.as<std::shared_ptr<const Graph>>())
                TRY(checkGraph(**body, opsets, place + " / " + attribute.name, &scope));
            if (const auto* bodies = attribute.as<std::vector<std::shared_ptr<const Graph>>>()) {
                for (const auto& body : *bodies)
                    TRY(checkGraph(*body, opsets, place + " / " + attribute.name, &scope));
            }
        }
        for (const ValueId output : node.outputs) {
            if (output == noValue)
                continue;
            if (scope.defined[static_cast<size_t>(output)])
                add(Level::Error, place, "the value '" + graph.value(output).name + "' is defined twice",
                    &graph, id, output);
            scope.defined[static_cast<size_t>(output)] = true;
        }
        return {};
    }

    void checkOperator(const Graph& graph, const std::vector<OpSetImport>& opsets, NodeId id,
                       const std::string& place)
    {
        const Node& node = graph.node(id);
        if (m_model.function(node.domain, node.opType, node.overload))
            return;
        int64_t opset = 0;
        for (const OpSetImport& import : opsets) {
            if (domainName(import.domain) == domainName(node.domain))
                opset = import.version;
        }
        if (opset == 0) {
            add(Level::Error, place,
                "the model imports no operator set for the domain '" + std::string(domainName(node.domain)) +
                    "'",
                &graph, id);
            return;
        }
        checkSchema(graph, id, opset, place);
    }

    // libonnx knows operators up to an opset. An operator that our table says has not changed since
    // then is still checked; a younger or changed one is not, and that is said once.
    void checkSchema(const Graph& graph, NodeId id, int64_t opset, const std::string& place)
    {
        const Node& node = graph.node(id);
        const OpDef* known = findOp(node.domain, node.opType);
        const int64_t newest = node.domain.empty() ? newestDocumentedOpset() : opset;
        if (opset > newest && (!known || known->versionAt(opset) > newest)) {
            if (m_tooNew.insert(node.opType).second)
                add(Level::Note, place,
                    node.opType + " of opset " + std::to_string(opset) +
                        " is newer than the installed ONNX library (opset " + std::to_string(newest) +
                        "): its attributes and types are not checked",
                    &graph, id);
            return;
        }
        onnx::checker::CheckerContext context;
        context.set_ir_version(7);
        context.set_opset_imports({{node.domain, static_cast<int>(std::min(opset, newest))}});
        try {
            Node shallow = node;
            std::erase_if(shallow.attributes,
                          [](const Attribute& attribute) { return attribute.data.index() == 0; });
            checkSchemaOnly(toProtoWithoutBodies(shallow, graph), context, node.domain);
        } catch (const std::exception& exception) {
            add(Level::Error, place, exception.what(), &graph, id);
        }
    }

    static void checkSchemaOnly(const onnx::NodeProto& proto, const onnx::checker::CheckerContext& context,
                                const std::string& domain)
    {
        const int version = context.get_opset_imports().at(domain);
        const onnx::OpSchema* schema =
            context.get_schema_registry()->GetSchema(proto.op_type(), version, domain);
        if (schema && !schema->Deprecated()) {
            schema->Verify(proto);
            return;
        }
        const bool standard = onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map().contains(domain);
        if (schema && schema->Deprecated())
            throw std::runtime_error("the operator " + proto.op_type() + " is deprecated in opset " +
                                     std::to_string(version));
        if (standard)
            throw std::runtime_error("there is no operator " + proto.op_type() + " in opset " +
                                     std::to_string(version) + " of " + std::string(domainName(domain)));
    }

    // Bodies are checked by checkGraph; the schema only wants to see that they are there.
    static onnx::NodeProto toProtoWithoutBodies(const Node& node, const Graph& graph)
    {
        Node copy = node;
        for (Attribute& attribute : copy.attributes) {
            if (attribute.as<std::shared_ptr<const Graph>>())
                attribute.data = std::make_shared<const Graph>();
        }
        return toProto(copy, graph);
    }

    const Model& m_model;
    JobContext& m_job;
    std::vector<CheckFinding> m_findings;
    std::unordered_set<std::string> m_tooNew;
};

} // namespace

Result<std::vector<CheckFinding>> checkModel(const Model& model, JobContext& job)
{
    return Checker(model, job).run();
}

} // namespace lapidary

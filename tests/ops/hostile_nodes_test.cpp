// SPDX-License-Identifier: GPL-3.0-or-later
// Random nodes, most of them nonsense, on every kernel row: each must give tensors or an error with a
// message, and shape inference must agree with what came out. The seed is fixed.
#include "engine/cpu/cpu_backend.h"
#include "engine/ops/inference.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>
#include <random>
#include <set>

using namespace lapidary;

namespace {

class NodeGenerator {
public:
    explicit NodeGenerator(uint32_t seed) : m_random(seed) {}

    NodeCase make(const KernelRow& row)
    {
        NodeCase nodeCase{.opType = std::string(row.opType), .inputs = {}};
        nodeCase.domain = row.domain;
        nodeCase.opset =
            std::uniform_int_distribution<int64_t>(row.firstOpset, std::min(row.lastOpset, 26))(m_random);
        nodeCase.outputCount = static_cast<size_t>(below(3)) + 1;
        const DataType type = anyOf(types);
        for (int64_t i = below(5); i > 0; --i)
            nodeCase.inputs.push_back(input(type));
        while (!nodeCase.inputs.empty() && !nodeCase.inputs.back().present())
            nodeCase.inputs.pop_back();
        for (const char* name : names) {
            if (below(5) == 0)
                nodeCase.attributes.push_back(attribute(name));
        }
        for (size_t i = 0; i < nodeCase.inputs.size(); ++i) {
            if (below(2) == 0)
                nodeCase.constants.push_back(i);
        }
        return nodeCase;
    }

private:
    static constexpr DataType types[] = {DataType::Float,   DataType::Float, DataType::Double,
                                         DataType::Float16, DataType::Int64, DataType::Int32,
                                         DataType::UInt8,   DataType::Bool};
    static constexpr int64_t oddNumbers[] = {-1, 0,       1,         2,         3,          -2,
                                             5,  1000000, INT64_MAX, INT64_MIN, -1000000007};
    static constexpr const char* names[] = {
        "axis",      "axes",      "keepdims",    "perm",       "shape",     "starts",    "ends",
        "pads",      "split",     "k",           "to",         "mode",      "blocksize", "batch_dims",
        "reduction", "direction", "num_outputs", "exclusive",  "reverse",   "scales",    "kernel_shape",
        "strides",   "dilations", "group",       "auto_pad",   "allowzero", "alpha",     "largest",
        "value",     "dtype",     "sample_size", "batch_axis", "time_axis", "broadcast", "ceil_mode",
        "antialias", "upper"};

    int64_t below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(m_random); }
    template <typename T, size_t count>
    T anyOf(const T (&list)[count])
    {
        return list[below(count)];
    }
    int64_t number() { return below(8) == 0 ? anyOf(oddNumbers) : below(6) - 1; }

    std::vector<int64_t> numbers()
    {
        std::vector<int64_t> list(static_cast<size_t>(below(5)));
        for (int64_t& value : list)
            value = number();
        return list;
    }

    Value input(DataType type)
    {
        if (below(10) == 0)
            return {};
        if (below(3) == 0) { // a list such as axes or a shape
            const std::vector<int64_t> list = numbers();
            if (below(4) == 0)
                return Tensor::scalar(number());
            return Tensor::of<int64_t>({static_cast<int64_t>(list.size())}, list);
        }
        Dims dims(static_cast<size_t>(below(5)));
        for (int64_t& dim : dims)
            dim = below(12) == 0 ? 0 : below(4) + 1;
        std::vector<double> values(static_cast<size_t>(*elementCount(dims)));
        for (double& value : values)
            value =
                static_cast<double>(below(7) - (type == DataType::UInt8 || type == DataType::Bool ? 0 : 2));
        if (type == DataType::Bool)
            for (double& value : values)
                value = value > 2;
        return tensorOf(std::move(dims), values, type);
    }

    Attribute attribute(const std::string& name)
    {
        static const char* words[] = {"nearest", "linear", "cubic",      "constant", "reflect",
                                      "edge",    "wrap",   "add",        "max",      "LEFT",
                                      "RIGHT",   "CRD",    "SAME_UPPER", "VALID",    "nonsense"};
        switch (below(5)) {
        case 0: return intsAttribute(name, numbers());
        case 1: return stringAttribute(name, anyOf(words));
        case 2: return floatAttribute(name, static_cast<float>(number()));
        default: return intAttribute(name, number());
        }
    }

    std::mt19937 m_random;
};

std::string describeCase(const NodeCase& nodeCase)
{
    std::string text = nodeCase.opType + "-" + std::to_string(nodeCase.opset);
    for (const Value& input : nodeCase.inputs)
        text += " " + describe(input);
    for (const Attribute& attribute : nodeCase.attributes)
        text += " " + attribute.name;
    return text;
}

// The first output whose inferred shape is not the one that a kernel made.
std::string disagreement(const NodeCase& nodeCase, const std::vector<Value>& outputs)
{
    Model model = makeModel(nodeCase);
    for (size_t i = 0; i < model.graph.initializers.size(); ++i)
        model.graph.values[static_cast<size_t>(model.graph.initializers[i].value)].initializer =
            static_cast<int32_t>(i);
    JobContext job;
    const InferredTypes types = inferTypes(model, {}, job).value();
    for (size_t i = 0; i < outputs.size() && i < model.graph.nodes[0].outputs.size(); ++i) {
        const TypeInfo& type = types.type(model.graph.nodes[0].outputs[i]);
        const Tensor* tensor = outputs[i].tensor();
        if (!tensor || !type.isTensor())
            continue;
        bool same = type.dataType == DataType::Undefined || type.dataType == tensor->type();
        same = same && (!type.shape || type.shape->size() == tensor->dims().size());
        for (size_t axis = 0; same && type.shape && axis < type.shape->size(); ++axis)
            same = !(*type.shape)[axis].known() || (*type.shape)[axis].value == tensor->dims()[axis];
        if (!same)
            return "output " + std::to_string(i) + " is " + describe(outputs[i]) + ", inferred " +
                   toString(type);
    }
    return {};
}

} // namespace

class HostileNodesTest : public QObject {
    Q_OBJECT
private slots:
    void random()
    {
        NodeGenerator generator(20240229);
        int succeeded = 0;
        std::string problems;
        for (const std::span<const KernelRow> family : cpuBackend().kernelTable()) {
            for (const KernelRow& row : family) {
                for (int i = 0; i < 150; ++i) {
                    const NodeCase nodeCase = generator.make(row);
                    const std::string label = describeCase(nodeCase);
                    if (qEnvironmentVariableIsSet("LAPIDARY_TRACE_NODES"))
                        qInfo("%s", label.c_str());
                    for (const RowResult& result : runOnAllRows(nodeCase)) {
                        if (!result.outputs.ok()) {
                            QVERIFY2(!result.outputs.error().message.empty(), label.c_str());
                            continue;
                        }
                        ++succeeded;
                        const std::string problem = disagreement(nodeCase, *result.outputs);
                        if (!problem.empty())
                            problems += "\n" + label + ": " + problem;
                    }
                }
            }
        }
        QVERIFY2(problems.empty(), problems.c_str());
        QVERIFY2(succeeded > 500, std::to_string(succeeded).c_str());
    }
};

std::unique_ptr<QObject> lapidary::createHostileNodesTest() { return std::make_unique<HostileNodesTest>(); }

#include "hostile_nodes_test.moc"

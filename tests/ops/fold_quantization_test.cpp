// SPDX-License-Identifier: GPL-3.0-or-later
// Small graphs of QuantizeLinear and DequantizeLinear, with the pass that folds them and without: the results
// are the same codes, but for neighbours where float32 arithmetic in another order falls on the other side of
// a middle.
#include "engine/session/backends.h"
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>
#include <set>

using namespace lapidary;

namespace {

struct Codes {
    DataType type = DataType::UInt8;
    double scale = 0.02;
    int zeroPoint = 0;
};

// Lines of a quantized graph. Every value that a function returns is float32, dequantized.
class QuantizedGraph {
public:
    std::string input(const std::string& name, Dims dims, const Codes& codes)
    {
        m_inputs.push_back(randomTensor(dims, m_seed++, DataType::Float, -2, 3));
        m_builder.input(name, toShape(dims));
        return quantized(name, codes);
    }

    std::string quantized(const std::string& value, const Codes& codes)
    {
        const std::string result = fresh();
        node("QuantizeLinear", {value, scale(codes), zero(codes)}, result + " codes");
        return dequantized(result + " codes", codes, result);
    }

    std::string dequantized(const std::string& codes, const Codes& like, std::string result = {})
    {
        return node("DequantizeLinear", {codes, scale(like), zero(like)},
                    result.empty() ? fresh() : std::move(result));
    }

    // channelAxis: -1 for one scale.
    std::string weights(Dims dims, int64_t channelAxis, int zeroPoint = 0)
    {
        const std::string name = fresh();
        std::mt19937 random(m_seed++);
        Tensor codes = Tensor::allocate(DataType::Int8, dims).value();
        for (int64_t i = 0; i < codes.count(); ++i)
            codes.mutableData<int8_t>()[i] = static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
        m_builder.constant(name + " codes", codes);
        const Dims scales = channelAxis < 0 ? Dims{} : Dims{dims[static_cast<size_t>(channelAxis)]};
        m_builder.constant(name + " scale", randomTensor(scales, m_seed++, DataType::Float, 0.002, 0.006));
        Tensor zeros = Tensor::allocate(DataType::Int8, scales).value();
        std::fill_n(zeros.mutableData<int8_t>(), zeros.count(), static_cast<int8_t>(zeroPoint));
        m_builder.constant(name + " zero", zeros);
        Node& made =
            m_builder.node("DequantizeLinear", {name + " codes", name + " scale", name + " zero"}, {name});
        if (channelAxis >= 0)
            made.attributes = {intAttribute("axis", channelAxis)};
        return name;
    }

    std::string integerBias(int64_t channels)
    {
        const std::string name = fresh();
        std::mt19937 random(m_seed++);
        Tensor codes = Tensor::allocate(DataType::Int32, {channels}).value();
        for (int64_t i = 0; i < channels; ++i)
            codes.mutableData<int32_t>()[i] = static_cast<int32_t>(random() % 20000) - 10000;
        m_builder.constant(name + " codes", codes);
        m_builder.constant(name + " scale", randomTensor({channels}, m_seed++, DataType::Float, 5e-5, 1e-4));
        m_builder.node("DequantizeLinear", {name + " codes", name + " scale"}, {name}).attributes = {
            intAttribute("axis", 0)};
        return name;
    }

    std::string constant(Tensor tensor)
    {
        const std::string name = fresh();
        m_builder.constant(name, std::move(tensor));
        return name;
    }

    std::string node(const std::string& opType, const std::vector<std::string>& inputs,
                     std::string output = {}, std::vector<Attribute> attributes = {})
    {
        if (output.empty())
            output = fresh();
        m_builder.node(opType, inputs, {output}).attributes = std::move(attributes);
        return output;
    }

    void output(const std::string& value) { m_builder.output(value); }

    // Of the operators that the passes made, as many nodes as given; outputs within a quantum of those
    // without passes. quantum: of float outputs.
    void check(size_t folded, double quantum, bool isExact = false)
    {
        const std::shared_ptr<Model> model = m_builder.opset(13).build();
        JobContext job;
        SessionOptions plain;
        plain.passes = PassSelection::none();
        auto expected = outputsOf(model, plain, nullptr);
        size_t notes = 0;
        auto found = outputsOf(model, {}, &notes);
        QCOMPARE(notes, findBackend("cpu").value()->multipliesBytes() ? folded : size_t{0});
        SessionOptions turnedOff;
        turnedOff.passes = parsePasses("-channels-last").value();
        auto step = outputsOf(model, turnedOff, nullptr); // by steps
        QCOMPARE(found.size(), expected.size());
        for (size_t i = 0; i < found.size(); ++i) {
            compare(found[i], expected[i], quantum, isExact);
            compare(step[i], expected[i], quantum, isExact);
        }
    }

private:
    std::string fresh() { return "v" + std::to_string(m_count++); }

    std::string scale(const Codes& codes)
    {
        return constant(Tensor::scalar(static_cast<float>(codes.scale)));
    }
    std::string zero(const Codes& codes)
    {
        return constant(tensorOf({}, {static_cast<double>(codes.zeroPoint)}, codes.type));
    }

    std::vector<Tensor> outputsOf(const std::shared_ptr<Model>& model, const SessionOptions& options,
                                  size_t* notes)
    {
        JobContext job;
        auto session = Session::create(model, options, job);
        if (!session.ok()) {
            QTest::qFail(session.error().message.c_str(), __FILE__, __LINE__);
            return {};
        }
        for (const PassReport& report : (*session)->passes()) {
            if (notes && report.pass == "fold-quantization")
                *notes = report.notes.size();
        }
        // Every node of the file has a place, and only one.
        std::set<NodeId> placed;
        for (const NodePlacement& placement : (*session)->placements())
            placed.insert(placement.node);
        if (placed.size() != model->graph.nodes.size() || placed.size() != (*session)->placements().size())
            QTest::qFail("placements are missing, or too many", __FILE__, __LINE__);
        std::vector<Tensor> outputs;
        for (int run = 0; run < 2; ++run) { // the second time with what was prepared
            outputs.clear();
            std::vector<Value> inputs(m_inputs.begin(), m_inputs.end());
            auto result = (*session)->run(inputs, {}, job);
            if (!result.ok()) {
                QTest::qFail(result.error().message.c_str(), __FILE__, __LINE__);
                return {};
            }
            for (const Value& value : result->outputs)
                outputs.push_back(*value.tensor());
        }
        return outputs;
    }

    static void compare(const Tensor& found, const Tensor& expected, double quantum, bool isExact)
    {
        QCOMPARE(found.type(), expected.type());
        QVERIFY(found.dims() == expected.dims());
        const double step = expected.type() == DataType::Float ? quantum : 1;
        int64_t differing = 0;
        double most = 0;
        double least = 1e9;
        double largest = -1e9;
        for (int64_t i = 0; i < found.count(); ++i) {
            const double distance = std::abs(valueAt(found, i) - valueAt(expected, i));
            most = std::max(most, distance);
            differing += distance > 0.01 * step ? 1 : 0;
            least = std::min(least, valueAt(expected, i));
            largest = std::max(largest, valueAt(expected, i));
        }
        QVERIFY2(most <= (isExact ? 1e-3 : 1.01) * step, std::to_string(most / step).c_str());
        QVERIFY2(differing <= 1 + found.count() / 200, std::to_string(differing).c_str());
        QVERIFY2(largest - least > 20 * step || found.count() < 20, "the test says nothing");
    }

    GraphBuilder m_builder;
    std::vector<Tensor> m_inputs;
    uint32_t m_seed = 1;
    int m_count = 0;
};

const std::vector<Attribute> padded{intsAttribute("pads", {1, 1, 1, 1}),
                                    intsAttribute("kernel_shape", {3, 3})};
const Codes wide{DataType::UInt8, 0.05, 120};

} // namespace

class FoldQuantizationTest : public QObject {
    Q_OBJECT

private slots:
    void convolution_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("zeroX");
        QTest::addColumn<int>("zeroY");
        QTest::addColumn<QString>("activation");
        QTest::addColumn<bool>("byChannel");
        QTest::addColumn<int>("groups");
        for (const bool isSigned : {false, true}) {
            for (const int zero : {isSigned ? 0 : 128, isSigned ? -100 : 3, isSigned ? -128 : 0}) {
                for (const char* activation : {"", "Relu", "Clip", "Sigmoid"}) {
                    for (const int groups : {1, 2, 16}) {
                        if (groups == 2 && *activation != 0)
                            continue;
                        const std::string name = std::string(isSigned ? "int8 " : "uint8 ") +
                                                 std::to_string(zero) + " " + activation + " " +
                                                 std::to_string(groups);
                        QTest::newRow(name.c_str())
                            << static_cast<int>(isSigned ? DataType::Int8 : DataType::UInt8) << zero
                            << (isSigned ? -7 : 131) << QString(activation) << (groups != 2) << groups;
                    }
                }
            }
        }
    }

    void convolution()
    {
        QFETCH(const int, type);
        QFETCH(const int, zeroX);
        QFETCH(const int, zeroY);
        QFETCH(const QString, activation);
        QFETCH(const bool, byChannel);
        QFETCH(const int, groups);
        const Codes x{static_cast<DataType>(type), 0.02, zeroX};
        const Codes y{static_cast<DataType>(type), activation == "Sigmoid" ? 0.008 : 0.06, zeroY};
        QuantizedGraph graph;
        std::vector<Attribute> attributes = padded;
        attributes.push_back(intAttribute("group", groups));
        const std::string image = graph.input("x", {2, 16, 9, 7}, x);
        const std::string weights = graph.weights({32, 16 / groups, 3, 3}, byChannel ? 0 : -1);
        const std::string bias = byChannel ? graph.integerBias(32) : graph.constant(randomTensor({32}, 5));
        std::string value = graph.node("Conv", {image, weights, bias}, {}, attributes);
        if (activation == "Clip")
            value = graph.node(
                "Clip", {value, graph.constant(Tensor::scalar(-1.5f)), graph.constant(Tensor::scalar(2.5f))});
        else if (!activation.isEmpty())
            value = graph.node(activation.toStdString(), {value});
        graph.output(graph.quantized(value, y));
        graph.check(1, y.scale);
    }

    // One sum of two convolutions, and one of a convolution and its own input.
    void residual()
    {
        for (const bool isSigned : {false, true}) {
            const DataType type = isSigned ? DataType::Int8 : DataType::UInt8;
            const int shift = isSigned ? -128 : 0;
            QuantizedGraph graph;
            const std::string x = graph.input("x", {1, 16, 8, 8}, {type, 0.02, 90 + shift});
            const std::string left =
                graph.quantized(graph.node("Conv", {x, graph.weights({24, 16, 3, 3}, 0)}, {}, padded),
                                {type, 0.047, 128 + shift});
            const std::string right = graph.quantized(
                graph.node("Conv", {x, graph.weights({24, 16, 1, 1}, 0)}), {type, 0.031, 117 + shift});
            const Codes sum{type, 0.0431, shift};
            const std::string first =
                graph.quantized(graph.node("Relu", {graph.node("Add", {left, right})}), sum);
            const std::string inside = graph.quantized(
                graph.node("Conv", {first, graph.weights({24, 24, 1, 1}, 0), graph.integerBias(24)}),
                {type, 0.037, 131 + shift});
            const Codes last{type, 0.0513, 60 + shift};
            graph.output(graph.quantized(graph.node("Add", {first, inside}), last));
            graph.check(3, last.scale);
        }
    }

    // The sum is not quantized in between.
    void residualAtOnce()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {1, 16, 8, 8}, {DataType::UInt8, 0.02, 90});
        const std::string sum =
            graph.node("Add", {graph.node("Conv", {x, graph.weights({16, 16, 1, 1}, 0)}), x});
        graph.output(graph.quantized(graph.node("Relu", {sum}), wide));
        graph.check(1, wide.scale);
    }

    void floatResults()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {1, 16, 6, 5}, {DataType::UInt8, 0.02, 90});
        const std::string convolved =
            graph.node("Conv", {x, graph.weights({16, 16, 3, 3}, 0), graph.integerBias(16)}, {}, padded);
        const std::string activated = graph.node("Relu", {convolved});
        graph.output(activated);
        graph.output(
            graph.node("Exp", {graph.node("Mul", {activated, graph.constant(Tensor::scalar(0.1f))})}));
        graph.check(1, 0.01, true);
    }

    // Pooling, flattening and joining move codes as they are; a sum at the end of the network is a product.
    void codesMove()
    {
        QuantizedGraph graph;
        const Codes same{DataType::UInt8, 0.04, 0};
        const std::string x = graph.input("x", {2, 8, 12, 12}, {DataType::UInt8, 0.02, 100});
        const std::string stem = graph.quantized(
            graph.node("Relu", {graph.node("Conv", {x, graph.weights({16, 8, 3, 3}, 0)}, {}, padded)}), same);
        const std::string pooled = graph.quantized(
            graph.node("MaxPool", {stem}, {},
                       {intsAttribute("kernel_shape", {2, 2}), intsAttribute("strides", {2, 2})}),
            same);
        const std::string branch = graph.quantized(
            graph.node("Conv", {pooled, graph.weights({8, 16, 1, 1}, 0)}), {DataType::UInt8, 0.03, 117});
        const std::string joined =
            graph.quantized(graph.node("Concat", {pooled, branch}, {}, {intAttribute("axis", 1)}), wide);
        const std::string mean =
            graph.quantized(graph.node("GlobalAveragePool", {joined}), {DataType::UInt8, 0.01, 128});
        const std::string rows = graph.node("Flatten", {mean});
        const std::string scores =
            graph.node("Gemm", {rows, graph.weights({20, 24}, 0), graph.integerBias(20)}, {},
                       {intAttribute("transB", 1)});
        const Codes last{DataType::UInt8, 0.005, 128};
        graph.output(graph.quantized(scores, last));
        // Three products and the pool; the rest only moves.
        graph.check(4, 3 * last.scale);
    }

    // Channels joined and shuffled before they are quantized, as ShuffleNet does it.
    void quantizesEarlier()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {1, 8, 6, 6}, {DataType::UInt8, 0.02, 100});
        const std::string left = graph.quantized(graph.node("Conv", {x, graph.weights({8, 8, 1, 1}, 0)}),
                                                 {DataType::UInt8, 0.03, 117});
        const std::string right = graph.quantized(graph.node("Conv", {x, graph.weights({8, 8, 1, 1}, 0)}),
                                                  {DataType::UInt8, 0.04, 131});
        const std::string joined = graph.node("Concat", {left, right}, {}, {intAttribute("axis", 1)});
        const auto shape = [&](const std::vector<double>& dims) {
            return graph.constant(tensorOf({static_cast<int64_t>(dims.size())}, dims, DataType::Int64));
        };
        const std::string groups = graph.node("Reshape", {joined, shape({1, 2, 8, 6, 6})});
        const std::string turned =
            graph.node("Transpose", {groups}, {}, {intsAttribute("perm", {0, 2, 1, 3, 4})});
        const std::string shuffled =
            graph.quantized(graph.node("Reshape", {turned, shape({1, 16, 6, 6})}), wide);
        const Codes last{DataType::UInt8, 0.1, 120};
        graph.output(graph.quantized(graph.node("Conv", {shuffled, graph.weights({8, 16, 1, 1}, 0)}), last));
        graph.check(3, last.scale);
    }

    void meansAreReduced()
    {
        for (const int64_t keeps : {0, 1}) {
            QuantizedGraph graph;
            const std::string x = graph.input("x", {3, 8, 5, 7}, {DataType::Int8, 0.02, -3});
            const Codes mean{DataType::Int8, 0.006, 4};
            graph.output(
                graph.quantized(graph.node("ReduceMean", {x}, {},
                                           {intsAttribute("axes", {2, -1}), intAttribute("keepdims", keeps)}),
                                mean));
            graph.check(1, mean.scale);
        }
    }

    void products()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {2, 5, 32}, {DataType::UInt8, 0.02, 100});
        const std::string product = graph.node("MatMul", {x, graph.weights({32, 24}, 1)});
        const std::string biased = graph.node("Add", {product, graph.constant(randomTensor({24}, 7))});
        const std::string hidden =
            graph.quantized(graph.node("Relu", {biased}), {DataType::Int8, 0.05, -128});
        const Codes last{DataType::Int8, 0.1, 3};
        graph.output(graph.quantized(graph.node("MatMul", {hidden, graph.weights({24, 40}, -1)}), last));
        graph.check(2, last.scale);
    }

    // A sum, an activation and a change of scale that stand alone.
    void elements()
    {
        QuantizedGraph graph;
        const std::string a = graph.input("a", {3, 50}, {DataType::UInt8, 0.02, 100});
        const std::string b = graph.input("b", {3, 50}, {DataType::Int8, 0.03, 5});
        const std::string sum =
            graph.quantized(graph.node("Relu", {graph.node("Add", {a, b})}), {DataType::UInt8, 0.041, 1});
        const std::string bent = graph.quantized(graph.node("Sigmoid", {sum}), {DataType::UInt8, 0.0039, 0});
        const std::string product =
            graph.quantized(graph.node("Mul", {a, bent}), {DataType::UInt8, 0.017, 101});
        graph.output(product);
        graph.output(graph.quantized(bent, {DataType::Int8, 0.0078, -128}));
        graph.check(4, 0.0078, true);
    }

    // Values that others read stay as they are.
    void leavesWhatIsRead()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {1, 8, 6, 6}, {DataType::UInt8, 0.02, 100});
        const std::string convolved = graph.node("Conv", {x, graph.weights({8, 8, 1, 1}, 0)});
        const std::string coded = graph.quantized(convolved, wide);
        graph.output(convolved); // the product takes no quantization in
        graph.output(x);
        graph.output(graph.quantized(graph.node("Add", {coded, x}), wide));
        graph.check(2, wide.scale);
    }

    void leavesOtherQuantizations()
    {
        QuantizedGraph graph;
        const std::string x = graph.input("x", {1, 8, 6, 6}, {DataType::UInt8, 0.02, 100});
        const std::string shifted = graph.weights({8, 8, 1, 1}, 0, 3); // with a zero point
        graph.output(graph.node("Conv", {x, shifted}));
        // One scale for each channel of the image.
        const std::string scales = graph.constant(randomTensor({8}, 9, DataType::Float, 0.01, 0.03));
        const std::string codes = graph.node("QuantizeLinear", {x, scales}, {}, {intAttribute("axis", 1)});
        const std::string values =
            graph.node("DequantizeLinear", {codes, scales}, {}, {intAttribute("axis", 1)});
        graph.output(graph.node("Conv", {values, graph.weights({8, 8, 1, 1}, 0)}));
        graph.check(0, 0.01, true);
    }

    // The kernels beside their steps, shape by shape.
    void rowsAgree()
    {
        const auto byte = [](double value) { return tensorOf({}, {value}, DataType::UInt8); };
        const auto codes = [](Dims dims, uint32_t seed, DataType type) {
            const Tensor numbers =
                randomTensor(dims, seed, DataType::Float, type == DataType::Int8 ? -128 : 0,
                             type == DataType::Int8 ? 127 : 255);
            std::vector<double> whole = valuesOf(numbers);
            std::transform(whole.begin(), whole.end(), whole.begin(),
                           [](double value) { return std::floor(value); });
            return tensorOf(dims, whole, type);
        };
        for (const bool is3d : {false, true}) {
            NodeCase node;
            node.opType = "QuantizedConv";
            node.opset = 1;
            node.domain = "lapidary";
            node.attributes = {
                intAttribute("channels_last", 1),
                intsAttribute("pads", is3d ? std::vector<int64_t>{1, 0, 1, 0, 1, 1}
                                           : std::vector<int64_t>{1, 0, 0, 2}),
                intsAttribute("strides", is3d ? std::vector<int64_t>{1, 2, 1} : std::vector<int64_t>{2, 1}),
                stringAttribute("activation", "Relu")};
            node.inputs = {codes(is3d ? Dims{1, 4, 5, 6, 8} : Dims{2, 7, 6, 8}, 1, DataType::UInt8),
                           Tensor::scalar(0.02f),
                           byte(77),
                           codes(is3d ? Dims{12, 8, 2, 2, 3} : Dims{12, 8, 3, 2}, 2, DataType::Int8),
                           Tensor::scalar(0.004f),
                           randomTensor({12}, 3),
                           Tensor::scalar(0.07f),
                           byte(20)};
            node.constants = {1, 2, 3, 4, 5, 6, 7};
            const std::vector<RowResult> rows = runOnAllRows(node);
            QVERIFY(!rows.empty());
            for (const RowResult& row : rows) {
                QVERIFY2(row.outputs.ok(), row.row.c_str());
                const Tensor& found = *row.outputs.value()[0].tensor();
                const Tensor& expected = *rows.back().outputs.value()[0].tensor();
                QCOMPARE(difference(found, DataType::UInt8, expected.dims(), valuesOf(expected), {1, 0}),
                         std::string());
            }
        }
    }
};

std::unique_ptr<QObject> lapidary::createFoldQuantizationTest()
{
    return std::make_unique<FoldQuantizationTest>();
}

#include "fold_quantization_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that break the contract of their operator, each in one way, in a session: wherever it is found, the
// error names the node and the operator.
#include "engine/session/session.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QTest>

using namespace lapidary;

namespace {

constexpr int64_t absurd = int64_t{1} << 40;

Tensor floats(Dims dims)
{
    const auto count = static_cast<size_t>(*elementCount(dims));
    return tensorOf(std::move(dims), std::vector<double>(count, 1));
}

Tensor ints(Dims dims)
{
    const auto count = static_cast<size_t>(*elementCount(dims));
    return tensorOf(std::move(dims), std::vector<double>(count, 1), DataType::Int32);
}

Tensor list(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

Tensor number(int64_t value) { return Tensor::scalar(value); }

Attribute axis(int64_t value) { return intAttribute("axis", value); }

// A node with the opset, inputs and attributes that break something.
NodeCase bad(std::string opType, std::vector<Value> inputs, std::vector<Attribute> attributes = {},
             int64_t opset = 18)
{
    return {.opType = std::move(opType),
            .opset = opset,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes)};
}

// A sequence of three tensors comes from the node itself only where the operator takes one.
Value sequence() { return Sequence{TypeInfo::tensor(DataType::Float), {floats({1}), floats({2})}}; }

enum class Known { Shapes, Types, Values };

// The error of creating or running a session of the one node; empty when there is none.
std::string errorOf(NodeCase nodeCase, Known known)
{
    for (size_t i = 0; known == Known::Values && i < nodeCase.inputs.size(); ++i)
        nodeCase.constants.push_back(i);
    auto model = std::make_shared<Model>(makeModel(nodeCase));
    model->graph.nodes[0].name = "culprit";
    for (size_t i = 0; i < model->graph.initializers.size(); ++i)
        model->graph.values[static_cast<size_t>(model->graph.initializers[i].value)].initializer =
            static_cast<int32_t>(i);
    std::vector<Value> fed;
    for (size_t i = 0; i < nodeCase.inputs.size(); ++i) {
        const Value& value = nodeCase.inputs[i];
        const ValueId id = model->graph.findValue("x" + std::to_string(i));
        if (!value.present() || model->graph.initializerOf(id))
            continue;
        TypeInfo& type = model->graph.values[static_cast<size_t>(id)].type;
        type = typeOf(value);
        if (known == Known::Types)
            type.shape.reset();
        fed.push_back(value);
    }
    JobContext job;
    const auto session = Session::create(model, {}, job);
    if (!session.ok())
        return session.error().toString();
    const auto result = (*session)->run(fed, {}, job);
    return result.ok() ? std::string() : result.error().toString();
}

void checkErrors(const std::vector<NodeCase>& cases)
{
    std::string problems;
    for (const NodeCase& nodeCase : cases) {
        for (const Known known : {Known::Shapes, Known::Types, Known::Values}) {
            const std::string error = errorOf(nodeCase, known);
            if (error.find("'culprit' (" + nodeCase.opType + ")") == std::string::npos)
                problems += "\n" + nodeCase.opType + " of " + std::to_string(&nodeCase - cases.data()) +
                            ": " + (error.empty() ? "no error" : error);
        }
    }
    QVERIFY2(problems.empty(), problems.c_str());
}

} // namespace

class BadNodesTest : public QObject {
    Q_OBJECT
private slots:
    void ranks()
    {
        checkErrors({
            bad("MatMul", {floats({2, 3}), floats({4, 5})}),
            bad("MatMul", {floats({}), floats({4, 5})}),
            bad("Gemm", {floats({2, 3, 1}), floats({3, 4})}),
            bad("Conv", {floats({3, 4}), floats({1, 3, 1})}),
            bad("Conv", {floats({1, 3, 4}), floats({1, 2, 1})}),
            bad("ConvTranspose", {floats({1, 3, 4}), floats({2, 3, 1})}),
            bad("Transpose", {floats({2, 3})}, {intsAttribute("perm", {0})}),
            bad("Transpose", {floats({2, 3})}, {intsAttribute("perm", {0, 0})}),
            bad("DepthToSpace", {floats({4, 2, 2})}, {intAttribute("blocksize", 2)}),
            bad("MaxPool", {floats({4, 2})}, {intsAttribute("kernel_shape", {2})}),
            bad("BatchNormalization",
                {floats({1, 3, 2}), floats({2}), floats({3}), floats({3}), floats({3})}),
            bad("InstanceNormalization", {floats({1, 3, 2}), floats({2}), floats({3})}),
            bad("LayerNormalization", {floats({2, 3}), floats({4})}, {}),
            bad("LRN", {floats({3})}, {intAttribute("size", 3)}),
            bad("LSTM", {floats({2, 3}), floats({1, 8, 3}), floats({1, 8, 2})}),
            bad("GRU", {floats({2, 1, 3}), floats({1, 6, 4}), floats({1, 6, 2})}),
            bad("Add", {floats({2, 3}), floats({2, 4})}),
            bad("Where", {tensorOf({2}, {1, 0}, DataType::Bool), floats({3}), floats({2})}),
            bad("Concat", {floats({2, 3}), floats({2, 3, 4})}, {axis(0)}),
            bad("Expand", {floats({3}), list({4})}),
            bad("Reshape", {floats({6}), list({4})}),
            bad("Einsum", {floats({2, 3}), floats({4})}, {stringAttribute("equation", "ij,j->i")}),
            bad("Det", {floats({2, 3})}),
            bad("GridSample", {floats({1, 1, 2, 2}), floats({1, 2, 2, 3})}),
            bad("NonMaxSuppression", {floats({1, 2, 3}), floats({1, 1, 2}), list({1})}),
            bad("RoiAlign", {floats({1, 1, 4, 4}), floats({1, 3}), list({0})}),
            bad("EyeLike", {floats({3})}),
            bad("Trilu", {floats({3})}),
        });
    }

    void types()
    {
        checkErrors({
            bad("Add", {floats({2}), ints({2})}),
            bad("Relu", {Tensor::ofStrings({1}, {"text"})}),
            bad("Conv", {ints({1, 1, 4}), ints({1, 1, 1})}),
            bad("And", {floats({2}), floats({2})}),
            bad("Not", {ints({2})}),
            bad("Gather", {floats({3}), floats({1})}),
            bad("Where", {floats({2}), floats({2}), floats({2})}),
            bad("BitShift", {floats({2}), floats({2})}, {stringAttribute("direction", "LEFT")}),
            bad("Cast", {floats({2})}, {intAttribute("to", 999)}),
            bad("Cast", {Tensor::ofStrings({1}, {"seven"})}, {intAttribute("to", 1)}),
            bad("Concat", {floats({2}), ints({2})}, {axis(0)}),
            bad("Slice", {floats({3}), floats({1}), floats({1})}),
            bad("MatMul", {floats({2, 2}), ints({2, 2})}),
            bad("QuantizeLinear", {floats({2}), ints({1}), floats({1})}),
            bad("ScatterND", {floats({3}), list({1}), ints({1})}),
            bad("StringNormalizer", {floats({2})}),
            bad("Add", {sequence(), floats({2})}),
            bad("SequenceAt", {floats({2}), number(0)}),
        });
    }

    void axes()
    {
        checkErrors({
            bad("Concat", {floats({2}), floats({2})}, {axis(1)}),
            bad("Softmax", {floats({2, 3})}, {axis(2)}),
            bad("LogSoftmax", {floats({2, 3})}, {axis(-3)}),
            bad("Split", {floats({2, 3})}, {axis(2), intAttribute("num_outputs", 1)}),
            bad("ReduceSum", {floats({2, 3}), list({7})}),
            bad("ReduceMax", {floats({2, 3}), list({-3})}),
            bad("ArgMax", {floats({2, 3})}, {axis(-4)}),
            bad("Gather", {floats({3}), list({0})}, {axis(1)}),
            bad("Flatten", {floats({2, 3})}, {axis(5)}),
            bad("TopK", {floats({3}), list({1})}, {axis(1)}),
            bad("CumSum", {floats({3}), number(1)}),
            bad("Unsqueeze", {floats({3}), list({0, 0})}),
            bad("Unsqueeze", {floats({3}), list({4})}),
            bad("Squeeze", {floats({3, 1}), list({0})}),
            bad("OneHot", {list({0}), number(2), floats({2})}, {axis(3)}),
            bad("LayerNormalization", {floats({2, 3}), floats({3})}, {axis(2)}),
            bad("Slice", {floats({3}), list({0}), list({1}), list({1})}),
            bad("Unique", {floats({3})}, {axis(1)}),
            bad("Compress", {floats({3}), tensorOf({1}, {1}, DataType::Bool)}, {axis(1)}),
            bad("GatherElements", {floats({3}), list({0})}, {axis(1)}),
            bad("ScatterElements", {floats({3}), list({0}), floats({1})}, {axis(-2)}),
            bad("Hardmax", {floats({3})}, {axis(1)}),
            bad("SplitToSequence", {floats({3})}, {axis(1)}),
        });
    }

    void sizes()
    {
        checkErrors({
            bad("Reshape", {floats({6}), list({-2, 3})}),
            bad("Reshape", {floats({6}), list({-1, -1})}),
            bad("ConstantOfShape", {list({-1})}),
            bad("Tile", {floats({2}), list({-1})}),
            bad("TopK", {floats({3}), list({-1})}),
            bad("TopK", {floats({3}), list({4})}),
            bad("Split", {floats({3}), list({-1, 4})}),
            bad("Split", {floats({3}), list({1, 1})}),
            bad("Range", {Tensor::scalar(0.0f), Tensor::scalar(1.0f), Tensor::scalar(0.0f)}),
            bad("Slice", {floats({3}), list({0}), list({1}), list({0}), list({0})}),
            bad("Pad", {floats({2}), list({-2, -1})}),
            bad("Pad", {floats({2}), list({1})}),
            bad("MaxPool", {floats({1, 1, 4})},
                {intsAttribute("kernel_shape", {2}), intsAttribute("strides", {0})}),
            bad("AveragePool", {floats({1, 1, 4})}, {intsAttribute("kernel_shape", {-2})}),
            bad("Conv", {floats({1, 1, 4}), floats({1, 1, 1})}, {intsAttribute("dilations", {0})}),
            bad("Conv", {floats({1, 1, 4}), floats({1, 1, 1})}, {intAttribute("group", 0)}),
            bad("Conv", {floats({1, 1, 2}), floats({1, 1, 5})}),
            bad("Resize", {floats({2}), Value(), tensorOf({1}, {-1})}),
            bad("Resize", {floats({2}), Value(), Value(), list({-1})}),
            bad("SpaceToDepth", {floats({1, 1, 2, 2})}, {intAttribute("blocksize", 0)}),
            bad("SpaceToDepth", {floats({1, 1, 3, 2})}, {intAttribute("blocksize", 2)}),
            bad("OneHot", {list({0}), number(-2), floats({2})}),
            bad("LRN", {floats({1, 3})}, {intAttribute("size", 0)}),
            bad("GroupNormalization", {floats({1, 3, 2}), floats({2}), floats({2})},
                {intAttribute("num_groups", 2)}),
            bad("HannWindow", {number(-3)}),
            bad("CenterCropPad", {floats({2}), list({-2})}),
            bad("SplitToSequence", {floats({3}), number(-1)}),
        });
    }

    void indices()
    {
        checkErrors({
            bad("Gather", {floats({3}), list({9})}),
            bad("Gather", {floats({3}), list({-4})}),
            bad("GatherElements", {floats({3}), list({3})}),
            bad("GatherND", {floats({3, 2}), tensorOf({1, 2}, {0, 2}, DataType::Int64)}),
            bad("GatherND", {floats({3}), tensorOf({1, 2}, {0, 0}, DataType::Int64)}),
            bad("ScatterElements", {floats({3}), list({3}), floats({1})}),
            bad("ScatterND", {floats({3}), tensorOf({1, 1}, {3}, DataType::Int64), floats({1})}),
            bad("ReverseSequence", {floats({2, 2}), list({1, 3})}),
            bad("SequenceAt", {sequence(), number(2)}),
            bad("SequenceInsert", {sequence(), floats({1}), number(3)}),
            bad("SequenceErase", {sequence(), number(-3)}),
            bad("RoiAlign", {floats({1, 1, 4, 4}), floats({1, 4}), list({1})}),
            bad("MaxUnpool", {floats({1, 1, 1}), tensorOf({1, 1, 1}, {99}, DataType::Int64)},
                {intsAttribute("kernel_shape", {2}), intsAttribute("strides", {2})}),
            bad("NegativeLogLikelihoodLoss", {floats({1, 3}), list({3})}),
        });
    }

    // More elements than any memory holds, or than 64 bits count.
    void absurdShapes()
    {
        checkErrors({
            bad("ConstantOfShape", {list({absurd})}),
            bad("ConstantOfShape", {list({absurd, absurd})}),
            bad("Expand", {floats({1}), list({absurd})}),
            bad("Tile", {floats({2}), list({absurd})}),
            bad("Tile", {floats({2, 2}), list({absurd, absurd})}),
            bad("Pad", {floats({2}), list({absurd, 0})}),
            bad("Pad", {floats({2}), list({INT64_MAX, INT64_MAX})}),
            bad("Range", {number(0), number(absurd), number(1)}),
            bad("Range", {number(INT64_MIN), number(INT64_MAX), number(1)}),
            bad("RandomUniform", {}, {intsAttribute("shape", {absurd})}),
            bad("RandomNormal", {}, {intsAttribute("shape", {absurd, absurd})}),
            bad("Resize", {floats({2}), Value(), Value(), list({absurd})}),
            bad("Resize", {floats({2}), Value(), tensorOf({1}, {1e30})}),
            bad("OneHot", {list({0}), number(absurd), floats({2})}),
            bad("HannWindow", {number(absurd)}),
            bad("CenterCropPad", {floats({2}), list({absurd})}),
            bad("DFT", {floats({1, 4, 1}), number(absurd)}, {axis(1)}, 17),
            bad("Upsample", {floats({2}), tensorOf({1}, {1e18})}, {}, 9),
            bad("MaxUnpool",
                {floats({1, 1, 1}), tensorOf({1, 1, 1}, {0}, DataType::Int64), list({1, 1, absurd})},
                {intsAttribute("kernel_shape", {2})}),
            bad("ConvTranspose", {floats({1, 1, 2}), floats({1, 1, 2})},
                {intsAttribute("strides", {absurd})}),
            bad("MaxPool", {floats({1, 1, 2})},
                {intsAttribute("kernel_shape", {1}), intsAttribute("pads", {absurd, absurd})}),
            bad("Col2Im", {floats({1, 4, 1}), list({absurd, absurd}), list({2, 2})}),
        });
    }

    void laterOperators()
    {
        const Tensor bytes = tensorOf({3}, {1, 2, 3}, DataType::UInt8);
        checkErrors({
            bad("AffineGrid", {floats({1, 2, 3}), list({1, 1, absurd, absurd})}, {}, 20),
            bad("AffineGrid", {floats({1, 2, 3}), list({1, 1, 2})}, {}, 20),
            bad("ImageDecoder", {bytes}, {}, 20),
            bad("ImageDecoder", {floats({3})}, {}, 20),
            bad("DeformConv", {floats({1, 1, 3, 3}), floats({1, 1, 2, 2}), floats({1, 7, 2, 2})}, {}, 19),
            bad("Attention", {floats({1, 2, 6}), floats({1, 2, 6}), floats({1, 2, 6})},
                {intAttribute("q_num_heads", 4), intAttribute("kv_num_heads", 4)}, 23),
            bad("Attention", {floats({1, 2, 6}), floats({1, 2, 6}), floats({1, 2, 6})},
                {intAttribute("q_num_heads", 0), intAttribute("kv_num_heads", 0)}, 23),
            bad("RotaryEmbedding", {floats({1, 2, 3, 5}), floats({3, 2}), floats({3, 2})}, {}, 23),
            bad("TensorScatter", {floats({1, 2, 3}), floats({1, 3, 3})}, {}, 24),
            bad("RMSNormalization", {floats({2, 3}), floats({4})}, {}, 23),
            bad("MaxRoiPool", {floats({1, 1, 4, 4}), floats({1, 4})},
                {intsAttribute("pooled_shape", {2, 2})}),
            bad("MaxRoiPool", {floats({1, 1, 4, 4}), floats({1, 5})},
                {intsAttribute("pooled_shape", {absurd, absurd})}),
            bad("Multinomial", {floats({1, 3})}, {intAttribute("sample_size", absurd)}),
            bad("Multinomial", {floats({1, 3})}, {intAttribute("sample_size", -1)}),
            bad("STFT", {floats({1, 8, 1}), number(0), Value(), number(4)}),
            bad("STFT", {floats({1, 8, 1}), number(2), Value(), number(absurd)}),
            bad("DFT", {floats({4, 3})}, {axis(1)}, 17),
            bad("MelWeightMatrix",
                {number(absurd), number(8), number(8000), Tensor::scalar(0.0f), Tensor::scalar(4000.0f)}),
            bad("MelWeightMatrix",
                {number(-1), number(8), number(8000), Tensor::scalar(0.0f), Tensor::scalar(4000.0f)}),
            bad("BlackmanWindow", {number(absurd)}),
            bad("QuantizeLinear", {floats({2, 3}), floats({2}), tensorOf({2}, {0, 0}, DataType::UInt8)},
                {axis(1)}),
            bad("DequantizeLinear", {tensorOf({2, 3}, {1, 2, 3, 4, 5, 6}, DataType::UInt8), floats({2, 2})},
                {intAttribute("block_size", 0)}, 21),
            bad("MatMulInteger", {bytes, bytes, tensorOf({2}, {0, 0}, DataType::UInt8)}),
            bad("MatMulInteger", {floats({2, 2}), floats({2, 2})}),
            bad("QLinearMatMul",
                {bytes, floats({1}), tensorOf({1}, {0}, DataType::UInt8),
                 tensorOf({2}, {1, 1}, DataType::UInt8), floats({1}), tensorOf({1}, {0}, DataType::UInt8),
                 floats({1}), tensorOf({1}, {0}, DataType::UInt8)}),
            bad("LSTM", {floats({2, 1, 3}), floats({1, 8, 3}), floats({1, 8, 2})},
                {intAttribute("hidden_size", absurd)}),
            bad("RNN", {floats({2, 1, 3}), floats({1, 2, 3}), floats({1, 2, 2})},
                {stringAttribute("direction", "sideways")}),
            bad("RNN", {floats({2, 1, 3}), floats({1, 2, 3}), floats({1, 2, 2})},
                {stringsAttribute("activations", {"NoSuch"})}),
            bad("Einsum", {floats({2})}, {stringAttribute("equation", "i->j")}),
            bad("Einsum", {floats({2})}, {stringAttribute("equation", ">-")}),
            bad("GatherND", {floats({2, 2}), tensorOf({2, 1}, {0, 0}, DataType::Int64)},
                {intAttribute("batch_dims", 2)}),
            bad("Unsqueeze", {floats({2}), list({-5})}),
            bad("Tile", {floats({2}), list({1, 1})}),
            bad("BitwiseAnd", {floats({2}), floats({2})}),
            bad("Resize", {floats({2}), Value(), tensorOf({1}, {2})}, {stringAttribute("mode", "nonsense")}),
            bad("Resize", {floats({2}), Value(), tensorOf({2}, {2, 2})}),
            bad("TfIdfVectorizer", {list({1})},
                {stringAttribute("mode", "TF"), intAttribute("min_gram_length", 1),
                 intAttribute("max_gram_length", 1), intAttribute("max_skip_count", 0),
                 intsAttribute("ngram_counts", {9}), intsAttribute("ngram_indexes", {absurd}),
                 intsAttribute("pool_int64s", {1})}),
            bad("RegexFullMatch", {Tensor::ofStrings({1}, {"a"})}, {stringAttribute("pattern", "(")}, 20),
            bad("StringSplit", {floats({1})}, {}, 20),
            bad("SoftmaxCrossEntropyLoss", {floats({1, 3}), list({-1})}),
            bad("BatchNormalization", {floats({3}), floats({3}), floats({3}), floats({3}), floats({3})}),
            bad("LpPool", {floats({1, 1, 4})}, {intAttribute("p", 0), intsAttribute("kernel_shape", {2})}),
            bad("GlobalAveragePool", {floats({3})}),
            bad("CumProd", {floats({3}), number(2)}, {}, 26),
            bad("NoSuchOperator", {floats({3})}),
        });
    }

    void otherDomains()
    {
        const auto of = [](const char* domain, NodeCase node, int64_t opset = 1) {
            node.domain = domain;
            node.opset = opset;
            return node;
        };
        const Tensor bytes = tensorOf({2, 2}, {1, 2, 3, 4}, DataType::UInt8);
        const char* microsoft = "com.microsoft";
        const char* ml = "ai.onnx.ml";
        checkErrors({
            of(microsoft, bad("MatMulNBits", {floats({1, 32}), bytes, floats({2})},
                              {intAttribute("K", 32), intAttribute("N", 2), intAttribute("bits", 4),
                               intAttribute("block_size", 32)})),
            of(microsoft, bad("MatMulNBits", {floats({1, 32}), bytes, floats({2})},
                              {intAttribute("K", absurd), intAttribute("N", absurd), intAttribute("bits", 4),
                               intAttribute("block_size", 32)})),
            of(microsoft, bad("Attention", {floats({1, 2, 4}), floats({4, 12}), floats({12})},
                              {intAttribute("num_heads", 0)})),
            of(microsoft, bad("Attention", {floats({1, 2, 4}), floats({5, 12}), floats({12})},
                              {intAttribute("num_heads", 2)})),
            of(microsoft, bad("MultiHeadAttention", {floats({1, 2, 4}), floats({1, 2, 5}), floats({1, 2, 4})},
                              {intAttribute("num_heads", 2)})),
            of(microsoft, bad("FusedConv", {floats({1, 1, 4}), floats({1, 2, 1})})),
            of(microsoft, bad("FusedMatMul", {floats({2, 3}), floats({2, 3})})),
            of(microsoft, bad("QLinearAdd", {bytes, floats({1}), bytes})),
            of(microsoft, bad("GatherBlockQuantized", {bytes, list({9}), floats({2, 1})},
                              {intAttribute("block_size", 16)})),
            of(microsoft, bad("SkipLayerNormalization", {floats({1, 2, 4}), floats({1, 2, 5}), floats({4})})),
            of(microsoft, bad("CropAndResize",
                              {floats({1, 1, 2, 2}), floats({1, 4}), tensorOf({1}, {7}, DataType::Int32),
                               tensorOf({2}, {2, 2}, DataType::Int32)})),
            of(ml, bad("LinearRegressor", {floats({1, 3})}, {floatsAttribute("coefficients", {1, 2})})),
            of(ml, bad("LinearClassifier", {floats({1, 3})}, {floatsAttribute("coefficients", {})})),
            of(ml, bad("Scaler", {floats({1, 3})}, {floatsAttribute("offset", {1, 2})})),
            of(ml, bad("OneHotEncoder", {list({5})},
                       {intsAttribute("cats_int64s", {1}), intAttribute("zeros", 0)})),
            of(ml, bad("TreeEnsembleRegressor", {floats({1, 3})},
                       {intsAttribute("nodes_treeids", {0}), intsAttribute("nodes_nodeids", {0, 1})})),
            of(ml, bad("SVMRegressor", {floats({1, 3})},
                       {floatsAttribute("support_vectors", {1, 2}), intAttribute("n_supports", absurd)})),
            of(ml, bad("ArrayFeatureExtractor", {floats({1, 3}), list({3})})),
            of(ml,
               bad("LabelEncoder", {list({1})},
                   {intsAttribute("keys_int64s", {1}), floatsAttribute("values_floats", {})}),
               2),
            of(ml, bad("Normalizer", {floats({2, 2})}, {stringAttribute("norm", "L7")})),
            of(ml, bad("DictVectorizer", {floats({2})}, {stringsAttribute("string_vocabulary", {"a"})})),
            of(ml, bad("FeatureVectorizer", {floats({1, 2})}, {intsAttribute("inputdimensions", {absurd})})),
        });
    }
};

std::unique_ptr<QObject> lapidary::createBadNodesTest() { return std::make_unique<BadNodesTest>(); }

#include "bad_nodes_test.moc"

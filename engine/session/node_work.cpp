// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/node_work.h"

#include "engine/session/work_rules.h"

#include <algorithm>
#include <unordered_map>

namespace lapidary {

namespace {

struct Family {
    WorkRule rule;
    double factor;              // see work_rules.h
    std::string_view operators; // with spaces between; "com.microsoft.X" where X means another thing there
};

// Operators of ai.onnx, ai.onnx.ml and com.microsoft. What is not here has no rule: trees, sorting and
// selecting depend on the values.
constexpr Family families[] = {
    // Moves data, makes constants or handles text: no arithmetic.
    {perOutput, 0,
     "Cast CastLike BitCast Identity Constant ConstantOfShape Shape Size Reshape Flatten Squeeze Unsqueeze "
     "Expand "
     "ExpandDims Tile Transpose Concat Split Slice DynamicSlice Gather GatherElements GatherND Scatter "
     "ScatterElements ScatterND TensorScatter Pad Crop CenterCropPad DepthToSpace SpaceToDepth "
     "ReverseSequence "
     "Trilu EyeLike OneHot Range Where Dropout Compress NonZero Optional OptionalGetElement "
     "OptionalHasElement "
     "SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence "
     "ConcatFromSequence MaxUnpool ImageDecoder StringConcat StringNormalizer StringSplit RegexFullMatch "
     "ArrayFeatureExtractor CastMap CategoryMapper DictVectorizer FeatureVectorizer LabelEncoder "
     "OneHotEncoder "
     "ZipMap GivenTensorFill BifurcationDetector NGramRepeatBlock Tokenizer"},
    // Elementwise.
    {perOutput, 1,
     "Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil "
     "Celu "
     "Clip Cos Cosh Div Elu Equal Erf Exp Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish IsInf "
     "IsNaN "
     "LeakyRelu Less LessOrEqual Log Mish Mod Mul Neg Not Or PRelu ParametricSoftplus Pow QuickGelu "
     "Reciprocal "
     "Relu Round Scale ScaledTanh Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Swish Tan "
     "Tanh "
     "ThresholdedRelu Xor Binarizer Imputer BiasAdd BlackmanWindow HammingWindow HannWindow Bernoulli "
     "RandomNormal RandomNormalLike RandomUniform RandomUniformLike"},
    {perOutput, 2, "Affine ImageScaler Scaler BiasGelu BiasDropout BiasSplitGelu SwiGLU"},
    {withOptionalInput, 1, "FastGelu"},
    {perFurtherInput, 0, "Sum Max Min"},
    {perFurtherInput, 1, "Mean"},
    {perOutput, 3, "RotaryEmbedding GemmaRotaryEmbedding"},
    // Convolutions.
    {convolved, 0, "Conv ConvInteger NhwcConv CausalConvWithState"},
    {convolved, 1, "FusedConv NhwcFusedConv"},
    {convolvedQuantized, 3, "QLinearConv com.microsoft.QLinearConv"},
    {convolvedTransposed, 0, "ConvTranspose ConvTransposeWithDynamicPads"},
    {convolvedDeformed, 8, "DeformConv"},
    // Matrix products.
    {multiplied, 0, "MatMul MatMulInteger MatMulInteger16 FusedMatMul TransposeMatMul"},
    {multiplied, 1, "FusedMatMulActivation MatMulIntegerToFloat DynamicQuantizeMatMul"},
    {multiplied, 3, "QLinearMatMul"},
    {multipliedWithBias, 0, "Gemm"},
    {multipliedWithBias, 1, "FusedGemm GemmFastGelu"},
    {multipliedQuantized, 3, "QGemm"},
    {multipliedBlocks, 2, "MatMulNBits"},
    {fullyConnected, 0, "FC"},
    {summedByEquation, 0, "Einsum"},
    {distances, 3, "CDist"},
    {linearScores, 0, "LinearClassifier LinearRegressor"},
    {vectorMachine, 0, "SVMClassifier SVMRegressor"},
    {cubed, 2.0 / 3, "Det"},
    {cubed, 2, "Inverse"},
    // Attention and recurrence.
    {attended, 0, "Attention FlexAttention"},
    {attendedPacked, 0, "com.microsoft.Attention QAttention"},
    {attendedHeads, 0, "MultiHeadAttention"},
    {attendedGroups, 0, "GroupQueryAttention"},
    {recurred, 2, "RNN"},
    {recurred, 11, "GRU"},
    {recurred, 13, "LSTM DynamicQuantizeLSTM"},
    // Normalisation: means and variances, then scale and bias.
    {batchNormalized, 2, "BatchNormalization"},
    {withOptionalInput, 6, "LayerNormalization"},
    {withOptionalInput, 8, "SkipLayerNormalization"},
    {perOutput, 7, "InstanceNormalization GroupNormalization GroupNorm"},
    {perOutput, 8, "SkipGroupNorm"},
    {perOutput, 4, "RMSNormalization SimplifiedLayerNormalization"},
    {withOptionalInput, 5, "SkipSimplifiedLayerNormalization"},
    {perOutput, 9, "EmbedLayerNormalization QEmbedLayerNormalization"},
    {perOutput, 5, "MeanVarianceNormalization Softmax LogSoftmax"},
    {perOutput, 6, "BiasSoftmax"},
    {perOutput, 3, "LpNormalization Normalizer"},
    {perInput, 1, "Hardmax"},
    {localResponse, 3, "LRN"},
    // Pooling and reduction.
    {window, 1, "MaxPool AveragePool"},
    {window, 2, "LpPool"},
    {perInput, 1, "GlobalMaxPool"},
    {perInputAndOutput, 1, "GlobalAveragePool ReduceMean ReduceLogSum"},
    {perInputAndOutput, 2, "GlobalLpPool ReduceL2"},
    {perInput, 1, "ReduceMax ReduceMin ReduceProd ReduceSum ArgMax ArgMin CumSum CumProd Col2Im"},
    {perInput, 2, "ReduceL1 ReduceSumSquare"},
    {perInputAndOutput, 4, "ReduceLogSumExp"},
    {perInput, 1, "NegativeLogLikelihoodLoss"},
    {perInput, 6, "SoftmaxCrossEntropyLoss"},
    // Sampling and signals.
    {resampled, 0, "Resize Upsample"},
    {gridSampled, 0, "GridSample"},
    {perOutput, 8, "CropAndResize"},
    {roiAligned, 9, "RoiAlign"},
    {perOutput, 4, "AffineGrid"},
    {transformedFrames, 5, "STFT"},
    // Quantization.
    {perOutput, 3, "QuantizeLinear"},
    {perOutput, 2, "DequantizeLinear GatherBlockQuantized"},
    {perInput, 5, "DynamicQuantizeLinear"},
    {perOutput, 6, "QLinearSigmoid QLinearLeakyRelu"},
    {perOutput, 8, "QLinearAdd QLinearMul"},
    {perOutput, 5, "QLinearConcat QLinearWhere"},
    {perOutput, 10, "QLinearSoftmax"},
    {perInputAndOutput, 3, "QLinearReduceMean QLinearGlobalAveragePool"},
    {window, 3, "QLinearAveragePool"},
};

std::unordered_map<std::string_view, const Family*> indexFamilies()
{
    std::unordered_map<std::string_view, const Family*> index;
    for (const Family& family : families) {
        std::string_view rest = family.operators;
        while (!rest.empty()) {
            const size_t end = std::min(rest.find(' '), rest.size());
            index.emplace(rest.substr(0, end), &family);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return index;
}

const Family* familyOf(const Node& node)
{
    static const std::unordered_map<std::string_view, const Family*> index = indexFamilies();
    const bool known = node.domain.empty() || node.domain == "ai.onnx" || node.domain == "ai.onnx.ml" ||
                       node.domain == "ai.onnx.preview" || node.domain == "com.microsoft";
    if (!known)
        return nullptr;
    auto found = index.find(node.domain + "." + node.opType);
    if (found == index.end())
        found = index.find(node.opType);
    return found == index.end() ? nullptr : found->second;
}

} // namespace

NodeWork nodeWork(const Node& node, const InferredTypes& types)
{
    const Family* family = familyOf(node);
    if (!family)
        return {};
    const auto flops = family->rule({node, types}, family->factor);
    return flops ? NodeWork{NodeWork::State::Counted, *flops} : NodeWork{NodeWork::State::UnknownShapes, 0};
}

} // namespace lapidary

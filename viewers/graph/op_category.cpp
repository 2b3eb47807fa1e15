// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/op_category.h"

#include <array>
#include <unordered_map>

namespace lapidary {

namespace {

// Dark, of low chroma, so that no card shouts; the hue tells the kind. In dark mode a little lighter,
// so that the headers stand out from the canvas.
constexpr std::array<CategoryColors, opCategoryCount> colorTable = {{
    {OpCategory::Other, 0x3f4650, 0x4f5762, true, "Other"},
    {OpCategory::Layer, 0x2f5690, 0x3a66a6, true, "Layer"},
    {OpCategory::Activation, 0x7d3129, 0x93443b, true, "Activation"},
    {OpCategory::Pooling, 0x33603a, 0x427549, true, "Pooling"},
    {OpCategory::Normalization, 0x2b5c52, 0x387066, true, "Normalization"},
    {OpCategory::Attention, 0x8a5a0c, 0x9c6b1c, true, "Attention"},
    {OpCategory::Reshape, 0x6b5246, 0x7d6456, true, "Shape"},
    {OpCategory::Data, 0x5a453d, 0x6f5a51, true, "Tensor"},
    {OpCategory::Math, 0x3f4650, 0x525b67, true, "Arithmetic"},
    {OpCategory::Reduction, 0x4a5a2e, 0x5c6e3c, true, "Reduction"},
    {OpCategory::Logic, 0x464a75, 0x585d8c, true, "Logic"},
    {OpCategory::Quantization, 0x6b3f12, 0x80521f, true, "Quantization"},
    {OpCategory::Control, 0x5f2f66, 0x754280, true, "Control flow"},
    {OpCategory::Recurrent, 0x2c4a78, 0x3d5f92, true, "Recurrent"},
    {OpCategory::MachineLearning, 0x1f6070, 0x2c7485, true, "Machine learning"},
    {OpCategory::Constant, 0xe6e8eb, 0x4a4e54, false, "Constant"},
    {OpCategory::Function, 0x4c3a86, 0x6150a0, true, "Function"},
    {OpCategory::Input, 0xe4e7eb, 0x4a4f57, false, "Input"},
    {OpCategory::Output, 0xe4e7eb, 0x4a4f57, false, "Output"},
    {OpCategory::Group, 0x4d6478, 0x5b7489, true, "Group"},
}};

struct Entry {
    OpCategory category;
    std::string_view operators; // separated by spaces
};

constexpr Entry operatorTable[] = {
    {OpCategory::Layer,
     "Conv ConvTranspose ConvInteger DeformConv Gemm MatMul MatMulInteger FusedMatMul FusedConv "
     "FusedGemm Einsum CausalConv1D MatMulNBits"},
    {OpCategory::Recurrent, "LSTM GRU RNN"},
    {OpCategory::Activation,
     "Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softmax LogSoftmax Hardmax "
     "Softplus "
     "Softsign ThresholdedRelu Gelu FastGelu QuickGelu BiasGelu Mish Swish Clip Shrink Erf"},
    {OpCategory::Pooling,
     "MaxPool AveragePool GlobalAveragePool GlobalMaxPool LpPool GlobalLpPool MaxRoiPool RoiAlign "
     "MaxUnpool"},
    {OpCategory::Normalization,
     "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization "
     "MeanVarianceNormalization LpNormalization LRN SimplifiedLayerNormalization SkipLayerNormalization "
     "SkipSimplifiedLayerNormalization EmbedLayerNormalization Dropout"},
    {OpCategory::Attention, "Attention MultiHeadAttention GroupQueryAttention QAttention RotaryEmbedding "
                            "LinearAttention FlexAttention TensorScatter"},
    {OpCategory::Reshape, "Reshape Flatten Squeeze Unsqueeze Transpose Expand Shape Size Tile DepthToSpace "
                          "SpaceToDepth Identity Cast "
                          "CastLike BitCast Pad Center"},
    {OpCategory::Data,
     "Concat Split Slice Gather GatherElements GatherND Scatter ScatterElements ScatterND Resize Upsample "
     "GridSample "
     "AffineGrid Crop OneHot Range EyeLike Trilu ReverseSequence Compress NonZero Unique TopK Col2Im "
     "NonMaxSuppression "
     "RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli ConcatFromSequence "
     "SplitToSequence SequenceConstruct SequenceAt SequenceInsert SequenceErase SequenceEmpty SequenceLength "
     "Optional "
     "OptionalGetElement OptionalHasElement StringNormalizer StringConcat StringSplit RegexFullMatch "
     "TfIdfVectorizer "
     "ImageDecoder"},
    {OpCategory::Math, "Add Sub Mul Div Mod Pow Sqrt Exp Log Abs Neg Reciprocal Sign Floor Ceil Round Min "
                       "Max Sum Mean Sin Cos Tan Asin "
                       "Acos Atan Sinh Cosh Asinh Acosh Atanh CumSum CumProd Det DFT STFT MelWeightMatrix "
                       "HannWindow HammingWindow BlackmanWindow "
                       "BitShift SoftmaxCrossEntropyLoss NegativeLogLikelihoodLoss"},
    {OpCategory::Reduction,
     "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp "
     "ReduceSumSquare ArgMax ArgMin"},
    {OpCategory::Logic, "And Or Xor Not Equal Greater GreaterOrEqual Less LessOrEqual Where IsNaN IsInf "
                        "BitwiseAnd BitwiseOr BitwiseXor "
                        "BitwiseNot"},
    {OpCategory::Quantization,
     "QuantizeLinear DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul QLinearAdd QLinearMul "
     "QLinearAveragePool QLinearGlobalAveragePool QLinearConcat QLinearLeakyRelu QLinearSigmoid "
     "QLinearSoftmax QGemm"},
    {OpCategory::Control, "If Loop Scan SequenceMap"},
    {OpCategory::Constant, "Constant ConstantOfShape"},
};

std::unordered_map<std::string_view, OpCategory> indexTable()
{
    std::unordered_map<std::string_view, OpCategory> index;
    for (const Entry& entry : operatorTable) {
        std::string_view rest = entry.operators;
        while (!rest.empty()) {
            const size_t space = rest.find(' ');
            index.emplace(rest.substr(0, space), entry.category);
            rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
        }
    }
    return index;
}

} // namespace

OpCategory opCategory(std::string_view domain, std::string_view opType)
{
    static const auto index = indexTable();
    if (domain.starts_with("ai.onnx.ml"))
        return OpCategory::MachineLearning;
    const auto found = index.find(opType);
    return found == index.end() ? OpCategory::Other : found->second;
}

std::span<const CategoryColors> categoryColors() { return colorTable; }

const CategoryColors& colorsOf(OpCategory category) { return colorTable[static_cast<size_t>(category)]; }

} // namespace lapidary

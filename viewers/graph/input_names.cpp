// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/input_names.h"

#include <unordered_map>

namespace lapidary {

namespace {

struct Entry {
    std::string_view opType;
    std::string_view names; // of the inputs, separated by spaces
};

// Source: ONNX docs/Operators.md. Operators that often have constant inputs.
constexpr Entry table[] = {
    {"Add", "A B"},
    {"And", "A B"},
    {"Attention", "Q K V mask past_key past_value"},
    {"BatchNormalization", "X scale B mean var"},
    {"Clip", "input min max"},
    {"Conv", "X W B"},
    {"ConvInteger", "x w x_zero w_zero"},
    {"ConvTranspose", "X W B"},
    {"CumSum", "x axis"},
    {"DeformConv", "X W offset B mask"},
    {"DequantizeLinear", "x scale zero_point"},
    {"Div", "A B"},
    {"Dropout", "data ratio training"},
    {"Equal", "A B"},
    {"Expand", "input shape"},
    {"GRU", "X W R B lengths initial_h"},
    {"Gather", "data indices"},
    {"GatherElements", "data indices"},
    {"GatherND", "data indices"},
    {"Gemm", "A B C"},
    {"Greater", "A B"},
    {"GreaterOrEqual", "A B"},
    {"GridSample", "X grid"},
    {"GroupNormalization", "X scale bias"},
    {"If", "cond"},
    {"InstanceNormalization", "input scale B"},
    {"LSTM", "X W R B lengths initial_h initial_c P"},
    {"LayerNormalization", "X scale B"},
    {"Less", "A B"},
    {"LessOrEqual", "A B"},
    {"Loop", "M cond"},
    {"MatMul", "A B"},
    {"MatMulInteger", "A B a_zero b_zero"},
    {"Mod", "A B"},
    {"Mul", "A B"},
    {"NonMaxSuppression", "boxes scores max_output iou score"},
    {"OneHot", "indices depth values"},
    {"Or", "A B"},
    {"PRelu", "X slope"},
    {"Pad", "data pads value axes"},
    {"Pow", "X Y"},
    {"QLinearAdd", "A a_scale a_zero B b_scale b_zero c_scale c_zero"},
    {"QLinearConv", "x x_scale x_zero w w_scale w_zero y_scale y_zero B"},
    {"QLinearMatMul", "a a_scale a_zero b b_scale b_zero y_scale y_zero"},
    {"QuantizeLinear", "x scale zero_point"},
    {"RMSNormalization", "X scale"},
    {"RNN", "X W R B lengths initial_h"},
    {"Range", "start limit delta"},
    {"ReduceL1", "data axes"},
    {"ReduceL2", "data axes"},
    {"ReduceMax", "data axes"},
    {"ReduceMean", "data axes"},
    {"ReduceMin", "data axes"},
    {"ReduceProd", "data axes"},
    {"ReduceSum", "data axes"},
    {"ReduceSumSquare", "data axes"},
    {"Reshape", "data shape"},
    {"Resize", "X roi scales sizes"},
    {"RoiAlign", "X rois batch_indices"},
    {"ScatterElements", "data indices updates"},
    {"ScatterND", "data indices updates"},
    {"Slice", "data starts ends axes steps"},
    {"Split", "input split"},
    {"Squeeze", "data axes"},
    {"Sub", "A B"},
    {"Tile", "input repeats"},
    {"TopK", "X K"},
    {"Trilu", "input k"},
    {"Unsqueeze", "data axes"},
    {"Upsample", "X scales"},
    {"Where", "condition X Y"},
};

std::string_view word(std::string_view words, size_t index)
{
    for (; index > 0; --index) {
        const size_t space = words.find(' ');
        if (space == std::string_view::npos)
            return {};
        words.remove_prefix(space + 1);
    }
    return words.substr(0, words.find(' '));
}

} // namespace

std::string_view inputName(std::string_view domain, std::string_view opType, size_t index)
{
    static const auto names = [] {
        std::unordered_map<std::string_view, std::string_view> result;
        for (const Entry& entry : table)
            result.emplace(entry.opType, entry.names);
        return result;
    }();
    if (!domain.empty() && domain != "ai.onnx")
        return {};
    const auto found = names.find(opType);
    return found == names.end() ? std::string_view() : word(found->second, index);
}

} // namespace lapidary

// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what kind of work an operator does, and the colour of that kind.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lapidary {

enum class OpCategory : uint8_t {
    Other,
    Layer,
    Activation,
    Pooling,
    Normalization,
    Attention,
    Reshape,
    Data,
    Math,
    Reduction,
    Logic,
    Quantization,
    Control,
    Recurrent,
    MachineLearning,
    Constant,
    Function, // defined in the model itself
    Input,
    Output,
    Group, // several nodes
};
constexpr int opCategoryCount = 20;

// Other when the operator is not in the table.
OpCategory opCategory(std::string_view domain, std::string_view opType);

struct CategoryColors {
    OpCategory category;
    uint32_t light; // 0xrrggbb: header of a card, white text on it (dark text when lightText is false)
    uint32_t dark;
    bool lightText;
    const char* name; // English, for the legend; translated by the viewers
};

// By category, in the order of the enum.
std::span<const CategoryColors> categoryColors();
const CategoryColors& colorsOf(OpCategory category);

} // namespace lapidary

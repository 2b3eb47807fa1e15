// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: reading an output as scores of classes.
#pragma once

#include "engine/ir/tensor.h"

#include <optional>
#include <span>
#include <vector>

namespace lapidary {

struct RankedClass {
    int64_t index = 0; // of the class
    double score = 0;
};

// The k highest, highest first; equal scores by index; NaN is lower than every number.
std::vector<RankedClass> topK(std::span<const double> scores, int k);
// exp(x - max) / sum; an empty span gives an empty vector.
std::vector<double> softmax(std::span<const double> scores);
// All in [0, 1] and their sum is 1 to within 1 %.
bool isDistribution(std::span<const double> scores);

// Where classes are in a tensor of scores: [C], [N, C] or [N, C, 1, ...] with C >= 2.
struct ClassLayout {
    int64_t rows = 1;    // N
    int64_t classes = 0; // C
};
// nullopt when a tensor of these dimensions is hardly a list of class scores.
std::optional<ClassLayout> classLayout(DataType type, const Dims& dims);
// Precondition: classLayout() has a value, 0 <= row < rows.
std::vector<double> classScores(const Tensor& tensor, const ClassLayout& layout, int64_t row);

} // namespace lapidary

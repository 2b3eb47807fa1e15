// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/top_k.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lapidary {

std::vector<RankedClass> topK(std::span<const double> scores, int k)
{
    std::vector<RankedClass> ranked(scores.size());
    for (size_t i = 0; i < scores.size(); ++i)
        ranked[i] = {static_cast<int64_t>(i), scores[i]};
    const auto higher = [](const RankedClass& a, const RankedClass& b) {
        if (std::isnan(a.score) != std::isnan(b.score))
            return std::isnan(b.score);
        if (a.score != b.score && !std::isnan(a.score))
            return a.score > b.score;
        return a.index < b.index;
    };
    const size_t kept = std::min(ranked.size(), static_cast<size_t>(std::max(k, 0)));
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(),
                      higher);
    ranked.resize(kept);
    return ranked;
}

std::vector<double> softmax(std::span<const double> scores)
{
    std::vector<double> result(scores.begin(), scores.end());
    if (result.empty())
        return result;
    const double highest = *std::ranges::max_element(result);
    double sum = 0;
    for (double& value : result)
        sum += value = std::exp(value - highest);
    for (double& value : result)
        value /= sum;
    return result;
}

bool isDistribution(std::span<const double> scores)
{
    const bool inRange = std::ranges::all_of(scores, [](double v) { return v >= -1e-6 && v <= 1 + 1e-3; });
    return inRange && std::abs(std::accumulate(scores.begin(), scores.end(), 0.0) - 1) < 0.01;
}

std::optional<ClassLayout> classLayout(DataType type, const Dims& dims)
{
    constexpr int64_t mostClasses = 200'000;
    if (!isFloatingPoint(type) || dims.empty())
        return std::nullopt;
    const size_t classAxis = dims.size() == 1 ? 0 : 1;
    for (size_t axis = classAxis + 1; axis < dims.size(); ++axis) {
        if (dims[axis] != 1)
            return std::nullopt;
    }
    const ClassLayout layout{classAxis == 0 ? 1 : dims[0], dims[classAxis]};
    if (layout.rows < 1 || layout.classes < 2 || layout.classes > mostClasses)
        return std::nullopt;
    return layout;
}

std::vector<double> classScores(const Tensor& tensor, const ClassLayout& layout, int64_t row)
{
    std::vector<double> scores(static_cast<size_t>(layout.classes));
    for (int64_t i = 0; i < layout.classes; ++i)
        scores[static_cast<size_t>(i)] = elementAsDouble(tensor, row * layout.classes + i);
    return scores;
}

} // namespace lapidary
